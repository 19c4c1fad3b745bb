"""Activities: one, an employee's, and what waits for a superior."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.activity.tables import ActivityRow
from shared.errors import NotFound


async def activity_of(session: AsyncSession, tenant_id: str, activity_id: UUID) -> ActivityRow:
    """Raises NotFound."""
    row = await session.scalar(
        select(ActivityRow).where(ActivityRow.tenant_id == tenant_id, ActivityRow.activity_id == activity_id)
    )
    if row is None:
        raise NotFound("there is no such activity")
    return row
