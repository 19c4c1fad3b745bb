"""Employees log their work."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from services.activity.commands.logging import change_activity, log_activities, log_activity
from services.activity.queries.activities import activities_in, activity_of, waiting_for
from services.activity.rules.approval import State
from services.activity.rules.entries import Outcome
from services.activity.schemas.activities import (
    ActivityAnswer,
    ActivityPage,
    BatchAnswer,
    BatchForm,
    EntryForm,
)
from services.activity.schemas.common import Days, PageDep
from services.activity.tables.scope import Span, spans_seen
from shared.auth.caller import Caller
from shared.http import PROBLEMS, BriefUnitOfWorkDep, Now, UnitOfWorkDep, may

router = APIRouter(prefix="/activities", tags=["activities"], responses=PROBLEMS)

Reader = Annotated[Caller, Depends(may("activity.read"))]
Approver = Annotated[Caller, Depends(may("activity.approve"))]
Logger = Annotated[Caller, Depends(may("activity.log"))]


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose activities, and in which state; None: one's own, in all."""

    employee_id: UUID | None
    state: State | None


async def _asked(employee_id: UUID | None = None, state: State | None = None) -> Asked:
    return Asked(employee_id, state)


AskedDep = Annotated[Asked, Depends(_asked)]


@router.post("", status_code=201)
async def log_one(uow: BriefUnitOfWorkDep, caller: Logger, now: Now, form: EntryForm) -> ActivityAnswer:
    """Log an activity; the same entry sent again counts once and is answered as it stands."""
    verdict = await log_activity(uow, caller, form.entry(), now)
    if verdict.outcome is Outcome.STORED:
        return ActivityAnswer.of_stored(caller.person, verdict, now)
    whole = await uow.whole()
    return ActivityAnswer.of(await activity_of(whole.session, uow.tenant_id, verdict.activity_id))


@router.post("/batch")
async def log_many(uow: BriefUnitOfWorkDep, caller: Logger, now: Now, form: BatchForm) -> BatchAnswer:
    """Log a day or an offline backlog; each entry is stored, stored already, or refused with the reason."""
    return BatchAnswer.of(await log_activities(uow, caller, [one.entry() for one in form.entries], now))


@router.put("/{activity_id}")
async def change_one(
    activity_id: UUID, uow: BriefUnitOfWorkDep, caller: Logger, now: Now, form: EntryForm
) -> ActivityAnswer:
    """Correct an activity that waits or was returned; it waits for approval anew. Its client_id is passed over."""
    await change_activity(uow, caller, activity_id, form.entry(), now)
    whole = await uow.whole()
    await whole.session.flush()
    return ActivityAnswer.of(await activity_of(whole.session, uow.tenant_id, activity_id))


@router.get("")
async def list_activities(
    uow: UnitOfWorkDep, caller: Reader, days: Days, page: PageDep, asked: AskedDep
) -> ActivityPage:
    """One's own activities, or those of somebody whose superior or kepegawaian one was on the days; by day."""
    span = Span(asked.employee_id or caller.person, days.first_day, days.last_day)
    spans = await spans_seen(uow.session, caller, "activity.read", span)
    rows = await activities_in(uow.session, uow.tenant_id, spans, state=asked.state, after=page.after, limit=page.limit)
    return ActivityPage.of(rows, page.limit)


@router.get("/waiting")
async def list_waiting(uow: UnitOfWorkDep, caller: Approver, page: PageDep) -> ActivityPage:
    """What waits for one's decision as superior, Plt, Plh or delegate, oldest first."""
    return ActivityPage.of(await waiting_for(uow.session, caller, after=page.after, limit=page.limit), page.limit)


@router.get("/{activity_id}")
async def show_one(activity_id: UUID, uow: UnitOfWorkDep, caller: Reader) -> ActivityAnswer:
    """An activity as it stands."""
    row = await activity_of(uow.session, uow.tenant_id, activity_id)
    await spans_seen(uow.session, caller, "activity.read", Span(row.employee_id, row.work_date, row.work_date))
    return ActivityAnswer.of(row)
