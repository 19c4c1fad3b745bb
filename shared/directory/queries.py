"""Who is where, and under whom, on a day. All answers come from the service's own copy."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import UUID

from sqlalchemy import bindparam, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.directory.tables import AssignmentRow, EmployeeRow, PositionTermRow, TenantRow
from shared.errors import NotFound
from shared.events.identity import NipTerm, StatusTerm
from shared.words import AssignmentKind, Capacity

Term = TypeVar("Term", NipTerm, StatusTerm)


@dataclass(frozen=True, slots=True)
class Superior:
    """Who may approve for an employee on a day, and in what capacity."""

    employee_id: UUID
    superior_id: UUID
    capacity: Capacity


@dataclass(frozen=True, slots=True)
class Post:
    """The position an employee holds by a definitive assignment on a day."""

    employee_id: UUID
    position_id: UUID
    position: str
    jenis_jabatan: str
    kelas_jabatan: int
    unit_id: UUID
    reports_to: UUID | None


async def tenant(session: AsyncSession, tenant_id: str) -> TenantRow:
    row = await session.get(TenantRow, tenant_id)
    if row is None:
        raise NotFound(f"region {tenant_id} is not known here yet: its facts may still be on their way")
    return row


# A post nobody else holds on the day passes its staff on to the post above; nobody is their own superior. OFFSET 0 and
# the count keep each step a look into an index: before its first ANALYZE a region of thousands is planned as one of a
# few rows, and everybody is compared with everybody.
_SUPERIORS = """
    WITH RECURSIVE up AS (
        SELECT a.employee_id, t.reports_to AS position_id, 1 AS level
        FROM identity_assignments a CROSS JOIN LATERAL (
            SELECT reports_to FROM identity_position_terms
            WHERE tenant_id = :tenant_id AND position_id = a.position_id
              AND valid_from <= :day AND (valid_to IS NULL OR valid_to >= :day) OFFSET 0
        ) AS t
        WHERE a.tenant_id = :tenant_id AND a.kind = 'definitif'
          AND a.valid_from <= :day AND (a.valid_to IS NULL OR a.valid_to >= :day) {only}
        UNION ALL
        SELECT up.employee_id, t.reports_to, up.level + 1
        FROM up CROSS JOIN LATERAL (
            SELECT reports_to FROM identity_position_terms
            WHERE tenant_id = :tenant_id AND position_id = up.position_id
              AND valid_from <= :day AND (valid_to IS NULL OR valid_to >= :day) OFFSET 0
        ) AS t
        WHERE up.level < 12 AND 0 = (
            SELECT count(*) FROM identity_assignments
            WHERE tenant_id = :tenant_id AND position_id = up.position_id AND employee_id <> up.employee_id
              AND valid_from <= :day AND (valid_to IS NULL OR valid_to >= :day))
    )
    SELECT DISTINCT up.employee_id, h.employee_id, h.kind, up.level
    FROM up CROSS JOIN LATERAL (
        SELECT employee_id, kind FROM identity_assignments
        WHERE tenant_id = :tenant_id AND position_id = up.position_id AND employee_id <> up.employee_id
          AND valid_from <= :day AND (valid_to IS NULL OR valid_to >= :day) OFFSET 0
    ) AS h
    ORDER BY up.employee_id, up.level, h.kind
"""
_SUPERIORS_OF_ALL = text(_SUPERIORS.format(only=""))
_SUPERIORS_OF_SOME = text(_SUPERIORS.format(only="AND a.employee_id = ANY(CAST(:employees AS uuid[]))"))


async def superiors_on(
    session: AsyncSession, tenant_id: str, day: date, employees: Sequence[UUID] | None = None
) -> list[Superior]:
    """Everyone entitled to approve for these employees (None: for all) on a day: holder, Plt and Plh alike."""
    given: dict[str, object] = {"tenant_id": tenant_id, "day": day}
    if employees is None:
        rows = await session.execute(_SUPERIORS_OF_ALL, given)
    else:
        rows = await session.execute(_SUPERIORS_OF_SOME, given | {"employees": list(employees)})
    return [Superior(row[0], row[1], Capacity(row[2])) for row in rows.all()]


async def capacity_over(
    session: AsyncSession, tenant_id: str, day: date, employee_id: UUID, superior_id: UUID
) -> Capacity | None:
    """In what capacity somebody is this employee's superior on a day; None where they are not."""
    superiors = await superiors_on(session, tenant_id, day, [employee_id])
    held = [one.capacity for one in superiors if one.superior_id == superior_id]
    return held[0] if held else None


