"""What an appraisal rests on: approved work per result of the plan, and every day's attendance."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from shared.ledger.tables import ActivityDayRow, ActivityPlanRow, ActivityRecordRow
from shared.period import Period
from shared.words import Apel, LeaveKind, Presence


@dataclass(frozen=True, slots=True)
class Work:
    """Approved work on one result: how many activities, minutes, and the quantity they add up to."""

    result_id: UUID
    activities: int
    minutes: int
    quantity: Decimal | None


@dataclass(frozen=True, slots=True)
class PlannedWork:
    """A result of the SKP with its targets, and what was approved on it; `plan` None: of no plan known here."""

    plan_id: UUID | None
    result: dict[str, Any] | None  # as PlanApproved states it
    work: Work


@dataclass(frozen=True, slots=True)
class Summary:
    """The month's attendance, counted in days and minutes."""

    scheduled: int
    present: int
    absent: int
    duty: int
    leave: dict[LeaveKind, int]
    late_days: int
    late_minutes: int
    early_days: int
    early_minutes: int
    missing_in: int
    missing_out: int
    apel_missed: int


@dataclass(frozen=True, slots=True)
class Day:
    """One day as it was settled, and the work approved on it."""

    row: ActivityDayRow
    activities: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Evidence:
    activities: int
    minutes: int
    results: tuple[PlannedWork, ...]
    attendance: Summary
    days: tuple[Day, ...]


async def evidence(session: AsyncSession, tenant_id: str, span: Period, employee_id: UUID) -> Evidence:
    """All that is here of one employee and period, results in the order of the plan, days by date."""
    work = await _work(session, tenant_id, span, employee_id)
    plans = await _plans(session, tenant_id, span, employee_id)
    rows = await _days(session, tenant_id, span, employee_id)
    per_day = await _work_per_day(session, tenant_id, span, employee_id)
    days = tuple(Day(row, *per_day.get(row.work_date, (0, 0))) for row in rows)
    return Evidence(
        activities=sum(one.activities for one in work.values()),
        minutes=sum(one.minutes for one in work.values()),
        results=_planned(plans, work),
        attendance=summary(rows),
        days=days,
    )


async def _work(session: AsyncSession, tenant_id: str, span: Period, employee_id: UUID) -> dict[UUID, Work]:
    r = ActivityRecordRow
    query = (
        select(r.result_id, func.count(), func.sum(r.minutes), func.sum(r.quantity))
        .where(r.tenant_id == tenant_id, r.period == span.code, r.employee_id == employee_id, ~r.withdrawn)
        .group_by(r.result_id)
        .order_by(r.result_id)
    )
    rows = (await session.execute(query)).all()
    return {row[0]: Work(row[0], row[1], row[2] or 0, row[3]) for row in rows if row[0] is not None}


async def _plans(session: AsyncSession, tenant_id: str, span: Period, employee_id: UUID) -> Sequence[ActivityPlanRow]:
    p = ActivityPlanRow
    query = select(p).where(
        p.tenant_id == tenant_id,
        p.employee_id == employee_id,
        p.first_day <= span.last_day,
        p.last_day >= span.first_day,
    )
    return (await session.scalars(query.order_by(p.first_day, p.plan_id))).all()


async def _days(session: AsyncSession, tenant_id: str, span: Period, employee_id: UUID) -> Sequence[ActivityDayRow]:
    d = ActivityDayRow
    query = select(d).where(d.tenant_id == tenant_id, d.period == span.code, d.employee_id == employee_id)
    return (await session.scalars(query.order_by(d.work_date))).all()


async def _work_per_day(
    session: AsyncSession, tenant_id: str, span: Period, employee_id: UUID
) -> dict[date, tuple[int, int]]:
    r = ActivityRecordRow
    query = (
        select(r.work_date, func.count(), func.sum(r.minutes))
        .where(r.tenant_id == tenant_id, r.period == span.code, r.employee_id == employee_id, ~r.withdrawn)
        .group_by(r.work_date)
    )
    return {row[0]: (row[1], row[2] or 0) for row in (await session.execute(query)).all()}


def _planned(plans: Sequence[ActivityPlanRow], work: dict[UUID, Work]) -> tuple[PlannedWork, ...]:
    left = dict(work)
    planned = []
    for plan in plans:
        for result in plan.state["results"]:
            result_id = UUID(result["result_id"])
            done = left.pop(result_id, Work(result_id, 0, 0, None))
            planned.append(PlannedWork(plan.plan_id, result, done))
    return (*planned, *(PlannedWork(None, None, one) for one in left.values()))


def summary(days: Sequence[ActivityDayRow]) -> Summary:
    """A month's days, counted."""
    presence = Counter(day.presence for day in days)
    leave = Counter(LeaveKind(day.leave_kind) for day in days if day.leave_kind)
    return Summary(
        scheduled=sum(day.scheduled for day in days),
        present=presence[Presence.PRESENT],
        absent=presence[Presence.ABSENT],
        duty=presence[Presence.DUTY],
        leave=dict(sorted(leave.items())),
        late_days=sum(day.late_minutes > 0 for day in days),
        late_minutes=sum(day.late_minutes for day in days),
        early_days=sum(day.early_minutes > 0 for day in days),
        early_minutes=sum(day.early_minutes for day in days),
        missing_in=sum(day.missing_in for day in days),
        missing_out=sum(day.missing_out for day in days),
        apel_missed=sum(day.apel == Apel.MISSED for day in days),
    )
