"""Who is to be appraised in a period, and which appraisals stand: what closing counts and the queue shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.appraisal.tables import AppraisalRow
from shared.merkle import root
from shared.period import Period

_TO_BE_APPRAISED = text(
    """
    SELECT employee_id FROM (
        SELECT employee_id FROM activity_plans
        WHERE tenant_id = :tenant_id AND first_day <= :last_day AND last_day >= :first_day
        UNION
        SELECT employee_id FROM activity_records WHERE tenant_id = :tenant_id AND period = :period AND NOT withdrawn
        UNION
        SELECT employee_id FROM activity_days WHERE tenant_id = :tenant_id AND period = :period
    ) AS found
    WHERE (CAST(:employees AS uuid[]) IS NULL OR employee_id = ANY(CAST(:employees AS uuid[])))
      AND NOT EXISTS (
        SELECT 1 FROM identity_employees e
        WHERE e.tenant_id = :tenant_id AND e.employee_id = found.employee_id AND e.left_on <= :first_day)
    ORDER BY employee_id
    """
)


async def to_be_appraised(
    session: AsyncSession, tenant_id: str, span: Period, employees: Sequence[UUID] | None = None
) -> list[UUID]:
    """Those with an approved plan or records in the period, of these employees (None: of all), by id."""
    given = {
        "tenant_id": tenant_id,
        "period": span.code,
        "first_day": span.first_day,
        "last_day": span.last_day,
        "employees": None if employees is None else list(employees),
    }
    return list((await session.scalars(_TO_BE_APPRAISED, given)).all())


@dataclass(frozen=True, slots=True)
class Standing:
    """The appraisal that stands of one employee: the highest version."""

    employee_id: UUID
    version: int
    predikat: str
    evaluator_id: UUID
    leaf: bytes


async def standing(
    session: AsyncSession, tenant_id: str, period: str, employees: Sequence[UUID] | None = None
) -> list[Standing]:
    """The appraisals that stand in a period, of these employees (None: of all), by employee id."""
    a = AppraisalRow
    query = (
        select(a.employee_id, a.version, a.predikat, a.evaluator_id, a.leaf)
        .where(a.tenant_id == tenant_id, a.period == period)
        .order_by(a.employee_id, a.version.desc())
        .distinct(a.employee_id)
    )
    if employees is not None:
        query = query.where(a.employee_id.in_(employees))
    return [Standing(*row) for row in (await session.execute(query)).all()]


def root_of(appraisals: Sequence[Standing]) -> bytes:
    """The Merkle root over standing appraisals, given by employee id."""
    return root(one.leaf for one in appraisals)
