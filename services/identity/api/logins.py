"""Logging in, refreshing, logging out, one's own password and sessions."""

from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from services.identity.api.hasher import Hasher
from services.identity.api.signing import HasherDep, SignerDep
from services.identity.commands import accounts as account_commands
from services.identity.commands import logins
from services.identity.commands.logins import Device
from services.identity.queries import accounts
from services.identity.queries.accounts import Credentials
from services.identity.rules import access, passwords
from services.identity.schemas.accounts import (
    LoginGiven,
    MeTold,
    PasswordGiven,
    RefreshGiven,
    RoleTold,
    SessionTold,
    TokensTold,
)
from shared.auth.caller import Caller
from shared.auth.policy import Role
from shared.errors import Fault, Invalid, NotFound, Unauthenticated
from shared.http import PROBLEMS, Now, UnitOfWorkDep, may
from shared.http.dependencies import DoorDep
from shared.nip import normalise
from shared.unit_of_work import unit_of_work

router = APIRouter(tags=["login"], responses=PROBLEMS)
SetsPassword = Annotated[Caller, Depends(may("account.password"))]
Own = Annotated[Caller, Depends(may("account.own"))]

_WRONG = "the region, NIP or password is wrong"  # one answer, whatever of it is; ASVS 6.3.8


@dataclass(frozen=True, slots=True)
class Proof:
    """How a password fits an account."""

    own: bool
    one_time: bool


@router.post("/sessions")
async def log_in(
    *, given: LoginGiven, request: Request, door: DoorDep, hasher: HasherDep, signer: SignerDep, now: Now
) -> TokensTold:
    """Log in with NIP and password. The first time the token is good for setting a password alone."""
    login, device = _login_name(given.nip), _device(request)
    tries = _tries(given.tenant_id, login, device.address)
    async with unit_of_work(door.sessions, given.tenant_id) as uow:
        await logins.count_attempt(uow, now, tries)
        held = await accounts.credentials(uow.session, given.tenant_id, login)
    proof = await _prove(hasher, held, given.password, now)
    if held is None or not (proof.own or proof.one_time):
        raise Unauthenticated(_WRONG)
    fresh = await _rehashed(hasher, held, given.password) if proof.own else None
    async with unit_of_work(door.sessions, given.tenant_id) as uow:
        await logins.give_back(uow, tries)
        if fresh and held.password_hash:
            await logins.rehash(uow, held.account_id, held.password_hash, fresh)
        opened = await logins.open_session(uow, now, held.account_id, device, one_time=not proof.own)
    return signer.tokens(opened)


@router.post("/sessions/refresh")
async def refresh(given: RefreshGiven, door: DoorDep, signer: SignerDep, now: Now) -> TokensTold:
    """The next pair of tokens. A refresh token that comes a second time ends its session: somebody else has it."""
    tenant_id, _, _ = given.refresh_token.partition("~")
    if not tenant_id or len(tenant_id) > 5 or not tenant_id.replace(".", "").isascii():
        raise Unauthenticated("the refresh token is not valid: log in again")
    async with unit_of_work(door.sessions, tenant_id) as uow:
        opened = await logins.refresh(uow, now, given.refresh_token)
    if opened is None:  # said after the commit, which has ended the family of a token used twice
        raise Unauthenticated("the refresh token is not valid any more: log in again")
    return signer.tokens(opened)


@router.get("/me")
async def who_am_i(caller: Own) -> MeTold:
    """Who the token says one is."""
    return MeTold(
        tenant_id=caller.tenant_id,
        account_id=caller.account_id,
        session_id=caller.session_id,
        employee_id=caller.employee_id,
        name=caller.name,
        grants=[RoleTold.model_validate(grant) for grant in caller.grants],
    )


