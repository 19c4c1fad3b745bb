"""Policy documents, and the one in force."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.payroll.inputs.policies import compiled, in_force
from services.payroll.rules.difference import Difference, differences
from services.payroll.tables import PolicyRow, PolicyState
from shared.errors import NotFound


async def policies(session: AsyncSession, tenant_id: str) -> Sequence[PolicyRow]:
    """All of a region's, newest first."""
    found = await session.scalars(
        select(PolicyRow)
        .where(PolicyRow.tenant_id == tenant_id)
        .order_by(PolicyRow.effective_from.desc(), PolicyRow.drafted_at.desc())
        .limit(500)
    )
    return found.all()


async def policy_row(session: AsyncSession, tenant_id: str, policy_hash: str) -> PolicyRow:
    """Raises NotFound."""
    row = await session.get(PolicyRow, (tenant_id, policy_hash))
    if row is None:
        raise NotFound(f"there is no policy {policy_hash}")
    return row


async def policy_on(session: AsyncSession, tenant_id: str, day: date) -> PolicyRow:
    """The policy in force on a day. Raises NotFound."""
    row = await in_force(session, tenant_id, day)
    if row is None:
        raise NotFound(f"no policy is in force on {day}")
    return row


async def policy_difference(
    session: AsyncSession, tenant_id: str, policy_hash: str, against: str | None
) -> tuple[str | None, list[Difference]]:
    """How a policy differs from another: the one named, or else the one it was approved against, or would be.

    The other's hash, None where there is none. Raises NotFound.
    """
    row = await policy_row(session, tenant_id, policy_hash)
    if against is None:
        held = await in_force(session, tenant_id, row.effective_from)
        against = row.compared_with if row.state == PolicyState.APPROVED else held.hash if held else None
    if against is None:
        return None, []
    other = await policy_row(session, tenant_id, against)
    return against, differences(compiled(other.document).document, compiled(row.document).document)
