"""The region's feed of final allowances, for payroll systems without Kafka."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from services.payroll.queries.feed import allowances_after
from services.payroll.schemas.statements import FeedPage
from shared.http import PROBLEMS, UnitOfWorkDep, may

router = APIRouter(tags=["feed"], responses=PROBLEMS)


@router.get("/allowances", dependencies=[Depends(may("allowance.read"))])
async def allowances(
    uow: UnitOfWorkDep,
    after: Annotated[int, Query(ge=0, le=2**62, description="the last sequence that was booked")] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 500,
) -> FeedPage:
    """Final allowances after a sequence, with the control totals of their runs; the same facts as on the topic."""
    found, runs, upto = await allowances_after(uow.session, uow.tenant_id, after=after, limit=limit)
    return FeedPage.of(found, runs, after, upto)
