"""Targets of days, and delegations."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.activity.tables import DelegationRow, TargetRow


async def targets_of(
    session: AsyncSession, tenant_id: str, employee_id: UUID, first_day: date, last_day: date
) -> Sequence[TargetRow]:
    """By day, in the order they were planned."""
    t = TargetRow
    query = (
        select(t)
        .where(t.tenant_id == tenant_id, t.employee_id == employee_id, t.work_date.between(first_day, last_day))
        .order_by(t.work_date, t.place)
    )
    return (await session.scalars(query)).all()


async def delegations_of(
    session: AsyncSession, tenant_id: str, person: UUID | None, limit: int
) -> Sequence[DelegationRow]:
    """Those a person gave or was given (None: the region's), the latest first."""
    d = DelegationRow
    query = select(d).where(d.tenant_id == tenant_id)
    if person is not None:
        query = query.where(or_(d.superior_id == person, d.delegate_id == person))
    return (await session.scalars(query.order_by(d.first_day.desc(), d.delegation_id).limit(limit))).all()
