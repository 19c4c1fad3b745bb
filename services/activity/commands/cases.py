"""The activities a superior decides on, with the state of their months and the superior's capacity.

The months' fence is held; the activities are not locked, which would write each row twice. Who writes a decision names
the row as it was read (`Subject.seen`); what somebody else changed meanwhile is not written, and is read again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import BigInteger, literal_column, select

from services.activity.rules.approval import State, Work
from services.activity.tables import ActivityRow
from services.activity.tables.arrays import any_of
from services.activity.tables.fence import hold_open
from services.activity.tables.organisation import staff_days, under_the_head_of_region
from shared.auth.caller import Caller
from shared.auth.policy import Scope
from shared.events.activity import ActivityApproved, ApprovalWithdrawn
from shared.period import period_of
from shared.unit_of_work import UnitOfWork
from shared.words import Capacity

_STATES = {state.value: state for state in State}
_SEEN = literal_column("activities.xmin", BigInteger)  # PostgreSQL's mark of who wrote the row as it stands


class Decision(StrEnum):
    APPROVED = "approved"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    ALREADY_APPROVED = "already_approved"
    REFUSED = "refused"


class Decided(NamedTuple):
    """The answer for one id; `reason`: why it was refused."""

    activity_id: UUID
    decision: Decision
    reason: str | None = None


class Subject(NamedTuple):
    """An activity as it stood when it was read; `seen` changes with every change of it."""

    activity_id: UUID
    employee_id: UUID
    work_date: date
    minutes: int
    result_id: UUID
    quantity: Decimal | None
    quantity_unit: str | None
    kind: str | None
    state: State
    version: int
    seen: int


class Change(NamedTuple):
    """What becomes of an activity, and the fact that says so, where one does."""

    subject: Subject
    state: State
    decision: Decision
    reason: str | None = None
    event: ActivityApproved | ApprovalWithdrawn | None = None
    leaf: bytes | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """`actor`: who decides; their capacity by employee and work date."""

    actor: UUID
    subjects: dict[UUID, Subject]
    open_months: frozenset[str]
    capacities: dict[tuple[UUID, date], Capacity]

    def work(self, subject: Subject) -> Work:
        return Work(
            employee_id=subject.employee_id,
            work_date=subject.work_date,
            state=subject.state,
            capacity=self.capacities.get((subject.employee_id, subject.work_date)),
            month_open=period_of(subject.work_date).code in self.open_months,
        )

    def capacity(self, subject: Subject) -> Capacity:
        """Of one who is entitled."""
        return self.capacities[subject.employee_id, subject.work_date]


async def case_of(uow: UnitOfWork, caller: Caller, ids: Sequence[UUID]) -> Case:
    """Who decides on what, and what may be decided. The months are held from here to the transaction's end."""
    await uow.plan_once()
    a = ActivityRow
    columns = (a.activity_id, a.employee_id, a.work_date, a.minutes, a.result_id, a.quantity, a.quantity_unit, a.kind)
    asked = select(*columns, a.state, a.version, _SEEN).where(a.tenant_id == uow.tenant_id, any_of(a.activity_id, ids))
    rows = (await uow.session.execute(asked)).all()
    subjects = {row[0]: Subject(*row[:8], _STATES[row[8]], row[9], row[10]) for row in rows}
    open_months = await hold_open(uow.session, uow.tenant_id, {one.work_date for one in subjects.values()})
    pairs = sorted({(one.employee_id, one.work_date) for one in subjects.values()})
    return Case(caller.actor, subjects, open_months, await _capacities(uow, caller, pairs))


async def _capacities(
    uow: UnitOfWork, caller: Caller, pairs: Sequence[tuple[UUID, date]]
) -> dict[tuple[UUID, date], Capacity]:
    """In what capacity the caller decides, by employee and work date.

    An admin records what the head of the region decided about those directly under them.
    """
    capacities: dict[tuple[UUID, date], Capacity] = {}
    if Scope.TENANT in caller.scopes("activity.approve"):
        headless = await under_the_head_of_region(uow.session, uow.tenant_id, pairs)
        capacities |= dict.fromkeys(headless, Capacity.DELEGATE)
    if caller.employee_id is not None:
        days = sorted({day for _, day in pairs})
        staff = await staff_days(uow.session, uow.tenant_id, caller.employee_id, days)
        capacities |= {(one.employee_id, one.day): one.capacity for one in staff}
    return capacities
