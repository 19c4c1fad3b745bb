"""Which days are working days of an employee's, for the filing window."""

from datetime import date
from functools import partial
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.activity.rules.calendar import is_working_day
from services.activity.rules.filing import IsWorkingDay
from services.activity.tables.calendar_reading import calendar_of
from shared.directory.queries import posts_on


async def working_days_of(
    session: AsyncSession, tenant_id: str, employee_id: UUID, first_day: date, last_day: date
) -> IsWorkingDay:
    """Tells working days from others between these days, by the calendar of the unit where the employee is now."""
    posts = await posts_on(session, tenant_id, last_day, employees=[employee_id])
    post = posts.get(employee_id)
    calendar = await calendar_of(session, tenant_id, first_day, last_day, post.unit_id if post else None)
    return partial(is_working_day, calendar)
