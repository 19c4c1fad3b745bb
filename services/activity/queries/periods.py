"""Months, their closings, and what still waits in them."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.activity.tables import ActivityRow, ClosingRow, PeriodRow
from shared.errors import NotFound


async def periods_of(session: AsyncSession, tenant_id: str) -> Sequence[PeriodRow]:
    """Newest first: the month at work stands on top."""
    query = select(PeriodRow).where(PeriodRow.tenant_id == tenant_id).order_by(PeriodRow.code.desc())
    return (await session.scalars(query)).all()


async def period_named(session: AsyncSession, tenant_id: str, code: str) -> PeriodRow:
    """Raises NotFound for a month nothing was logged in."""
    row = await session.scalar(select(PeriodRow).where(PeriodRow.tenant_id == tenant_id, PeriodRow.code == code))
    if row is None:
        raise NotFound(f"nothing was logged in {code} yet")
    return row


async def closings_of(session: AsyncSession, tenant_id: str, code: str) -> Sequence[ClosingRow]:
    """Oldest first: each supersedes the one before it."""
    query = (
        select(ClosingRow)
        .where(ClosingRow.tenant_id == tenant_id, ClosingRow.code == code)
        .order_by(ClosingRow.close_seq)
    )
    return (await session.scalars(query)).all()


async def waiting_in(session: AsyncSession, period: PeriodRow) -> int:
    """Activities of a month that no superior has decided on yet."""
    a = ActivityRow
    query = select(func.count()).where(
        a.tenant_id == period.tenant_id,
        a.state == "waiting",
        a.work_date.between(period.first_day, period.last_day),
    )
    return int(await session.scalar(query) or 0)
