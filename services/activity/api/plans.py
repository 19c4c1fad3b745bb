"""SKP: employees write and submit it, superiors return or approve it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from services.activity.commands.plan_decisions import approve_plan, approve_plans, return_plan
from services.activity.commands.plans import (
    PlanFor,
    begin_version,
    draft_plan,
    link_results,
    rewrite_draft,
    submit_plan,
)
from services.activity.queries.plans import plan_as_shown
from services.activity.schemas.common import IdsForm, ReasonForm
from services.activity.schemas.plans import (
    ContentForm,
    LinksForm,
    PlanAnswer,
    PlanDecidedAnswer,
    PlanDecidedList,
    PlanForm,
    VersionForm,
)
from shared.auth.caller import Caller
from shared.http import PROBLEMS, Now, UnitOfWorkDep, may
from shared.unit_of_work import UnitOfWork

router = APIRouter(prefix="/plans", tags=["plans"], responses=PROBLEMS)

Writer = Annotated[Caller, Depends(may("plan.write"))]
Superior = Annotated[Caller, Depends(may("plan.approve"))]


@router.post("", status_code=201)
async def draft(uow: UnitOfWorkDep, caller: Writer, now: Now, form: PlanForm) -> PlanAnswer:
    """Draft an SKP; results may be linked to the superior's later."""
    what = PlanFor(form.position_id, form.first_day, form.last_day)
    plan_id = await draft_plan(uow, caller, what, form.content(), now)
    return await _shown(uow, plan_id)


@router.put("/{plan_id}")
async def rewrite(plan_id: UUID, uow: UnitOfWorkDep, caller: Writer, now: Now, form: ContentForm) -> PlanAnswer:
    """Write a draft or returned plan anew."""
    await rewrite_draft(uow, caller, plan_id, form.content(), now)
    return await _shown(uow, plan_id)


@router.put("/{plan_id}/links")
async def link(plan_id: UUID, uow: UnitOfWorkDep, caller: Writer, now: Now, form: LinksForm) -> PlanAnswer:
    """Say from which results of the superior's one's own derive."""
    links = {one.result_id: one.superior_result_id for one in form.links}
    await link_results(uow, caller, plan_id, links, now)
    return await _shown(uow, plan_id)


@router.post("/{plan_id}/submission")
async def submit(plan_id: UUID, uow: UnitOfWorkDep, caller: Writer, now: Now) -> PlanAnswer:
    """Hand the plan to the superior."""
    await submit_plan(uow, caller, plan_id, now)
    return await _shown(uow, plan_id)


@router.post("/{plan_id}/versions", status_code=201)
async def change(plan_id: UUID, uow: UnitOfWorkDep, caller: Writer, now: Now, form: VersionForm) -> PlanAnswer:
    """Begin a new version of an approved plan, as a draft that says the same."""
    await begin_version(uow, caller, plan_id, form.valid_from, now)
    return await _shown(uow, plan_id)


@router.post("/approvals")
async def approve_many(uow: UnitOfWorkDep, caller: Superior, now: Now, form: IdsForm) -> PlanDecidedList:
    """Approve the plans of a whole staff; an answer for each."""
    decided = await approve_plans(uow, caller, form.ids, now)
    approved = sum(one.approved for one in decided)
    return PlanDecidedList(
        approved=approved,
        refused=len(decided) - approved,
        plans=[PlanDecidedAnswer.model_validate(one) for one in decided],
    )


@router.post("/{plan_id}/approval")
async def approve(plan_id: UUID, uow: UnitOfWorkDep, caller: Superior, now: Now) -> PlanAnswer:
    """Approve and freeze a submitted plan."""
    await approve_plan(uow, caller, plan_id, now)
    return await _shown(uow, plan_id)


@router.post("/{plan_id}/return")
async def give_back(plan_id: UUID, uow: UnitOfWorkDep, caller: Superior, now: Now, form: ReasonForm) -> PlanAnswer:
    """Return a submitted plan with the reason."""
    await return_plan(uow, caller, plan_id, form.reason, now)
    return await _shown(uow, plan_id)


async def _shown(uow: UnitOfWork, plan_id: UUID) -> PlanAnswer:
    await uow.session.flush()
    return PlanAnswer.model_validate(await plan_as_shown(uow.session, uow.tenant_id, plan_id))
