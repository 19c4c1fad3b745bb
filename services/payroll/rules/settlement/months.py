"""BPJS of corrections: by ceiling, floor and rates of the month that is corrected, on top of what it used already.

The common ceiling is a month's (Perpres 82/2018 Pasal 32 jo. Perpres 75/2019 and 64/2020): a difference paid in March
for January uses what January left of it, not what March leaves.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from services.payroll.rules.document import Contribution
from services.payroll.rules.measures import text
from services.payroll.rules.national import Contributions, Table, book, contributions
from services.payroll.rules.national.documents import Scheme
from services.payroll.rules.settlement.sums import Settlement
from services.payroll.rules.statement import ordered


class ForMonth(NamedTuple):
    """What a correction adds to the base of its own month (negative: takes from it), and the numbers behind it."""

    base: int
    rate: Fraction
    inputs: dict[str, Any]


def for_other_months(to: Settlement) -> int:
    """Rupiah of the corrections that are contributed for in their own months."""
    return sum(amount for one, amount in to.settled if one.contributes and one.bpjs_used is not None)


def without_contribution(to: Settlement) -> int:
    """Rupiah of the corrections of runs that nothing is contributed on, as THR's."""
    return sum(amount for one, amount in to.settled if not one.contributes)


def by_month(to: Settlement, scheme: Scheme, rule: Contribution) -> Iterator[ForMonth]:
    """Each correction that is contributed for in its own month; several of a month one on top of the other."""
    added: dict[str, int] = defaultdict(int)
    for one, amount in to.settled:
        if not one.contributes or one.bpjs_used is None or not amount:
            continue
        held = contributions(book(date.fromisoformat(f"{one.period}-01"), one.tables), scheme)
        if held is None:
            to.warn("contribution-table-missing", blocking=True, scheme=scheme, period=one.period)
            continue
        table, law = held
        used = max(0, one.bpjs_used) + added[one.period]
        added[one.period] += amount
        floor = law.floor if rule.floor is None else rule.floor
        base = _within(law, floor, used + amount) - _within(law, floor, used)
        rate = law.employer if rule.payer == "employer" else law.employee
        inputs = {"amount": str(amount), "base": str(base), "percent": text(rate), "period": one.period}
        yield ForMonth(base, rate, ordered(inputs | {"used": str(used)} | _limits(to, table, law, floor)))


def whole_base(inputs: Mapping[str, Any]) -> int:
    """What a contribution was taken of: the paying month's base, and what corrections changed of their own months'."""
    return int(inputs.get("base") or 0) + sum(int(one["base"]) for one in inputs.get("months", ()))


def _within(law: Contributions, floor: int, whole: int) -> int:
    """A month's base of all pay together."""
    raised = max(whole, floor) if whole > 0 else 0
    return raised if law.ceiling is None else min(raised, law.ceiling)


def _limits(to: Settlement, table: Table, law: Contributions, floor: int) -> dict[str, str]:
    """The month's figures; and its law, where the month that pays has another."""
    said = {"ceiling": str(law.ceiling)} if law.ceiling is not None else {}
    said |= {"floor": str(floor)} if floor else {}
    paying = to.book.get(table.document.name)
    return said if paying is None or paying.hash == table.hash else said | {"article": table.document.article}
