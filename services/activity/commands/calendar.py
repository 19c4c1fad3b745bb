"""Deciding on days and hours: dated, with reason and author. A decision is never edited, only withdrawn or outdone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from services.activity.commands.attendance_jobs import settle_again
from services.activity.tables.attendance_loading import people_of_units
from services.activity.tables.calendar import CalendarDecisionRow
from services.activity.tables.decided import note_withdrawal, to_withdraw
from shared.auth.caller import Caller
from shared.directory.queries import units_under
from shared.directory.tables import EmployeeRow, UnitRow
from shared.errors import NotFound
from shared.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class NewDecision:
    """As CalendarDecisionRow; neither unit nor employee: for the whole region."""

    kind: str
    content: dict[str, Any]
    first_day: date
    last_day: date | None
    reason: str
    unit_id: UUID | None = None
    employee_id: UUID | None = None


async def decide(uow: UnitOfWork, caller: Caller, new: NewDecision, now: datetime) -> CalendarDecisionRow:
    """Put a decision in force and have settled days it concerns looked at again; the same one sent twice is one.

    Raises NotFound where the unit or employee is not known.
    """
    await _check_known(uow, new)
    held = await _same(uow, new)
    if held is not None:
        return held
    row = CalendarDecisionRow(
        tenant_id=uow.tenant_id,
        decision_id=uuid4(),
        kind=new.kind,
        unit_id=new.unit_id,
        employee_id=new.employee_id,
        first_day=new.first_day,
        last_day=new.last_day,
        content=new.content,
        reason=new.reason,
        decided_by=caller.actor,
        decided_at=now,
    )
    uow.session.add(row)
    await _look_again(uow, row, by=caller.actor, now=now)
    return row


async def withdraw(
    uow: UnitOfWork, caller: Caller, decision_id: UUID, reason: str, now: datetime
) -> CalendarDecisionRow:
    """A decision no longer holds; it stays to be read. Raises NotFound, or Refused where that was done before."""
    row = await to_withdraw(uow.session, CalendarDecisionRow, (uow.tenant_id, decision_id), "decision on the calendar")
    note_withdrawal(row, "decision", by=caller.actor, reason=reason, now=now)
    await _look_again(uow, row, by=caller.actor, now=now)
    return row


async def _check_known(uow: UnitOfWork, new: NewDecision) -> None:
    if new.unit_id is not None and await uow.session.get(UnitRow, (uow.tenant_id, new.unit_id)) is None:
        raise NotFound(f"unit {new.unit_id} is not known here")
    if new.employee_id is not None and await uow.session.get(EmployeeRow, (uow.tenant_id, new.employee_id)) is None:
        raise NotFound(f"employee {new.employee_id} is not known here")


async def _same(uow: UnitOfWork, new: NewDecision) -> CalendarDecisionRow | None:
    d = CalendarDecisionRow
    held: CalendarDecisionRow | None = await uow.session.scalar(
        select(d)
        .where(d.tenant_id == uow.tenant_id, d.kind == new.kind, d.first_day == new.first_day)
        .where(d.last_day.is_not_distinct_from(new.last_day), d.unit_id.is_not_distinct_from(new.unit_id))
        .where(d.employee_id.is_not_distinct_from(new.employee_id), d.content == new.content)
        .where(d.withdrawn_at.is_(None))
        .limit(1)
    )
    return held


async def _look_again(uow: UnitOfWork, row: CalendarDecisionRow, *, by: UUID, now: datetime) -> None:
    last = row.last_day
    employees: Sequence[UUID] | None = None
    if row.employee_id is not None:
        employees = [row.employee_id]
    elif row.unit_id is not None:
        units = await units_under(uow.session, uow.tenant_id, [row.unit_id])
        employees = await people_of_units(uow.session, uow.tenant_id, row.first_day, last or now.date(), units=units)
    await settle_again(
        uow, row.first_day, last, employees, by=by, now=now, reason=f"calendar decision {row.decision_id}"
    )
