"""Who may decide on an activity, and in which state it must be."""

from datetime import date
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from shared.period import period_of
from shared.words import Capacity


class State(StrEnum):
    WAITING = "waiting"
    RETURNED = "returned"
    APPROVED = "approved"


class Work(NamedTuple):
    """What a decision is about. `capacity`: that of the one who decides, on the work date; None: none at all."""

    employee_id: UUID
    work_date: date
    state: State
    capacity: Capacity | None
    month_open: bool


def approval_refusal(work: Work, person: UUID | None) -> str | None:
    """Why somebody may not approve, or None."""
    return _not_entitled(work, person) or _not_open(work) or _not_waiting(work)


def return_refusal(work: Work, person: UUID | None) -> str | None:
    """Why somebody may not return it for correction, or None."""
    return _not_entitled(work, person) or _not_open(work) or _not_waiting(work)


def withdrawal_refusal(work: Work, person: UUID | None) -> str | None:
    """Why somebody may not take an approval back, or None: before the closing, whoever may approve."""
    if reason := _not_entitled(work, person) or _not_open(work):
        return reason
    return None if work.state is State.APPROVED else "it is not approved"


def _not_entitled(work: Work, person: UUID | None) -> str | None:
    if person == work.employee_id:
        return "nobody decides on their own activity"
    if work.capacity is None:
        return f"you were not this employee's superior, Plt, Plh or delegate on {work.work_date}"
    return None


def _not_open(work: Work) -> str | None:
    if work.month_open:
        return None
    return f"the period {period_of(work.work_date).code} is closed; what it holds changes only after a reopening"


def _not_waiting(work: Work) -> str | None:
    if work.state is State.RETURNED:
        return "it was returned and waits for the employee's correction"
    return None if work.state is State.WAITING else "it is approved already"
