"""A region's log of approved runs, and the leaves under each of its entries."""

from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.payroll.tables import CheckpointRow


async def checkpoint_of_run(session: AsyncSession, tenant_id: str, run_id: UUID) -> CheckpointRow | None:
    """The checkpoint signed at the run's approval; None before it."""
    return await session.scalar(
        select(CheckpointRow).where(CheckpointRow.tenant_id == tenant_id, CheckpointRow.run_id == run_id)
    )


# one row, not one a leaf: 10,000 of them come in a few milliseconds
_LEAVES = text(
    """
    SELECT coalesce(array_agg(leaf ORDER BY employee_id), '{}'),
           count(*) FILTER (WHERE employee_id < CAST(:before AS uuid))
    FROM statements WHERE tenant_id = :tenant_id AND run_id = :run_id
    """
)


async def run_leaves(
    session: AsyncSession, tenant_id: str, run_id: UUID, *, before: UUID | None = None
) -> tuple[list[bytes], int]:
    """A run's leaves by employee id, and how many of them stand before an employee's."""
    leaves, index = (await session.execute(_LEAVES, {"tenant_id": tenant_id, "run_id": run_id, "before": before})).one()
    return list(leaves), index
