"""What settling a range of days needs of some employees, loaded at once for all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.activity.rules.attendance import DutyKind, Excuse, Outcome, Outing, Span
from services.activity.tables.attendance import (
    ApelRollRow,
    AttendanceDayRow,
    AttendanceDecisionRow,
    IncidentRow,
    OutingRow,
)
from services.activity.tables.attendance_punches import punches_of
from shared.words import Apel, LeaveKind, Presence


@dataclass(frozen=True, slots=True)
class Stay:
    """A definitive post in a unit from `first` to `last`, both included."""

    first: date
    last: date
    unit_id: UUID


@dataclass(frozen=True, slots=True)
class DecisionOfDays:
    """Leave, duty or excuses decided for the days from `first` to `last`; `refused`: leave that was not granted."""

    first: date
    last: date
    away: LeaveKind | DutyKind | None
    excuses: frozenset[Excuse]
    letter: bool = True
    inpatient: bool = False
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """A day as it was last stated."""

    version: int
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Incident:
    """`unit_id`: of the people concerned, with the units below it; None: all."""

    unit_id: UUID | None
    span: Span


@dataclass(frozen=True, slots=True)
class Loaded:
    """By employee, and by employee and work date."""

    stays: dict[UUID, list[Stay]]
    punches: dict[UUID, list[datetime]]
    decisions: dict[UUID, list[DecisionOfDays]]
    outings: dict[tuple[UUID, date], list[Outing]]
    rolls: dict[tuple[UUID, date], bool]
    held: dict[tuple[UUID, date], Held]


_PEOPLE = text(
    """
    SELECT employee_id FROM (
        SELECT employee_id FROM identity_assignments
        WHERE tenant_id = :tenant_id AND kind = 'definitif' AND NOT :again
          AND valid_from <= :last AND (valid_to IS NULL OR valid_to >= :first)
        UNION
        SELECT employee_id FROM attendance_days
        WHERE tenant_id = :tenant_id AND work_date BETWEEN :first AND :last
    ) AS people
    WHERE (CAST(:after AS uuid) IS NULL OR employee_id > :after)
      AND (CAST(:employees AS uuid[]) IS NULL OR employee_id = ANY(CAST(:employees AS uuid[])))
    ORDER BY employee_id LIMIT :most
    """
)

# least() passes over what is null: an open end
_STAYS = text(
    """
    SELECT a.employee_id, greatest(a.valid_from, t.valid_from, CAST(:first AS date)) AS first,
           least(a.valid_to, t.valid_to, e.left_on - 1, CAST(:last AS date)) AS last, t.unit_id
    FROM identity_assignments a
    JOIN identity_position_terms t ON t.tenant_id = a.tenant_id AND t.position_id = a.position_id
     AND t.valid_from <= :last AND (t.valid_to IS NULL OR t.valid_to >= :first)
    JOIN identity_employees e ON e.tenant_id = a.tenant_id AND e.employee_id = a.employee_id
    WHERE a.tenant_id = :tenant_id AND a.kind = 'definitif' AND a.employee_id = ANY(CAST(:employees AS uuid[]))
      AND a.valid_from <= :last AND (a.valid_to IS NULL OR a.valid_to >= :first)
    ORDER BY a.employee_id, 2 DESC
    """
)


async def people(
    session: AsyncSession,
    tenant_id: str,
    first: date,
    last: date,
    *,
    employees: Sequence[UUID] | None = None,
    after: UUID | None = None,
    again: bool = False,
    most: int,
) -> list[UUID]:
    """Employees with a post or a settled day in the range, by id; with `again` only those with a settled day."""
    given = {
        "tenant_id": tenant_id,
        "first": first,
        "last": last,
        "employees": None if employees is None else list(employees),
        "after": after,
        "again": again,
        "most": most,
    }
    return list((await session.scalars(_PEOPLE, given)).all())


_OF_UNITS = text(
    """
    SELECT DISTINCT a.employee_id
    FROM identity_assignments a
    JOIN identity_position_terms t ON t.tenant_id = a.tenant_id AND t.position_id = a.position_id
     AND t.valid_from <= :last AND (t.valid_to IS NULL OR t.valid_to >= :first)
     AND t.unit_id = ANY(CAST(:units AS uuid[]))
    WHERE a.tenant_id = :tenant_id AND a.kind = 'definitif'
      AND a.valid_from <= :last AND (a.valid_to IS NULL OR a.valid_to >= :first)
    ORDER BY a.employee_id
    """
)


async def people_of_units(
    session: AsyncSession, tenant_id: str, first: date, last: date, *, units: Sequence[UUID]
) -> list[UUID]:
    """Employees with a definitive post in one of these units on a day from `first` to `last`, by id."""
    given = {"tenant_id": tenant_id, "first": first, "last": last, "units": list(units)}
    return list((await session.scalars(_OF_UNITS, given)).all())


async def load(
    session: AsyncSession, tenant_id: str, first: date, last: date, *, employees: Sequence[UUID], zone: str
) -> Loaded:
    """Everything about these employees from `first` to `last`; `zone` is the region's."""
    given = {"tenant_id": tenant_id, "first": first, "last": last, "employees": list(employees)}
    stays: dict[UUID, list[Stay]] = {}
    for employee_id, begins, ends, unit_id in (await session.execute(_STAYS, given)).all():
        stays.setdefault(employee_id, []).append(Stay(begins, ends, unit_id))
    return Loaded(
        stays=stays,
        punches=await punches_of(session, tenant_id, first, last, employees=employees, zone=zone),
        decisions=await _decisions(session, tenant_id, first, last, employees),
        outings=await _outings(session, tenant_id, first, last, employees),
        rolls=await _rolls(session, tenant_id, first, last, employees),
        held=await _held(session, tenant_id, first, last, employees),
    )


