"""Superiors decide on activities, one by one or in bulk."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from services.activity.commands.approvals import (
    approve_activities,
    return_activities,
    the_one,
    withdraw_approvals,
)
from services.activity.schemas.activities import DecidedAnswer, DecidedList
from services.activity.schemas.common import IdsForm, IdsReasonForm, ReasonForm
from shared.auth.caller import Caller
from shared.http import PROBLEMS, Now, UnitOfWorkDep, may

router = APIRouter(prefix="/activities", tags=["approvals"], responses=PROBLEMS)

Approver = Annotated[Caller, Depends(may("activity.approve"))]


@router.post("/approvals")
async def approve_many(uow: UnitOfWorkDep, caller: Approver, now: Now, form: IdsForm) -> DecidedList:
    """Approve many at once; an answer for each."""
    return DecidedList.of(await approve_activities(uow, caller, form.ids, now))


@router.post("/returns")
async def return_many(uow: UnitOfWorkDep, caller: Approver, now: Now, form: IdsReasonForm) -> DecidedList:
    """Return many for correction with one reason; an answer for each."""
    return DecidedList.of(await return_activities(uow, caller, form.ids, form.reason, now))


@router.post("/withdrawals")
async def withdraw_many(uow: UnitOfWorkDep, caller: Approver, now: Now, form: IdsReasonForm) -> DecidedList:
    """Take back many approvals before the period closes; an answer for each."""
    return DecidedList.of(await withdraw_approvals(uow, caller, form.ids, form.reason, now))


@router.post("/{activity_id}/approval")
async def approve_one(activity_id: UUID, uow: UnitOfWorkDep, caller: Approver, now: Now) -> DecidedAnswer:
    """Approve an activity: its minutes count in the month of its work date."""
    return DecidedAnswer.model_validate(the_one(await approve_activities(uow, caller, [activity_id], now)))


@router.post("/{activity_id}/return")
async def return_one(
    activity_id: UUID, uow: UnitOfWorkDep, caller: Approver, now: Now, form: ReasonForm
) -> DecidedAnswer:
    """Return an activity to its employee for correction."""
    decided = await return_activities(uow, caller, [activity_id], form.reason, now)
    return DecidedAnswer.model_validate(the_one(decided))


@router.post("/{activity_id}/withdrawal")
async def withdraw_one(
    activity_id: UUID, uow: UnitOfWorkDep, caller: Approver, now: Now, form: ReasonForm
) -> DecidedAnswer:
    """Take an approval back before the period closes; the activity waits again."""
    decided = await withdraw_approvals(uow, caller, [activity_id], form.reason, now)
    return DecidedAnswer.model_validate(the_one(decided))
