"""Employees plan their days."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from services.activity.commands.targets import plan_day
from services.activity.queries.days import targets_of
from services.activity.schemas.common import Days, WorkDate
from services.activity.schemas.days import TargetAnswer, TargetsForm
from services.activity.tables.scope import Span, spans_seen
from shared.auth.caller import Caller
from shared.http import PROBLEMS, UnitOfWorkDep, may

router = APIRouter(prefix="/targets", tags=["targets"], responses=PROBLEMS)

Reader = Annotated[Caller, Depends(may("activity.read"))]
Planner = Annotated[Caller, Depends(may("activity.log"))]


@router.put("/{work_date}")
async def plan(work_date: WorkDate, uow: UnitOfWorkDep, caller: Planner, form: TargetsForm) -> list[TargetAnswer]:
    """Plan a day's targets, in the place of those there were."""
    await plan_day(uow, caller, work_date, [one.target() for one in form.targets])
    rows = await targets_of(uow.session, uow.tenant_id, caller.person, work_date, work_date)
    return [TargetAnswer.model_validate(row) for row in rows]


@router.get("")
async def list_targets(
    uow: UnitOfWorkDep, caller: Reader, days: Days, employee_id: UUID | None = None
) -> list[TargetAnswer]:
    """The targets of one's own days, or of somebody whose superior or kepegawaian one was on them."""
    person = employee_id or caller.person
    spans = await spans_seen(uow.session, caller, "activity.read", Span(person, days.first_day, days.last_day))
    rows = [
        row
        for span in spans
        for row in await targets_of(uow.session, uow.tenant_id, person, span.first_day, span.last_day)
    ]
    return [TargetAnswer.model_validate(row) for row in rows]
