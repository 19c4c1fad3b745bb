"""Whose days a recap is asked for, and whether the caller may see them."""

from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.activity.tables.scope import Span, spans_of_staff, spans_of_units, spans_seen
from shared.auth.caller import Caller
from shared.auth.policy import Scope
from shared.directory.queries import units_under
from shared.errors import Forbidden

ACTION = "activity.read"


@dataclass(frozen=True, slots=True)
class Asked:
    """One employee, or oneself, one's staff, a unit with those below it.

    `unit_id` left out: the units of one's role, or for a role over the region all of it.
    """

    of: Literal["self", "staff", "unit"] = "self"
    employee_id: UUID | None = None
    unit_id: UUID | None = None
    after: UUID | None = None
    limit: int = 100


async def spans_asked_for(
    session: AsyncSession, caller: Caller, asked: Asked, first_day: date, last_day: date
) -> list[Span]:
    """The days of those asked about that the caller may see. Raises Forbidden."""
    if asked.employee_id is not None:
        return await spans_seen(session, caller, ACTION, Span(asked.employee_id, first_day, last_day))
    if asked.of == "self":
        return [Span(caller.person, first_day, last_day)]
    if asked.of == "staff":
        return await spans_of_staff(session, caller.tenant_id, caller.person, first_day, last_day)
    units = await _units(session, caller, asked.unit_id)
    return await spans_of_units(session, caller.tenant_id, units, first_day, last_day)


async def _units(session: AsyncSession, caller: Caller, unit_id: UUID | None) -> list[UUID] | None:
    """The units asked about with those below them; None: all of the region."""
    scopes = caller.scopes(ACTION)
    everywhere = Scope.TENANT in scopes
    if unit_id is None and everywhere:
        return None
    own = await units_under(session, caller.tenant_id, caller.units()) if Scope.UNIT in scopes else []
    if unit_id is None:
        if not own:
            raise Forbidden("none of this account's roles is over a unit")
        return own
    if not everywhere and unit_id not in own:
        raise Forbidden("this unit is not among those your role was given for")
    return await units_under(session, caller.tenant_id, [unit_id])
