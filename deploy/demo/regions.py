"""Regions are added by the platform: identity's commands, and the topics of their payroll systems."""

from datetime import UTC, datetime

from deploy.demo.office.model import Office, Person
from deploy.local.services import Services
from services.identity.commands.tenants import appoint_admin, configure_tenant
from shared.clock import local_date
from shared.db import connect, disconnect
from shared.unit_of_work import unit_of_work


async def add_region(services: Services, office: Office, admin: Person) -> str:
    """The region with its first administrator; their one-time password."""
    services.add_tenant(office.tenant_id)
    sessions = connect(services.databases["identity"].app, name="takar-demo")
    now = datetime.now(UTC)
    try:
        async with unit_of_work(sessions, office.tenant_id) as uow:
            await configure_tenant(uow, now, office.name, office.kind, office.zone)
            await uow.session.flush()
            made = await appoint_admin(uow, now, admin.nip, admin.name, local_date(now, office.zone))
    finally:
        await disconnect(sessions)
    if made is None:
        raise RuntimeError(f"{office.name} had an administrator before the demo began")
    return made.password
