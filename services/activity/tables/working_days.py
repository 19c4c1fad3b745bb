"""Which days an employee's calendar counts as working days, for the filing window."""

from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.activity.rules.filing import IsWorkingDay

_SATURDAY = 5


async def working_days_of(
    session: AsyncSession, tenant_id: str, employee_id: UUID, first_day: date, last_day: date
) -> IsWorkingDay:
    """Whether a day between these is a working day of the employee's."""
    return lambda day: day.weekday() < _SATURDAY
