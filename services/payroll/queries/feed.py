"""A region's feed of final allowances by cursor, the same facts as on its topic."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.payroll.inputs.final import finalized
from services.payroll.rules.lifecycle import RunState
from services.payroll.tables import AllowanceRow, FeedRow, RunRow
from shared.events.allowance import AllowanceFinalized


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
    page = await session.execute(
        select(AllowanceRow.run_id, AllowanceRow.employee_id)
        .where(AllowanceRow.tenant_id == tenant_id)
        .where(AllowanceRow.feed_sequence > after, AllowanceRow.feed_sequence <= upto)
        .order_by(AllowanceRow.feed_sequence)
        .limit(limit)
    )
    of_run: dict[UUID, list[UUID]] = {}
    for run_id, employee_id in page.all():
        of_run.setdefault(run_id, []).append(employee_id)
    runs = (
        await session.scalars(
            select(RunRow)
            .where(RunRow.tenant_id == tenant_id, RunRow.run_id.in_(list(of_run)))
            .order_by(RunRow.first_sequence)
        )
    ).all()
    found = [one for run in runs for one in await finalized(session, run, of_run[run.run_id])]
    return found, runs, upto
