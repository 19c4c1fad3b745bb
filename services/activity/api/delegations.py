"""Superiors delegate their approvals."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from services.activity.commands.delegations import delegate, end_delegation
from services.activity.queries.days import delegations_of
from services.activity.schemas.days import DelegationAnswer, DelegationForm
from shared.auth.caller import Caller
from shared.auth.policy import Scope
from shared.http import PROBLEMS, Now, UnitOfWorkDep, may

router = APIRouter(prefix="/delegations", tags=["delegations"], responses=PROBLEMS)

Writer = Annotated[Caller, Depends(may("delegation.write"))]

MOST = 500


@router.get("")
async def list_delegations(uow: UnitOfWorkDep, caller: Writer) -> list[DelegationAnswer]:
    """Those one gave or was given; an admin sees the region's. The latest first."""
    person = None if Scope.TENANT in caller.scopes("delegation.write") else caller.person
    rows = await delegations_of(uow.session, uow.tenant_id, person, MOST)
    return [DelegationAnswer.model_validate(row) for row in rows]


@router.post("", status_code=201)
async def give(uow: UnitOfWorkDep, caller: Writer, now: Now, form: DelegationForm) -> DelegationAnswer:
    """Let somebody approve the work of some days in one's stead."""
    row = await delegate(uow, caller, form.delegation(form.superior_id or caller.person), now)
    return DelegationAnswer.model_validate(row)


@router.delete("/{delegation_id}", status_code=204)
async def end(delegation_id: UUID, uow: UnitOfWorkDep, caller: Writer, now: Now) -> None:
    """End a delegation; what was approved under it stays."""
    await end_delegation(uow, caller, delegation_id, now)
