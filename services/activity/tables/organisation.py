"""Whose work somebody may approve, day by day: as superior, Plt, Plh or delegate, all by the work date."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.words import Capacity


@dataclass(frozen=True, slots=True)
class StaffDay:
    """On a work date somebody may decide on an employee's work, in a capacity."""

    employee_id: UUID
    day: date
    capacity: Capacity


# As shared.directory.queries.staff_on, for many days and with delegations. A post nobody else holds on a day passes
# its staff on to the post above. `rank`: the capacity that counts where somebody has several.
_STAFF_DAYS = text(
    """
    WITH RECURSIVE days AS (
        SELECT DISTINCT day FROM unnest(CAST(:days AS date[])) AS given(day)
    ), acting AS (
        SELECT day, CAST(:person AS uuid) AS superior_id, false AS delegated FROM days
        UNION
        SELECT days.day, d.superior_id, true
        FROM days JOIN delegations d ON d.tenant_id = :tenant_id AND d.delegate_id = :person
         AND d.ended_at IS NULL AND days.day BETWEEN d.first_day AND d.last_day
    ), below AS (
        SELECT acting.day, t.position_id, acting.superior_id,
               CASE WHEN acting.delegated THEN 'delegate' ELSE a.kind END AS capacity
        FROM acting
        JOIN identity_assignments a ON a.tenant_id = :tenant_id AND a.employee_id = acting.superior_id
         AND a.valid_from <= acting.day AND (a.valid_to IS NULL OR a.valid_to >= acting.day)
        JOIN identity_position_terms t ON t.tenant_id = :tenant_id AND t.reports_to = a.position_id
         AND t.valid_from <= acting.day AND (t.valid_to IS NULL OR t.valid_to >= acting.day)
        UNION
        SELECT below.day, t.position_id, below.superior_id, below.capacity
        FROM below
        JOIN identity_position_terms t ON t.tenant_id = :tenant_id AND t.reports_to = below.position_id
         AND t.valid_from <= below.day AND (t.valid_to IS NULL OR t.valid_to >= below.day)
        WHERE NOT EXISTS (
            SELECT 1 FROM identity_assignments h
            WHERE h.tenant_id = :tenant_id AND h.position_id = below.position_id
              AND h.employee_id <> below.superior_id
              AND h.valid_from <= below.day AND (h.valid_to IS NULL OR h.valid_to >= below.day))
    )
    SELECT DISTINCT ON (a.employee_id, below.day) a.employee_id, below.day, below.capacity
    FROM below
    JOIN identity_assignments a ON a.tenant_id = :tenant_id AND a.position_id = below.position_id
     AND a.kind = 'definitif' AND a.employee_id NOT IN (:person, below.superior_id)
     AND a.valid_from <= below.day AND (a.valid_to IS NULL OR a.valid_to >= below.day)
    ORDER BY a.employee_id, below.day, array_position(ARRAY['definitif', 'plt', 'plh', 'delegate'], below.capacity)
    """
)

# Before its first ANALYZE a region of thousands is planned as one of two rows, and each day goes over all of them.
_FEW = 2
_NESTED_LOOPS = text("SELECT set_config('enable_nestloop', :value, true)")


async def staff_days(session: AsyncSession, tenant_id: str, person: UUID, days: Sequence[date]) -> list[StaffDay]:
    """All whose work of these days somebody may decide on; never their own."""
    given = {"tenant_id": tenant_id, "person": person, "days": list(days)}
    many = len(days) > _FEW
    if many:
        await session.execute(_NESTED_LOOPS, {"value": "off"})
    rows = (await session.execute(_STAFF_DAYS, given)).all()
    if many:
        await session.execute(_NESTED_LOOPS, {"value": "on"})
    return [StaffDay(row[0], row[1], Capacity(row[2])) for row in rows]


_HEADLESS = text(
    """
    SELECT given.employee_id, given.day
    FROM unnest(CAST(:employees AS uuid[]), CAST(:days AS date[])) AS given(employee_id, day)
    JOIN identity_assignments a ON a.tenant_id = :tenant_id AND a.employee_id = given.employee_id
     AND a.kind = 'definitif' AND a.valid_from <= given.day AND (a.valid_to IS NULL OR a.valid_to >= given.day)
    JOIN identity_position_terms t ON t.tenant_id = :tenant_id AND t.position_id = a.position_id
     AND t.valid_from <= given.day AND (t.valid_to IS NULL OR t.valid_to >= given.day)
    WHERE t.reports_to IS NULL
    """
)


async def under_the_head_of_region(
    session: AsyncSession, tenant_id: str, pairs: Sequence[tuple[UUID, date]]
) -> set[tuple[UUID, date]]:
    """Those of (employee, day) whose post reports to none: their superior is the head of the region, who is no ASN."""
    given = {
        "tenant_id": tenant_id,
        "employees": [employee_id for employee_id, _ in pairs],
        "days": [day for _, day in pairs],
    }
    return {(row[0], row[1]) for row in (await session.execute(_HEADLESS, given)).all()}
