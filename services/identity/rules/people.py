"""An employee's dated state, and what may become of it. The state is the event itself, so the two cannot differ."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from shared.errors import Refused
from shared.events.identity import Assignment, EmployeeChanged, NipTerm, StatusTerm
from shared.words import AssignmentKind, JenisJabatan

# Posts that lead a unit have one definitive holder at a time; pelaksana and functional posts may have several.
LEADING = frozenset(
    {
        JenisJabatan.JPT_UTAMA,
        JenisJabatan.JPT_MADYA,
        JenisJabatan.JPT_PRATAMA,
        JenisJabatan.ADMINISTRATOR,
        JenisJabatan.PENGAWAS,
    }
)


def changed(employee: EmployeeChanged, now: datetime, **what: Any) -> EmployeeChanged:
    """The next version of somebody's state."""
    return employee.model_copy(update={**what, "version": employee.version + 1, "occurred_at": now})


def same(one: EmployeeChanged, other: EmployeeChanged) -> bool:
    """Whether both say the same, whatever their version."""
    return one.content == other.content


def with_nip(nips: Sequence[NipTerm], nip: str, valid_from: date) -> tuple[NipTerm, ...]:
    """The history with a number from a day on; a person keeps the id, the number changes."""
    kept = [term for term in nips if term.valid_from != valid_from]
    return tuple(sorted([*kept, NipTerm(valid_from=valid_from, nip=nip)], key=lambda term: term.valid_from))


def with_status(statuses: Sequence[StatusTerm], term: StatusTerm) -> tuple[StatusTerm, ...]:
    """The history with a status and golongan from a day on."""
    kept = [one for one in statuses if one.valid_from != term.valid_from]
    return tuple(sorted([*kept, term], key=lambda one: one.valid_from))


def with_assignment(assignments: Sequence[Assignment], new: Assignment) -> tuple[Assignment, ...]:
    """Raises Refused where the days are in the wrong order, or two definitive posts would overlap."""
    if new.valid_to is not None and new.valid_to < new.valid_from:
        raise Refused(f"the assignment would end on {new.valid_to}, before it begins on {new.valid_from}")
    others = [one for one in assignments if one.assignment_id != new.assignment_id]
    for one in others:
        if not overlap(one, new):
            continue
        if one.kind is AssignmentKind.DEFINITIF and new.kind is AssignmentKind.DEFINITIF:
            raise Refused(
                f"there is a definitive post from {one.valid_from} to {one.valid_to or 'now'} already: "
                "end it first, or begin the new one later"
            )
        if one.position_id == new.position_id:
            raise Refused("the same post is held on these days already")
    return tuple(sorted([*others, new], key=_begin))


def ended(assignments: Sequence[Assignment], assignment_id: UUID, last_day: date) -> tuple[Assignment, ...]:
    """The history with one assignment ending on a day. Raises Refused for one that begins later or is not there."""
    found = next((one for one in assignments if one.assignment_id == assignment_id), None)
    if found is None:
        raise Refused("this employee has no such assignment")
    if last_day < found.valid_from:
        raise Refused(f"the assignment begins on {found.valid_from}; it cannot end on {last_day}")
    closed = found.model_copy(update={"valid_to": last_day})
    return tuple(closed if one.assignment_id == assignment_id else one for one in assignments)


def moved(assignments: Sequence[Assignment], new: Assignment) -> tuple[Assignment, ...]:
    """A new definitive post; the one held on its first day ends the day before. Raises Refused for a later one."""
    before = [
        one.model_copy(update={"valid_to": new.valid_from - timedelta(days=1)})
        if one.kind is AssignmentKind.DEFINITIF and one.valid_from < new.valid_from and overlap(one, new)
        else one
        for one in assignments
        if not _replaced(one, new)
    ]
    return with_assignment(before, new)


def departed(employee: EmployeeChanged, left_on: date, now: datetime) -> EmployeeChanged:
    """No longer employed from `left_on`; what was held ends the day before, what had not begun is dropped."""
    last_day = left_on - timedelta(days=1)
    kept = [one for one in employee.assignments if one.valid_from <= last_day]
    assignments = tuple(
        one if one.valid_to is not None and one.valid_to <= last_day else one.model_copy(update={"valid_to": last_day})
        for one in kept
    )
    return changed(employee, now, left_on=left_on, assignments=assignments)


def definitive_on(assignments: Iterable[Assignment], day: date) -> Assignment | None:
    return next((one for one in assignments if one.kind is AssignmentKind.DEFINITIF and holds_on(one, day)), None)


def holds_on(one: Assignment, day: date) -> bool:
    return one.valid_from <= day and (one.valid_to is None or one.valid_to >= day)


def overlap(one: Assignment, other: Assignment) -> bool:
    return (other.valid_to is None or one.valid_from <= other.valid_to) and (
        one.valid_to is None or other.valid_from <= one.valid_to
    )


def _replaced(one: Assignment, new: Assignment) -> bool:
    """A definitive post set anew for the very same first day."""
    return one.kind is AssignmentKind.DEFINITIF and one.valid_from == new.valid_from


def _begin(one: Assignment) -> tuple[date, str, str]:
    return one.valid_from, one.kind, str(one.assignment_id)
