"""What a run spends beside the region's limits: a class's ceiling a month, an office's budget a year."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from services.payroll.rules.lifecycle import FINAL_STATES
from services.payroll.tables import LimitKind, RunRow


class Overspent(NamedTuple):
    """`subject`: "kelas 7" or the office's code; `who`: the person's NIP and name, or the office's name.

    Whole rupiah; `source`: the decree the limit is from.
    """

    subject: str
    who: str
    amount: int
    limit: int
    source: str


_LIMITS = text(
    """
    SELECT DISTINCT ON (subject) subject, amount, source FROM limits
    WHERE tenant_id = :tenant_id AND kind = :kind AND valid_from <= :day
    ORDER BY subject, valid_from DESC, set_at DESC
    """
)


async def _limits(session: AsyncSession, tenant_id: str, kind: LimitKind, day: date) -> dict[str, tuple[int, str]]:
    """Amount and source by subject, as they hold on a day."""
    rows = await session.execute(_LIMITS, {"tenant_id": tenant_id, "kind": kind, "day": day})
    return {subject: (amount, source) for subject, amount, source in rows.all()}


_ABOVE = text(
    """
    SELECT s.employee_id, s.payable, convert_from(i.facts, 'UTF8')::jsonb #>> '{segments,-1,kelas}' AS kelas
    FROM statements s
    JOIN run_inputs i ON i.tenant_id = s.tenant_id AND i.run_id = s.run_id AND i.employee_id = s.employee_id
    WHERE s.tenant_id = :tenant_id AND s.run_id = :run_id AND s.payable > :least
    ORDER BY s.payable DESC, s.employee_id
    """
)


async def above_class_ceiling(
    session: AsyncSession, tenant_id: str, run: RunRow, people: Mapping[UUID, Any]
) -> tuple[Overspent, ...]:
    """Whose TPP of the month is above the ceiling of the class they held last; none where no ceiling is set."""
    limits = await _limits(session, tenant_id, LimitKind.CLASS_MONTH, date.fromisoformat(f"{run.period}-01"))
    if not limits:
        return ()
    least = min(amount for amount, _ in limits.values())
    rows = await session.execute(_ABOVE, {"tenant_id": tenant_id, "run_id": run.run_id, "least": least})
    return tuple(
        Overspent(f"kelas {kelas}", f"{people[key].nip} {people[key].name}", amount, *limits[kelas])
        for key, amount, kelas in rows.all()
        if kelas in limits and amount > limits[kelas][0]
    )


_SPENT = text(
    f"""
    SELECT i.payee ->> 'opd_code', max(i.payee ->> 'opd'), sum(s.gross)
    FROM runs r
    JOIN statements s ON s.tenant_id = r.tenant_id AND s.run_id = r.run_id
    JOIN run_inputs i ON i.tenant_id = s.tenant_id AND i.run_id = s.run_id AND i.employee_id = s.employee_id
    WHERE r.tenant_id = :tenant_id AND left(r.period, 4) = :year
      AND (r.state IN {FINAL_STATES} OR r.run_id = :run_id)
      AND i.payee ->> 'opd_code' = ANY(CAST(:offices AS text[]))
    GROUP BY 1 ORDER BY 1
    """
)


async def over_office_budget(session: AsyncSession, tenant_id: str, run: RunRow) -> tuple[Overspent, ...]:
    """Offices whose approved runs of the year and this one come to more than their budget of the year."""
    limits = await _limits(session, tenant_id, LimitKind.OFFICE_YEAR, date.fromisoformat(f"{run.period}-01"))
    if not limits:
        return ()
    given = {"tenant_id": tenant_id, "year": run.period[:4], "run_id": run.run_id, "offices": sorted(limits)}
    rows = await session.execute(_SPENT, given)
    return tuple(
        Overspent(code, name or code, int(spent), *limits[code])
        for code, name, spent in rows.all()
        if spent > limits[code][0]
    )
