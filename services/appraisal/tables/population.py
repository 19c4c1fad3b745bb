"""Who is to be appraised in a period, and which appraisals stand: what closing counts and the queue shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.appraisal.tables import AppraisalRow
from shared.merkle import root
from shared.period import Period

_STILL_HERE = """
    NOT EXISTS (
        SELECT 1 FROM identity_employees e
        WHERE e.tenant_id = :tenant_id AND e.employee_id = found.employee_id AND e.left_on <= :first_day)
    ORDER BY employee_id
"""
_ALL = text(
    f"""
    SELECT employee_id FROM (
        SELECT employee_id FROM activity_plans
        WHERE tenant_id = :tenant_id AND first_day <= :last_day AND last_day >= :first_day
        UNION
        SELECT employee_id FROM activity_records WHERE tenant_id = :tenant_id AND period = :period AND NOT withdrawn
        UNION
        SELECT employee_id FROM activity_days WHERE tenant_id = :tenant_id AND period = :period
    ) AS found
    WHERE {_STILL_HERE}
    """
)
# one by one through the indexes: a superior's staff are few among a region's million records
_OF_SOME = text(
    f"""
    SELECT employee_id FROM unnest(CAST(:employees AS uuid[])) AS found(employee_id)
    WHERE (EXISTS (SELECT 1 FROM activity_plans p
                   WHERE p.tenant_id = :tenant_id AND p.employee_id = found.employee_id
                     AND p.first_day <= :last_day AND p.last_day >= :first_day)
        OR EXISTS (SELECT 1 FROM activity_records r
                   WHERE r.tenant_id = :tenant_id AND r.period = :period AND r.employee_id = found.employee_id
                     AND NOT r.withdrawn)
        OR EXISTS (SELECT 1 FROM activity_days d
                   WHERE d.tenant_id = :tenant_id AND d.period = :period AND d.employee_id = found.employee_id))
      AND {_STILL_HERE}
    """
)


async def to_be_appraised(
    session: AsyncSession, tenant_id: str, span: Period, employees: Sequence[UUID] | None = None
) -> list[UUID]:
    """Those with an approved plan or records in the period, of these employees (None: of all), by id."""
    given: dict[str, object] = {
        "tenant_id": tenant_id,
        "period": span.code,
        "first_day": span.first_day,
        "last_day": span.last_day,
    }
    if employees is None:
        return list((await session.scalars(_ALL, given)).all())
    return list((await session.scalars(_OF_SOME, given | {"employees": sorted(set(employees))})).all())


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
