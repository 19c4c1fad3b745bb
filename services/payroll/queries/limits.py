"""The region's limits on spending, as they were set."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.payroll.tables import LimitRow


async def limits_of(session: AsyncSession, tenant_id: str, limit: int) -> Sequence[LimitRow]:
    """By kind and subject, the newest first."""
    query = (
        select(LimitRow)
        .where(LimitRow.tenant_id == tenant_id)
        .order_by(LimitRow.kind, LimitRow.subject, LimitRow.valid_from.desc(), LimitRow.set_at.desc())
        .limit(limit)
    )
    return (await session.scalars(query)).all()
