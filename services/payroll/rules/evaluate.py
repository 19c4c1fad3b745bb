"""The one function that computes pay: policy and facts in, statement out. No clock, no I/O, no surprise."""

from dataclasses import dataclass

from services.payroll.rules.allowance import Allowance, allowance
from services.payroll.rules.compiled import Compiled
from services.payroll.rules.document import PolicyDocument
from services.payroll.rules.facts import Facts
from services.payroll.rules.occurrences import Occurrences, gather
from services.payroll.rules.payment import nothing, paid_share
from services.payroll.rules.settlement import settle
from services.payroll.rules.statement import Statement


@dataclass(frozen=True, slots=True)
class Policy:
    """A checked document, its content hash (sha256 of its canonical JSON), and its compiled form."""

    document: PolicyDocument
    hash: str
    compiled: Compiled


def evaluate(policy: Policy, facts: Facts) -> Statement:
    """The allowance of one employee for one period, every rupiah explained.

    Total: a checked policy and valid facts always give a statement; what cannot be known is a warning,
    `blocking` where the amount must not be paid before a person has looked.
    """
    document = policy.document
    found = gather(facts)
    earned = _earned(policy, facts, found)
    settled = settle(document, facts, found, earned.tpp)
    return Statement(
        employee_id=facts.employee.id,
        nip=facts.employee.nip,
        start=facts.start.isoformat(),
        end=facts.end.isoformat(),
        region=document.region,
        policy=document.name,
        policy_hash=policy.hash,
        results=earned.results,
        lines=earned.lines + settled.lines,
        criteria=earned.criteria,
        tpp=settled.tpp,
        suspended=settled.suspended,
        suspended_until=settled.suspended_until,
        released=settled.released,
        corrected=settled.corrected,
        payable=settled.payable,
        gross=settled.gross,
        contributions=settled.employer + settled.employee,
        tax=settled.tax,
        recovered=settled.recovered,
        deductions=settled.deductions,
        net=settled.gross - settled.deductions,
        unrecovered=settled.unrecovered + earned.owed,
        warnings=earned.warnings + settled.warnings,
        tables=settled.tables,
        taxable=settled.taxable,
        year_tax=settled.year_tax,
        tax_allowance=settled.tax_allowance,
        unrecovered_tax=settled.unrecovered_tax,
    )


def _earned(policy: Policy, facts: Facts, found: Occurrences) -> Allowance:
    """The month's own TPP, or the share of it that another kind of run pays."""
    payment = facts.payment
    if payment is None:
        return allowance(policy.document, policy.compiled, facts, found)
    if not payment.share:
        return nothing(policy.document)
    return paid_share(policy.document, allowance(policy.document, policy.compiled, facts, found), payment)
