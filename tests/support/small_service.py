"""A service of two tables, on which the plumbing is proved: things change and say so; effects are applied once."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from alembic import command
from sqlalchemy import text

from deploy.local.databases import ServiceUrls, drop_database, passwords_from, provision_service
from deploy.local.stack import Stack
from shared.db import Sessions
from shared.directory.commands import note_tenants
from shared.events import Event
from shared.events.activity import ActivityApproved
from shared.events.identity import TenantConfigured
from shared.handlers import Handlers
from shared.migrations import config
from shared.unit_of_work import UnitOfWork, unit_of_work
from tests.support.samples import BUDI, BY_CLASS

APPROVED: Any = BY_CLASS[ActivityApproved]


@contextmanager
def small_database(stack: Stack) -> Iterator[ServiceUrls]:
    """A migrated database of its own, with appraisal's roles."""
    name = f"takar_small_{uuid4().hex[:8]}"
    urls = provision_service(stack.postgres_admin_url, "appraisal", name, passwords_from(stack.secret, "appraisal"))
    settings = config("appraisal", urls.owner)
    settings.set_main_option("script_location", str(Path(__file__).parent / "plumbing"))
    try:
        command.upgrade(settings, "head")
        yield urls
    finally:
        drop_database(stack.postgres_admin_url, name)


def approved(tenant_id: str = "19.05", *, employee_id: UUID = BUDI, **changes: Any) -> ActivityApproved:
    changes = {"activity_id": uuid4()} | changes
    event: ActivityApproved = APPROVED.model_copy(update={"tenant_id": tenant_id, "employee_id": employee_id} | changes)
    return event


async def change(sessions: Sessions, tenant_id: str, thing_id: UUID, employee_id: UUID, *, fail: bool = False) -> int:
    """Change a thing and say so, in one transaction; the version it came to."""
    async with unit_of_work(sessions, tenant_id) as uow:
        version = await uow.session.scalar(
            text(
                "INSERT INTO things VALUES (:tenant_id, :thing_id, :employee_id, 1) "
                "ON CONFLICT (tenant_id, thing_id) DO UPDATE SET version = things.version + 1 RETURNING version"
            ),
            {"tenant_id": tenant_id, "thing_id": thing_id, "employee_id": employee_id},
        )
        uow.record(
            approved(
                tenant_id, employee_id=employee_id, activity_id=thing_id, version=version, occurred_at=datetime.now(UTC)
            )
        )
        if fail:
            await uow.settle()
            raise Boom
    return int(version)


class Boom(Exception):
    """A fault made on purpose."""


async def add_effects(uow: UnitOfWork, facts: list[ActivityApproved]) -> None:
    """Insert with no guard but the inbox: a fact applied twice shows as two rows."""
    await uow.session.execute(
        text("INSERT INTO effects (tenant_id, activity_id, version, minutes) VALUES (:t, :a, :v, :m)"),
        [{"t": uow.tenant_id, "a": fact.activity_id, "v": fact.version, "m": fact.minutes} for fact in facts],
    )


HANDLERS: Handlers = {ActivityApproved: add_effects, TenantConfigured: note_tenants}


async def effects(sessions: Sessions, tenant_id: str = "19.05") -> list[tuple[UUID, int]]:
    """(activity, version) of every effect, in the order they were applied."""
    async with unit_of_work(sessions, tenant_id) as uow:
        rows = await uow.session.execute(
            text("SELECT activity_id, version FROM effects WHERE tenant_id = :t ORDER BY id"), {"t": tenant_id}
        )
        return [(row[0], row[1]) for row in rows.all()]


async def rows(sessions: Sessions, statement: str) -> Sequence[Any]:
    async with sessions() as session:
        return (await session.execute(text(statement))).all()


def known(tenant_id: str = "19.05") -> Event:
    return BY_CLASS[TenantConfigured].model_copy(update={"tenant_id": tenant_id})


async def until(condition: Any, within_s: float = 30) -> None:
    """Wait until a query of the real system holds; fails by time, never passes by it."""
    async with asyncio.timeout(within_s):
        while not await condition():
            await asyncio.sleep(0.05)
