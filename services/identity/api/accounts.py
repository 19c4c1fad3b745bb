"""Accounts, as an administrator sees to them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from services.identity.api.logins import listed
from services.identity.commands import accounts as commands
from services.identity.commands import logins
from services.identity.commands.accounts import lock_account
from services.identity.queries import accounts as queries
from services.identity.schemas.accounts import (
    AccountsTold,
    AccountTold,
    DisabledGiven,
    EmployeesGiven,
    NamedAccountGiven,
    OneTimesTold,
    OneTimeTold,
    SessionTold,
)
from shared.auth.caller import Caller
from shared.errors import Refused
from shared.http import PROBLEMS, Now, UnitOfWorkDep, may
from shared.texts import Name

router = APIRouter(tags=["accounts"], prefix="/accounts", responses=PROBLEMS)
Administers = Annotated[Caller, Depends(may("account.administer"))]
Limit = Annotated[int, Query(ge=1, le=500)]
After = Annotated[str, Query(max_length=200)]


@router.get("")
async def accounts(
    caller: Administers,
    uow: UnitOfWorkDep,
    search: Annotated[Name | None, Query()] = None,
    after: After = "",
    limit: Limit = 100,
) -> AccountsTold:
    """By login; `search` is a part of the name or the beginning of the NIP."""
    rows = await queries.accounts(uow.session, caller.tenant_id, search, after, limit)
    told = [AccountTold.model_validate(row) for row in rows]
    return AccountsTold(accounts=told, after=told[-1].login if len(told) == limit else None)


@router.post("", status_code=201)
async def add_named_account(given: NamedAccountGiven, caller: Administers, uow: UnitOfWorkDep, now: Now) -> OneTimeTold:
    """An account that is no employee's, such as an auditor's; it may do nothing until it is given a role."""
    made = await commands.create_named_account(uow, now, given.login, given.name)
    return OneTimeTold.model_validate(made)


@router.post("/import", status_code=201)
async def add_accounts(given: EmployeesGiven, caller: Administers, uow: UnitOfWorkDep, now: Now) -> OneTimesTold:
    """Accounts for employees who have none, with one-time passwords: shown here once, and never again."""
    made = await commands.create_accounts(uow, now, given.employee_ids)
    return OneTimesTold(accounts=[OneTimeTold.model_validate(one) for one in made])


@router.get("/{account_id}")
async def account(account_id: UUID, caller: Administers, uow: UnitOfWorkDep) -> AccountTold:
    return AccountTold.model_validate(await queries.account(uow.session, caller.tenant_id, account_id))


@router.post("/{account_id}/one-time-password")
async def hand_out_anew(account_id: UUID, caller: Administers, uow: UnitOfWorkDep, now: Now) -> OneTimeTold:
    """For somebody who has forgotten theirs: every session of the account ends."""
    return OneTimeTold.model_validate(await commands.hand_out_anew(uow, now, account_id))


@router.put("/{account_id}/disabled", status_code=204)
async def switch(account_id: UUID, given: DisabledGiven, caller: Administers, uow: UnitOfWorkDep, now: Now) -> Response:
    """Shut an account out at once, or let it in again."""
    if account_id == caller.account_id and given.disabled:
        raise Refused("you would shut yourself out: another administrator must do it")
    await commands.switch(uow, now, account_id, disabled=given.disabled)
    return Response(status_code=204)


@router.get("/{account_id}/sessions")
async def sessions(account_id: UUID, caller: Administers, uow: UnitOfWorkDep) -> list[SessionTold]:
    await queries.account(uow.session, caller.tenant_id, account_id)
    return await listed(uow.session, caller, account_id)


@router.delete("/{account_id}/sessions", status_code=204)
async def end_sessions(account_id: UUID, caller: Administers, uow: UnitOfWorkDep, now: Now) -> Response:
    """Ends every login of an account; its access tokens are void in every service within a second or so."""
    account = await lock_account(uow, account_id)
    await commands.end_all_sessions(uow, now, account, "ended by an administrator")
    return Response(status_code=204)


@router.delete("/{account_id}/sessions/{session_id}", status_code=204)
async def end_session(
    account_id: UUID, session_id: UUID, caller: Administers, uow: UnitOfWorkDep, now: Now
) -> Response:
    await logins.log_out(uow, now, account_id, session_id, "ended by an administrator")
    return Response(status_code=204)
