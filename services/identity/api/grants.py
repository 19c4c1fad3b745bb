"""Roles given and ended."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from services.identity.commands import grants as commands
from services.identity.queries import accounts as queries
from services.identity.schemas.accounts import GrantGiven, GrantTold
from services.identity.schemas.organisation import LastDayGiven, MadeTold
from services.identity.schemas.values import Day
from shared.auth.caller import Caller
from shared.http import PROBLEMS, Now, UnitOfWorkDep, may

router = APIRouter(tags=["grants"], prefix="/grants", responses=PROBLEMS)
Administers = Annotated[Caller, Depends(may("grant.administer"))]


@router.get("")
async def grants(
    caller: Administers,
    uow: UnitOfWorkDep,
    account_id: UUID | None = None,
    day: Annotated[Day | None, Query()] = None,
) -> list[GrantTold]:
    """Of one account or all; in force on a day, or all there ever were (2,000 at most)."""
    asked: date | None = day
    rows = await queries.grants(uow.session, caller.tenant_id, account_id, asked)
    return [GrantTold.model_validate(row) for row in rows]


@router.post("", status_code=201)
async def give(given: GrantGiven, caller: Administers, uow: UnitOfWorkDep, now: Now) -> MadeTold:
    """Give a role by day. Refused for one's own account. The account's access tokens are void at once."""
    grant_id = await commands.give_grant(
        uow,
        now,
        caller.account_id,
        given.account_id,
        role=given.role,
        unit_id=given.unit_id,
        valid_from=given.valid_from,
        valid_to=given.valid_to,
    )
    return MadeTold(id=grant_id)


@router.post("/{grant_id}/end", status_code=204)
async def end(grant_id: UUID, given: LastDayGiven, caller: Administers, uow: UnitOfWorkDep, now: Now) -> Response:
    """Its last day; the day before its first takes it back."""
    await commands.end_grant(uow, now, caller.account_id, grant_id, given.last_day)
    return Response(status_code=204)
