"""The payroll worker is killed in the middle of the run: what it had in hand is lost, and nothing else is."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from urllib.parse import urlsplit

import asyncpg

from deploy.demo import paying
from deploy.demo.console import must
from deploy.demo.region import Region
from deploy.demo.waiting import until
from deploy.local.services import Services

WORKER = "payroll-worker-1"
CHUNK = 40  # employees of a transaction, in this demo: its regions are too small for the 500 of a deployment

Stored = Mapping[tuple[str, str], str]  # by region and employee: the fingerprint of the statement's row


@dataclass(frozen=True, slots=True)
class Killed:
    """What stood in the table when the worker was dead and its last transaction undone."""

    statements: Stored

    def of(self, tenant_id: str) -> int:
        return sum(tenant == tenant_id for tenant, _ in self.statements)


async def run_and_kill(services: Services, regions: Sequence[Region]) -> Killed:
    """Start the runs, let the worker write until each region has some statements, kill it while it writes more.

    The table is locked, so that the blow falls in the middle and not beside it. Who waits for a lock is served in
    turn: a second lock asked for behind the waiting worker lets it commit exactly one chunk. The largest region goes
    first: while others freeze their inputs, it has chunks left to write.
    """
    first, *others = sorted(regions, key=lambda one: len(one.office.people), reverse=True)
    async with AsyncExitStack() as held:
        holder, next_one = [await _connected(held, services) for _ in range(2)]
        await _lock(holder)
        await paying.start_run(first)
        await _until_waiting(holder, 1)
        await asyncio.gather(*(paying.start_run(one) for one in others))
        while not all(map(Killed(await _stored(holder)).of, (one.tenant_id for one in regions))):
            await _let_one_through(holder, next_one)
            holder, next_one = next_one, holder
        services.kill(WORKER)
        await holder.execute("ROLLBACK")
        await until(lambda: _writers(holder), lambda left: not left, "the dead worker's transaction is undone")
        killed = Killed(await _stored(holder))
    must(WORKER in services.dead(), f"{WORKER} lives on")
    for one in regions:
        must(0 < killed.of(one.tenant_id) < len(one.office.people), f"{one.office.name}: not killed in the middle")
    return killed


async def _let_one_through(holder: asyncpg.Connection, next_one: asyncpg.Connection) -> None:
    """The worker commits the chunk that it waits with; it waits with another, and `next_one` holds the table."""
    behind = asyncio.create_task(_lock(next_one))
    await _until_waiting(holder, 2)
    await holder.execute("ROLLBACK")
    await behind
    await _until_waiting(next_one, 1)


async def require_untouched(services: Services, killed: Killed) -> None:
    """What was stored before the blow stands to the byte as it was written then."""
    async with AsyncExitStack() as held:
        now = await _stored(await _connected(held, services))
    changed = [key for key, row in killed.statements.items() if now.get(key) != row]
    must(not changed, f"{len(changed)} statements written before the worker died are not what they were: {changed[:3]}")


async def _connected(held: AsyncExitStack, services: Services) -> asyncpg.Connection:
    """To payroll's database, as the server's own superuser."""
    admin = urlsplit(services.stack.postgres_admin_url)._replace(path="/payroll").geturl()
    connection = await asyncpg.connect(admin)
    held.push_async_callback(connection.close)
    return connection


async def _lock(connection: asyncpg.Connection) -> None:
    """Nobody else writes statements until this connection's transaction ends."""
    await connection.execute("BEGIN; LOCK TABLE statements IN SHARE ROW EXCLUSIVE MODE")


async def _until_waiting(connection: asyncpg.Connection, count: int) -> None:
    await until(lambda: _waiting(connection), lambda waiting: waiting == count, "the payroll worker writes statements")


async def _waiting(connection: asyncpg.Connection) -> int:
    """Transactions that wait for the table."""
    return await _locks(connection, "NOT l.granted")


async def _writers(connection: asyncpg.Connection) -> int:
    """Transactions that write to the table, or wait to."""
    return await _locks(connection, "l.mode = 'RowExclusiveLock'")


async def _locks(connection: asyncpg.Connection, which: str) -> int:
    found: int = await connection.fetchval(
        "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE l.relation = 'statements'::regclass"
        f" AND a.datname = current_database() AND {which}"
    )
    return found


async def _stored(connection: asyncpg.Connection) -> Stored:
    rows = await connection.fetch("SELECT tenant_id, employee_id, md5(s::text) FROM statements s")
    return {(row[0], str(row[1])): row[2] for row in rows}
