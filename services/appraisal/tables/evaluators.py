"""Who appraises whom in a period: the superior on the last day the employee held a post in it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.directory.queries import Superior, staff_on, superiors_on
from shared.period import Period
from shared.words import Capacity


@dataclass(frozen=True, slots=True)
class Evaluator:
    """In what capacity somebody may appraise an employee; `silent_id`: whom they stand in for as the next above."""

    employee_id: UUID
    capacity: Capacity
    silent_id: UUID | None = None


_LAST_DAYS = """
    SELECT a.employee_id, least(
        CAST(:last_day AS date), max(coalesce(a.valid_to, CAST(:last_day AS date))), min(e.left_on) - 1
    ) AS day
    FROM identity_assignments a
    LEFT JOIN identity_employees e ON e.tenant_id = a.tenant_id AND e.employee_id = a.employee_id
    WHERE a.tenant_id = :tenant_id AND a.kind = 'definitif'
      AND a.valid_from <= :last_day AND (a.valid_to IS NULL OR a.valid_to >= :first_day)
      AND (CAST(:employees AS uuid[]) IS NULL OR a.employee_id = ANY(CAST(:employees AS uuid[])))
    GROUP BY a.employee_id
"""
_LAST_DAYS_OF = text(_LAST_DAYS)
_LEFT_EARLY = text(f"SELECT employee_id, day FROM ({_LAST_DAYS}) AS last WHERE day < :last_day")


async def evaluators(
    session: AsyncSession, tenant_id: str, span: Period, employees: Sequence[UUID] | None = None
) -> dict[UUID, list[Superior]]:
    """Those entitled to appraise each of these employees (None: all), the holder of the post first.

    Somebody without a superior in the directory is missing.
    """
    given = _given(tenant_id, span, employees)
    days = (await session.execute(_LAST_DAYS_OF, given)).all()
    return await _superiors_by_day(session, tenant_id, ((row[0], row[1]) for row in days), span)


def _given(tenant_id: str, span: Period, employees: Sequence[UUID] | None) -> dict[str, object]:
    return {
        "tenant_id": tenant_id,
        "first_day": span.first_day,
        "last_day": span.last_day,
        "employees": None if employees is None else list(employees),
    }


async def _superiors_by_day(
    session: AsyncSession, tenant_id: str, last_days: Iterable[tuple[UUID, date]], span: Period
) -> dict[UUID, list[Superior]]:
    by_day: dict[date, list[UUID]] = defaultdict(list)
    for employee_id, day in last_days:
        if day >= span.first_day:
            by_day[day].append(employee_id)
    found: dict[UUID, list[Superior]] = defaultdict(list)
    for day in sorted(by_day):
        for superior in await superiors_on(session, tenant_id, day, by_day[day]):
            found[superior.employee_id].append(superior)
    return dict(found)


async def as_evaluator(
    session: AsyncSession, tenant_id: str, span: Period, employees: Sequence[UUID], person_id: UUID
) -> dict[UUID, Evaluator]:
    """Over which of these employees somebody is evaluator, or the next superior above their evaluator."""
    entitled = await evaluators(session, tenant_id, span, employees)
    above = await superiors_on(session, tenant_id, span.last_day, _ids(entitled.values()))
    capacity_above = {one.employee_id: one.capacity for one in reversed(above) if one.superior_id == person_id}
    found: dict[UUID, Evaluator] = {}
    for employee_id, superiors in entitled.items():
        own = next((one for one in superiors if one.superior_id == person_id), None)
        silent = next((one.superior_id for one in superiors if one.superior_id in capacity_above), None)
        if own is not None:
            found[employee_id] = Evaluator(employee_id, own.capacity)
        elif silent is not None and employee_id != person_id:
            found[employee_id] = Evaluator(employee_id, capacity_above[silent], silent)
    return found


def _ids(superiors: Iterable[Sequence[Superior]]) -> list[UUID]:
    return sorted({one.superior_id for several in superiors for one in several})


_LEADING = text(
    """
    SELECT DISTINCT a.employee_id
    FROM identity_assignments a
    JOIN identity_position_terms t ON t.tenant_id = a.tenant_id AND t.reports_to = a.position_id
     AND t.valid_from <= :day AND (t.valid_to IS NULL OR t.valid_to >= :day)
    WHERE a.tenant_id = :tenant_id AND a.employee_id = ANY(CAST(:staff AS uuid[]))
      AND a.valid_from <= :day AND (a.valid_to IS NULL OR a.valid_to >= :day)
    """
)


async def may_be_appraised_by(
    session: AsyncSession, tenant_id: str, span: Period, person_id: UUID
) -> dict[UUID, Evaluator]:
    """Everybody whose evaluator somebody is in a period, or whose evaluator's superior."""
    day = span.last_day
    staff = await staff_on(session, tenant_id, day, person_id)
    leading = await session.scalars(_LEADING, {"tenant_id": tenant_id, "day": day, "staff": staff})
    below = [one for leader in leading.all() for one in await staff_on(session, tenant_id, day, leader)]
    left_early = await session.execute(_LEFT_EARLY, _given(tenant_id, span, None))
    candidates = sorted({*staff, *below, *(row[0] for row in left_early.all())})
    return await as_evaluator(session, tenant_id, span, candidates, person_id)