@router.put("/me/password")
async def set_password(
    *,
    given: PasswordGiven,
    caller: SetsPassword,
    request: Request,
    door: DoorDep,
    hasher: HasherDep,
    signer: SignerDep,
    now: Now,
) -> TokensTold:
    """Set one's own password. Every session ends, and a new one begins with the tokens answered."""
    tries = [(access.PER_ACCOUNT, access.attempt_key(access.PER_ACCOUNT, caller.tenant_id, str(caller.account_id)))]
    async with unit_of_work(door.sessions, caller.tenant_id) as uow:
        await logins.count_attempt(uow, now, tries)
        held = await accounts.credentials_of(uow.session, caller.tenant_id, caller.account_id)
    if Role.NEWCOMER not in caller.roles and not await hasher.verify(held.password_hash, given.current or ""):
        raise Invalid("the present password is wrong", (_fault("current", "it is wrong", "type it again"),))
    weakness = passwords.weakness(given.new, (held.login, held.name))
    if weakness is not None:
        raise Invalid("this password cannot be used", (_fault("new", weakness, "choose another"),))
    password_hash = await hasher.hash(given.new)
    async with unit_of_work(door.sessions, caller.tenant_id) as uow:
        await account_commands.set_password(uow, now, caller.account_id, held.password_hash, password_hash)
        opened = await logins.open_session(uow, now, caller.account_id, _device(request), one_time=False)
    return signer.tokens(opened)


@router.get("/sessions")
async def own_sessions(caller: Own, uow: UnitOfWorkDep) -> list[SessionTold]:
    """One's own logins that have not ended."""
    return await listed(uow.session, caller, caller.account_id)


@router.delete("/sessions/current", status_code=204)
async def log_out(caller: Own, uow: UnitOfWorkDep, now: Now) -> Response:
    """Ends this login, its refresh token and its access tokens."""
    await logins.log_out(uow, now, caller.account_id, caller.session_id, "logged out")
    return Response(status_code=204)


@router.delete("/sessions/{session_id}", status_code=204)
async def end_own_session(session_id: UUID, caller: Own, uow: UnitOfWorkDep, now: Now) -> Response:
    """Ends one of one's own logins, as that of a lost phone."""
    own = await accounts.sessions(uow.session, caller.tenant_id, caller.account_id)
    if session_id not in {one.session_id for one in own}:
        raise NotFound("you have no such session, or it has ended")
    await logins.log_out(uow, now, caller.account_id, session_id, "ended by its owner")
    return Response(status_code=204)


async def listed(session: AsyncSession, caller: Caller, account_id: UUID) -> list[SessionTold]:
    rows = await accounts.sessions(session, caller.tenant_id, account_id)
    return [
        SessionTold.model_validate(row).model_copy(update={"current": row.session_id == caller.session_id})
        for row in rows
    ]


async def _prove(hasher: Hasher, held: Credentials | None, password: str, now: datetime) -> Proof:
    """The same work whether there is an account or not, and whichever password it has."""
    own = await hasher.verify(held.password_hash if held else None, password)
    digest = (held.one_time_digest if held else None) or bytes(32)
    matches = compare_digest(digest, access.one_time_digest(password))
    in_time = held is not None and held.one_time_until is not None and now <= held.one_time_until
    return Proof(own, matches and in_time)


async def _rehashed(hasher: Hasher, held: Credentials, password: str) -> str | None:
    if held.password_hash and hasher.outdated(held.password_hash):
        return await hasher.hash(password)
    return None


def _tries(tenant_id: str, login: str, address: str) -> logins.Tries:
    parts = {
        access.PER_ACCOUNT_AND_ADDRESS: (tenant_id, login, address),
        access.PER_ACCOUNT: (tenant_id, login),
        access.PER_ADDRESS: (address,),
    }
    return [(limit, access.attempt_key(limit, *key)) for limit, key in parts.items()]


def _login_name(text: str) -> str:
    """A NIP in whatever way it is written, or a name."""
    digits = normalise(text)
    return digits if digits.isdigit() else text.casefold()


def _device(request: Request) -> Device:
    address = request.client.host if request.client else "unknown"
    name = request.headers.get("user-agent", "unknown")
    return Device(address[:64], "".join(one for one in name if one.isprintable())[:200])


def _fault(place: str, message: str, remedy: str) -> Fault:
    return Fault(place=place, message=message, remedy=remedy)
