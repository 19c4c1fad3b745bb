"""What lists and files must say of whom a run pays, frozen with the run so that they can be written again."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.payroll.rules.masa_kerja import masa_kerja_on
from shared.period import Period

# of the position held last in the period; the office is the nearest OPD above its unit, or the unit itself
_DETAILS = text(
    """
    WITH RECURSIVE above AS (
        SELECT unit_id, unit_id AS at, parent_id, kind, code, name, 0 AS level
        FROM identity_units WHERE tenant_id = :tenant_id
        UNION ALL
        SELECT above.unit_id, u.unit_id, u.parent_id, u.kind, u.code, u.name, above.level + 1
        FROM above JOIN identity_units u ON u.tenant_id = :tenant_id AND u.unit_id = above.parent_id
        WHERE above.kind <> 'opd' AND above.level < 12
    ),
    offices AS (SELECT unit_id, code, name FROM above WHERE kind = 'opd'),
    held AS (
        SELECT DISTINCT ON (a.employee_id) a.employee_id, t.jenis_jabatan, t.eselon, t.unit_id
        FROM identity_assignments a
        JOIN identity_position_terms t ON t.tenant_id = a.tenant_id AND t.position_id = a.position_id
         AND t.valid_from <= least(coalesce(a.valid_to, :last_day), :last_day)
         AND (t.valid_to IS NULL OR t.valid_to >= greatest(a.valid_from, :first_day))
        WHERE a.tenant_id = :tenant_id AND a.employee_id = ANY(CAST(:employees AS uuid[])) AND a.kind = 'definitif'
          AND a.valid_from <= :last_day AND (a.valid_to IS NULL OR a.valid_to >= :first_day)
        ORDER BY a.employee_id, greatest(a.valid_from, t.valid_from) DESC, a.assignment_id
    )
    SELECT e.employee_id, coalesce(e.state ->> 'nik', '') AS nik, coalesce(e.state ->> 'npwp', '') AS npwp,
           coalesce(e.state ->> 'address', '') AS address, e.state -> 'masa_kerja' AS masa_kerja,
           e.state -> 'statuses' AS statuses, e.state ->> 'birth_date' AS birth_date,
           coalesce(held.jenis_jabatan, '') AS jenis_jabatan,
           coalesce(held.eselon, '') AS eselon, coalesce(u.code, '') AS unit_code,
           coalesce(offices.code, '') AS opd_code, coalesce(offices.name, '') AS opd
    FROM identity_employees e
    LEFT JOIN held ON held.employee_id = e.employee_id
    LEFT JOIN identity_units u ON u.tenant_id = e.tenant_id AND u.unit_id = held.unit_id
    LEFT JOIN offices ON offices.unit_id = held.unit_id
    WHERE e.tenant_id = :tenant_id AND e.employee_id = ANY(CAST(:employees AS uuid[]))
    """
)


async def payee_details(
    session: AsyncSession, tenant_id: str, period: Period, employees: Sequence[UUID]
) -> dict[UUID, dict[str, Any]]:
    """Text by employee; unknown is empty.

    nik, npwp, address, masa_kerja, birth_date, jenis_jabatan, eselon, unit_code, opd_code, opd.
    """
    given = {
        "tenant_id": tenant_id,
        "employees": list(employees),
        "first_day": period.first_day,
        "last_day": period.last_day,
    }
    rows = (await session.execute(_DETAILS, given)).mappings()
    return {row["employee_id"]: _told(row, period.last_day) for row in rows}


def _told(row: RowMapping, day: date) -> dict[str, Any]:
    told = {name: row[name] for name in row if name not in ("employee_id", "statuses")}
    return told | {"masa_kerja": masa_kerja_on(row["masa_kerja"], row["statuses"] or (), day)}
