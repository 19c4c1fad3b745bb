"""The one builder of facts: from what was read to what `evaluate` takes, or the reason why an employee has none."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncSession

from services.payroll.inputs.posts import NoPost, acting, segments
from services.payroll.inputs.reading import Day, Read, Work, read, region_workdays
from services.payroll.rules.facts import (
    ActivityDay,
    AttendanceDay,
    Carried,
    Correction,
    Employee,
    Facts,
    PredikatMissing,
    Recovery,
    Salary,
    TaxYear,
)
from shared.directory.queries import term_on
from shared.events.identity import NipTerm, StatusTerm
from shared.period import Period
from shared.words import Apel, AssignmentKind, Presence

SATURDAY = 5


class Payee(NamedTuple):
    """Whom to pay, as the period's last day has them; frozen beside the facts."""

    nip: str
    name: str
    unit: str
    bank: dict[str, str] | None


class Unbuildable(NamedTuple):
    """Why an employee has no facts, and what to do about it."""

    reason: str
    remedy: str


@dataclass(frozen=True)
class Built:
    """Facts by employee, and those who have none."""

    facts: dict[UUID, tuple[Facts, Payee]]
    set_aside: dict[UUID, Unbuildable]


async def facts_of(
    session: AsyncSession,
    tenant_id: str,
    period: Period,
    employees: Sequence[UUID],
    *,
    until: date | None = None,
    workdays: dict[date, bool] | None = None,
) -> Built:
    """The facts of these employees in a period. `until`: only what is known up to that day (the preview).

    `workdays`: the region's, where the caller has read them already.
    """
    known = workdays if workdays is not None else await region_workdays(session, tenant_id, period.code)
    held = await read(session, tenant_id, period, employees, until=until or period.last_day, workdays=known)
    built: dict[UUID, tuple[Facts, Payee]] = {}
    aside: dict[UUID, Unbuildable] = {}
    for employee_id in sorted(employees):
        try:
            built[employee_id] = build(held, period, employee_id)
        except NoPost as error:
            aside[employee_id] = Unbuildable(str(error), error.remedy)
        except (ValidationError, ValueError, KeyError) as error:
            aside[employee_id] = Unbuildable(f"the facts cannot be put together: {error}", "correct the master data")
    return Built(built, aside)


def build(held: Read, period: Period, employee_id: UUID) -> tuple[Facts, Payee]:
    """One employee's facts. Raises NoPost, saying what the master data lack."""
    state = held.states.get(employee_id)
    if state is None:
        raise NoPost("the employee is not known here", "wait for identity's facts, or register the employee")
    last_day = _last_day(state, period)
    days = held.days.get(employee_id, [])
    calendar = _calendar(held, period, days)
    own = held.posts.get(employee_id, [])
    stretches = segments([post for post in own if post.kind == AssignmentKind.DEFINITIF], last_day, calendar)
    employee = _employee(held, state, employee_id, last_day)
    planned = employee_id in held.planned
    predikat = held.predikat.get(employee_id)
    facts = Facts(
        employee=employee,
        start=period.first_day,
        end=period.last_day,
        workdays=sum(calendar.values()),
        segments=stretches,
        predikat=predikat,  # type: ignore[arg-type]  # the event's enumeration; the check of the frozen form holds it
        plan_exists=planned,
        predikat_missing=None if predikat else _missing(held, planned),
        activities=tuple(_activity_days(held.activities.get(employee_id, []))),
        attendance=tuple(_attendance(days, calendar)),
        acting=acting([post for post in own if post.kind != AssignmentKind.DEFINITIF], own, last_day, calendar),
        salary=with_paid(salary_of(held.salaries.get(employee_id)), held.beside.get(employee_id)),
        tax_year=_tax_year(held.tax_year.get(employee_id)),
        carried=tuple(_carried(row) for row in held.carried.get(employee_id, [])),
        recoveries=tuple(_recovery(row) for row in held.unrecovered.get(employee_id, [])),
        corrections=tuple(correction_of(row) for row in held.corrections.get(employee_id, [])),
        ytd=held.year_to_date.get(employee_id, {}),
    )
    return facts, Payee(employee.nip, employee.name, stretches[-1].unit, state.get("bank"))


def _last_day(state: dict[str, Any], period: Period) -> date:
    left_on = state.get("left_on")
    return min(period.last_day, date.fromisoformat(left_on) - timedelta(days=1)) if left_on else period.last_day


