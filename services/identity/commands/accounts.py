"""Accounts: making them with one-time passwords, setting passwords, ending sessions, and saying so."""

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert

from services.identity.commands import stating
from services.identity.rules import access
from services.identity.tables import AccountRow, RefreshTokenRow, SessionRow
from shared import clock
from shared.directory.commands import note_revocations
from shared.errors import NotFound, Refused
from shared.events.identity import EmployeeChanged, SessionRevoked
from shared.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class OneTime:
    """A password to hand over on paper; it is shown once and kept as a digest alone."""

    account_id: UUID
    login: str
    name: str
    password: str
    until: datetime


_FOLLOW = text(
    """
    UPDATE accounts a SET name = e.name, login = e.login
    FROM unnest(CAST(:ids AS uuid[]), CAST(:names AS text[]), CAST(:logins AS text[])) AS e(employee_id, name, login)
    WHERE a.tenant_id = :tenant_id AND a.employee_id = e.employee_id AND (a.name, a.login) <> (e.name, e.login)
    """
)


async def create_accounts(uow: UnitOfWork, now: datetime, employee_ids: Sequence[UUID] | None = None) -> list[OneTime]:
    """Accounts of those of these employees (None: of all) who have none and are still employed."""
    await stating.hold_organisation(uow)
    known = await stating.employees(uow.session, uow.tenant_id, employee_ids)
    unknown = set(employee_ids or ()) - set(known)
    if unknown:
        raise NotFound(f"there is no employee {min(map(str, unknown))} in this region")
    having = set(await uow.session.scalars(select(AccountRow.employee_id).where(AccountRow.tenant_id == uow.tenant_id)))
    lacking = [one for one in known.values() if one.employee_id not in having and one.left_on is None]
    made = [_one_time(one.nips[-1].nip, one.name, now) for one in sorted(lacking, key=lambda one: one.nips[-1].nip)]
    owners = {one.nips[-1].nip: one.employee_id for one in lacking}
    await _insert(uow, now, [(one, owners[one.login]) for one in made])
    return made


async def create_named_account(uow: UnitOfWork, now: datetime, login: str, name: str) -> OneTime:
    """An account that is no employee's: an auditor's, an operator's, or the first admin's until they are imported."""
    made = _one_time(login, name, now)
    taken = await uow.session.scalar(
        select(AccountRow.account_id).where(AccountRow.tenant_id == uow.tenant_id, AccountRow.login == login)
    )
    if taken is not None:
        raise Refused(f"login {login} is taken in this region")
    holder = (await stating.holders_of(uow.session, uow.tenant_id, [login])).get(login)
    await _insert(uow, now, [(made, holder)])
    return made


async def link_accounts(uow: UnitOfWork, employees: Sequence[EmployeeChanged]) -> None:
    """Give accounts that were made for a NIP before its employee was known to that employee."""
    waiting = await uow.session.execute(
        select(AccountRow.account_id, AccountRow.login)
        .where(AccountRow.tenant_id == uow.tenant_id, AccountRow.employee_id.is_(None))
        .order_by(AccountRow.account_id)
        .with_for_update()
    )
    owners = {one.nips[-1].nip: one for one in employees}
    for account_id, login in waiting.all():
        owner = owners.get(login)
        if owner is not None:
            await uow.session.execute(
                update(AccountRow)
                .where(AccountRow.tenant_id == uow.tenant_id, AccountRow.account_id == account_id)
                .values(employee_id=owner.employee_id, name=owner.name)
            )


async def follow_employees(uow: UnitOfWork, employees: Sequence[EmployeeChanged]) -> None:
    """Accounts carry their employee's name, and the newest NIP as login."""
    if employees:
        await uow.session.execute(
            _FOLLOW,
            {
                "tenant_id": uow.tenant_id,
                "ids": [one.employee_id for one in employees],
                "names": [one.name for one in employees],
                "logins": [one.nips[-1].nip for one in employees],
            },
        )


async def hand_out_anew(uow: UnitOfWork, now: datetime, account_id: UUID) -> OneTime:
    """A new one-time password in place of a forgotten one; every session of the account ends."""
    account = await lock_account(uow, account_id)
    made = _one_time(account.login, account.name, now, account_id)
    account.password_hash = None
    account.one_time_digest = access.one_time_digest(made.password)
    account.one_time_until = made.until
    await end_all_sessions(uow, now, account, "a new one-time password was handed out")
    return made


