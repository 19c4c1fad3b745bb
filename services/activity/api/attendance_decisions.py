"""Leave, duty, excuses, outages and the roll of an apel."""

from datetime import time, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from services.activity.commands.attendance_decisions import (
    NewDays,
    decide_days,
    note_incident,
    take_roll,
    withdraw_days,
    withdraw_incident,
)
from services.activity.queries.attendance import decisions_of, incidents
from services.activity.rules.calendar_hours import moment
from services.activity.schemas.attendance import (
    DaysDecisionAnswer,
    ExcuseForm,
    IncidentAnswer,
    IncidentForm,
    LeaveForm,
    LeaveRefusalForm,
    RollAnswer,
    RollForm,
)
from services.activity.schemas.common import ReasonForm, WorkDate
from services.activity.tables.attendance_scope import check_reading
from shared.auth.caller import Caller
from shared.directory.queries import tenant
from shared.http import PROBLEMS, Now, UnitOfWorkDep, may

router = APIRouter(responses=PROBLEMS)

Decider = Annotated[Caller, Depends(may("attendance.decide"))]
Reader = Annotated[Caller, Depends(may("attendance.read"))]


@router.post("/leave", status_code=201)
async def record_leave(uow: UnitOfWorkDep, caller: Decider, now: Now, form: LeaveForm) -> DaysDecisionAnswer:
    """Record leave or duty that was granted; nobody their own. Settled days are looked at again."""
    new = NewDays(
        employee_id=form.employee_id,
        first_day=form.first_day,
        last_day=form.last_day,
        away=form.kind,
        excuses=frozenset(),
        reference=form.reference,
        letter=form.letter,
        inpatient=form.inpatient,
        reason=form.reason,
    )
    return DaysDecisionAnswer.model_validate(await decide_days(uow, caller, new, now))


@router.post("/leave-refusals", status_code=201)
async def record_refusal(uow: UnitOfWorkDep, caller: Decider, now: Now, form: LeaveRefusalForm) -> DaysDecisionAnswer:
    """Record leave that was asked for and refused; it changes only what days of absence are called."""
    new = NewDays(
        employee_id=form.employee_id,
        first_day=form.first_day,
        last_day=form.last_day,
        away=None,
        excuses=frozenset(),
        reference=form.reference,
        reason=form.reason,
        refused=form.kind,
    )
    return DaysDecisionAnswer.model_validate(await decide_days(uow, caller, new, now))


@router.post("/excuses", status_code=201)
async def record_excuse(uow: UnitOfWorkDep, caller: Decider, now: Now, form: ExcuseForm) -> DaysDecisionAnswer:
    """What is not held against an employee on some days; nobody excuses themselves."""
    new = NewDays(
        employee_id=form.employee_id,
        first_day=form.first_day,
        last_day=form.last_day,
        away=None,
        excuses=frozenset(form.excuses),
        reference=form.reference,
        reason=form.reason,
    )
    return DaysDecisionAnswer.model_validate(await decide_days(uow, caller, new, now))


@router.post("/decisions/{decision_id}/withdrawal")
async def withdraw_decision(
    decision_id: UUID, uow: UnitOfWorkDep, caller: Decider, now: Now, form: ReasonForm
) -> DaysDecisionAnswer:
    """Leave, duty or an excuse no longer holds; it stays to be read."""
    return DaysDecisionAnswer.model_validate(await withdraw_days(uow, caller, decision_id, form.reason, now))


@router.get("/employees/{employee_id}/decisions")
async def list_decisions(
    employee_id: UUID,
    uow: UnitOfWorkDep,
    caller: Reader,
    first_day: Annotated[WorkDate, Query()],
    last_day: Annotated[WorkDate, Query()],
) -> list[DaysDecisionAnswer]:
    """An employee's leave, duty and excuses that touch these days."""
    await check_reading(uow.session, caller, employee_id, first_day, last_day)
    rows = await decisions_of(uow.session, uow.tenant_id, employee_id, first_day, last_day)
    return [DaysDecisionAnswer.model_validate(row) for row in rows]


@router.post("/incidents", status_code=201)
async def record_incident(uow: UnitOfWorkDep, caller: Decider, now: Now, form: IncidentForm) -> IncidentAnswer:
    """Nobody could punch between two moments: those minutes and punches are held against nobody."""
    row = await note_incident(
        uow, caller, form.started_at, form.ended_at, unit_id=form.unit_id, reason=form.reason, now=now
    )
    return IncidentAnswer.model_validate(row)


@router.post("/incidents/{incident_id}/withdrawal")
async def withdraw_outage(
    incident_id: UUID, uow: UnitOfWorkDep, caller: Decider, now: Now, form: ReasonForm
) -> IncidentAnswer:
    """An outage was recorded wrongly; it stays to be read."""
    return IncidentAnswer.model_validate(await withdraw_incident(uow, caller, incident_id, form.reason, now))


@router.get("/incidents")
async def list_incidents(
    uow: UnitOfWorkDep,
    caller: Reader,
    first_day: Annotated[WorkDate, Query()],
    last_day: Annotated[WorkDate, Query()],
) -> list[IncidentAnswer]:
    """Outages that touch these days."""
    zone = (await tenant(uow.session, uow.tenant_id)).zone
    opens, closes = moment(zone, first_day, time(0)), moment(zone, last_day + timedelta(days=1), time(0))
    return [IncidentAnswer.model_validate(row) for row in await incidents(uow.session, uow.tenant_id, opens, closes)]


@router.put("/apel-rolls")
async def put_roll(uow: UnitOfWorkDep, caller: Decider, now: Now, form: RollForm) -> RollAnswer:
    """The roll of an apel; it stands over the punches of the day."""
    people = await take_roll(uow, caller, form.day, form.unit_id, attended=form.attended, now=now)
    return RollAnswer(people=people)
