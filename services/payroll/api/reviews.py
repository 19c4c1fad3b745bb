"""What is looked at before a run is approved: the run beside the one before, and the region's limits."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from services.payroll.commands.limits import Limit, set_limits
from services.payroll.queries.limits import limits_of
from services.payroll.queries.reviews import run_compared
from services.payroll.schemas.reviews import ComparisonOut, LimitOut, LimitsGiven
from shared.auth.caller import Caller
from shared.http import PROBLEMS, Now, UnitOfWorkDep, may

router = APIRouter(tags=["reviews"], responses=PROBLEMS)

Reader = Annotated[Caller, Depends(may("run.read"))]


@router.get("/runs/{run_id}/comparison")
async def compared(run_id: UUID, uow: UnitOfWorkDep, caller: Reader) -> ComparisonOut:
    """A calculated run beside the last approved one of its kind: who changed most and why, who is new or gone, who gets
    nothing, what is above a ceiling or a budget, accounts several people share, missing accounts and NPWP.
    """
    return ComparisonOut.of(await run_compared(uow.session, uow.tenant_id, run_id))


@router.post("/limits", status_code=201)
async def add_limits(
    given: LimitsGiven, uow: UnitOfWorkDep, now: Now, caller: Annotated[Caller, Depends(may("limit.set"))]
) -> list[LimitOut]:
    """Set ceilings of classes and budgets of offices from a day on; all that stand are answered."""
    limits = [Limit(one.kind, one.subject, one.valid_from, one.amount, one.source) for one in given.limits]
    await set_limits(uow, limits, by=caller.actor, now=now)
    return [LimitOut.of(row) for row in await limits_of(uow.session, uow.tenant_id, 5000)]


@router.get("/limits")
async def list_limits(
    uow: UnitOfWorkDep, caller: Reader, limit: Annotated[int, Query(ge=1, le=5000)] = 1000
) -> list[LimitOut]:
    """The region's limits, with the decrees they are from."""
    return [LimitOut.of(row) for row in await limits_of(uow.session, uow.tenant_id, limit)]
