"""Regions: added and configured by the platform, within the region's own context."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, select, text

from services.identity.commands import accounts, grants
from services.identity.commands.accounts import OneTime
from services.identity.rules import access
from services.identity.tables import AccountRow, GrantRow
from shared.auth.policy import Role
from shared.directory.commands import note_tenants
from shared.directory.tables import TenantRow
from shared.errors import Refused
from shared.events.identity import TenantConfigured
from shared.unit_of_work import UnitOfWork

_HOLD = text("SELECT pg_advisory_xact_lock(hashtextextended('tenant|' || :tenant_id, 0))")


async def configure_tenant(uow: UnitOfWork, now: datetime, name: str, kind: str, zone: str) -> bool:
    """Adds the region, or sets its name, kind and zone; True where that changed anything.

    The uow is the region's own. Raises Refused for the platform's code, and for a new zone of a region that works:
    days already recorded would mean others.
    """
    if uow.tenant_id == access.PLATFORM:
        raise Refused("00 is the platform itself, not a region")
    await uow.session.execute(_HOLD, {"tenant_id": uow.tenant_id})
    row = await uow.session.scalar(select(TenantRow).where(TenantRow.tenant_id == uow.tenant_id))
    if row is not None and (row.name, row.kind, row.zone) == (name, kind, zone):
        return False
    if row is not None and row.zone != zone:
        raise Refused(f"the zone of {uow.tenant_id} is {row.zone} and stays: recorded days would become others")
    fact = TenantConfigured.model_validate(
        {
            "tenant_id": uow.tenant_id,
            "occurred_at": now,
            "version": row.version + 1 if row else 1,
            "name": name,
            "kind": kind,
            "zone": zone,
        }
    )
    await note_tenants(uow, [fact])
    uow.record(fact)
    return True


async def appoint_admin(uow: UnitOfWork, now: datetime, login: str, name: str, day: date) -> OneTime | None:
    """An admin of the region (in the platform's context: an operator) by login; None where the account exists.

    For a region that is new, or has lost its admins; inside a region an admin gives the role. Repeating changes
    nothing.
    """
    account_id = await uow.session.scalar(
        select(AccountRow.account_id).where(AccountRow.tenant_id == uow.tenant_id, AccountRow.login == login)
    )
    made = None
    if account_id is None:
        made = await accounts.create_named_account(uow, now, login, name)
        account_id = made.account_id
    role = Role.OPERATOR if uow.tenant_id == access.PLATFORM else Role.ADMIN
    if made is None and await _holds(uow, account_id, role, day):
        return None
    await grants.give_grant(uow, now, None, account_id, role=role, unit_id=None, valid_from=day, valid_to=None)
    return made


async def _holds(uow: UnitOfWork, account_id: UUID, role: Role, day: date) -> bool:
    found = await uow.session.scalar(
        select(GrantRow.grant_id)
        .where(GrantRow.tenant_id == uow.tenant_id, GrantRow.account_id == account_id, GrantRow.role == role)
        .where(or_(GrantRow.valid_to.is_(None), GrantRow.valid_to >= day))
        .limit(1)
    )
    return found is not None
