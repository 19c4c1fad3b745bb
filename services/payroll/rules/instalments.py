"""Debts paid off by the month (TGR): what is due, and which of it the net amount bears."""

from collections.abc import Iterator

from services.payroll.rules.conditions import months_since
from services.payroll.rules.document import PolicyDocument
from services.payroll.rules.facts import Facts, Instalment, Recovery

EVENT = "instalment"


def due(debt: Instalment, facts: Facts) -> int:
    """This month's instalment in rupiah: the monthly amount, in the last month the rest, else 0."""
    gone = months_since(debt.start.year, debt.start.month, facts.start.year, facts.start.month)
    return max(0, min(debt.monthly, debt.total - gone * debt.monthly)) if gone >= 0 else 0


def from_net(document: PolicyDocument, facts: Facts) -> Iterator[Recovery]:
    """What is due of debts that no deduction takes before tax and no exemption covers: the net amount bears it."""
    if not facts.instalments:
        return
    before_tax = {
        kind
        for rule in document.deductions
        for selector in rule.measure
        if selector.event == EVENT
        for kind in selector.kinds or ()
    }
    for debt in facts.instalments:
        exempted = any(EVENT in one.covers and one.start <= facts.start <= one.end for one in facts.exemptions)
        amount = due(debt, facts)
        if amount and debt.kind not in before_tax and not exempted:
            yield Recovery(id=debt.id, cause=debt.kind, amount=amount)
