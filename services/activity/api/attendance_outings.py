"""Who was away from the office within a day, with permission or without."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from services.activity.commands.attendance_outings import NewOuting, note_outing, withdraw_outing
from services.activity.queries.attendance import outings_of
from services.activity.schemas.attendance import OutingAnswer, OutingForm
from services.activity.schemas.common import ReasonForm, WorkDate
from services.activity.tables.attendance_scope import check_reading
from shared.auth.caller import Caller
from shared.http import PROBLEMS, Now, UnitOfWorkDep, may

router = APIRouter(responses=PROBLEMS)

Decider = Annotated[Caller, Depends(may("attendance.decide"))]
Reader = Annotated[Caller, Depends(may("attendance.read"))]


@router.post("/outings", status_code=201)
async def record_outing(uow: UnitOfWorkDep, caller: Decider, now: Now, form: OutingForm) -> OutingAnswer:
    """Note an employee's absence within the hours; nobody their own. A settled day is looked at again."""
    return OutingAnswer.model_validate(await note_outing(uow, caller, NewOuting(**form.model_dump()), now))


@router.post("/outings/{outing_id}/withdrawal")
async def withdraw_noted_outing(
    outing_id: UUID, uow: UnitOfWorkDep, caller: Decider, now: Now, form: ReasonForm
) -> OutingAnswer:
    """An outing was noted wrongly; it stays to be read."""
    return OutingAnswer.model_validate(await withdraw_outing(uow, caller, outing_id, form.reason, now))


@router.get("/employees/{employee_id}/outings")
async def list_outings(
    employee_id: UUID,
    uow: UnitOfWorkDep,
    caller: Reader,
    first_day: Annotated[WorkDate, Query()],
    last_day: Annotated[WorkDate, Query()],
) -> list[OutingAnswer]:
    """An employee's outings of these days."""
    await check_reading(uow.session, caller, employee_id, first_day, last_day)
    rows = await outings_of(uow.session, uow.tenant_id, employee_id, first_day, last_day)
    return [OutingAnswer.model_validate(row) for row in rows]
