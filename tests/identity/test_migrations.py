"""The migrations make what the code believes to be there."""

from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

import shared.directory.tables
import shared.inbox.tables
import shared.outbox  # noqa: F401 - the tables every service has
from deploy.local.databases import ServiceUrls
from services.identity.tables import Base
from services.identity.worker import WORKER
from shared.db import SharedBase


async def test_tables_and_migrations_say_the_same(urls: ServiceUrls) -> None:
    def differences(connection: Connection) -> list[Any]:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": _ours})
        return list(compare_metadata(context, [Base.metadata, SharedBase.metadata]))

    engine = create_async_engine(urls.owner)
    async with engine.connect() as connection:
        found = await connection.run_sync(differences)
    await engine.dispose()
    assert found == []


def test_the_worker_hears_nothing_and_relays() -> None:
    assert WORKER.service == "identity"
    assert WORKER.heard_topics() == []


def _ours(_: Any, name: str | None, kind: str, *rest: Any) -> bool:
    return not (kind == "table" and (name == "alembic_version" or str(name).startswith(("event_log_", "ledger_"))))
