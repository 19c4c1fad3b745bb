"""Whose plans a list is asked for."""

from datetime import date
from typing import Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.activity.tables.scope import Span, spans_of_staff, spans_of_units, spans_seen
from shared.auth.caller import Caller
from shared.auth.policy import Scope
from shared.directory.queries import units_under

ACTION = "plan.read"


async def employees_asked_for(
    session: AsyncSession, caller: Caller, of: Literal["self", "staff", "unit"], employee_id: UUID | None, day: date
) -> list[UUID]:
    """Those of a day whose plans the caller may see. Raises Forbidden."""
    if employee_id is not None:
        spans = await spans_seen(session, caller, ACTION, Span(employee_id, day, day))
    elif of == "self":
        return [caller.person]
    elif of == "staff":
        spans = await spans_of_staff(session, caller.tenant_id, caller.person, day, day)
    else:
        everywhere = Scope.TENANT in caller.scopes(ACTION)
        units = None if everywhere else await units_under(session, caller.tenant_id, caller.units())
        spans = await spans_of_units(session, caller.tenant_id, units, day, day)
    return sorted({span.employee_id for span in spans})