_STAFF = text(
    """
    WITH RECURSIVE below AS (
        SELECT t.position_id
        FROM identity_assignments a
        JOIN identity_position_terms t ON t.tenant_id = a.tenant_id AND t.reports_to = a.position_id
         AND t.valid_from <= :day AND (t.valid_to IS NULL OR t.valid_to >= :day)
        WHERE a.tenant_id = :tenant_id AND a.employee_id = :superior
          AND a.valid_from <= :day AND (a.valid_to IS NULL OR a.valid_to >= :day)
        UNION
        SELECT t.position_id
        FROM below
        JOIN identity_position_terms t ON t.tenant_id = :tenant_id AND t.reports_to = below.position_id
         AND t.valid_from <= :day AND (t.valid_to IS NULL OR t.valid_to >= :day)
        WHERE NOT EXISTS (
            SELECT 1 FROM identity_assignments h
            WHERE h.tenant_id = :tenant_id AND h.position_id = below.position_id AND h.employee_id <> :superior
              AND h.valid_from <= :day AND (h.valid_to IS NULL OR h.valid_to >= :day))
    )
    SELECT DISTINCT a.employee_id
    FROM below
    JOIN identity_assignments a ON a.tenant_id = :tenant_id AND a.position_id = below.position_id
     AND a.kind = 'definitif' AND a.employee_id <> :superior
     AND a.valid_from <= :day AND (a.valid_to IS NULL OR a.valid_to >= :day)
    """
)


async def staff_on(session: AsyncSession, tenant_id: str, day: date, superior_id: UUID) -> list[UUID]:
    """The employees whose superior somebody is on a day, those of vacant posts between included."""
    given = {"tenant_id": tenant_id, "day": day, "superior": superior_id}
    return list((await session.scalars(_STAFF, given)).all())


_UNITS_UNDER = text(
    """
    WITH RECURSIVE under AS (
        SELECT unit_id FROM identity_units WHERE tenant_id = :tenant_id AND unit_id = ANY(CAST(:roots AS uuid[]))
        UNION
        SELECT u.unit_id FROM identity_units u JOIN under ON u.parent_id = under.unit_id
        WHERE u.tenant_id = :tenant_id
    )
    SELECT unit_id FROM under
    """
).bindparams(bindparam("roots"))


async def units_under(session: AsyncSession, tenant_id: str, roots: Sequence[UUID]) -> list[UUID]:
    """These units and all below them."""
    return list((await session.scalars(_UNITS_UNDER, {"tenant_id": tenant_id, "roots": list(roots)})).all())


async def posts_on(
    session: AsyncSession,
    tenant_id: str,
    day: date,
    *,
    employees: Sequence[UUID] | None = None,
    units: Sequence[UUID] | None = None,
) -> dict[UUID, Post]:
    """Definitive posts on a day by employee; of some employees or units where these are given."""
    a, t = AssignmentRow, PositionTermRow
    query = (
        select(a.employee_id, t.position_id, t.name, t.jenis_jabatan, t.kelas_jabatan, t.unit_id, t.reports_to)
        .join(t, (t.tenant_id == a.tenant_id) & (t.position_id == a.position_id))
        .where(a.tenant_id == tenant_id, a.kind == AssignmentKind.DEFINITIF)
        .where(a.valid_from <= day, or_(a.valid_to.is_(None), a.valid_to >= day))
        .where(t.valid_from <= day, or_(t.valid_to.is_(None), t.valid_to >= day))
    )
    if employees is not None:
        query = query.where(a.employee_id.in_(employees))
    if units is not None:
        query = query.where(t.unit_id.in_(units))
    return {row[0]: Post(*row) for row in (await session.execute(query)).all()}


async def employees_by_nip(session: AsyncSession, tenant_id: str, nips: Sequence[str]) -> dict[str, UUID]:
    """Employee ids by their newest NIP."""
    query = select(EmployeeRow.nip, EmployeeRow.employee_id).where(
        EmployeeRow.tenant_id == tenant_id, EmployeeRow.nip.in_(nips)
    )
    return {nip: employee_id for nip, employee_id in (await session.execute(query)).all()}


def term_on(terms: Sequence[Term], day: date) -> Term | None:
    """The newest term that has begun by a day."""
    begun = [term for term in terms if term.valid_from <= day]
    return max(begun, key=lambda term: term.valid_from) if begun else None
