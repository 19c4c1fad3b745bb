"""Noting who was away from the office within a day, with permission or without. Nobody notes their own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select

from services.activity.commands.attendance_decisions import ACTION, check_eyes, hold_decisions
from services.activity.commands.attendance_jobs import settle_again
from services.activity.tables.attendance import OutingRow
from services.activity.tables.attendance_scope import check_employees
from services.activity.tables.decided import note_withdrawal, to_withdraw
from shared.auth.caller import Caller
from shared.clock import local_date
from shared.directory.queries import tenant
from shared.errors import Refused
from shared.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class NewOuting:
    """`permitted`: by a surat izin keluar, whose number is the `reference`; else what an inspection found."""

    employee_id: UUID
    started_at: datetime
    ended_at: datetime
    permitted: bool
    reference: str | None
    reason: str


async def note_outing(uow: UnitOfWork, caller: Caller, new: NewOuting, now: datetime) -> OutingRow:
    """Note it on the region's date on which it began; the same sent twice is one. A settled day is looked at again.

    Raises Refused for one's own, for what is not over, and beside another outing of the same time; Forbidden for an
    employee of another unit.
    """
    check_eyes(caller, new.employee_id)
    if new.ended_at > now:
        raise Refused("an outing is noted when it is over: its end lies in the future")
    day = local_date(new.started_at, (await tenant(uow.session, uow.tenant_id)).zone)
    await hold_decisions(uow, new.employee_id)
    await check_employees(uow.session, caller, ACTION, [new.employee_id], day)
    for row in await _beside(uow, new):
        if _same(row, new):
            return row
        raise Refused(
            f"another outing is noted from {row.started_at.isoformat()} to {row.ended_at.isoformat()}: "
            "withdraw that first, or give the times beside it",
            outing_id=str(row.outing_id),
        )
    row = OutingRow(
        tenant_id=uow.tenant_id,
        outing_id=uuid4(),
        employee_id=new.employee_id,
        work_date=day,
        started_at=new.started_at,
        ended_at=new.ended_at,
        permitted=new.permitted,
        reference=new.reference,
        reason=new.reason,
        decided_by=caller.actor,
        decided_at=now,
    )
    uow.session.add(row)
    await _look_again(uow, row, by=caller.actor, now=now)
    return row


async def withdraw_outing(uow: UnitOfWork, caller: Caller, outing_id: UUID, reason: str, now: datetime) -> OutingRow:
    """An outing was noted wrongly; it stays to be read. Raises NotFound, Refused, Forbidden."""
    row = await to_withdraw(uow.session, OutingRow, (uow.tenant_id, outing_id), "outing")
    check_eyes(caller, row.employee_id)
    await check_employees(uow.session, caller, ACTION, [row.employee_id], row.work_date)
    note_withdrawal(row, "outing", by=caller.actor, reason=reason, now=now)
    await _look_again(uow, row, by=caller.actor, now=now)
    return row


async def _beside(uow: UnitOfWork, new: NewOuting) -> Sequence[OutingRow]:
    o = OutingRow
    rows = await uow.session.scalars(
        select(o)
        .where(o.tenant_id == uow.tenant_id, o.employee_id == new.employee_id, o.withdrawn_at.is_(None))
        .where(o.started_at < new.ended_at, o.ended_at > new.started_at)
        .order_by(o.started_at, o.outing_id)
    )
    return rows.all()


def _same(row: OutingRow, new: NewOuting) -> bool:
    return (row.started_at, row.ended_at, row.permitted, row.reference, row.reason) == (
        new.started_at,
        new.ended_at,
        new.permitted,
        new.reference,
        new.reason,
    )


async def _look_again(uow: UnitOfWork, row: OutingRow, *, by: UUID, now: datetime) -> None:
    reason = f"outing {row.outing_id}"
    await settle_again(uow, row.work_date, row.work_date, [row.employee_id], by=by, now=now, reason=reason)
