"""What a ledger holds of a period: totals, the Merkle root, and counts per employee."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.events.activity import PeriodTotals
from shared.events.appraisal import EmployeeCount
from shared.ledger.leaves import employee_leaf
from shared.ledger.tables import ActivityPeriodRow
from shared.merkle import packed_root

_EMPLOYEES_AT_ONCE = 200

_PER_EMPLOYEE = """
    SELECT employee_id, count(*) AS activities, sum(minutes) AS minutes, 0 AS days FROM activity_records
    WHERE tenant_id = :tenant_id AND period = :period AND NOT withdrawn GROUP BY employee_id
    UNION ALL
    SELECT employee_id, 0, 0, count(*) FROM activity_days
    WHERE tenant_id = :tenant_id AND period = :period GROUP BY employee_id
"""
_TOTALS = text(
    "SELECT coalesce(sum(activities), 0), coalesce(sum(minutes), 0), coalesce(sum(days), 0),"
    f" count(DISTINCT employee_id) FROM ({_PER_EMPLOYEE}) AS held"
)
_COUNTS = text(
    f"SELECT employee_id, sum(activities + days), sum(minutes) FROM ({_PER_EMPLOYEE}) AS held"
    " GROUP BY employee_id ORDER BY employee_id"
)
# an employee's leaves in one value: a hundred times fewer rows to fetch
_LEAVES = text(
    """
    SELECT employee_id, string_agg(leaves, ''::bytea ORDER BY kind) FROM (
        SELECT employee_id, 'a' AS kind, string_agg(leaf, ''::bytea ORDER BY activity_id) AS leaves
        FROM activity_records WHERE tenant_id = :tenant_id AND period = :period AND NOT withdrawn GROUP BY employee_id
        UNION ALL
        SELECT employee_id, 'd', string_agg(leaf, ''::bytea ORDER BY work_date)
        FROM activity_days WHERE tenant_id = :tenant_id AND period = :period GROUP BY employee_id
    ) AS held GROUP BY employee_id ORDER BY employee_id
    """
)


async def activity_period(session: AsyncSession, tenant_id: str, period: str) -> ActivityPeriodRow | None:
    """What is known of a period's closing; None before its first."""
    return await session.get(ActivityPeriodRow, (tenant_id, period))


def stated_totals(row: ActivityPeriodRow) -> PeriodTotals:
    """What activity closed the period on; zeros while only its reopening is known."""
    return PeriodTotals(
        activities=row.activities or 0,
        minutes=row.minutes or 0,
        attendance_days=row.attendance_days or 0,
        employees=row.employees or 0,
    )


async def held_totals(session: AsyncSession, tenant_id: str, period: str) -> PeriodTotals:
    """What is here of a period, withdrawn approvals left out."""
    found = await session.execute(_TOTALS, {"tenant_id": tenant_id, "period": period})
    activities, minutes, days, employees = found.one()
    return PeriodTotals(
        activities=int(activities), minutes=int(minutes), attendance_days=int(days), employees=int(employees)
    )


async def held_root(session: AsyncSession, tenant_id: str, period: str) -> bytes:
    """The Merkle root over the leaves of a period's employees (shared.ledger.leaves), by id."""
    found = await session.stream(
        _LEAVES, {"tenant_id": tenant_id, "period": period}, execution_options={"yield_per": _EMPLOYEES_AT_ONCE}
    )
    return packed_root(b"".join([employee_leaf(employee_id, leaves) async for employee_id, leaves in found]))


async def held_counts(session: AsyncSession, tenant_id: str, period: str) -> list[EmployeeCount]:
    """Records (activities and days) and minutes of each employee with any, by id."""
    found = await session.execute(_COUNTS, {"tenant_id": tenant_id, "period": period})
    return [
        EmployeeCount(employee_id=employee_id, records=int(records), amount=int(minutes))
        for employee_id, records, minutes in found.all()
    ]


Part = tuple[UUID | None, UUID | None, tuple[EmployeeCount, ...]]
"""Counts of the employees with an id above the first and up to the second; None: from the start, to the end."""


def parts_of(counts: Sequence[EmployeeCount], most: int) -> list[Part]:
    """Counts sorted by employee id, in parts of `most` that together span all ids, also those not held."""
    if not counts:
        return [(None, None, ())]
    parts: list[Part] = []
    after: UUID | None = None
    for start in range(0, len(counts), most):
        held = tuple(counts[start : start + most])
        upto = held[-1].employee_id if start + most < len(counts) else None
        parts.append((after, upto, held))
        after = upto
    return parts
