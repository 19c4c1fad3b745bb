"""Logging in, staying logged in, logging out; and the rate at which it may be tried."""

import math
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, select, text, update

from services.identity.commands import accounts
from services.identity.rules import access
from services.identity.tables import AccountRow, GrantRow, RefreshTokenRow, SessionRow
from shared.auth.caller import Caller, Grant
from shared.auth.policy import Role
from shared.clock import local_date
from shared.directory.tables import EmployeeRow, TenantRow
from shared.errors import Forbidden, TooMany
from shared.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Opened:
    """What a login or refresh leads to; `refresh_token` is shown once and kept as a digest alone."""

    caller: Caller
    refresh_token: str
    must_set_password: bool


@dataclass(frozen=True, slots=True)
class Device:
    address: str
    name: str


Tries = Sequence[tuple[access.Limit, bytes]]

_TAKE = text(
    """
    INSERT INTO login_attempts AS a (key, due_at)
    SELECT k, :now FROM unnest(CAST(:keys AS bytea[])) AS k ORDER BY k  -- one lock order
    ON CONFLICT (key) DO UPDATE SET due_at = greatest(a.due_at, excluded.due_at)
    RETURNING a.key, a.due_at
    """
)
_MOVE = text(
    """
    WITH held AS (
        SELECT key FROM login_attempts WHERE key = ANY(CAST(:keys AS bytea[])) ORDER BY key FOR UPDATE
    )
    UPDATE login_attempts a SET due_at = a.due_at + by.gap
    FROM unnest(CAST(:keys AS bytea[]), CAST(:gaps AS interval[])) AS by(key, gap), held
    WHERE a.key = by.key AND a.key = held.key
    """
)
_FORGET = text(
    """
    DELETE FROM login_attempts WHERE key IN (
        SELECT key FROM login_attempts WHERE due_at < :long_ago ORDER BY due_at LIMIT 20 FOR UPDATE SKIP LOCKED)
    """
)


async def count_attempt(uow: UnitOfWork, now: datetime, tries: Tries) -> None:
    """One more try. Raises TooMany, saying how long to wait, without counting what is refused."""
    due = {bytes(key): due_at for key, due_at in await _take(uow, now, tries)}
    longest = max(access.wait(limit, due[key], now) for limit, key in tries)
    if longest > timedelta(0):
        raise TooMany("too many attempts to log in: wait before the next one", math.ceil(longest.total_seconds()))
    await _move(uow, tries, 1)
    await uow.session.execute(_FORGET, {"long_ago": now - timedelta(days=1)})


async def give_back(uow: UnitOfWork, tries: Tries) -> None:
    """A login that succeeded counts for nothing."""
    await _move(uow, tries, -1)


async def open_session(uow: UnitOfWork, now: datetime, account_id: UUID, device: Device, *, one_time: bool) -> Opened:
    """A new login. Raises Forbidden for an account that has no role on this day."""
    account = await accounts.lock_account(uow, account_id)
    if account.disabled:
        raise Forbidden("this account is disabled: ask the administrator of your region")
    session = SessionRow(
        tenant_id=uow.tenant_id,
        session_id=uuid4(),
        account_id=account_id,
        begun_at=now,
        used_at=now,
        address=device.address,
        device=device.name,
        must_set_password=one_time,
        ended_at=None,
        end_reason=None,
    )
    opened = await _opened(uow, now, account, session)
    uow.session.add(session)
    await _sweep(uow, now, account)
    return opened


async def refresh(uow: UnitOfWork, now: datetime, token: str) -> Opened | None:
    """The next pair of tokens; None where this one cannot be used. One used before ends its whole family."""
    row = await uow.session.scalar(
        select(RefreshTokenRow).where(
            RefreshTokenRow.tenant_id == uow.tenant_id, RefreshTokenRow.digest == access.refresh_digest(token)
        )
    )
    session = await uow.session.get(SessionRow, (uow.tenant_id, row.session_id)) if row else None
    if row is None or session is None:
        return None
    account = await accounts.lock_account(uow, session.account_id)  # whatever was read before the lock is read again
    await uow.session.refresh(row)
    await uow.session.refresh(session)
    if session.ended_at is not None or account.disabled:
        return None
    if row.used_at is not None:
        await accounts.end_session(uow, now, account, session.session_id, "a refresh token was used twice")
        return None
    if access.expired(session.begun_at, session.used_at, now):
        await accounts.end_session(uow, now, account, session.session_id, "it was too old")
        return None
    row.used_at = now
    session.used_at = now
    return await _opened(uow, now, account, session)


