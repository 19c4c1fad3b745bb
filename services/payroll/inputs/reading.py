"""What payroll's copies hold of some employees in a period, read in a handful of set-based statements."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.payroll.inputs.beside import MONTHLY_KINDS, OTHER_KINDS, open_corrections, paid_beside
from services.payroll.inputs.circumstances import Circumstances, Withheld, circumstances, withheld
from services.payroll.inputs.taxes import SALARY_COLUMNS, consents, ptkp_of_year, tax_years
from services.payroll.rules.facts import Consent, TaxYear
from services.payroll.rules.kinds import before
from services.payroll.rules.lifecycle import FINAL_STATES
from shared.period import Period


class Post(NamedTuple):
    """A stretch of the period in one term of one position."""

    employee_id: UUID
    assignment_id: UUID
    kind: str
    start: date
    end: date
    position: str
    position_code: str
    jenis_jabatan: str
    kelas_jabatan: int
    eselon: str | None
    unit: str
    unit_code: str
    since: date  # of the assignment, also before the period


class Days(NamedTuple):
    """An employee's settled days of the period."""

    settled: int  # a bit a day of the period, the first is bit 0
    scheduled: int  # likewise; those of them that were workdays
    events: Sequence[str]  # workdays on which something happened, as `day_of` reads them, by date


NO_DAYS = Days(0, 0, ())


class Day(NamedTuple):
    """A workday on which something happened."""

    work_date: date
    presence: str
    leave_kind: str | None
    late_minutes: int
    early_minutes: int
    missing_in: bool
    missing_out: bool
    apel: str


@lru_cache(maxsize=16_384)  # of a region's thousands of days, few differ
def day_of(event: str) -> Day:
    """The day in a text of `Days.events`."""
    day, presence, leave, late, early, missing_in, missing_out, apel = event.split("|")
    return Day(
        date.fromisoformat(day),
        presence,
        leave or None,
        int(late),
        int(early),
        missing_in == "true",
        missing_out == "true",
        apel,
    )


@dataclass(frozen=True)
class Read:
    """All that is known, by employee; what is missing is not in it."""

    states: dict[UUID, str]  # the newest EmployeeChanged, in JSON
    posts: dict[UUID, list[Post]]
    supervisors: set[UUID]
    days: dict[UUID, Days]
    activities: dict[UUID, str]  # the facts' `activities`, in JSON
    planned: set[UUID]
    predikat: dict[UUID, str]
    in_default: set[UUID]
    appraised: bool  # whether the period's appraisals are closed
    salaries: dict[UUID, RowMapping]
    year_to_date: dict[UUID, dict[str, int]]
    ptkp: dict[UUID, str]  # at the start of the tax year, where the salary side says it
    consents: dict[UUID, tuple[Consent, ...]]
    tax_year: dict[UUID, TaxYear]  # of those whose year is settled in the period
    withheld: dict[UUID, Withheld]
    circumstances: Circumstances
    unrecovered: dict[UUID, list[RowMapping]]
    corrections: dict[UUID, list[RowMapping]]
    beside: dict[UUID, RowMapping]  # what other kinds of run paid in the same month


