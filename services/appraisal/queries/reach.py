"""Whose appraisal a caller may see."""

from collections.abc import Sequence
from enum import StrEnum
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.appraisal.tables.evaluators import as_evaluator
from shared.auth.caller import Caller
from shared.auth.policy import Scope
from shared.directory.queries import posts_on, units_under
from shared.directory.tables import EmployeeRow
from shared.errors import Forbidden, NotFound
from shared.period import Period

ACTION = "appraisal.read"


class Sight(StrEnum):
    """As whom somebody looks; only an evaluator sees what is still being written."""

    EVALUATOR = "evaluator"
    OTHER = "other"


async def sight_of(session: AsyncSession, tenant_id: str, caller: Caller, span: Period, employee_id: UUID) -> Sight:
    """Raises NotFound for an employee of no or another region, Forbidden for one the caller has no say over."""
    if await session.get(EmployeeRow, (tenant_id, employee_id)) is None:
        raise NotFound(f"there is no employee {employee_id} in this region")
    scopes = caller.scopes(ACTION)
    if Scope.STAFF in scopes and caller.employee_id is not None:
        over = await as_evaluator(session, tenant_id, span, [employee_id], caller.employee_id)
        if employee_id in over:
            return Sight.EVALUATOR
    own = Scope.SELF in scopes and caller.employee_id == employee_id
    if own or Scope.TENANT in scopes or await _in_units(session, tenant_id, caller, span, employee_id):
        return Sight.OTHER
    raise Forbidden("this employee's appraisal is for themselves, their superiors and kepegawaian", action=ACTION)


async def _in_units(session: AsyncSession, tenant_id: str, caller: Caller, span: Period, employee_id: UUID) -> bool:
    if Scope.UNIT not in caller.scopes(ACTION):
        return False
    units = await units_under(session, tenant_id, caller.units())
    return employee_id in await posts_on(session, tenant_id, span.last_day, employees=[employee_id], units=units)


async def visible_employees(
    session: AsyncSession, tenant_id: str, caller: Caller, span: Period
) -> Sequence[UUID] | None:
    """The employees of the caller's units, by id; None: all of the region.

    Raises Forbidden for whoever has neither units nor the region.
    """
    scopes = caller.scopes(ACTION)
    if Scope.TENANT in scopes:
        return None
    if Scope.UNIT not in scopes:
        raise Forbidden("the list is for kepegawaian and auditors; your own and your staff's are at each employee")
    units = await units_under(session, tenant_id, caller.units())
    return sorted(await posts_on(session, tenant_id, span.last_day, units=units))
