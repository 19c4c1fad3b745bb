"""Money of earlier periods that is taken now: debts, and tax that could not be taken then."""

from collections.abc import Iterable

from services.payroll.rules.facts import Recovery
from services.payroll.rules.settlement.sums import Settlement
from services.payroll.rules.statement import line_of


def recover(to: Settlement, recoveries: Iterable[Recovery]) -> None:
    """Take what is owed, as far as there is net amount left; the rest is carried on."""
    for one in sorted(recoveries, key=lambda one: one.id):
        owed = max(0, one.amount)
        if one.kind == "tax":
            _recover_tax(to, one, owed)
            continue
        taken = to.affordable(owed, one.cause)
        to.recovered += taken
        to.lines.append(line_of("recovery", -taken, {"owed": str(one.amount)}, rule=one.id, name=one.cause))


def _recover_tax(to: Settlement, one: Recovery, owed: int) -> None:
    """Tax of an earlier month of the year; where the year is settled now, the settlement holds it already."""
    inputs = {"owed": str(one.amount)}
    if to.settled_year:
        inputs["settled_by"] = "pasal17"
        owed = 0
    taken = to.affordable(owed, one.cause)
    to.unrecovered_tax += owed - taken
    to.tax += taken
    to.year_tax += taken
    to.lines.append(line_of("tax", -taken, inputs, rule=one.id, name=one.cause))
