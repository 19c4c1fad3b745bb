"""A brief transaction keeps what every transaction keeps: one region, all or nothing, success only after the commit."""

import asyncio
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.brief import BriefUnitOfWork, brief_unit_of_work
from shared.db import Sessions, connect, disconnect
from shared.unit_of_work import unit_of_work
from tests.support.samples import BUDI
from tests.support.small_service import Boom, approved, change

HERE, THERE = "19.05", "92"
ADD = "INSERT INTO things VALUES ($1, $2, $3, 1)"
SEEN = "SELECT tenant_id FROM things"


async def things(sessions: Sessions, tenant_id: str = HERE) -> list[str]:
    async with brief_unit_of_work(sessions, tenant_id) as uow:
        return [row["tenant_id"] for row in await uow.fetch(SEEN)]


async def add(uow: BriefUnitOfWork, tenant_id: str = HERE) -> None:
    await uow.fetch(ADD, tenant_id, uuid4(), BUDI)


@pytest.fixture
async def one_connection(small_db):
    """A pool of one, so that a connection left in disorder meets the next."""
    sessions = connect(small_db.app, pool_size=1)
    yield sessions
    await disconnect(sessions)


async def test_it_sees_and_writes_one_region(app_sessions):
    for tenant_id in (HERE, THERE):
        await change(app_sessions, tenant_id, uuid4(), uuid4())
    assert await things(app_sessions) == [HERE]
    with pytest.raises(DBAPIError, match="row-level security"):
        async with brief_unit_of_work(app_sessions, HERE) as uow:
            await add(uow, THERE)


@pytest.mark.parametrize("tenant_id", ["19.05' || '", "'; DROP TABLE things; --", "\\'"])
async def test_a_region_s_name_is_never_taken_for_a_statement(app_sessions, tenant_id):
    await change(app_sessions, HERE, uuid4(), uuid4())
    async with brief_unit_of_work(app_sessions, tenant_id) as uow:
        await uow.lock(1, tenant_id)
        [row] = await uow.fetch("SELECT current_setting('app.tenant') AS tenant")
        assert row["tenant"] == tenant_id
    assert await things(app_sessions) == [HERE]


async def test_its_region_does_not_reach_the_next_on_its_connection(one_connection):
    async with brief_unit_of_work(one_connection, HERE) as uow:
        await add(uow)
    async with one_connection() as session:
        assert (await session.scalars(text("SELECT current_setting('app.tenant', true)"))).one() == ""
        assert (await session.scalars(text("SHOW plan_cache_mode"))).one() == "auto"


async def test_all_of_it_is_kept_or_none(app_sessions):
    async def fail() -> None:
        async with brief_unit_of_work(app_sessions, HERE) as uow:
            await add(uow)
            raise Boom

    with pytest.raises(Boom):
        await fail()
    assert await things(app_sessions) == []


async def test_its_session_and_its_events_are_of_the_same_transaction(app_sessions):
    for fails in (True, False):
        try:
            async with brief_unit_of_work(app_sessions, HERE) as uow:
                await add(uow)
                whole = await uow.whole()
                assert (await whole.session.scalars(text(SEEN))).all() == [HERE]
                whole.record(approved(HERE, version=1, occurred_at=datetime.now(UTC)))
                if fails:
                    await whole.settle()
                    raise Boom
        except Boom:
            assert await things(app_sessions) == []
    async with unit_of_work(app_sessions, HERE) as one:
        assert (await one.session.scalars(text("SELECT count(*) FROM event_log"))).one() == 1
    assert await things(app_sessions) == [HERE]


async def test_a_fault_that_was_passed_over_is_no_success(one_connection):
    """PostgreSQL answers COMMIT with ROLLBACK then, and raises nothing."""

    async def pass_over() -> None:
        async with brief_unit_of_work(one_connection, HERE) as uow:
            await add(uow)
            with pytest.raises(DBAPIError):
                await uow.fetch("SELECT 1/0")

    with pytest.raises(RuntimeError, match="rolled back"):
        await pass_over()
    assert await things(one_connection) == []


async def test_a_lock_is_waited_for_and_what_its_holder_stored_is_seen_then(app_sessions):
    held, seen = asyncio.Event(), []

    async def second() -> None:
        async with brief_unit_of_work(app_sessions, HERE) as uow:
            held.set()
            await uow.lock(7, "somebody")
            seen.extend(await uow.fetch(SEEN))

    async with brief_unit_of_work(app_sessions, HERE) as uow:
        await uow.lock(7, "somebody")
        waiting = asyncio.create_task(second())
        await held.wait()
        await _until_one_waits(app_sessions)
        await add(uow)
        assert not seen
    await waiting
    assert len(seen) == 1


async def test_a_request_that_is_cancelled_leaves_neither_lock_nor_transaction(one_connection, app_sessions):
    async def slow() -> None:
        async with brief_unit_of_work(one_connection, HERE) as uow:
            await uow.lock(8, "somebody")

    async with brief_unit_of_work(app_sessions, HERE) as uow:
        await uow.lock(8, "somebody")
        waiting = asyncio.create_task(slow())
        await _until_one_waits(app_sessions)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    async with brief_unit_of_work(one_connection, HERE) as uow:
        await uow.lock(8, "somebody")
        await add(uow)
    assert await things(one_connection) == [HERE]


async def _until_one_waits(sessions: Sessions) -> None:
    waits = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    async with asyncio.timeout(10), sessions() as session:
        while not await session.scalar(waits):
            await session.rollback()


async def test_after_postgresql_closed_its_connections_the_next_request_is_served(one_connection, app_sessions):
    async with one_connection.kw["bind"].connect() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
    async with app_sessions() as session:
        await session.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": driver.get_server_pid()})
    async with asyncio.timeout(10):
        while not driver.is_closed():
            await asyncio.sleep(0)
    assert await things(one_connection) == []
