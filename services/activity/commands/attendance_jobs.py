"""Settlements asked for by people, worked off by the worker in chunks of employees, regions in turn."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import structlog
from sqlalchemy import select, text

from services.activity.commands.attendance_settling import CHUNK, settle_chunk
from services.activity.tables.attendance import SettlementRow
from services.activity.tables.attendance_loading import people_of_units
from services.activity.tables.attendance_scope import reachable_units
from services.activity.tables.fence import hold_open
from shared import clock
from shared.auth.caller import Caller
from shared.db import Sessions, is_transient
from shared.directory.queries import units_under
from shared.errors import Forbidden, Refused
from shared.period import period_of
from shared.unit_of_work import UnitOfWork, unit_of_work

log = structlog.get_logger()


async def request_settlement(
    uow: UnitOfWork, caller: Caller, first: date, last: date, unit_id: UUID | None, *, now: datetime
) -> SettlementRow:
    """Ask for the days from `first` to `last` to be settled: of a unit and those below it, or of all the caller's.

    Raises Forbidden for a unit that is not the caller's, Refused where one of the months is closed.
    """
    days = {first, last} | {day for day in _month_starts(first, last)}
    closed = sorted({period_of(day).code for day in days} - await hold_open(uow.session, uow.tenant_id, days))
    if closed:
        raise Refused(f"period {closed[0]} is closed: its days are settled for good", period=closed[0])
    employees = await _employees(uow, caller, first, last, unit_id)
    reason = "asked for" if unit_id is None else f"asked for, unit {unit_id}"
    return enqueue(uow, first, last, employees, by=caller.actor, now=now, reason=reason)


def enqueue(
    uow: UnitOfWork,
    first: date,
    last: date,
    employees: Sequence[UUID] | None,
    *,
    by: UUID,
    now: datetime,
    reason: str,
    again: bool = False,
) -> SettlementRow:
    """A settlement for the worker to take; with `again` only of days that were settled before."""
    row = SettlementRow(
        tenant_id=uow.tenant_id,
        settlement_id=uuid4(),
        first_day=first,
        last_day=last,
        employees=None if employees is None else list(employees),
        again=again,
        reason=reason,
        state="waiting",
        done_to=None,
        people=0,
        days=0,
        changed=0,
        told=None,
        requested_by=by,
        requested_at=now,
        touched_at=now,
    )
    uow.session.add(row)
    return row


_SETTLED_MONTHS = text(
    """
    SELECT min(work_date), max(work_date) FROM attendance_days d
    WHERE tenant_id = :tenant_id AND work_date BETWEEN :first AND :last
      AND (CAST(:employees AS uuid[]) IS NULL OR employee_id = ANY(CAST(:employees AS uuid[])))
      AND NOT EXISTS (
          SELECT 1 FROM periods p WHERE p.tenant_id = d.tenant_id AND p.state = 'closed'
             AND d.work_date BETWEEN p.first_day AND p.last_day)
    GROUP BY date_trunc('month', work_date) ORDER BY 1
    """
)


async def settle_again(
    uow: UnitOfWork,
    first: date,
    last: date | None,
    employees: Sequence[UUID] | None,
    *,
    by: UUID,
    now: datetime,
    reason: str,
) -> int:
    """Have the settled days of open months from `first` to `last` (None: to the newest) looked at again.

    How many settlements were asked for: one for each month that has settled days of these employees (None: of all).
    """
    given = {
        "tenant_id": uow.tenant_id,
        "first": first,
        "last": last or now.date() + timedelta(days=1),
        "employees": None if employees is None else list(employees),
    }
    months = (await uow.session.execute(_SETTLED_MONTHS, given)).all()
    for begins, ends in months:
        enqueue(uow, begins, ends, employees, by=by, now=now, reason=reason, again=True)
    return len(months)


async def settle_waiting(sessions: Sessions) -> int:
    """One chunk of the oldest settlement of each region that has one; how many were taken.

    Raises what passes by itself; anything else ends the settlement as failed, so that it cannot hold up others.
    """
    async with sessions() as session:
        s = SettlementRow
        rows = await session.execute(
            select(s.tenant_id, s.settlement_id)
            .where(s.state == "waiting")
            .distinct(s.tenant_id)
            .order_by(s.tenant_id, s.touched_at)
        )
        waiting = rows.all()
    return sum([await _take(sessions, tenant_id, settlement_id) for tenant_id, settlement_id in waiting])


async def _take(sessions: Sessions, tenant_id: str, settlement_id: UUID) -> int:
    try:
        async with unit_of_work(sessions, tenant_id) as uow:
            return await _next_chunk(uow, settlement_id, clock.now())
    except Refused as refusal:
        await _end(sessions, tenant_id, settlement_id, "refused", refusal.detail)
    except Exception as error:
        if is_transient(error):
            raise
        log.error("settlement failed", tenant=tenant_id, settlement=str(settlement_id), exc_info=error)
        await _end(sessions, tenant_id, settlement_id, "failed", "a fault of ours, which is logged; ask for it again")
    return 1


async def _next_chunk(uow: UnitOfWork, settlement_id: UUID, now: datetime) -> int:
    s = SettlementRow
    row = await uow.session.scalar(
        select(s)
        .where(s.tenant_id == uow.tenant_id, s.settlement_id == settlement_id, s.state == "waiting")
        .with_for_update(skip_locked=True)  # another worker has it
    )
    if row is None:
        return 0
    chunk = await settle_chunk(
        uow, row.first_day, row.last_day, row.employees, after=row.done_to, now=now, again=row.again
    )
    row.people += chunk.people
    row.days += chunk.days
    row.changed += chunk.changed
    row.done_to = chunk.last or row.done_to
    row.touched_at = now
    if chunk.people < CHUNK:
        row.state = "done"
    return 1


async def _end(sessions: Sessions, tenant_id: str, settlement_id: UUID, state: str, told: str) -> None:
    async with unit_of_work(sessions, tenant_id) as uow:
        row = await uow.session.get(SettlementRow, (tenant_id, settlement_id), with_for_update=True)
        if row is not None and row.state == "waiting":
            row.state, row.told, row.touched_at = state, told, clock.now()


async def _employees(
    uow: UnitOfWork, caller: Caller, first: date, last: date, unit_id: UUID | None
) -> list[UUID] | None:
    mine = await reachable_units(uow.session, caller, "attendance.settle")
    if unit_id is None and mine is None:
        return None
    asked = mine if unit_id is None else set(await units_under(uow.session, uow.tenant_id, [unit_id]))
    if mine is not None and unit_id is not None and unit_id not in mine:
        raise Forbidden("this unit is not among those your role was given for", action="attendance.settle")
    return await people_of_units(uow.session, uow.tenant_id, first, last, units=sorted(asked or ()))


def _month_starts(first: date, last: date) -> list[date]:
    months = range(first.year * 12 + first.month, last.year * 12 + last.month)
    return [date(number // 12, number % 12 + 1, 1) for number in months]
