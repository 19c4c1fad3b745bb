"""Roles, given and ended by day. Nobody gives themselves one (four eyes)."""

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select

from services.identity.commands import accounts
from services.identity.rules import access
from services.identity.tables import GrantRow
from shared.auth.policy import Role
from shared.directory.tables import UnitRow
from shared.errors import NotFound, Refused
from shared.unit_of_work import UnitOfWork


async def give_grant(
    uow: UnitOfWork,
    now: datetime,
    given_by: UUID | None,
    account_id: UUID,
    *,
    role: Role,
    unit_id: UUID | None,
    valid_from: date,
    valid_to: date | None,
) -> UUID:
    """Tokens issued before are void, so the role counts from the next refresh on.

    `given_by`: the account that gives it; None for the platform's own tools. Raises Refused for one's own account.
    """
    if given_by == account_id:
        raise Refused("nobody gives themselves a role: another administrator must do it")
    access.check_grant(uow.tenant_id, role, unit_id, valid_from, valid_to)
    if unit_id is not None and await uow.session.get(UnitRow, (uow.tenant_id, unit_id)) is None:
        raise NotFound("there is no such unit in this region")
    account = await accounts.lock_account(uow, account_id)
    held = await uow.session.scalars(
        select(GrantRow).where(
            GrantRow.tenant_id == uow.tenant_id, GrantRow.account_id == account_id, GrantRow.role == role
        )
    )
    for one in held:
        if one.unit_id == unit_id and _meet(one, valid_from, valid_to):
            raise Refused(f"the account has this role from {one.valid_from} to {one.valid_to or 'now'} already")
    grant_id = uuid4()
    uow.session.add(
        GrantRow(
            tenant_id=uow.tenant_id,
            grant_id=grant_id,
            account_id=account_id,
            role=role,
            unit_id=unit_id,
            valid_from=valid_from,
            valid_to=valid_to,
            given_by=given_by,
            given_at=now,
            ended_by=None,
            ended_at=None,
        )
    )
    await accounts.revoke(uow, account, None, "its roles were changed")
    return grant_id


async def end_grant(uow: UnitOfWork, now: datetime, ended_by: UUID, grant_id: UUID, last_day: date) -> None:
    """The role's last day; the day before its first takes it back altogether. Raises Refused for a later end."""
    grant = await uow.session.get(GrantRow, (uow.tenant_id, grant_id))
    if grant is None:
        raise NotFound("there is no such grant in this region")
    account = await accounts.lock_account(uow, grant.account_id)
    await uow.session.refresh(grant)
    if grant.valid_to is not None and last_day >= grant.valid_to:
        raise Refused(f"the grant ends on {grant.valid_to} already: give it anew for longer")
    if last_day < grant.valid_from - timedelta(days=1):
        raise Refused(f"the grant begins on {grant.valid_from}; its end cannot be before {last_day}")
    grant.valid_to = last_day
    grant.ended_by = ended_by
    grant.ended_at = now
    await accounts.revoke(uow, account, None, "its roles were changed")


def _meet(one: GrantRow, valid_from: date, valid_to: date | None) -> bool:
    return (valid_to is None or one.valid_from <= valid_to) and (one.valid_to is None or valid_from <= one.valid_to)
