"""Consents of an employee, or of the whole region."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.payroll.tables import ConsentRow


async def consents_of(
    session: AsyncSession, tenant_id: str, employee_id: UUID | None, *, limit: int
) -> Sequence[ConsentRow]:
    """The newest first; without an employee, everybody's."""
    asked = select(ConsentRow).where(ConsentRow.tenant_id == tenant_id)
    if employee_id is not None:
        asked = asked.where(ConsentRow.employee_id == employee_id)
    ordered = asked.order_by(ConsentRow.valid_from.desc(), ConsentRow.consent_id).limit(limit)
    return (await session.scalars(ordered)).all()
