"""From which day on a change of master data may change what was paid; who is paid, and by what account, does not."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

TERUSAN = "terusan"
_OF_ASSIGNMENT = ("position_id", "kind", "valid_from")
_OF_STATUS = ("valid_from", "status_asn", "golongan")


class PaidMonth(NamedTuple):
    """What is computed again as one: a month's own TPP, or what runs of another kind paid in a month."""

    period: str  # the month it was paid for; of other kinds the month it was paid in
    kind: str  # induk stands for susulan as well


class Paying(NamedTuple):
    """A run as far as it must be looked at again. of: the month whose facts count, of terusan the last it can be.

    by_work: whether that month's work counts, not only its posts. closings: of activity and appraisal it rests on.
    """

    paid: PaidMonth
    of: str
    by_work: bool
    closings: tuple[int, int]

    def reached(self, first: str, last: str | None = None) -> bool:
        """Whether facts of the months from `first` to `last` may change it. Who died served before terusan is paid."""
        return self.of >= first and (last is None or self.paid.kind == TERUSAN or self.of <= last)


State = Mapping[str, Any]
"""An employee's or a position's dated state as its event says it, in JSON's types."""


def employee_changed_from(before: State, after: State) -> date | None:
    """The first day on which posts, status or service differ; None where they do not."""
    days = [
        *_assignments(before["assignments"], after["assignments"]),
        *_begun(before["statuses"], after["statuses"], _OF_STATUS),
        *_ends(before.get("left_on"), after.get("left_on")),
    ]
    return min(days, default=None)


def position_changed_from(before: State | None, after: State) -> date | None:
    """The first day on which a position's class, unit or rank differ; of a position not known before, its first."""
    old = before or {"terms": [], "active_to": None}
    names = tuple(after["terms"][0]) if after["terms"] else ()
    days = [
        *_begun(old["terms"], after["terms"], names),
        *(_ends(old.get("active_to"), after.get("active_to")) if before else ()),
    ]
    return min(days, default=None)


def _begun(before: Sequence[State], after: Sequence[State], names: Sequence[str]) -> Iterable[date]:
    """The first days of the terms that stand on one side only."""
    old, new = ({tuple(str(term.get(name)) for name in names) for term in terms} for terms in (before, after))
    starts = {
        tuple(str(term.get(name)) for name in names): date.fromisoformat(str(term["valid_from"]))
        for term in (*before, *after)
    }
    return [starts[term] for term in old ^ new]


def _assignments(before: Sequence[State], after: Sequence[State]) -> Iterable[date]:
    """A post taken, given up, or ended on another day."""
    old, new = ({_key(one): one for one in held} for held in (before, after))
    for key in old.keys() ^ new.keys():
        yield date.fromisoformat(str((old.get(key) or new[key])["valid_from"]))
    for key in old.keys() & new.keys():
        for last_day in _ends(old[key].get("valid_to"), new[key].get("valid_to")):
            yield last_day + timedelta(days=1)


def _key(assignment: State) -> tuple[str, ...]:
    return tuple(str(assignment[name]) for name in _OF_ASSIGNMENT)


def _ends(before: object, after: object) -> list[date]:
    """The earlier of two different days; none where they are the same."""
    if before == after:
        return []
    return [min(date.fromisoformat(str(day)) for day in (before, after) if day is not None)]
