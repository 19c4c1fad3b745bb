"""The payroll worker is killed in the middle of the run: what it had in hand is lost, and nothing else is."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from urllib.parse import urlsplit

import asyncpg

from deploy.demo import paying
from deploy.demo.console import must
from deploy.demo.region import Region
from deploy.demo.waiting import until
from deploy.local.services import Services

WORKER = "payroll-worker-1"


async def run_and_kill(services: Services, regions: Sequence[Region]) -> int:
    """Start both runs, hold the worker where it writes statements, kill it there; how many it had stored by then.

    The table is locked for that moment, so that the blow falls in the middle and not beside it.
    """
    admin = urlsplit(services.stack.postgres_admin_url)._replace(path="/payroll").geturl()
    async with AsyncExitStack() as held:
        database = await asyncpg.connect(admin)
        held.push_async_callback(database.close)
        lock = database.transaction()
        await lock.start()
        await database.execute("LOCK TABLE statements IN SHARE ROW EXCLUSIVE MODE")
        await asyncio.gather(*(paying.start_run(one) for one in regions))
        await until(lambda: _writers(database), bool, "the payroll worker writes statements")
        services.kill(WORKER)
        await lock.rollback()
        await until(lambda: _writers(database), lambda left: not left, "the dead worker's transaction is undone")
        stored: int = await database.fetchval("SELECT count(*) FROM statements")
    must(WORKER in services.dead(), f"{WORKER} lives on")
    return stored


async def _writers(database: asyncpg.Connection) -> int:
    """Transactions that wait for the table."""
    waiting: int = await database.fetchval(
        "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE NOT l.granted"
        " AND l.relation = 'statements'::regclass AND a.datname = current_database()"
    )
    return waiting
