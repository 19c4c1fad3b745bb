"""What other runs hold of an employee's month: what they paid and taxed in it, and corrections still open."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.payroll.rules.kinds import MONTHLY, UNDER_WAY
from services.payroll.rules.lifecycle import FINAL_STATES
from shared.words import RunKind

MONTHLY_KINDS = tuple(str(kind) for kind in MONTHLY)
OTHER_KINDS = tuple(str(kind) for kind in RunKind if kind not in MONTHLY)
GIVES_UP_AFTER = 20  # failures: what cannot be computed at all, which people are told of, must not hold up all pay
_UNDER_WAY = tuple(str(state) for state in UNDER_WAY)

_PAID = text(
    f"""
    SELECT s.employee_id, sum(s.taxable)::bigint AS gross, sum(s.year_tax)::bigint AS tax,
           coalesce(sum(s.payable) FILTER (
               WHERE r.kind IN {MONTHLY_KINDS} OR (r.terms ->> 'contributions')::boolean), 0)::bigint AS contributed
    FROM statements s JOIN runs r ON r.tenant_id = s.tenant_id AND r.run_id = s.run_id
    WHERE s.tenant_id = :tenant_id AND s.period = :period AND s.employee_id = ANY(CAST(:employees AS uuid[]))
      AND r.kind = ANY(CAST(:kinds AS text[])) AND r.state IN {FINAL_STATES}
    GROUP BY s.employee_id
    """
)
# A correction is open until approved runs have paid, or taken back, all of its difference.
_OPEN = text(
    f"""
    SELECT c.employee_id, c.correction_id, c.period, c.cause, c.hash_before, c.statement_hash, c.number,
           (c.difference - coalesce(paid.amount, 0))::bigint AS open
    FROM corrections c
    LEFT JOIN LATERAL (
        SELECT sum(l.amount) AS amount FROM correction_lines l
        JOIN runs r ON r.tenant_id = l.tenant_id AND r.run_id = l.run_id AND r.state IN {FINAL_STATES}
        WHERE l.tenant_id = c.tenant_id AND l.correction_id = c.correction_id
    ) AS paid ON true
    WHERE c.tenant_id = :tenant_id AND c.employee_id = ANY(CAST(:employees AS uuid[])) AND c.period <= :upto
      AND c.difference <> coalesce(paid.amount, 0)
    ORDER BY c.employee_id, c.period, c.number
    """
)
_OWED = text(
    f"""
    SELECT c.employee_id FROM corrections c
    LEFT JOIN LATERAL (
        SELECT sum(l.amount) AS amount FROM correction_lines l
        JOIN runs r ON r.tenant_id = l.tenant_id AND r.run_id = l.run_id AND r.state IN {FINAL_STATES}
        WHERE l.tenant_id = c.tenant_id AND l.correction_id = c.correction_id
    ) AS paid ON true
    WHERE c.tenant_id = :tenant_id AND c.period <= :upto
    GROUP BY c.employee_id HAVING sum(c.difference - coalesce(paid.amount, 0)) > 0
    ORDER BY c.employee_id
    """
)
# A month is looked at again when its closings are all here and none of its runs is still under way.
READY = f"""
    EXISTS (SELECT 1 FROM activity_periods a JOIN appraisal_periods p
                ON p.tenant_id = a.tenant_id AND p.period = a.period AND p.activity_close_seq = a.close_seq
            WHERE a.tenant_id = c.tenant_id AND a.period = c.period
              AND a.state = 'reconciled' AND p.state = 'reconciled')
    AND NOT EXISTS (SELECT 1 FROM runs r WHERE r.tenant_id = c.tenant_id AND r.period = c.period
                    AND r.kind IN {MONTHLY_KINDS} AND r.state IN {_UNDER_WAY})
"""
_WAITING = text(
    f"""
    SELECT c.period FROM correction_chunks c
    WHERE c.tenant_id = :tenant_id AND c.stage <> 'done' AND c.failures < :gives_up_after
      AND c.period <= :upto AND {READY}
    ORDER BY c.period LIMIT 1
    """
)


async def paid_beside(
    session: AsyncSession, tenant_id: str, period: str, employees: Sequence[UUID], kinds: Sequence[str]
) -> dict[UUID, RowMapping]:
    """gross, tax and contributed: what approved runs of these kinds paid in a month, whole rupiah."""
    given = {"tenant_id": tenant_id, "period": period, "employees": list(employees), "kinds": list(kinds)}
    return {row["employee_id"]: row for row in (await session.execute(_PAID, given)).mappings()}


async def open_corrections(
    session: AsyncSession, tenant_id: str, upto: str, employees: Sequence[UUID]
) -> dict[UUID, list[RowMapping]]:
    """What is still to be paid or taken back for months up to this one, by employee, the oldest first."""
    given = {"tenant_id": tenant_id, "upto": upto, "employees": list(employees)}
    found: dict[UUID, list[RowMapping]] = defaultdict(list)
    for row in (await session.execute(_OPEN, given)).mappings():
        found[row["employee_id"]].append(row)
    return found


async def owed_to(session: AsyncSession, tenant_id: str, upto: str) -> Sequence[UUID]:
    """Those to whom more is open than is to be taken back, over the months up to this one."""
    return (await session.scalars(_OWED, {"tenant_id": tenant_id, "upto": upto})).all()


async def still_looking(session: AsyncSession, tenant_id: str, upto: str) -> str | None:
    """The first paid month up to this one that is being computed again at the moment; None where none is."""
    given = {"tenant_id": tenant_id, "upto": upto, "gives_up_after": GIVES_UP_AFTER}
    found: str | None = await session.scalar(_WAITING, given)
    return found