_STATES = text(
    """
    SELECT employee_id, CAST(state AS text) FROM identity_employees
    WHERE tenant_id = :tenant_id AND employee_id = ANY(CAST(:employees AS uuid[]))
    """
)
_POSTS = text(
    """
    SELECT a.employee_id, a.assignment_id, a.kind,
           greatest(a.valid_from, t.valid_from, :first_day) AS "start",
           least(coalesce(a.valid_to, :last_day), coalesce(t.valid_to, :last_day), :last_day) AS "end",
           t.name AS position, p.code AS position_code, t.jenis_jabatan, t.kelas_jabatan, t.eselon,
           coalesce(u.name, '') AS unit, coalesce(u.code, '') AS unit_code, a.valid_from AS since
    FROM identity_assignments a
    JOIN identity_position_terms t ON t.tenant_id = a.tenant_id AND t.position_id = a.position_id
     AND t.valid_from <= :last_day AND (t.valid_to IS NULL OR t.valid_to >= :first_day)
     AND t.valid_from <= coalesce(a.valid_to, :last_day) AND coalesce(t.valid_to, :last_day) >= a.valid_from
    JOIN identity_positions p ON p.tenant_id = a.tenant_id AND p.position_id = a.position_id
    LEFT JOIN identity_units u ON u.tenant_id = t.tenant_id AND u.unit_id = t.unit_id
    WHERE a.tenant_id = :tenant_id AND a.employee_id = ANY(CAST(:employees AS uuid[]))
      AND a.valid_from <= :last_day AND (a.valid_to IS NULL OR a.valid_to >= :first_day)
    ORDER BY a.employee_id, "start", a.assignment_id
    """
)
_SUPERVISORS = text(
    """
    SELECT DISTINCT h.employee_id
    FROM identity_assignments h
    JOIN identity_position_terms t ON t.tenant_id = h.tenant_id AND t.reports_to = h.position_id
     AND t.valid_from <= :last_day AND (t.valid_to IS NULL OR t.valid_to >= :last_day)
    JOIN identity_assignments s ON s.tenant_id = h.tenant_id AND s.position_id = t.position_id
     AND s.kind = 'definitif' AND s.employee_id <> h.employee_id
     AND s.valid_from <= :last_day AND (s.valid_to IS NULL OR s.valid_to >= :last_day)
    WHERE h.tenant_id = :tenant_id AND h.employee_id = ANY(CAST(:employees AS uuid[])) AND h.kind <> 'plh'
      AND h.valid_from <= :last_day AND (h.valid_to IS NULL OR h.valid_to >= :last_day)
    """
)
# one row an employee: fetching a row a day took most of the time, and nearly all days are like any other
_DAYS = text(
    """
    SELECT employee_id,
           bit_or(1 << at), bit_or(scheduled::int << at),
           array_remove(array_agg(CASE WHEN scheduled AND (presence <> 'present' OR late_minutes > 0
                    OR early_minutes > 0 OR missing_in OR missing_out OR apel <> 'none')
               THEN concat(work_date, '|', presence, '|', leave_kind, '|', late_minutes, '|', early_minutes, '|',
                           missing_in::text, '|', missing_out::text, '|', apel) END ORDER BY work_date), NULL)
    FROM (
        SELECT *, work_date - CAST(:first_day AS date) AS at FROM activity_days
        WHERE tenant_id = :tenant_id AND period = :period AND employee_id = ANY(CAST(:employees AS uuid[]))
          AND work_date <= :until
    ) AS days
    GROUP BY employee_id
    """
)
# the facts' own JSON, entries in canonical order: a hundred ids an employee go through here untouched
_ACTIVITIES = text(
    """
    SELECT employee_id,
           '[' || string_agg('{"count":' || count || ',"ids":["' || ids || '"],"minutes":' || minutes
                             || ',"work_date":"' || work_date || '"}', ',' ORDER BY work_date) || ']'
    FROM (
        SELECT employee_id, work_date, count(*) AS count, sum(minutes) AS minutes,
               string_agg(CAST(activity_id AS text), '","' ORDER BY activity_id) AS ids
        FROM activity_records
        WHERE tenant_id = :tenant_id AND period = :period AND employee_id = ANY(CAST(:employees AS uuid[]))
          AND NOT withdrawn AND work_date <= :until
        GROUP BY employee_id, work_date
    ) AS days
    GROUP BY employee_id
    """
)
_PLANNED = text(
    """
    SELECT DISTINCT employee_id FROM activity_plans
    WHERE tenant_id = :tenant_id AND employee_id = ANY(CAST(:employees AS uuid[]))
      AND first_day <= :last_day AND last_day >= :first_day
    """
)
_PREDIKAT = text(
    """
    SELECT employee_id, predikat FROM appraisal_results
    WHERE tenant_id = :tenant_id AND period = :period AND employee_id = ANY(CAST(:employees AS uuid[]))
    """
)
_CLOSED = text("SELECT evaluators_in_default FROM appraisal_periods WHERE tenant_id = :tenant_id AND period = :period")
_SALARIES = text(
    f"""
    SELECT employee_id, {SALARY_COLUMNS} FROM salaries
    WHERE tenant_id = :tenant_id AND period = :period AND employee_id = ANY(CAST(:employees AS uuid[]))
    """
)
# counted as rules.occurrences counts them: a day of absence or leave has no other event, duty has none
_YEAR_TO_DATE = text(
    """
    SELECT employee_id,
           count(*) FILTER (WHERE presence = 'absent') AS absent,
           count(*) FILTER (WHERE presence = 'leave') AS leave,
           count(*) FILTER (WHERE presence = 'present' AND late_minutes > 0) AS late,
           count(*) FILTER (WHERE presence = 'present' AND early_minutes > 0) AS early,
           count(*) FILTER (WHERE presence = 'present' AND missing_in) AS missing_in,
           count(*) FILTER (WHERE presence = 'present' AND missing_out) AS missing_out,
           count(*) FILTER (WHERE apel = 'missed' AND presence <> 'duty') AS apel
    FROM activity_days
    WHERE tenant_id = :tenant_id AND employee_id = ANY(CAST(:employees AS uuid[]))
      AND period >= :january AND period < :period
    GROUP BY employee_id
    """
)
# A later run has settled what an earlier one left when it was started after it: a run is refused while one of an
# earlier period is unfinished, so whatever was left then was in its facts.
_NOT_SETTLED = f"""
      AND r.state IN {FINAL_STATES} AND NOT EXISTS (
          SELECT 1 FROM statements later
          JOIN runs q ON q.tenant_id = later.tenant_id AND q.run_id = later.run_id
          WHERE later.tenant_id = s.tenant_id AND later.employee_id = s.employee_id
            AND q.kind IN {MONTHLY_KINDS} AND q.state IN {FINAL_STATES} AND q.created_at > r.created_at AND {{settles}})
    ORDER BY s.employee_id, s.statement_id
"""
_LEFT = """
    SELECT s.employee_id, s.statement_id, s.period, s.{amount} AS amount, {tax} AS tax
    FROM statements s JOIN runs r ON r.tenant_id = s.tenant_id AND r.run_id = s.run_id
    WHERE s.tenant_id = :tenant_id AND s.employee_id = ANY(CAST(:employees AS uuid[])) AND s.{amount} > 0
"""
_UNRECOVERED_TAX = "(convert_from(s.body, 'UTF8')::jsonb -> 'totals' ->> 'unrecovered_tax')::bigint"
_UNRECOVERED = text(
    _LEFT.format(amount="unrecovered", tax=_UNRECOVERED_TAX)
    + " AND s.period < :period"
    + _NOT_SETTLED.format(settles="q.period > s.period")
)
# a day is a workday of the region where most of its people were to work
_WORKDAYS = text(
    """
    SELECT work_date, count(*) FILTER (WHERE scheduled) * 2 > count(*) FROM activity_days
    WHERE tenant_id = :tenant_id AND period = :period GROUP BY work_date
    """
)


