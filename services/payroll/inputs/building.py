"""The one builder of facts: from what was read to what `evaluate` takes, or the reason why an employee has none."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from pydantic_core import from_json
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncSession

from services.payroll.inputs.calendar import Calendar, calendar_of, own_calendar
from services.payroll.inputs.circumstances import Withheld
from services.payroll.inputs.days import NO_DAYS, day_of
from services.payroll.inputs.posts import NoPost, acting, segments
from services.payroll.inputs.reading import NO_WORK, Read, Work, read, region_workdays
from services.payroll.inputs.staff import leading, leads_on, staff_members
from services.payroll.inputs.taxes import earlier_of, recoveries_of, salary_of
from services.payroll.rules.circumstances import with_circumstances
from services.payroll.rules.facts import (
    Correction,
    Employee,
    Facts,
    PredikatMissing,
)
from services.payroll.rules.frozen import Frozen, activities_from, frozen_bytes, with_ids
from services.payroll.rules.national import pins
from shared.period import Period
from shared.words import AssignmentKind


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


class Made(NamedTuple):
    """An employee's facts; `facts` is all but the activities, which stay as they are frozen."""

    facts: Facts
    work: Work
    payee: Payee

    def without_ids(self) -> Facts:
        """The facts with their activities, as a run evaluates them."""
        return replace(self.facts, activities=activities_from(self.work.days)) if self.work.days else self.facts

    def whole(self) -> Facts:
        """The facts with their activities and the ids of these."""
        return with_ids(self.without_ids(), self.work.ids)

    def frozen(self) -> Frozen:
        """What a run keeps of the whole facts."""
        return Frozen(frozen_bytes(self.facts, self.work.days), self.work.ids)


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
    made, aside = await made_of(session, tenant_id, period, employees, until=until, workdays=workdays)
    return Built({employee_id: (one.whole(), one.payee) for employee_id, one in made.items()}, aside)


async def made_of(
    session: AsyncSession,
    tenant_id: str,
    period: Period,
    employees: Sequence[UUID],
    *,
    until: date | None = None,
    workdays: dict[date, bool] | None = None,
) -> tuple[dict[UUID, Made], dict[UUID, Unbuildable]]:
    """As `facts_of`, in the form that a run freezes."""
    known = workdays if workdays is not None else await region_workdays(session, tenant_id, period.code)
    held = await read(session, tenant_id, period, employees, until=until or period.last_day)
    of_region = calendar_of(period, known)
    made: dict[UUID, Made] = {}
    aside: dict[UUID, Unbuildable] = {}
    for employee_id in sorted(employees):
        try:
            made[employee_id] = build(held, period, of_region, employee_id)
        except NoPost as error:
            aside[employee_id] = Unbuildable(str(error), error.remedy)
        except (ValueError, KeyError) as error:
            aside[employee_id] = Unbuildable(f"the facts cannot be put together: {error}", "correct the master data")
    return made, aside


def build(held: Read, period: Period, of_region: Calendar, employee_id: UUID) -> Made:
    """One employee's facts. Raises NoPost, saying what the master data lack."""
    told = held.states.get(employee_id)
    if told is None:
        raise NoPost("the employee is not known here", "wait for identity's facts, or register the employee")
    state = from_json(told, cache_strings="keys")
    last_day = _last_day(state, period)
    days = held.days.get(employee_id, NO_DAYS)
    calendar = own_calendar(of_region, days.settled, days.scheduled)
    own = held.posts.get(employee_id, [])
    stretches = segments([post for post in own if post.kind == AssignmentKind.DEFINITIF], last_day, calendar)
    unit_code = stretches[-1].attributes.get("unit_code", "")
    employee = _employee(held, state, employee_id, last_day)
    led = held.led.get(employee_id, [])
    planned = employee_id in held.planned
    appraisal = held.appraisals.get(employee_id)
    predikat = appraisal["predikat"] if appraisal else None
    salary = held.salaries.get(employee_id)
    withheld = held.withheld.get(employee_id, Withheld())
    facts = Facts(
        employee=employee,
        start=period.first_day,
        end=period.last_day,
        workdays=calendar.count(),
        segments=leading(stretches, led, employee.is_supervisor),
        predikat=predikat,
        plan_exists=planned,
        predikat_missing=None if predikat else _missing(held, planned),
        attendance=tuple(map(day_of, days.events)),
        acting=acting([post for post in own if post.kind != AssignmentKind.DEFINITIF], own, last_day, calendar),
        salary=salary_of(salary),
        earlier=earlier_of(salary, held.beside.get(employee_id)),
        consents=held.consents.get(employee_id, ()),
        tables=pins(period.first_day),
        tax_year=held.tax_year.get(employee_id),
        carried=withheld.carried,
        held=withheld.held,
        recoveries=tuple(recoveries_of(held.unrecovered.get(employee_id, []), period)),
        corrections=tuple(correction_of(row) for row in held.corrections.get(employee_id, [])),
        ytd=held.earlier.totals(employee_id, unit_code),
        ratings=appraisal["ratings"] if appraisal else {},
        staff=staff_members(led, of_region, last_day),
    )
    about = held.circumstances.about(employee_id, unit_code)
    if about:
        positions = {str(post.assignment_id): post.position_code for post in own}
        facts = with_circumstances(facts, about, calendar.between, positions)
    payee = Payee(employee.nip, employee.name, stretches[-1].unit, state.get("bank"))
    return Made(facts, held.work.get(employee_id, NO_WORK), payee)


def _last_day(state: dict[str, Any], period: Period) -> date:
    left_on = state.get("left_on")
    return min(period.last_day, date.fromisoformat(left_on) - timedelta(days=1)) if left_on else period.last_day


def _employee(held: Read, state: dict[str, Any], employee_id: UUID, day: date) -> Employee:
    """Status, golongan and NIP as they are on a day."""
    status, nip = _on(state["statuses"], day), _on(state["nips"], day)
    if status is None:
        raise NoPost(f"no employment status holds on {day}", "complete the employee's status history in identity")
    of_status = [one["valid_from"] for one in state["statuses"] if one["status_asn"] == status["status_asn"]]
    in_default = employee_id in held.in_default
    return Employee(
        id=str(employee_id),
        nip=nip["nip"] if nip else "",
        name=state["name"],
        status_asn=status["status_asn"],
        golongan=status["golongan"],
        ptkp=held.ptkp.get(employee_id) or state["ptkp"],
        is_supervisor=in_default or leads_on(held.led.get(employee_id, ()), day),
        assessed_staff=not in_default,
        appointed_on=date.fromisoformat(min(of_status)),
    )


def _on(terms: list[dict[str, Any]], day: date) -> dict[str, Any] | None:
    """The newest term that has begun by a day. Days as 2026-01-31 compare as their dates do."""
    begun = [term for term in terms if term["valid_from"] <= day.isoformat()]
    return max(begun, key=itemgetter("valid_from"), default=None)


def _missing(held: Read, planned: bool) -> PredikatMissing:
    if not held.appraised:
        return "not_due"
    return "supervisor_silent" if planned else "no_plan"


def correction_of(row: RowMapping) -> Correction:
    """What is open of a correction, as the facts take it."""
    return Correction(
        id=str(row["correction_id"]),
        period=row["period"],
        cause=row["cause"],
        amount=row["open"],
        paid=row["hash_before"],
        now=row["statement_hash"],
        kind=row["kind"],
        contributes=row["contributes"],
        bpjs_used=row["bpjs_used"],
        tables=pins(date.fromisoformat(f"{row['period']}-01")) if row["contributes"] else (),
    )
