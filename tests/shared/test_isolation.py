"""One region's transaction sees and writes that region's rows, by the database itself, whatever the query says."""

from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.unit_of_work import unit_of_work
from tests.support.small_service import change, rows

HERE, THERE = "19.05", "92"


@pytest.fixture
async def two_regions(app_sessions):
    for tenant_id in (HERE, THERE):
        await change(app_sessions, tenant_id, uuid4(), uuid4())
    return app_sessions


@pytest.mark.parametrize("table", ["things", "event_log"])
async def test_a_query_without_a_condition_sees_one_region(two_regions, table):
    async with unit_of_work(two_regions, HERE) as uow:
        seen = (await uow.session.scalars(text(f"SELECT tenant_id FROM {table}"))).all()
    assert set(seen) == {HERE}


@pytest.mark.parametrize(
    "statement",
    ["UPDATE things SET version = 99 WHERE tenant_id = '92'", "DELETE FROM things WHERE tenant_id = '92'"],
)
async def test_another_region_s_rows_cannot_be_changed(two_regions, statement):
    async with unit_of_work(two_regions, HERE) as uow:
        await uow.session.execute(text(statement))
    async with unit_of_work(two_regions, THERE) as uow:
        assert (await uow.session.scalars(text("SELECT version FROM things"))).all() == [1]


async def test_a_row_cannot_be_written_into_another_region(two_regions):
    with pytest.raises(DBAPIError, match="row-level security"):
        async with unit_of_work(two_regions, HERE) as uow:
            await uow.session.execute(text(f"INSERT INTO things VALUES ('92', '{uuid4()}', '{uuid4()}', 1)"))


async def test_without_a_region_nothing_is_seen(two_regions):
    """An unset region is an error on a fresh connection, and empty on one that has had a region: closed both ways."""
    async with two_regions() as session:
        seen = await _all_things(session)
    assert seen == []


async def _all_things(session):
    try:
        return (await session.execute(text("SELECT * FROM things"))).all()
    except DBAPIError:
        await session.rollback()
        return []


async def test_the_region_of_one_transaction_does_not_reach_the_next_on_its_connection(two_regions):
    async with unit_of_work(two_regions, HERE):
        pass
    async with two_regions() as session:
        for _ in range(12):  # every connection of the pool
            assert await _all_things(session) == []


async def test_the_worker_reads_every_region_s_log_but_only_one_region_s_things(two_regions, worker_sessions):
    assert {row[0] for row in await rows(worker_sessions, "SELECT tenant_id FROM event_log")} == {HERE, THERE}
    async with unit_of_work(worker_sessions, THERE) as uow:
        assert set(await uow.session.scalars(text("SELECT tenant_id FROM things"))) == {THERE}


async def test_partitions_of_the_log_cannot_be_read_past_their_parent(two_regions):
    with pytest.raises(DBAPIError, match="permission denied"):
        await rows(two_regions, "SELECT * FROM event_log_2026_11")