async def region_workdays(session: AsyncSession, tenant_id: str, period: str) -> dict[date, bool]:
    """By the settled days of the whole region; a day nobody has settled is not in it."""
    rows = await session.execute(_WORKDAYS, {"tenant_id": tenant_id, "period": period})
    return {day: bool(is_workday) for day, is_workday in rows.all()}


async def read(
    session: AsyncSession,
    tenant_id: str,
    period: Period,
    employees: Sequence[UUID],
    *,
    until: date,
) -> Read:
    """Facts of these employees up to a day of the period, that day included."""
    given = {
        "tenant_id": tenant_id,
        "employees": sorted(employees),
        "period": period.code,
        "first_day": period.first_day,
        "last_day": period.last_day,
    }
    upto = given | {"until": until}
    of_year = given | {"january": f"{period.code[:4]}-01"}

    async def rows(statement: Any, values: dict[str, Any]) -> Sequence[RowMapping]:
        return (await session.execute(statement, values)).mappings().all()

    async def tuples(statement: Any, values: dict[str, Any]) -> Sequence[Any]:
        return (await session.execute(statement, values)).all()

    closed = (await rows(_CLOSED, given)) or None
    return Read(
        states={employee_id: state for employee_id, state in await tuples(_STATES, given)},
        posts=_grouped([Post(**row) for row in await rows(_POSTS, given)]),
        supervisors={row["employee_id"] for row in await rows(_SUPERVISORS, given)},
        days={row[0]: Days(*row[1:]) for row in await tuples(_DAYS, upto)},
        activities={employee_id: days for employee_id, days in await tuples(_ACTIVITIES, upto)},
        planned={row["employee_id"] for row in await rows(_PLANNED, given)},
        predikat={row["employee_id"]: row["predikat"] for row in await rows(_PREDIKAT, given)},
        in_default=set(closed[0]["evaluators_in_default"]) if closed else set(),
        appraised=closed is not None,
        salaries={row["employee_id"]: row for row in await rows(_SALARIES, given)},
        year_to_date={row["employee_id"]: _counts(row) for row in await rows(_YEAR_TO_DATE, of_year)},
        ptkp=await ptkp_of_year(session, tenant_id, period, employees),
        consents=await consents(session, tenant_id, period, employees),
        tax_year=await tax_years(session, tenant_id, period, employees),
        withheld=await withheld(session, tenant_id, period.code, sorted(employees)),
        circumstances=await circumstances(session, tenant_id, period, sorted(employees), until),
        unrecovered=_by_employee(await rows(_UNRECOVERED, given)),
        corrections=await open_corrections(session, tenant_id, before(period.code), employees),
        beside=await paid_beside(session, tenant_id, period.code, employees, OTHER_KINDS),
    )


def _counts(row: RowMapping) -> dict[str, int]:
    return {event: count for event, count in row.items() if event != "employee_id" and count}


def _by_employee(rows: Sequence[RowMapping]) -> dict[UUID, list[RowMapping]]:
    found: dict[UUID, list[RowMapping]] = defaultdict(list)
    for row in rows:
        found[row["employee_id"]].append(row)
    return found


def _grouped(posts: Sequence[Post]) -> dict[UUID, list[Post]]:
    found: dict[UUID, list[Post]] = defaultdict(list)
    for post in posts:
        found[post.employee_id].append(post)
    return found
