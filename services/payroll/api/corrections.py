"""Corrections of paid months: what caused them, both statements side by side, and what is still open."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from services.payroll.queries.corrections import causes_of, correction_detail, corrections_of
from services.payroll.schemas.corrections import CorrectionDetailOut, CorrectionOut, CorrectionPage
from services.payroll.schemas.periods import MONTH
from shared.auth.caller import Caller
from shared.auth.policy import Scope
from shared.errors import NotFound
from shared.http import PROBLEMS, UnitOfWorkDep, may

router = APIRouter(prefix="/corrections", tags=["corrections"], responses=PROBLEMS)

Reader = Annotated[Caller, Depends(may("correction.read"))]


@router.get("")
async def listed(
    uow: UnitOfWorkDep,
    caller: Reader,
    period: Annotated[str, Query(pattern=MONTH, description="the paid month")],
    after: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> CorrectionPage:
    """What a paid month was looked at again for, and what came of it; of others only for those who see all."""
    everybody = Scope.TENANT in caller.scopes("correction.read")
    found = await corrections_of(
        uow.session,
        uow.tenant_id,
        period,
        employee_id=None if everybody else caller.person,
        after=after,
        limit=limit,
    )
    causes = await causes_of(uow.session, uow.tenant_id, period) if everybody else []
    return CorrectionPage.page(causes, found, limit)


@router.get("/own")
async def own(uow: UnitOfWorkDep, caller: Reader) -> list[CorrectionOut]:
    """The caller's own, of all months."""
    found = await corrections_of(uow.session, uow.tenant_id, None, employee_id=caller.person, after=None, limit=120)
    return [CorrectionOut.of(one) for one in found]


@router.get("/{correction_id}")
async def one(correction_id: UUID, uow: UnitOfWorkDep, caller: Reader) -> CorrectionDetailOut:
    """A correction: what was paid, what it comes to now, and the difference line by line."""
    found = await correction_detail(uow.session, uow.tenant_id, correction_id)
    if Scope.TENANT not in caller.scopes("correction.read") and found.row.employee_id != caller.employee_id:
        # whether somebody else's correction exists is not told either
        raise NotFound(f"there is no correction {correction_id}")
    return CorrectionDetailOut.of_detail(found)
