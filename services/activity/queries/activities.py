"""Activities: one, an employee's, and what waits for a superior."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.activity.tables import ActivityRow, PeriodRow
from services.activity.tables.scope import (
    Span,
    columns,
    merged,
    spans_of_staff,
    spans_under_the_head,
)
from shared.auth.caller import Caller
from shared.auth.policy import Scope
from shared.errors import NotFound

Cursor = tuple[date, UUID]  # of the last activity of the page before
START: Cursor = (date.min, UUID(int=0))
LONGEST_QUEUE = timedelta(days=400)


async def activity_of(session: AsyncSession, tenant_id: str, activity_id: UUID) -> ActivityRow:
    """Raises NotFound."""
    row = await session.scalar(
        select(ActivityRow).where(ActivityRow.tenant_id == tenant_id, ActivityRow.activity_id == activity_id)
    )
    if row is None:
        raise NotFound("there is no such activity")
    return row


_PAGE = text(
    """
    SELECT a.* FROM unnest(CAST(:employees AS uuid[]), CAST(:firsts AS date[]), CAST(:lasts AS date[]))
      AS span(employee_id, first_day, last_day)
    JOIN activities a ON a.tenant_id = :tenant_id AND a.employee_id = span.employee_id
     AND a.work_date BETWEEN span.first_day AND span.last_day
    WHERE (CAST(:state AS text) IS NULL OR a.state = :state)
      AND (a.work_date, a.activity_id) > (CAST(:after_day AS date), CAST(:after_id AS uuid))
    ORDER BY a.work_date, a.activity_id LIMIT :limit
    """
)
_WAITING = text(
    """
    SELECT a.* FROM unnest(CAST(:employees AS uuid[]), CAST(:firsts AS date[]), CAST(:lasts AS date[]))
      AS span(employee_id, first_day, last_day)
    JOIN activities a ON a.tenant_id = :tenant_id AND a.employee_id = span.employee_id
     AND a.work_date BETWEEN span.first_day AND span.last_day AND a.state = 'waiting'
    JOIN periods p ON p.tenant_id = :tenant_id AND p.state = 'open'
     AND a.work_date BETWEEN p.first_day AND p.last_day
    WHERE (a.work_date, a.activity_id) > (CAST(:after_day AS date), CAST(:after_id AS uuid))
    ORDER BY a.work_date, a.activity_id LIMIT :limit
    """
)


async def activities_in(
    session: AsyncSession, tenant_id: str, spans: Sequence[Span], *, state: str | None, after: Cursor, limit: int
) -> Sequence[ActivityRow]:
    """Activities of these employees' days, by work date: what somebody did, in the order of the days."""
    given = {"tenant_id": tenant_id, "state": state, "after_day": after[0], "after_id": after[1], "limit": limit}
    rows = await session.scalars(select(ActivityRow).from_statement(_PAGE), given | columns(spans))
    return rows.all()


async def waiting_for(session: AsyncSession, caller: Caller, *, after: Cursor, limit: int) -> Sequence[ActivityRow]:
    """What waits for the caller's decision in open months, oldest first: a superior works from the front."""
    days = await _open_days(session, caller.tenant_id)
    if days is None:
        return []
    first_day, last_day = days
    spans: list[Span] = []
    if caller.employee_id is not None:
        spans += await spans_of_staff(session, caller.tenant_id, caller.employee_id, first_day, last_day)
    if Scope.TENANT in caller.scopes("activity.approve"):
        under_the_head = await spans_under_the_head(session, caller.tenant_id, first_day, last_day)
        spans += [span for span in under_the_head if span.employee_id != caller.employee_id]
    given = {"tenant_id": caller.tenant_id, "after_day": after[0], "after_id": after[1], "limit": limit}
    rows = await session.scalars(select(ActivityRow).from_statement(_WAITING), given | columns(merged(spans)))
    return rows.all()


async def _open_days(session: AsyncSession, tenant_id: str) -> tuple[date, date] | None:
    """First and last day of the open months, the oldest left out beyond LONGEST_QUEUE."""
    p = PeriodRow
    query = select(func.min(p.first_day), func.max(p.last_day)).where(p.tenant_id == tenant_id, p.state == "open")
    first_day, last_day = (await session.execute(query)).one()
    if first_day is None:
        return None
    return max(first_day, last_day - LONGEST_QUEUE), last_day
