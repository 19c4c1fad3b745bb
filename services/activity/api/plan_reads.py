"""SKP as they are seen: one's own, one's staff's, a unit's, and what one's own may derive from."""

from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from services.activity.queries.plan_scope import employees_asked_for
from services.activity.queries.plans import plan_as_shown, plans_of, results_of_superiors
from services.activity.rules.plans import PlanState
from services.activity.schemas.common import WorkDate
from services.activity.schemas.plans import PlanAnswer, PlanPage, SuperiorResultAnswer
from services.activity.tables.scope import Span, spans_seen
from shared.auth.caller import Caller
from shared.http import PROBLEMS, UnitOfWorkDep, may

router = APIRouter(prefix="/plans", tags=["plans"], responses=PROBLEMS)

Reader = Annotated[Caller, Depends(may("plan.read"))]
Writer = Annotated[Caller, Depends(may("plan.write"))]


@dataclass(frozen=True, slots=True)
class Asked:
    of: Literal["self", "staff", "unit"]
    employee_id: UUID | None
    state: PlanState | None
    after: UUID | None
    limit: int


async def _asked(
    of: Literal["self", "staff", "unit"] = "self",
    employee_id: UUID | None = None,
    state: PlanState | None = None,
    after: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Asked:
    return Asked(of, employee_id, state, after, limit)


AskedDep = Annotated[Asked, Depends(_asked)]


@router.get("")
async def list_plans(uow: UnitOfWorkDep, caller: Reader, asked: AskedDep, day: WorkDate) -> PlanPage:
    """Plans that hold on a day: of oneself, one's staff, one's units, or one employee (`employee_id`)."""
    employees = await employees_asked_for(uow.session, caller, asked.of, asked.employee_id, day)
    plans = await plans_of(
        uow.session,
        uow.tenant_id,
        employees,
        day=day,
        state=asked.state,
        after=asked.after,
        limit=asked.limit,
    )
    last = plans[-1].plan_id if len(plans) == asked.limit else None
    return PlanPage(plans=[PlanAnswer.model_validate(plan) for plan in plans], next=last)


@router.get("/superior-results")
async def list_superior_results(uow: UnitOfWorkDep, caller: Writer, day: WorkDate) -> list[SuperiorResultAnswer]:
    """The results of one's superiors that one's own may derive from."""
    results = await results_of_superiors(uow.session, uow.tenant_id, caller.person, day)
    return [SuperiorResultAnswer.model_validate(result) for result in results]


@router.get("/{plan_id}")
async def show_plan(
    plan_id: UUID,
    uow: UnitOfWorkDep,
    caller: Reader,
    version: Annotated[int | None, Query(ge=1, le=10_000)] = None,
) -> PlanAnswer:
    """A version of a plan; the newest where none is named."""
    plan = await plan_as_shown(uow.session, uow.tenant_id, plan_id, version)
    await spans_seen(uow.session, caller, "plan.read", Span(plan.employee_id, plan.first_day, plan.last_day))
    return PlanAnswer.model_validate(plan)
