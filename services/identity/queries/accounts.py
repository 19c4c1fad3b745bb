"""Accounts, their sessions and grants."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.identity.tables import AccountRow, GrantRow, SessionRow
from shared.errors import NotFound


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a login is checked against."""

    account_id: UUID
    login: str
    name: str
    password_hash: str | None
    one_time_digest: bytes | None
    one_time_until: datetime | None


async def credentials(session: AsyncSession, tenant_id: str, login: str) -> Credentials | None:
    return await _credentials(session, tenant_id, AccountRow.login == login)


async def credentials_of(session: AsyncSession, tenant_id: str, account_id: UUID) -> Credentials:
    found = await _credentials(session, tenant_id, AccountRow.account_id == account_id)
    if found is None:
        raise NotFound("there is no such account in this region")
    return found


async def accounts(
    session: AsyncSession, tenant_id: str, search: str | None, after: str, limit: int
) -> Sequence[AccountRow]:
    """By login, after a login; `search` is a part of the name or the beginning of the login."""
    query = select(AccountRow).where(AccountRow.tenant_id == tenant_id, AccountRow.login > after)
    if search:
        pattern = search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        query = query.where(or_(AccountRow.name.ilike(f"%{pattern}%"), AccountRow.login.like(f"{pattern}%")))
    return list(await session.scalars(query.order_by(AccountRow.login).limit(limit)))


async def account(session: AsyncSession, tenant_id: str, account_id: UUID) -> AccountRow:
    row = await session.get(AccountRow, (tenant_id, account_id))
    if row is None:
        raise NotFound("there is no such account in this region")
    return row


async def sessions(session: AsyncSession, tenant_id: str, account_id: UUID) -> Sequence[SessionRow]:
    """Those that have not ended, the newest first."""
    query = (
        select(SessionRow)
        .where(SessionRow.tenant_id == tenant_id, SessionRow.account_id == account_id, SessionRow.ended_at.is_(None))
        .order_by(SessionRow.begun_at.desc(), SessionRow.session_id)
    )
    return list(await session.scalars(query))


async def grants(
    session: AsyncSession, tenant_id: str, account_id: UUID | None, day: date | None
) -> Sequence[GrantRow]:
    """Of one account or all; in force on a day, or all there ever were."""
    query = select(GrantRow).where(GrantRow.tenant_id == tenant_id)
    if account_id is not None:
        query = query.where(GrantRow.account_id == account_id)
    if day is not None:
        query = query.where(GrantRow.valid_from <= day, or_(GrantRow.valid_to.is_(None), GrantRow.valid_to >= day))
    return list(await session.scalars(query.order_by(GrantRow.given_at, GrantRow.grant_id).limit(2000)))


async def _credentials(session: AsyncSession, tenant_id: str, which: ColumnElement[bool]) -> Credentials | None:
    row = (
        await session.execute(
            select(
                AccountRow.account_id,
                AccountRow.login,
                AccountRow.name,
                AccountRow.password_hash,
                AccountRow.one_time_digest,
                AccountRow.one_time_until,
            ).where(AccountRow.tenant_id == tenant_id, which)
        )
    ).one_or_none()
    return Credentials(*row) if row else None
