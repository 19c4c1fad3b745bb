"""A region's feed of final allowances by cursor, the same facts as on its topic."""

from collections.abc import Sequence

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.payroll.inputs.final import FINAL, finalized
from services.payroll.lifecycle import RunState
from services.payroll.tables import FeedRow, RunRow
from shared.events.allowance import AllowanceFinalized

_AFTER = text(
    FINAL
    + """
    WHERE a.tenant_id = :tenant_id AND a.feed_sequence > :after AND a.feed_sequence <= :upto
    ORDER BY a.feed_sequence LIMIT :limit
    """
)


async def published_upto(session: AsyncSession, tenant_id: str) -> int:
    """The last sequence before any run that is still being published, so that a cursor passes nothing over."""
    first = await session.scalar(
        select(func.min(RunRow.first_sequence)).where(
            RunRow.tenant_id == tenant_id, RunRow.state == RunState.PUBLISHING
        )
    )
    if first is not None:
        return first - 1
    held = await session.get(FeedRow, tenant_id)
    return held.last_sequence if held else 0


async def allowances_after(
    session: AsyncSession, tenant_id: str, *, after: int, limit: int
) -> tuple[list[AllowanceFinalized], Sequence[RunRow], int]:
    """Allowances after a sequence, the runs they belong to, and how far the feed reaches."""
    upto = await published_upto(session, tenant_id)
    given = {"tenant_id": tenant_id, "after": after, "upto": upto, "limit": limit}
    found = [finalized(row) for row in (await session.execute(_AFTER, given)).mappings()]
    runs = await session.scalars(
        select(RunRow)
        .where(RunRow.tenant_id == tenant_id, RunRow.run_id.in_({one.run_id for one in found}))
        .order_by(RunRow.first_sequence)
    )
    return found, runs.all(), upto
