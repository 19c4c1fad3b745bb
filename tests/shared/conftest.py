"""The small service on which the plumbing is proved."""

from collections.abc import AsyncIterator, Iterator

import pytest

from deploy.local.databases import ServiceUrls
from deploy.local.stack import Stack
from shared.db import Sessions, connect, disconnect
from tests.support.small_service import small_database


@pytest.fixture(scope="module")
def small_db_of_module(stack: Stack) -> Iterator[ServiceUrls]:
    with small_database(stack) as urls:
        yield urls


@pytest.fixture
async def small_db(small_db_of_module: ServiceUrls) -> ServiceUrls:
    """The module's database, emptied."""
    sessions = connect(small_db_of_module.owner)
    async with sessions.begin() as session:
        connection = await session.connection()
        await connection.exec_driver_sql(
            "TRUNCATE things, effects, event_log, outbox, inbox, inbox_waiting, quarantine, identity_tenants"
        )
    await disconnect(sessions)
    return small_db_of_module


@pytest.fixture
async def worker_sessions(small_db: ServiceUrls) -> AsyncIterator[Sessions]:
    """As the worker's role."""
    sessions = connect(small_db.worker, pool_size=12)
    yield sessions
    await disconnect(sessions)


@pytest.fixture
async def app_sessions(small_db: ServiceUrls) -> AsyncIterator[Sessions]:
    """As the API's role."""
    sessions = connect(small_db.app, pool_size=12)
    yield sessions
    await disconnect(sessions)
