"""From TPP to what reaches the bank: withholding, contributions, tax, recoveries."""

from services.payroll.rules.corrections import corrected
from services.payroll.rules.document import PolicyDocument
from services.payroll.rules.facts import Facts
from services.payroll.rules.instalments import from_net
from services.payroll.rules.national import book
from services.payroll.rules.occurrences import Occurrences
from services.payroll.rules.settlement.contributions import contribute
from services.payroll.rules.settlement.recovering import recover
from services.payroll.rules.settlement.sums import Settlement
from services.payroll.rules.settlement.taking import take_tax
from services.payroll.rules.withholding import withhold

AFTER_TAX = "tpp_after_tax"


def settle(document: PolicyDocument, facts: Facts, found: Occurrences, tpp: int) -> Settlement:
    """Everything between TPP and the net amount, which is never below zero."""
    to = Settlement(tpp, book(facts.taxed_on, facts.tables))
    payment = facts.payment
    if payment is None:
        held = withhold(document, facts, found, tpp)
        to.suspended, to.suspended_until, to.released = held.suspended, held.until, held.released
        to.lines += held.lines
    if facts.corrections:
        _correct(to, document, facts)
    contributions = document.contributions if payment is None or payment.contributions else ()
    for rule in contributions:
        if rule.of != AFTER_TAX:
            contribute(to, document, facts, rule)
    take_tax(to, document, facts)
    for rule in contributions:
        if rule.of == AFTER_TAX:
            contribute(to, document, facts, rule)
    recover(to, (*facts.recoveries, *from_net(document, facts)))
    return to


def _correct(to: Settlement, document: PolicyDocument, facts: Facts) -> None:
    """Differences of earlier months: they are taxed, as rapel is, with the month in which they are paid.

    BPJS of a correction belongs to the month that is corrected (settlement.months).
    """
    done = corrected(facts.corrections, to.payable, document.runs.recovery if document.runs else None)
    to.corrected, to.settled = done.amount, done.settled
    to.lines += done.lines
    to.warnings += done.warnings
