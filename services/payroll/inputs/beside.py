"""What other runs hold of an employee's month: what they paid and taxed in it, and corrections still open."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.payroll.rules.kinds import MONTHLY, UNDER_WAY
from services.payroll.rules.lifecycle import FINAL_STATES
from services.payroll.rules.retroactive import PaidMonth, Paying
from shared.words import RunKind

MONTHLY_KINDS = tuple(str(kind) for kind in MONTHLY)
OTHER_KINDS = tuple(str(kind) for kind in RunKind if kind not in MONTHLY)
GIVES_UP_AFTER = 20  # failures: what cannot be computed at all, which people are told of, must not hold up all pay
_UNDER_WAY = tuple(str(state) for state in UNDER_WAY)

# Contributions of a correction belong to the month that is corrected (rules.settlement.months): what a run pays of
# corrections is not its own month's, and what any run has paid of corrections of a month is.
_CONTRIBUTING = f"(r.kind IN {MONTHLY_KINDS} OR (r.terms ->> 'contributions')::boolean)"
_OWN = """
    s.payable - coalesce((SELECT sum(l.amount) FROM correction_lines l
                          WHERE l.tenant_id = s.tenant_id AND l.run_id = s.run_id
                            AND l.employee_id = s.employee_id), 0)
"""
_PAID = text(
    f"""
    SELECT employee_id, sum(gross)::bigint AS gross, sum(tax)::bigint AS tax, sum(contributed)::bigint AS contributed
    FROM (
        SELECT s.employee_id, s.taxable AS gross, s.year_tax AS tax,
               CASE WHEN {_CONTRIBUTING} THEN {_OWN} ELSE 0 END AS contributed
        FROM statements s JOIN runs r ON r.tenant_id = s.tenant_id AND r.run_id = s.run_id
        WHERE s.tenant_id = :tenant_id AND s.period = :period AND s.employee_id = ANY(CAST(:employees AS uuid[]))
          AND r.kind = ANY(CAST(:kinds AS text[])) AND r.state IN {FINAL_STATES}
        UNION ALL
        SELECT c.employee_id, 0, 0, l.amount
        FROM corrections c
        JOIN correction_lines l ON l.tenant_id = c.tenant_id AND l.correction_id = c.correction_id
        JOIN runs r ON r.tenant_id = l.tenant_id AND r.run_id = l.run_id AND r.state IN {FINAL_STATES}
        WHERE c.tenant_id = :tenant_id AND c.period = :period AND c.contributes
          AND c.employee_id = ANY(CAST(:employees AS uuid[]))
    ) AS beside
    GROUP BY employee_id
    """
)
_USED = f"""
    coalesce((SELECT w.bpjs_base FROM salaries w WHERE w.tenant_id = c.tenant_id
                AND w.employee_id = c.employee_id AND w.period = c.period), 0)
    + coalesce((SELECT sum({_OWN}) FROM statements s
                JOIN runs r ON r.tenant_id = s.tenant_id AND r.run_id = s.run_id
                WHERE s.tenant_id = c.tenant_id AND s.employee_id = c.employee_id AND s.period = c.period
                  AND r.state IN {FINAL_STATES} AND {_CONTRIBUTING}), 0)
    + coalesce((SELECT sum(l.amount) FROM corrections d
                JOIN correction_lines l ON l.tenant_id = d.tenant_id AND l.correction_id = d.correction_id
                JOIN runs r ON r.tenant_id = l.tenant_id AND r.run_id = l.run_id AND r.state IN {FINAL_STATES}
                WHERE d.tenant_id = c.tenant_id AND d.employee_id = c.employee_id AND d.period = c.period
                  AND d.contributes), 0)