async def set_password(uow: UnitOfWork, now: datetime, account_id: UUID, was: str | None, password_hash: str) -> None:
    """The account's own password; every session ends, so that whoever knew the old one is out.

    `was`: the hash the caller has proved to know. Raises Refused where it was changed meanwhile.
    """
    account = await lock_account(uow, account_id)
    if account.password_hash != was:
        raise Refused("the password was changed a moment ago: log in again")
    account.password_hash = password_hash
    account.password_set_at = now
    account.one_time_digest = None
    account.one_time_until = None
    await end_all_sessions(uow, now, account, "the password was changed")


async def switch(uow: UnitOfWork, now: datetime, account_id: UUID, *, disabled: bool) -> None:
    """Shut an account out, or let it in again."""
    account = await lock_account(uow, account_id)
    if disabled and not account.disabled:
        await end_all_sessions(uow, now, account, "the account was disabled")
    account.disabled = disabled


async def end_sessions_of_employee(uow: UnitOfWork, now: datetime, employee_id: UUID, reason: str) -> None:
    account_id = await uow.session.scalar(
        select(AccountRow.account_id).where(
            AccountRow.tenant_id == uow.tenant_id, AccountRow.employee_id == employee_id
        )
    )
    if account_id is not None:
        await end_all_sessions(uow, now, await lock_account(uow, account_id), reason)


async def end_all_sessions(uow: UnitOfWork, now: datetime, account: AccountRow, reason: str) -> None:
    await _close(uow, now, account.account_id, None, reason)
    await revoke(uow, account, None, reason)


async def end_session(uow: UnitOfWork, now: datetime, account: AccountRow, session_id: UUID, reason: str) -> None:
    """Ends one login and every token of its family; nothing where it has ended already."""
    if await _close(uow, now, account.account_id, session_id, reason):
        await revoke(uow, account, session_id, reason)


async def revoke(uow: UnitOfWork, account: AccountRow, session_id: UUID | None, reason: str) -> None:
    """Void the access tokens issued so far, here at once and elsewhere by event. The account must be locked.

    The moment is read after the lock: a login that was let in before it must fall under it.
    """
    moment = clock.now()
    account.revoked_before = access.issued_before(moment, account.revoked_before)
    account.revocations += 1
    fact = SessionRevoked(
        tenant_id=uow.tenant_id,
        occurred_at=moment,
        version=account.revocations,
        account_id=account.account_id,
        session_id=session_id,
        issued_before=account.revoked_before,
        reason=reason,
    )
    await note_revocations(uow, [fact])
    if uow.tenant_id != access.PLATFORM:  # no other service knows the platform's tenant, nor serves its operators
        uow.record(fact)


async def lock_account(uow: UnitOfWork, account_id: UUID) -> AccountRow:
    """The account as it is once nobody else changes it. Raises NotFound."""
    await uow.session.flush()  # reading anew would throw away what this transaction has not written yet
    account = await uow.session.scalar(
        select(AccountRow)
        .where(AccountRow.tenant_id == uow.tenant_id, AccountRow.account_id == account_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if account is None:
        raise NotFound("there is no such account in this region")
    return account


async def _close(
    uow: UnitOfWork, now: datetime, account_id: UUID, session_id: UUID | None, reason: str
) -> Sequence[UUID]:
    """Mark sessions as ended and forget their refresh tokens' right to be used; those that were open."""
    of_account = [SessionRow.tenant_id == uow.tenant_id, SessionRow.account_id == account_id]
    if session_id is not None:
        of_account.append(SessionRow.session_id == session_id)
    closed = await uow.session.scalars(
        update(SessionRow)
        .where(*of_account, SessionRow.ended_at.is_(None))
        .values(ended_at=now, end_reason=reason)
        .returning(SessionRow.session_id)
    )
    ids = list(closed)
    if ids:
        await uow.session.execute(
            update(RefreshTokenRow)
            .where(RefreshTokenRow.tenant_id == uow.tenant_id, RefreshTokenRow.session_id.in_(ids))
            .where(RefreshTokenRow.used_at.is_(None))
            .values(used_at=now)
        )
    return ids


def _one_time(login: str, name: str, now: datetime, account_id: UUID | None = None) -> OneTime:
    letters = base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=")
    password = "-".join(letters[at : at + 5] for at in range(0, len(letters), 5))
    return OneTime(account_id or uuid4(), login, name, password, now + access.ONE_TIME_LASTS)


async def _insert(uow: UnitOfWork, now: datetime, made: Sequence[tuple[OneTime, UUID | None]]) -> None:
    rows = [
        {
            "tenant_id": uow.tenant_id,
            "account_id": one.account_id,
            "login": one.login,
            "name": one.name,
            "employee_id": owner,
            "one_time_digest": access.one_time_digest(one.password),
            "one_time_until": one.until,
            "disabled": False,
            "revocations": 0,
            "made_at": now,
        }
        for one, owner in made
    ]
    if rows:
        await uow.session.execute(insert(AccountRow), rows)
