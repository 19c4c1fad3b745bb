"""Employees log their work."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from services.activity.commands.logging import change_activity, log_activities, log_activity
from services.activity.queries.activities import activity_of
from services.activity.schemas.activities import ActivityAnswer, BatchAnswer, BatchForm, EntryForm
from shared.auth.tokens import Caller
from shared.http import PROBLEMS, Now, UnitOfWorkDep, may

router = APIRouter(prefix="/activities", tags=["activities"], responses=PROBLEMS)

Logger = Annotated[Caller, Depends(may("activity.log"))]


@router.post("", status_code=201)
async def log_one(uow: UnitOfWorkDep, caller: Logger, now: Now, form: EntryForm) -> ActivityAnswer:
    """Log an activity; the same entry sent again counts once and is answered as it stands."""
    activity_id = await log_activity(uow, caller, form.entry(), now)
    return ActivityAnswer.of(await activity_of(uow.session, uow.tenant_id, activity_id))


@router.post("/batch")
async def log_many(uow: UnitOfWorkDep, caller: Logger, now: Now, form: BatchForm) -> BatchAnswer:
    """Log a day or an offline backlog; each entry is stored, stored already, or refused with the reason."""
    return BatchAnswer.of(await log_activities(uow, caller, [one.entry() for one in form.entries], now))


@router.put("/{activity_id}")
async def change_one(
    activity_id: UUID, uow: UnitOfWorkDep, caller: Logger, now: Now, form: EntryForm
) -> ActivityAnswer:
    """Correct an activity that waits or was returned; it waits for approval anew. Its client_id is passed over."""
    await change_activity(uow, caller, activity_id, form.entry(), now)
    await uow.session.flush()
    return ActivityAnswer.of(await activity_of(uow.session, uow.tenant_id, activity_id))
