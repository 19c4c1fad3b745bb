"""Performance recaps: what was approved, waits or was returned, how far the plan is, and attendance."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.activity.tables.scope import Span, columns
from shared.directory.tables import EmployeeRow

_SPANS = """
    WITH span AS (
        SELECT * FROM unnest(CAST(:employees AS uuid[]), CAST(:firsts AS date[]), CAST(:lasts AS date[]))
          AS span(employee_id, first_day, last_day)
    )
"""
_WORK = """
    FROM span JOIN activities a ON a.tenant_id = :tenant_id AND a.employee_id = span.employee_id
     AND a.work_date BETWEEN span.first_day AND span.last_day
"""


@dataclass(frozen=True, slots=True)
class Count:
    activities: int = 0
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class Work:
    """Counts by state."""

    approved: Count = Count()
    waiting: Count = Count()
    returned: Count = Count()


@dataclass(frozen=True, slots=True)
class Attendance:
    """Sums over settled employee-days; minutes in whole minutes, all else in days or times."""

    days: int = 0
    scheduled: int = 0
    present: int = 0
    absent: int = 0
    leave: int = 0
    duty: int = 0
    late_days: int = 0
    late_minutes: int = 0
    early_days: int = 0
    early_minutes: int = 0
    missing_in: int = 0
    missing_out: int = 0
    apel_attended: int = 0
    apel_missed: int = 0


@dataclass(frozen=True, slots=True)
class Quantity:
    """Approved quantity in one unit, against the target of the indicator in that unit, where there is one."""

    unit: str
    done: Decimal
    target: Decimal | None


@dataclass(frozen=True, slots=True)
class Progress:
    """What was approved for a result, against its targets of the whole plan."""

    result_id: UUID
    text: str
    activities: int
    minutes: int
    quantities: tuple[Quantity, ...]


@dataclass(frozen=True, slots=True)
class PersonRecap:
    employee_id: UUID
    name: str
    nip: str
    work: Work = Work()
    attendance: Attendance = Attendance()
    results: tuple[Progress, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A day of a month, or a month (by its first day) of a year."""

    first_day: date
    work: Work


@dataclass(frozen=True, slots=True)
class Recap:
    """Of a range of days: totals and lines over everybody asked about; people as far as the page goes."""

    employees: int
    work: Work
    attendance: Attendance
    lines: tuple[Line, ...]
    people: tuple[PersonRecap, ...] = field(default=())


async def recap_of(
    session: AsyncSession, tenant_id: str, spans: Sequence[Span], *, step: str, after: UUID | None, limit: int
) -> Recap:
    """Of these employees' days. `step`: lines by "day" or "month". People by id, those above `after`, up to `limit`."""
    employees = sorted({span.employee_id for span in spans})
    shown = [one for one in employees if after is None or one > after][:limit]
    return Recap(
        employees=len(employees),
        work=_work((await _by_state(session, tenant_id, spans, "NULL")).get(None, {})),
        attendance=(await _attendance(session, tenant_id, spans, "NULL")).get(None, Attendance()),
        lines=await _lines(session, tenant_id, spans, step),
        people=await _people(session, tenant_id, [span for span in spans if span.employee_id in set(shown)], shown),
    )


async def _people(
    session: AsyncSession, tenant_id: str, spans: Sequence[Span], shown: Sequence[UUID]
) -> tuple[PersonRecap, ...]:
    e = EmployeeRow
    named = select(e.employee_id, e.name, e.nip).where(e.tenant_id == tenant_id, e.employee_id.in_(shown))
    people = [PersonRecap(*row) for row in (await session.execute(named.order_by(e.employee_id))).all()]
    work = await _by_state(session, tenant_id, spans, "span.employee_id")
    attendance = await _attendance(session, tenant_id, spans, "span.employee_id")
    results = await _progress(session, tenant_id, spans)
    return tuple(
        replace(
            person,
            work=_work(work.get(person.employee_id, {})),
            attendance=attendance.get(person.employee_id, Attendance()),
            results=tuple(results.get(person.employee_id, [])),
        )
        for person in people
    )


async def _by_state(
    session: AsyncSession, tenant_id: str, spans: Sequence[Span], group: str
) -> dict[Any, dict[str, Count]]:
    """Counts by state, by what `group` (SQL over span and a) tells apart."""
    statement = f"{_SPANS} SELECT {group} AS part, a.state, count(*), sum(a.minutes) {_WORK} GROUP BY part, a.state"
    rows = await session.execute(text(statement), {"tenant_id": tenant_id} | columns(spans))
    found: dict[Any, dict[str, Count]] = {}
    for part, state, activities, minutes in rows.all():
        found.setdefault(part, {})[state] = Count(activities, int(minutes))
    return found


