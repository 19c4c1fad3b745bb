"""Over whom a caller may act in attendance: checked against the organisation on the day concerned."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.activity.tables.organisation import staff_days
from shared.auth.caller import Caller
from shared.auth.policy import Scope
from shared.directory.queries import posts_on, units_under
from shared.errors import Forbidden


async def reachable_units(session: AsyncSession, caller: Caller, action: str) -> set[UUID] | None:
    """The units whose people the caller may act on; None: all of the region."""
    scopes = caller.scopes(action)
    if Scope.TENANT in scopes:
        return None
    if Scope.UNIT not in scopes:
        return set()
    return set(await units_under(session, caller.tenant_id, caller.units()))


async def check_unit(session: AsyncSession, caller: Caller, action: str, unit_id: UUID | None) -> None:
    """Raises Forbidden where the unit is not the caller's to act on; None stands for the whole region."""
    units = await reachable_units(session, caller, action)
    if units is not None and unit_id not in units:
        raise Forbidden("this unit is not among those your role was given for", action=action)


async def check_employees(
    session: AsyncSession, caller: Caller, action: str, employees: Sequence[UUID], day: date
) -> None:
    """Raises Forbidden, naming the first employee who is not the caller's to act on, by where they stood on a day."""
    units = await reachable_units(session, caller, action)
    if units is None:
        return
    posts = await posts_on(session, caller.tenant_id, day, employees=employees)
    for employee_id in employees:
        post = posts.get(employee_id)
        if post is None or post.unit_id not in units:
            raise Forbidden(f"employee {employee_id} did not belong to a unit of yours on {day}", action=action)


async def check_reading(session: AsyncSession, caller: Caller, employee_id: UUID, first: date, last: date) -> None:
    """Raises Forbidden where the caller may not see this employee's attendance of these days.

    Superior or kepegawaian on the first day or on the last is enough: people move within a month.
    """
    action = "attendance.read"
    scopes = caller.scopes(action)
    if Scope.TENANT in scopes or (Scope.SELF in scopes and employee_id == caller.employee_id):
        return
    if Scope.STAFF in scopes and caller.employee_id is not None:
        staff = await staff_days(session, caller.tenant_id, caller.employee_id, [first, last])
        if any(one.employee_id == employee_id for one in staff):
            return
    try:
        await check_employees(session, caller, action, [employee_id], last)
    except Forbidden:
        await check_employees(session, caller, action, [employee_id], first)