def _employee(held: Read, state: dict[str, Any], employee_id: UUID, day: date) -> Employee:
    """Status, golongan and NIP as they are on a day."""
    statuses = [StatusTerm.model_validate(term) for term in state["statuses"]]
    status = term_on(statuses, day)
    nip = term_on([NipTerm.model_validate(term) for term in state["nips"]], day)
    if status is None:
        raise NoPost(f"no employment status holds on {day}", "complete the employee's status history in identity")
    of_status = [term.valid_from for term in statuses if term.status_asn == status.status_asn]
    in_default = employee_id in held.in_default
    return Employee(
        id=str(employee_id),
        nip=nip.nip if nip else "",
        name=state["name"],
        status_asn=status.status_asn.value,
        golongan=status.golongan,
        ptkp=state["ptkp"],
        is_supervisor=in_default or employee_id in held.supervisors,
        assessed_staff=not in_default,
        appointed_on=min(of_status),
    )


def _missing(held: Read, planned: bool) -> PredikatMissing:
    if not held.appraised:
        return "not_due"
    return "supervisor_silent" if planned else "no_plan"


def _calendar(held: Read, period: Period, days: Sequence[Day]) -> dict[date, bool]:
    """The period's workdays: the employee's own where settled, else the region's, else Monday to Friday."""
    own = {day.work_date: day.scheduled for day in days}
    return {day: own.get(day, held.workdays.get(day, day.weekday() < SATURDAY)) for day in period.days()}


def _activity_days(works: Sequence[Work]) -> Iterator[ActivityDay]:
    """The approved activities of each work date."""
    for work_date, of_day in groupby(works, key=attrgetter("work_date")):
        done = list(of_day)
        yield ActivityDay(
            work_date=work_date,
            minutes=sum(one.minutes for one in done),
            count=len(done),
            ids=tuple(one.activity_id for one in done),
        )


def _attendance(days: Sequence[Day], calendar: dict[date, bool]) -> list[AttendanceDay]:
    """The working days on which something happened; a day without an event changes nothing and is left out."""
    return [
        AttendanceDay(
            work_date=day.work_date,
            late_minutes=day.late_minutes,
            early_minutes=day.early_minutes,
            missing_in=day.missing_in,
            missing_out=day.missing_out,
            absence="tanpa_keterangan" if day.presence == Presence.ABSENT else None,
            leave=day.leave_kind if day.presence == Presence.LEAVE else None,
            duty=day.presence == Presence.DUTY,
            after_holiday=_after_holiday(day.work_date, calendar),
            apel_expected=int(day.apel != Apel.NONE),
            apel_missed=("apel",) if day.apel == Apel.MISSED else (),
        )
        for day in days
        if day.scheduled and _eventful(day)
    ]


def _eventful(day: Day) -> bool:
    return bool(
        day.presence != Presence.PRESENT
        or day.late_minutes
        or day.early_minutes
        or day.missing_in
        or day.missing_out
        or day.apel != Apel.NONE
    )


def _after_holiday(day: date, calendar: dict[date, bool]) -> bool:
    """Whether the days off just before it, within the period, hold more than a weekend."""
    before = day - timedelta(days=1)
    while calendar.get(before) is False:
        if before.weekday() < SATURDAY:
            return True
        before -= timedelta(days=1)
    return False


def salary_of(row: RowMapping | None) -> Salary:
    """The salary side as it was imported."""
    if row is None:
        return Salary()
    return Salary(gross=row["gross"], tax=row["tax"], bpjs_base=row["bpjs_base"], gaji_pokok=row["gaji_pokok"])


def with_paid(salary: Salary, paid: RowMapping | None) -> Salary:
    """The salary side with what other runs paid in the month: it has used the same brackets and ceilings."""
    if paid is None:
        return salary
    return replace(
        salary,
        gross=salary.gross + paid["gross"],
        tax=salary.tax + paid["tax"],
        bpjs_base=salary.bpjs_base + paid["contributed"],
    )


def correction_of(row: RowMapping) -> Correction:
    """What is open of a correction, as the facts take it."""
    return Correction(
        id=str(row["correction_id"]),
        period=row["period"],
        cause=row["cause"],
        amount=row["open"],
        paid=row["hash_before"],
        now=row["statement_hash"],
    )


def _tax_year(row: RowMapping | None) -> TaxYear | None:
    if row is None:
        return None
    return TaxYear(gross_before=row["gross"], tax_before=row["tax"], months=min(12, row["months"] + 1))


def _carried(row: RowMapping) -> Carried:
    return Carried(id=str(row["statement_id"]), period=row["period"], amount=row["amount"])


def _recovery(row: RowMapping) -> Recovery:
    cause = f"belum terpotong dari TPP {row['period']}"
    return Recovery(id=str(row["statement_id"]), cause=cause, amount=row["amount"])
