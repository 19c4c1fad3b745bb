"""Whose records a caller may see, day by day, by where people stood then."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from services.activity.tables.organisation import staff_days
from shared.auth.caller import Caller
from shared.auth.policy import Scope
from shared.directory.queries import units_under
from shared.errors import Forbidden


@dataclass(frozen=True, slots=True)
class Span:
    """Days of one employee, both included."""

    employee_id: UUID
    first_day: date
    last_day: date


_IN_UNITS = text(
    """
    SELECT a.employee_id, greatest(a.valid_from, t.valid_from, CAST(:first_day AS date)),
           least(a.valid_to, t.valid_to, CAST(:last_day AS date))
    FROM identity_position_terms t
    JOIN identity_assignments a ON a.tenant_id = t.tenant_id AND a.position_id = t.position_id
     AND a.kind = 'definitif'
    WHERE t.tenant_id = :tenant_id
      AND (CAST(:units AS uuid[]) IS NULL OR t.unit_id = ANY(CAST(:units AS uuid[])))
      AND (NOT CAST(:headless AS boolean) OR t.reports_to IS NULL)
      AND t.valid_from <= :last_day AND (t.valid_to IS NULL OR t.valid_to >= :first_day)
      AND a.valid_from <= :last_day AND (a.valid_to IS NULL OR a.valid_to >= :first_day)
      AND greatest(a.valid_from, t.valid_from) <= least(a.valid_to, t.valid_to, CAST(:last_day AS date))
    ORDER BY 1, 2
    """
)


async def spans_of_units(
    session: AsyncSession, tenant_id: str, units: Sequence[UUID] | None, first_day: date, last_day: date
) -> list[Span]:
    """On which of these days who belonged to one of the units by a definitive assignment; None: to any."""
    given = {"tenant_id": tenant_id, "first_day": first_day, "last_day": last_day, "headless": False}
    rows = await session.execute(_IN_UNITS, given | {"units": None if units is None else list(units)})
    return merged([Span(*row) for row in rows.all()])


async def spans_of_staff(
    session: AsyncSession, tenant_id: str, superior: UUID, first_day: date, last_day: date
) -> list[Span]:
    """On which of these days who was under somebody."""
    days = [first_day + timedelta(days=n) for n in range((last_day - first_day).days + 1)]
    staff = await staff_days(session, tenant_id, superior, days)
    return merged([Span(one.employee_id, one.day, one.day) for one in staff])


def merged(spans: Sequence[Span]) -> list[Span]:
    """The same days, each once: spans that meet or overlap as one, by employee and day."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda one: (one.employee_id, one.first_day)):
        last = found[-1] if found else None
        if last and last.employee_id == span.employee_id and span.first_day <= last.last_day + timedelta(days=1):
            found[-1] = Span(span.employee_id, last.first_day, max(last.last_day, span.last_day))
        else:
            found.append(span)
    return found


def columns(spans: Sequence[Span]) -> dict[str, list[UUID] | list[date]]:
    """Spans as the arrays that statements unnest: employees, firsts, lasts."""
    return {
        "employees": [span.employee_id for span in spans],
        "firsts": [span.first_day for span in spans],
        "lasts": [span.last_day for span in spans],
    }


async def spans_under_the_head(session: AsyncSession, tenant_id: str, first_day: date, last_day: date) -> list[Span]:
    """On which of these days whose post reported to none: their superior is the head of the region."""
    given = {"tenant_id": tenant_id, "units": None, "first_day": first_day, "last_day": last_day, "headless": True}
    return [Span(*row) for row in (await session.execute(_IN_UNITS, given)).all()]


async def spans_seen(session: AsyncSession, caller: Caller, action: str, asked: Span) -> list[Span]:
    """On which of an employee's days the caller may see their records. Raises Forbidden where on none."""
    scopes = caller.scopes(action)
    if Scope.TENANT in scopes or (Scope.SELF in scopes and asked.employee_id == caller.employee_id):
        return [asked]
    tenant_id, days = caller.tenant_id, (asked.first_day, asked.last_day)
    spans: list[Span] = []
    if Scope.STAFF in scopes and caller.employee_id is not None:
        spans += await spans_of_staff(session, tenant_id, caller.employee_id, *days)
    if Scope.UNIT in scopes:
        units = await units_under(session, tenant_id, caller.units())
        spans += await spans_of_units(session, tenant_id, units, *days)
    own = merged([span for span in spans if span.employee_id == asked.employee_id])
    if not own:
        raise Forbidden("this employee was not among your staff, nor in a unit of yours, on any of these days")
    return own