def _work(by_state: dict[str, Count]) -> Work:
    return Work(**by_state)


async def _lines(session: AsyncSession, tenant_id: str, spans: Sequence[Span], step: str) -> tuple[Line, ...]:
    part = "CAST(date_trunc('month', a.work_date) AS date)" if step == "month" else "a.work_date"
    found = await _by_state(session, tenant_id, spans, part)
    return tuple(Line(day, _work(found[day])) for day in sorted(found))


_ATTENDANCE = """
    count(*), count(*) FILTER (WHERE d.scheduled), count(*) FILTER (WHERE d.presence = 'present'),
    count(*) FILTER (WHERE d.presence = 'absent'), count(*) FILTER (WHERE d.presence = 'leave'),
    count(*) FILTER (WHERE d.presence = 'duty'), count(*) FILTER (WHERE d.late_minutes > 0), sum(d.late_minutes),
    count(*) FILTER (WHERE d.early_minutes > 0), sum(d.early_minutes), count(*) FILTER (WHERE d.missing_in),
    count(*) FILTER (WHERE d.missing_out), count(*) FILTER (WHERE d.apel = 'attended'),
    count(*) FILTER (WHERE d.apel = 'missed')
"""


async def _attendance(
    session: AsyncSession, tenant_id: str, spans: Sequence[Span], group: str
) -> dict[UUID | None, Attendance]:
    statement = f"""
        {_SPANS} SELECT {group} AS part, {_ATTENDANCE}
        FROM span JOIN attendance_days d ON d.tenant_id = :tenant_id AND d.employee_id = span.employee_id
         AND d.work_date BETWEEN span.first_day AND span.last_day
        GROUP BY part
    """
    rows = await session.execute(text(statement), {"tenant_id": tenant_id} | columns(spans))
    return {row[0]: Attendance(*map(int, row[1:])) for row in rows.all()}


_DONE = text(
    f"""
    {_SPANS}, done AS (
        SELECT span.employee_id, a.result_id, min(a.quantity_unit) AS quantity_unit, count(*) AS activities,
               sum(a.minutes) AS minutes, sum(a.quantity) AS quantity
        {_WORK} WHERE a.state = 'approved' GROUP BY 1, 2, lower(a.quantity_unit)
    ), named AS (
        SELECT DISTINCT ON (r.result_id) r.result_id, r.plan_id, r.version, r.text
        FROM plan_results r JOIN plan_versions v ON v.tenant_id = r.tenant_id AND v.plan_id = r.plan_id
         AND v.version = r.version AND v.state = 'approved'
        WHERE r.tenant_id = :tenant_id AND r.result_id IN (SELECT result_id FROM done)
        ORDER BY r.result_id, r.version DESC
    )
    SELECT done.employee_id, done.result_id, named.text, done.activities, done.minutes, done.quantity_unit,
           done.quantity, i.target
    FROM done JOIN named USING (result_id)
    LEFT JOIN LATERAL (
        SELECT max(i.target) AS target FROM plan_indicators i
        WHERE i.tenant_id = :tenant_id AND i.plan_id = named.plan_id AND i.version = named.version
          AND i.result_id = named.result_id AND i.aspect = 'kuantitas'
          AND lower(i.unit) = lower(done.quantity_unit)
    ) AS i ON true
    ORDER BY done.employee_id, done.result_id, done.quantity_unit
    """
)


async def _progress(session: AsyncSession, tenant_id: str, spans: Sequence[Span]) -> dict[UUID, list[Progress]]:
    """By employee, each result that something was approved for."""
    rows = await session.execute(_DONE, {"tenant_id": tenant_id} | columns(spans))
    found: dict[UUID, dict[UUID, Progress]] = {}
    for employee_id, result_id, named, activities, minutes, unit, done, target in rows.all():
        held = found.setdefault(employee_id, {})
        before = held.get(result_id, Progress(result_id, named, 0, 0, ()))
        quantity = () if unit is None else (Quantity(unit, done, target),)
        held[result_id] = replace(
            before,
            activities=before.activities + activities,
            minutes=before.minutes + int(minutes),
            quantities=before.quantities + quantity,
        )
    return {employee_id: list(by_result.values()) for employee_id, by_result in found.items()}