async def incidents_between(session: AsyncSession, tenant_id: str, first: datetime, last: datetime) -> list[Incident]:
    """Outages that touch the moments from `first` to `last`, oldest first."""
    i = IncidentRow
    rows = await session.execute(
        select(i.unit_id, i.started_at, i.ended_at)
        .where(i.tenant_id == tenant_id, i.withdrawn_at.is_(None), i.started_at < last, i.ended_at > first)
        .order_by(i.started_at)
    )
    return [Incident(unit_id, Span(started_at, ended_at)) for unit_id, started_at, ended_at in rows.all()]


async def _decisions(
    session: AsyncSession, tenant_id: str, first: date, last: date, employees: Sequence[UUID]
) -> dict[UUID, list[DecisionOfDays]]:
    d = AttendanceDecisionRow
    rows = await session.execute(
        select(d.employee_id, d.first_day, d.last_day, d.kind, d.detail, d.excuses, d.letter, d.inpatient)
        .where(d.tenant_id == tenant_id, d.employee_id.in_(employees), d.withdrawn_at.is_(None))
        .where(d.first_day <= last, d.last_day >= first)
    )
    found: dict[UUID, list[DecisionOfDays]] = {}
    for employee_id, begins, ends, kind, detail, excuses, letter, inpatient in rows.all():
        away, excused = away_of(kind, detail), frozenset(map(Excuse, excuses))
        one = DecisionOfDays(begins, ends, away, excused, letter, inpatient, kind == "refusal")
        found.setdefault(employee_id, []).append(one)
    return found


async def _outings(
    session: AsyncSession, tenant_id: str, first: date, last: date, employees: Sequence[UUID]
) -> dict[tuple[UUID, date], list[Outing]]:
    o = OutingRow
    rows = await session.execute(
        select(o.employee_id, o.work_date, o.started_at, o.ended_at, o.permitted)
        .where(o.tenant_id == tenant_id, o.employee_id.in_(employees), o.withdrawn_at.is_(None))
        .where(o.work_date.between(first, last))
        .order_by(o.started_at)
    )
    found: dict[tuple[UUID, date], list[Outing]] = {}
    for employee_id, day, started_at, ended_at, permitted in rows.all():
        found.setdefault((employee_id, day), []).append(Outing(started_at, ended_at, permitted))
    return found


def away_of(kind: str, detail: str | None) -> LeaveKind | DutyKind | None:
    """A decision's kind of leave or duty; None for an excuse, and for leave that was refused."""
    if kind not in ("leave", "duty") or detail is None:
        return None
    return LeaveKind(detail) if kind == "leave" else DutyKind(detail)


async def _rolls(
    session: AsyncSession, tenant_id: str, first: date, last: date, employees: Sequence[UUID]
) -> dict[tuple[UUID, date], bool]:
    r = ApelRollRow
    rows = await session.execute(
        select(r.employee_id, r.work_date, r.attended).where(
            r.tenant_id == tenant_id, r.work_date.between(first, last), r.employee_id.in_(employees)
        )
    )
    return {(employee_id, day): attended for employee_id, day, attended in rows.all()}


async def _held(
    session: AsyncSession, tenant_id: str, first: date, last: date, employees: Sequence[UUID]
) -> dict[tuple[UUID, date], Held]:
    d = AttendanceDayRow
    rows = await session.execute(
        select(
            d.employee_id,
            d.work_date,
            d.version,
            d.scheduled,
            d.presence,
            d.leave_kind,
            d.expected_in_at,
            d.expected_out_at,
            d.actual_in_at,
            d.actual_out_at,
            d.late_minutes,
            d.early_minutes,
            d.missing_in,
            d.missing_out,
            d.apel,
            d.excused_minutes,
            d.out_minutes,
            d.permitted_out_minutes,
            d.letter,
            d.inpatient,
            d.leave_refused,
        ).where(d.tenant_id == tenant_id, d.work_date.between(first, last), d.employee_id.in_(employees))
    )
    return {(row.employee_id, row.work_date): Held(row.version, _outcome(row)) for row in rows.all()}


def _outcome(row: Any) -> Outcome:
    return Outcome(
        scheduled=row.scheduled,
        presence=Presence(row.presence),
        leave_kind=LeaveKind(row.leave_kind) if row.leave_kind else None,
        expected_in_at=row.expected_in_at,
        expected_out_at=row.expected_out_at,
        actual_in_at=row.actual_in_at,
        actual_out_at=row.actual_out_at,
        late_minutes=row.late_minutes,
        early_minutes=row.early_minutes,
        missing_in=row.missing_in,
        missing_out=row.missing_out,
        apel=Apel(row.apel),
        excused_minutes=row.excused_minutes,
        out_minutes=row.out_minutes,
        permitted_out_minutes=row.permitted_out_minutes,
        letter=row.letter,
        inpatient=row.inpatient,
        leave_refused=row.leave_refused,
    )
