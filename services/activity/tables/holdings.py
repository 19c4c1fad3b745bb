"""What a month holds, employee by employee, in the order of the period's leaves (shared.ledger.leaves)."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

EMPLOYEES_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Holding:
    """One employee's part of a month; `leaves`: 32 bytes each, activities by id, then days by date."""

    employee_id: UUID
    activities: int
    minutes: int
    attendance_days: int
    leaves: bytes = b""


_HELD = """
    WITH work AS (
        SELECT employee_id, count(*) AS activities, sum(minutes) AS minutes{work_leaves}
        FROM activities
        WHERE tenant_id = :tenant_id AND state = 'approved' AND work_date BETWEEN :first_day AND :last_day
          AND (CAST(:after AS uuid) IS NULL OR employee_id > :after)
          AND (CAST(:upto AS uuid) IS NULL OR employee_id <= :upto)
        GROUP BY employee_id
    ), presence AS (
        SELECT employee_id, count(*) AS days{day_leaves}
        FROM attendance_days
        WHERE tenant_id = :tenant_id AND work_date BETWEEN :first_day AND :last_day
          AND (CAST(:after AS uuid) IS NULL OR employee_id > :after)
          AND (CAST(:upto AS uuid) IS NULL OR employee_id <= :upto)
        GROUP BY employee_id
    )
    SELECT employee_id, coalesce(work.activities, 0), coalesce(work.minutes, 0), coalesce(presence.days, 0){leaves}
    FROM work FULL JOIN presence USING (employee_id)
    ORDER BY employee_id
"""
_WITH_LEAVES = text(
    _HELD.format(
        work_leaves=", string_agg(leaf, ''::bytea ORDER BY activity_id) AS leaves",
        day_leaves=", string_agg(leaf, ''::bytea ORDER BY work_date) AS leaves",
        leaves=", coalesce(work.leaves, ''::bytea) || coalesce(presence.leaves, ''::bytea)",
    )
)
_COUNTS = text(_HELD.format(work_leaves="", day_leaves="", leaves=""))


async def holdings_with_leaves(session: AsyncSession, given: dict[str, Any]) -> AsyncIterator[Holding]:
    """All holdings of a month by employee id, through a cursor: memory does not grow with the region.

    `given`: tenant_id, first_day, last_day.
    """
    everybody = given | {"after": None, "upto": None}
    await session.execute(text("SET LOCAL work_mem = '64MB'"))
    rows = await session.stream(_WITH_LEAVES, everybody, execution_options={"yield_per": EMPLOYEES_AT_ONCE})
    async for row in rows:
        yield Holding(row[0], row[1], row[2], row[3], row[4])


async def holdings(
    session: AsyncSession, given: dict[str, Any], *, after: UUID | None = None, upto: UUID | None = None
) -> list[Holding]:
    """Counts of those above `after` and up to `upto`, by employee id."""
    rows = await session.execute(_COUNTS, given | {"after": after, "upto": upto})
    return [Holding(*row) for row in rows.all()]
