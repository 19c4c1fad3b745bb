"""Days and hours as a region, a unit or an employee has them, and the decisions behind them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.activity.rules.calendar import holiday
from services.activity.rules.calendar_hours import Expected, Schedules, expected_hours
from services.activity.rules.calendar_region import ApelWord, apel_on, schedules_for
from services.activity.tables.calendar import CalendarDecisionRow
from services.activity.tables.calendar_reading import region_of
from shared.directory.queries import posts_on


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """`expected`: None on a day off. `apel`: its name where there is one."""

    day: date
    holiday: str | None
    expected: Expected | None
    apel: str | None


async def calendar_days(
    session: AsyncSession,
    tenant_id: str,
    first: date,
    last: date,
    *,
    unit_id: UUID | None = None,
    employee_id: UUID | None = None,
) -> tuple[str, list[CalendarDay]]:
    """The region's zone, and each day from `first` to `last`; an employee's by where they stand on the last day."""
    if employee_id is not None and unit_id is None:
        post = (await posts_on(session, tenant_id, last, employees=[employee_id])).get(employee_id)
        unit_id = post.unit_id if post else None
    region = await region_of(session, tenant_id, first, last)
    schedules = schedules_for(region, unit_id, employee_id)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return region.zone, [_day(day, schedules, apel_on(region, unit_id, day)) for day in days]


def _day(day: date, schedules: Schedules, apel: ApelWord | None) -> CalendarDay:
    expected = expected_hours(schedules, day)
    return CalendarDay(day, holiday(schedules.calendar, day), expected, apel.name if apel and expected else None)


async def calendar_decisions(
    session: AsyncSession, tenant_id: str, *, kind: str | None, first: date, last: date, limit: int
) -> Sequence[CalendarDecisionRow]:
    """Decisions that touch the days from `first` to `last`, withdrawn ones too, by first day and making."""
    d = CalendarDecisionRow
    query = (
        select(d)
        .where(d.tenant_id == tenant_id, d.first_day <= last, or_(d.last_day.is_(None), d.last_day >= first))
        .order_by(d.first_day, d.decided_at, d.decision_id)
        .limit(limit)
    )
    if kind is not None:
        query = query.where(d.kind == kind)
    return (await session.scalars(query)).all()
