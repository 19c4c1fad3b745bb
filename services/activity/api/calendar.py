"""Days and hours: decisions on them, and what they come to."""

from datetime import date
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query

from services.activity.commands.calendar import NewDecision, decide, withdraw
from services.activity.queries.calendar import CalendarDay, calendar_days, calendar_decisions
from services.activity.rules.calendar_defaults import BUILT_IN
from services.activity.schemas.calendar import (
    AnyDecision,
    CalendarDayAnswer,
    DecisionAnswer,
    Kind,
    PatternAnswer,
)
from services.activity.schemas.common import ReasonForm, WorkDate
from services.activity.tables.calendar_reading import content_of_pattern
from shared.auth.caller import Caller
from shared.errors import Invalid
from shared.http import PROBLEMS, Now, UnitOfWorkDep, may

router = APIRouter(prefix="/calendar", tags=["calendar"], responses=PROBLEMS)

Reader = Annotated[Caller, Depends(may("calendar.read"))]
Writer = Annotated[Caller, Depends(may("calendar.write"))]
LONGEST_LIST = 400  # days


@router.get("/days")
async def list_days(
    uow: UnitOfWorkDep,
    caller: Reader,
    *,
    first_day: Annotated[WorkDate, Query()],
    last_day: Annotated[WorkDate, Query()],
    unit_id: UUID | None = None,
    employee_id: UUID | None = None,
) -> list[CalendarDayAnswer]:
    """Each day with its holiday, expected hours and apel: of the region, a unit, or one employee."""
    _check_span(first_day, last_day)
    zone, days = await calendar_days(
        uow.session, uow.tenant_id, first_day, last_day, unit_id=unit_id, employee_id=employee_id
    )
    return [_day(day, ZoneInfo(zone)) for day in days]


@router.get("/patterns")
async def list_patterns(caller: Reader) -> list[PatternAnswer]:
    """The work patterns that are built in, with the article each follows."""
    return [PatternAnswer.model_validate(content_of_pattern(pattern)) for pattern in BUILT_IN.values()]


@router.get("/decisions")
async def list_decisions(
    uow: UnitOfWorkDep,
    caller: Reader,
    first_day: Annotated[WorkDate, Query()],
    last_day: Annotated[WorkDate, Query()],
    kind: Kind | None = None,
) -> list[DecisionAnswer]:
    """Decisions that touch these days, withdrawn ones too; at most 1,000."""
    rows = await calendar_decisions(uow.session, uow.tenant_id, kind=kind, first=first_day, last=last_day, limit=1000)
    return [DecisionAnswer.model_validate(row) for row in rows]


@router.post("/decisions", status_code=201)
async def make_decision(uow: UnitOfWorkDep, caller: Writer, now: Now, form: AnyDecision) -> DecisionAnswer:
    """Decide on days or hours; the same decision sent twice is one. Settled days are looked at again."""
    new = NewDecision(
        kind=form.kind,
        content=form.content(),
        first_day=form.first_day,
        last_day=form.last_day,
        reason=form.reason,
        unit_id=form.unit_id,
        employee_id=getattr(form, "employee_id", None),
    )
    return DecisionAnswer.model_validate(await decide(uow, caller, new, now))


@router.post("/decisions/{decision_id}/withdrawal")
async def withdraw_decision(
    decision_id: UUID, uow: UnitOfWorkDep, caller: Writer, now: Now, form: ReasonForm
) -> DecisionAnswer:
    """A decision no longer holds; it stays to be read."""
    return DecisionAnswer.model_validate(await withdraw(uow, caller, decision_id, form.reason, now))


def _check_span(first: date, last: date) -> None:
    if not 0 <= (last - first).days < LONGEST_LIST:
        raise Invalid(f"ask for 1 to {LONGEST_LIST} days: last_day lies before first_day, or too far after it")


def _day(day: CalendarDay, zone: ZoneInfo) -> CalendarDayAnswer:
    expected = day.expected
    return CalendarDayAnswer(
        day=day.day,
        working=expected is not None,
        holiday=day.holiday,
        expected_in_at=expected.in_at.astimezone(zone) if expected else None,
        expected_out_at=expected.out_at.astimezone(zone) if expected else None,
        break_minutes=expected.break_minutes if expected else None,
        basis=expected.basis if expected else None,
        apel=day.apel,
    )
