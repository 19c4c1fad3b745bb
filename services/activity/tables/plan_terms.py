"""On which days which results of approved plans are in force."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

_TERMS = text(
    """
    SELECT r.result_id, v.valid_from, v.valid_to
    FROM plan_versions v
    JOIN plan_results r ON r.tenant_id = v.tenant_id AND r.plan_id = v.plan_id AND r.version = v.version
    WHERE v.tenant_id = :tenant_id AND v.employee_id = :employee_id AND v.state = 'approved'
      AND v.valid_from <= v.valid_to AND r.result_id = ANY(CAST(:results AS uuid[]))
    """
)


async def terms_of_results(
    session: AsyncSession, tenant_id: str, employee_id: UUID, results: Collection[UUID]
) -> dict[UUID, list[tuple[date, date]]]:
    """First and last days of the approved versions that hold these results of an employee's."""
    given = {"tenant_id": tenant_id, "employee_id": employee_id, "results": list(results)}
    terms: dict[UUID, list[tuple[date, date]]] = {}
    for result_id, first_day, last_day in (await session.execute(_TERMS, given)).all():
        terms.setdefault(result_id, []).append((first_day, last_day))
    return terms