"""
# A correction is open until approved runs have paid, or taken back, all of its difference.
_OPEN = text(
    f"""
    SELECT c.employee_id, c.correction_id, c.period, c.kind, c.cause, c.hash_before, c.statement_hash, c.number,
           c.contributes, CASE WHEN c.contributes THEN ({_USED})::bigint END AS bpjs_used,
           (c.difference - coalesce(paid.amount, 0))::bigint AS open
    FROM corrections c
    LEFT JOIN LATERAL (
        SELECT sum(l.amount) AS amount FROM correction_lines l
        JOIN runs r ON r.tenant_id = l.tenant_id AND r.run_id = l.run_id AND r.state IN {FINAL_STATES}
        WHERE l.tenant_id = c.tenant_id AND l.correction_id = c.correction_id
    ) AS paid ON true
    WHERE c.tenant_id = :tenant_id AND c.employee_id = ANY(CAST(:employees AS uuid[])) AND c.period <= :upto
      AND c.difference <> coalesce(paid.amount, 0)
    ORDER BY c.employee_id, c.period, c.kind, c.number
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
# A month is looked at again when its closings are all here and none of its runs is still under way; what another kind
# of run paid waits for closings only where it pays by a month's work.
_CLOSED = """
    EXISTS (SELECT 1 FROM activity_periods a JOIN appraisal_periods p
                ON p.tenant_id = a.tenant_id AND p.period = a.period AND p.activity_close_seq = a.close_seq
            WHERE a.tenant_id = c.tenant_id AND a.period = {month}
              AND a.state = 'reconciled' AND p.state = 'reconciled')
"""
READY = f"""
    NOT EXISTS (SELECT 1 FROM runs r WHERE r.tenant_id = c.tenant_id AND r.period = c.period
                AND (r.kind = c.kind OR c.kind = 'induk' AND r.kind IN {MONTHLY_KINDS}) AND r.state IN {_UNDER_WAY})
    AND CASE WHEN c.kind = 'induk' THEN {_CLOSED.format(month="c.period")}
        ELSE NOT EXISTS (SELECT 1 FROM runs r WHERE r.tenant_id = c.tenant_id AND r.period = c.period
                         AND r.kind = c.kind AND r.state <> 'cancelled' AND r.terms ->> 'performance' = 'as_appraised'
                         AND NOT {_CLOSED.format(month="r.terms ->> 'of'")}) END
"""
_WAITING = text(
    f"""
    SELECT c.period FROM correction_chunks c
    WHERE c.tenant_id = :tenant_id AND c.stage <> 'done' AND c.failures < :gives_up_after
      AND c.period <= :upto AND {READY}
    ORDER BY c.period LIMIT 1
    """
)


# what a change may reach: a run paid early is the month's own
_PAYING = text(
    f"""
    SELECT DISTINCT period, CASE WHEN kind IN {MONTHLY_KINDS} THEN 'induk' ELSE kind END AS kind,
           CASE WHEN kind IN {MONTHLY_KINDS} THEN period ELSE terms ->> 'of' END AS of,
           kind IN {MONTHLY_KINDS} OR terms ->> 'performance' = 'as_appraised' AS by_work,
           activity_close_seq, appraisal_close_seq
    FROM runs WHERE tenant_id = :tenant_id AND kind <> 'kekurangan' AND state <> 'cancelled'
    ORDER BY period, kind, activity_close_seq, appraisal_close_seq
    """
)


async def paying(session: AsyncSession, tenant_id: str) -> list[Paying]:
    """The region's runs that were not given up and pay TPP, and what each rests on."""
    rows = await session.execute(_PAYING, {"tenant_id": tenant_id})
    return [Paying(PaidMonth(row[0], row[1]), row[2], row[3], (row[4], row[5])) for row in rows.all()]


def kinds_of(paid: PaidMonth) -> list[str]:
    """The kinds of run that pay it."""
    return list(MONTHLY_KINDS) if paid.kind == RunKind.INDUK else [paid.kind]


async def paid_beside(
    session: AsyncSession, tenant_id: str, period: str, employees: Sequence[UUID], kinds: Sequence[str]
) -> dict[UUID, RowMapping]:
    """gross, tax and contributed: what approved runs of these kinds paid in a month, whole rupiah."""
    given = {"tenant_id": tenant_id, "period": period, "employees": list(employees), "kinds": list(kinds)}
    return {row["employee_id"]: row for row in (await session.execute(_PAID, given)).mappings()}


async def open_corrections(
    session: AsyncSession, tenant_id: str, upto: str, employees: Sequence[UUID]
) -> dict[UUID, list[RowMapping]]:
    """What is still to be paid or taken back for months up to this one, by employee, the oldest first.

    bpjs_used: what its month has used of the common BPJS base, salary included; None where nothing is contributed.
    """
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
