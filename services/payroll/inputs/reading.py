"""What payroll's copies hold of some employees in a period, read in a handful of set-based statements."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.payroll.inputs.beside import MONTHLY_KINDS, OTHER_KINDS, open_corrections, paid_beside
from services.payroll.inputs.circumstances import Circumstances, Withheld, circumstances, withheld
from services.payroll.inputs.days import Days, Earlier, days_of, earlier_of
from services.payroll.inputs.staff import Led, staff_of
from services.payroll.inputs.taxes import SALARY_COLUMNS, consents, ptkp_of_year, tax_years
from services.payroll.rules.facts import Consent, TaxYear
from services.payroll.rules.lifecycle import FINAL_STATES
from shared.period import Period
from shared.period import period as period_named


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


class Work(NamedTuple):
    """Approved activities as they are frozen: parsing and writing them takes longer than all else.

    days: the facts' `activities`, in canonical JSON without ids; "" for none. ids: as `rules.frozen.Frozen` has them.
    """

    days: str
    ids: bytes


NO_WORK = Work("", b"")


@dataclass(frozen=True)
class Read:
    """All that is known, by employee; what is missing is not in it."""

    states: dict[UUID, str]  # the newest EmployeeChanged, in JSON
    posts: dict[UUID, list[Post]]
    led: dict[UUID, list[Led]]  # by who leads
    days: dict[UUID, Days]
    work: dict[UUID, Work]
    planned: set[UUID]
    appraisals: dict[UUID, RowMapping]  # predikat and ratings
    in_default: set[UUID]
    appraised: bool  # whether the period's appraisals are closed
    salaries: dict[UUID, RowMapping]
    earlier: Earlier
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
# the facts' own JSON, entries in canonical order
# when it was approved is told of what was approved after the month: rules ask for no earlier day
_ACTIVITIES = text(
    """
    SELECT employee_id,
           '[' || string_agg('{' || coalesce('"approved_on":"' || approved_on || '",', '') || '"count":' || count
                             || ',' || coalesce('"kind":"' || kind || '",', '')
                             || '"minutes":' || minutes || ',"work_date":"' || work_date || '"}', ','
                             ORDER BY work_date, kind NULLS FIRST, approved_on NULLS FIRST) || ']',
           string_agg(ids, '' ORDER BY work_date, kind NULLS FIRST, approved_on NULLS FIRST)
    FROM (
        SELECT employee_id, work_date, kind,
               CASE WHEN occurred_at >= over THEN CAST(occurred_at AT TIME ZONE zone AS date) END AS approved_on,
               count(*) AS count, sum(minutes) AS minutes,
               string_agg(uuid_send(activity_id), '' ORDER BY activity_id) AS ids
        FROM activity_records CROSS JOIN (
            SELECT zone, (CAST(:last_day AS date) + 1)::timestamp AT TIME ZONE zone AS over
            FROM identity_tenants WHERE tenant_id = :tenant_id
        ) AS region
        WHERE tenant_id = :tenant_id AND period = :period AND employee_id = ANY(CAST(:employees AS uuid[]))
          AND NOT withdrawn AND work_date <= :until
        GROUP BY employee_id, work_date, kind, approved_on
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
_APPRAISALS = text(
    """
    SELECT employee_id, predikat, ratings FROM appraisal_results
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
# A day is a workday of the region where most of its people were to work. Activity states working days alone: by the
# last day settled, or by the closing, a day of which nobody has any was a day off for all.
_WORKDAYS = text(
    """
    WITH held AS (
        SELECT work_date, count(*) FILTER (WHERE scheduled) AS working, max(count(*)) OVER () AS people
        FROM activity_days WHERE tenant_id = :tenant_id AND period = :period GROUP BY work_date
    ), known AS (
        SELECT max(people) AS people, CASE WHEN EXISTS (
            SELECT 1 FROM activity_periods WHERE tenant_id = :tenant_id AND period = :period AND NOT reopened
        ) THEN CAST(:last_day AS date) ELSE max(work_date) END AS upto
        FROM held HAVING count(*) > 0
    )
    SELECT CAST(day AS date), coalesce(working, 0) * 2 > known.people
    FROM known CROSS JOIN generate_series(CAST(:first_day AS date), upto, interval '1 day') AS day
    LEFT JOIN held ON held.work_date = CAST(day AS date)
    """
)


async def region_workdays(session: AsyncSession, tenant_id: str, period: str) -> dict[date, bool]:
    """By the settled days of the whole region; a day to come is not in it, nor any where nothing is settled."""
    of = period_named(period)
    given = {"tenant_id": tenant_id, "period": period, "first_day": of.first_day, "last_day": of.last_day}
    rows = await session.execute(_WORKDAYS, given)
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
        led=await staff_of(session, upto),
        days=await days_of(session, upto),
        work={employee_id: Work(days, ids) for employee_id, days, ids in await tuples(_ACTIVITIES, upto)},
        planned={row["employee_id"] for row in await rows(_PLANNED, given)},
        appraisals={row["employee_id"]: row for row in await rows(_APPRAISALS, given)},
        in_default=set(closed[0]["evaluators_in_default"]) if closed else set(),
        appraised=closed is not None,
        salaries={row["employee_id"]: row for row in await rows(_SALARIES, given)},
        earlier=await earlier_of(session, of_year),
        ptkp=await ptkp_of_year(session, tenant_id, period, employees),
        consents=await consents(session, tenant_id, period, employees),
        tax_year=await tax_years(session, tenant_id, period, employees),
        withheld=await withheld(session, tenant_id, period.code, sorted(employees)),
        circumstances=await circumstances(session, tenant_id, period, sorted(employees), until),
        unrecovered=_by_employee(await rows(_UNRECOVERED, given)),
        corrections=await open_corrections(session, tenant_id, period.code, employees),
        beside=await paid_beside(session, tenant_id, period.code, employees, OTHER_KINDS),
    )


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