async def log_out(uow: UnitOfWork, now: datetime, account_id: UUID, session_id: UUID, reason: str) -> None:
    await accounts.end_session(uow, now, await accounts.lock_account(uow, account_id), session_id, reason)


async def rehash(uow: UnitOfWork, account_id: UUID, was: str, password_hash: str) -> None:
    """Keep a password by newer parameters, unless it was changed meanwhile."""
    await uow.session.execute(
        update(AccountRow)
        .where(AccountRow.tenant_id == uow.tenant_id, AccountRow.account_id == account_id)
        .where(AccountRow.password_hash == was)
        .values(password_hash=password_hash)
    )


async def _opened(uow: UnitOfWork, now: datetime, account: AccountRow, session: SessionRow) -> Opened:
    grants = (Grant(Role.NEWCOMER),) if session.must_set_password else await _grants(uow, now, account)
    if not grants:
        raise Forbidden("this account has no role on this day: ask the administrator of your region")
    refresh_token = f"{uow.tenant_id}~{secrets.token_urlsafe(32)}"
    uow.session.add(
        RefreshTokenRow(
            tenant_id=uow.tenant_id,
            digest=access.refresh_digest(refresh_token),
            session_id=session.session_id,
            issued_at=now,
            used_at=None,
        )
    )
    caller = Caller(
        tenant_id=uow.tenant_id,
        account_id=account.account_id,
        session_id=session.session_id,
        employee_id=account.employee_id,
        name=account.name,
        grants=grants,
        issued_at=access.issued_at(now, account.revoked_before),
    )
    return Opened(caller, refresh_token, session.must_set_password)


async def _grants(uow: UnitOfWork, now: datetime, account: AccountRow) -> tuple[Grant, ...]:
    region = await uow.session.get(TenantRow, uow.tenant_id)
    day = local_date(now, region.zone if region else access.PLATFORM_ZONE)
    rows = await uow.session.execute(
        select(GrantRow.role, GrantRow.unit_id, GrantRow.valid_from, GrantRow.valid_to)
        .where(GrantRow.tenant_id == uow.tenant_id, GrantRow.account_id == account.account_id)
        .order_by(GrantRow.given_at)
    )
    held = [access.Held(Role(role), unit_id, first, last) for role, unit_id, first, last in rows.all()]
    employee = await uow.session.get(EmployeeRow, (uow.tenant_id, account.employee_id)) if account.employee_id else None
    employed = employee is not None and (employee.left_on is None or employee.left_on > day)
    return tuple(Grant(role, unit_id) for role, unit_id in access.roles_on(day, held, employed=employed))


async def _sweep(uow: UnitOfWork, now: datetime, account: AccountRow) -> None:
    """Ends the oldest sessions over the bound, and erases what can never be used again."""
    await uow.session.flush()
    of_account = (SessionRow.tenant_id == uow.tenant_id, SessionRow.account_id == account.account_id)
    open_ids = await uow.session.scalars(
        select(SessionRow.session_id)
        .where(*of_account, SessionRow.ended_at.is_(None))
        .order_by(SessionRow.begun_at.desc(), SessionRow.session_id)
        .offset(access.SESSIONS_AT_MOST)
    )
    for session_id in list(open_ids):
        await accounts.end_session(uow, now, account, session_id, "too many sessions at once")
    old = select(SessionRow.session_id).where(*of_account, SessionRow.begun_at < now - 2 * access.SESSION_LASTS)
    await uow.session.execute(
        delete(RefreshTokenRow).where(RefreshTokenRow.tenant_id == uow.tenant_id, RefreshTokenRow.session_id.in_(old))
    )
    await uow.session.execute(delete(SessionRow).where(*of_account, SessionRow.session_id.in_(old)))


async def _take(uow: UnitOfWork, now: datetime, tries: Tries) -> Sequence[tuple[bytes, datetime]]:
    rows = await uow.session.execute(_TAKE, {"now": now, "keys": [key for _, key in tries]})
    return [(key, due_at) for key, due_at in rows.all()]


async def _move(uow: UnitOfWork, tries: Tries, by: int) -> None:
    given = {"keys": [key for _, key in tries], "gaps": [limit.gap * by for limit, _ in tries]}
    await uow.session.execute(_MOVE, given)
