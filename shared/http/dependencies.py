"""What a route asks for: the caller with the right to act, the moment, and one transaction."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

import structlog
from fastapi import Depends, Request
from sqlalchemy import select

from shared.auth.caller import Caller
from shared.auth.policy import ACTIONS
from shared.auth.tokens import LEEWAY_S, LIFETIME_S, Keys, verify
from shared.brief import BriefUnitOfWork, brief_unit_of_work
from shared.db import Sessions
from shared.directory.tables import RevocationRow
from shared.errors import Forbidden, TooMany, Unauthenticated
from shared.settings import Settings
from shared.unit_of_work import UnitOfWork, unit_of_work

_REVOCATIONS_FRESH_S = 1.0
_VERIFIED_FOR_S = 30.0  # who works on sends the same token again and again
_VERIFIED_AT_MOST = 20_000


@dataclass
class Door:
    """What an API process holds for its requests."""

    settings: Settings
    sessions: Sessions
    keys: Keys
    buckets: dict[str, tuple[float, float]] = field(default_factory=dict)
    verified: dict[str, tuple[Caller, float]] = field(default_factory=dict)
    revocations: dict[str, tuple[float, dict[UUID, list[tuple[UUID | None, datetime]]]]] = field(default_factory=dict)

    def take(self, tenant_id: str) -> None:
        """One request of a tenant's fair share; raises TooMany when it is used up."""
        rate = self.settings.requests_per_second
        left, then = self.buckets.get(tenant_id, (2.0 * rate, time.monotonic()))
        now = time.monotonic()
        left = min(2.0 * rate, left + (now - then) * rate)
        if left < 1:
            raise TooMany("this region sends more requests than its share; try again in a second")
        self.buckets[tenant_id] = (left - 1, now)

    async def caller_of(self, token: str) -> Caller:
        """The caller a token names; checked again after half a minute or at its end. Raises Unauthenticated."""
        caller, good_until = self.verified.get(token, (None, 0.0))
        if caller is None or time.monotonic() > good_until:
            caller = await verify(token, self.keys, issuer=self.settings.issuer)
            if len(self.verified) >= _VERIFIED_AT_MOST:
                self.verified.clear()
            left = (caller.issued_at - datetime.now(UTC)).total_seconds() + LIFETIME_S + LEEWAY_S
            self.verified[token] = (caller, time.monotonic() + min(left, _VERIFIED_FOR_S))
        return caller

    async def revoked(self, caller: Caller) -> bool:
        """Whether identity has ended the caller's session since the token was issued."""
        fresh_until, by_account = self.revocations.get(caller.tenant_id, (0.0, {}))
        if time.monotonic() > fresh_until:
            by_account = await self._read_revocations(caller.tenant_id)
            self.revocations[caller.tenant_id] = (time.monotonic() + _REVOCATIONS_FRESH_S, by_account)
        return any(
            session_id in (None, caller.session_id) and caller.issued_at < issued_before
            for session_id, issued_before in by_account.get(caller.account_id, [])
        )

    async def _read_revocations(self, tenant_id: str) -> dict[UUID, list[tuple[UUID | None, datetime]]]:
        """Those that can still matter: no token lives longer than its lifetime and the leeway."""
        oldest = datetime.now(UTC) - timedelta(seconds=LIFETIME_S + 2 * LEEWAY_S)
        found: dict[UUID, list[tuple[UUID | None, datetime]]] = {}
        async with unit_of_work(self.sessions, tenant_id) as uow:
            rows = await uow.session.execute(
                select(RevocationRow.account_id, RevocationRow.session_id, RevocationRow.issued_before).where(
                    RevocationRow.tenant_id == tenant_id, RevocationRow.issued_before > oldest
                )
            )
            for account_id, session_id, issued_before in rows.all():
                found.setdefault(account_id, []).append((session_id, issued_before))
        return found


async def door(request: Request) -> Door:  # async, as FastAPI sends what is not to another thread
    held: Door = request.app.state.door
    return held


DoorDep = Annotated[Door, Depends(door)]


async def caller_of(request: Request) -> Caller:
    """The caller the bearer token names. Raises Unauthenticated."""
    door: Door = request.app.state.door  # not a dependency: FastAPI walks to each again wherever it is named
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated("send the access token as: Authorization: Bearer <token>")
    caller = await door.caller_of(token.strip())
    door.take(caller.tenant_id)
    if await door.revoked(caller):
        raise Unauthenticated("this session was ended: log in again")
    structlog.contextvars.bind_contextvars(tenant=caller.tenant_id, account=str(caller.account_id))
    return caller


CallerDep = Annotated[Caller, Depends(caller_of)]


def may(action: str) -> Callable[[Caller], Awaitable[Caller]]:
    """A dependency: the caller, if any of their roles may do this over anybody; over whom, the command checks."""
    rule = ACTIONS[action]

    async def allowed(caller: CallerDep) -> Caller:
        if not rule.scope_for(caller.roles):
            raise Forbidden(f"none of this account's roles may do this: {rule.text}", action=action)
        return caller

    marked: Any = allowed
    marked.action = action
    return allowed


async def transaction(request: Request, caller: CallerDep) -> AsyncIterator[UnitOfWork]:
    async with unit_of_work(request.app.state.door.sessions, caller.tenant_id) as uow:
        yield uow


# scope="function": commit before the response is sent, so 2xx means stored
UnitOfWorkDep = Annotated[UnitOfWork, Depends(transaction, scope="function")]


async def brief_transaction(request: Request, caller: CallerDep) -> AsyncIterator[BriefUnitOfWork]:
    async with brief_unit_of_work(request.app.state.door.sessions, caller.tenant_id) as uow:
        yield uow


BriefUnitOfWorkDep = Annotated[BriefUnitOfWork, Depends(brief_transaction, scope="function")]


def _sessions(request: Request) -> Sessions:
    held: Door = request.app.state.door
    return held.sessions


SessionsDep = Annotated[Sessions, Depends(_sessions)]
"""For what is done after the answer, in a transaction of its own."""


async def _now() -> datetime:
    return datetime.now(UTC)


Now = Annotated[datetime, Depends(_now)]
