"""Any policy document, computed slowly and plainly with Fractions: the oracle for `evaluate` over random policies.

Shares no code and no figure with services.payroll.rules; it reads the document as plain data and the fields of
`Facts`. Amounts are exact until the document rounds them. Not told again here: kinds of run beside the month's own.
"""

from tests.payroll.slow_any.taken import Sheet
from tests.payroll.slow_cuts import gather
from tests.payroll.slow_tax import settled

__all__ = ["slow_pay"]


def slow_pay(document, facts):
    """The amounts of a statement, in whole rupiah, by their names there."""
    sheet = Sheet(document, facts)
    sheet.earn()
    sheet.cut()
    return settled(document, facts, gather(facts), sheet.tpp, sheet.owed) | {
        "tpp": sheet.tpp,
        "criteria": sheet.criteria,
    }
