"""Policies from the database, compiled: by their hash, and the one in force on a day."""

from datetime import date
from functools import lru_cache

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.payroll.rules import Policy, check
from services.payroll.tables import PolicyRow, PolicyState
from shared.errors import NotFound


@lru_cache(maxsize=64)
def compiled(document: str) -> Policy:
    """A stored document's usable form; it was checked before it was stored."""
    policy = check(document)
    if not isinstance(policy, Policy):
        raise ValueError(f"a stored policy is refused now: {policy[0]}")
    return policy


async def policy_by_hash(session: AsyncSession, tenant_id: str, policy_hash: str) -> Policy:
    """The policy with this content. Raises NotFound; ValueError if its stored text was changed."""
    row = await session.get(PolicyRow, (tenant_id, policy_hash))
    if row is None:
        raise NotFound(f"there is no policy {policy_hash}")
    policy = compiled(row.document)
    if policy.hash != policy_hash:
        raise ValueError(f"the stored text of policy {policy_hash} has the hash {policy.hash}")
    return policy


async def in_force(session: AsyncSession, tenant_id: str, day: date) -> PolicyRow | None:
    """The approved policy that began last; of two from the same day, the one approved last."""
    return await session.scalar(
        select(PolicyRow)
        .where(PolicyRow.tenant_id == tenant_id, PolicyRow.state == PolicyState.APPROVED)
        .where(PolicyRow.effective_from <= day)
        .where(or_(PolicyRow.effective_to.is_(None), PolicyRow.effective_to >= day))
        .order_by(PolicyRow.effective_from.desc(), PolicyRow.approved_at.desc())
        .limit(1)
    )
