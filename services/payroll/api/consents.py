"""Consents: zakat and its like are taken from nobody who has not said so."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from services.payroll.commands.consents import end_consent, give_consent, may_give
from services.payroll.queries.consents import consents_of
from services.payroll.schemas.consents import ConsentEnd, ConsentGiven, ConsentOut
from shared.auth.caller import Caller
from shared.auth.policy import Scope
from shared.http import PROBLEMS, Now, UnitOfWorkDep, may

router = APIRouter(prefix="/consents", tags=["consents"], responses=PROBLEMS)

Giver = Annotated[Caller, Depends(may("consent.give"))]


@router.post("", status_code=201)
async def give(given: ConsentGiven, uow: UnitOfWorkDep, now: Now, caller: Giver) -> ConsentOut:
    """Consent to a contribution for oneself; the treasurer records a letter of somebody else."""
    whose = given.employee_id or caller.person
    may_give(whose, caller.employee_id, for_anybody=Scope.TENANT in caller.scopes("consent.give"))
    row = await give_consent(
        uow,
        employee_id=whose,
        kind=given.kind,
        percent=given.percent,
        days=(given.valid_from, given.valid_to),
        reference=given.reference,
        by=caller.actor,
        now=now,
    )
    return ConsentOut.of(row)


@router.post("/{consent_id}/end")
async def end(consent_id: UUID, given: ConsentEnd, uow: UnitOfWorkDep, now: Now, caller: Giver) -> ConsentOut:
    """Let a consent end; what was taken while it held stays."""
    row = await end_consent(
        uow,
        consent_id=consent_id,
        last_day=given.last_day,
        by=caller.actor,
        of_anybody=Scope.TENANT in caller.scopes("consent.give"),
        now=now,
    )
    return ConsentOut.of(row)


@router.get("")
async def listed(
    uow: UnitOfWorkDep,
    caller: Annotated[Caller, Depends(may("consent.read"))],
    employee: Annotated[UUID | None, Query(description="whose; without it, all that one may see")] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> list[ConsentOut]:
    """Consents, the newest first: one's own, or the region's."""
    everybody = Scope.TENANT in caller.scopes("consent.read")
    whose = employee if everybody else caller.person
    return [ConsentOut.of(row) for row in await consents_of(uow.session, uow.tenant_id, whose, limit=limit)]
