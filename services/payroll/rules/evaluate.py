"""The one function that computes pay: policy and facts in, statement out. No clock, no I/O, no surprise."""

from dataclasses import dataclass

from services.payroll.rules.allowance import allowance
from services.payroll.rules.compiled import Compiled
from services.payroll.rules.document import PolicyDocument
from services.payroll.rules.facts import Facts
from services.payroll.rules.occurrences import gather
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
    earned = allowance(document, policy.compiled, facts, found)
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
        payable=settled.payable,
        gross=settled.gross,
        contributions=settled.employer + settled.employee,
        tax=settled.tax,
        recovered=settled.recovered,
        deductions=settled.deductions,
        net=settled.gross - settled.deductions,
        unrecovered=settled.unrecovered,
        warnings=earned.warnings + settled.warnings,
    )
