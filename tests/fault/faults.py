"""What is broken on purpose, each kind a function; the schedule is drawn from a seed."""

import asyncio
import random
import signal
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import asyncpg

from deploy.local.databases import SERVICES
from deploy.local.services import Services
from deploy.local.stack import Stack
from shared.kafka import Producer
from shared.settings import Settings


@dataclass
class Rig:
    """What faults may lay hands on."""

    stack: Stack
    services: Services
    dice: random.Random

    def worker(self) -> str:
        return self.dice.choice([name for name in self.services.pids if "-worker-" in name])

    def service(self) -> str:
        return self.dice.choice(SERVICES)


Fault = Callable[[Rig], Awaitable[str]]
"""Breaks something, mends it, and says what it was."""


async def kill_worker(rig: Rig) -> str:
    name = rig.worker()
    await asyncio.to_thread(rig.services.kill, name)
    await asyncio.to_thread(rig.services.restart, name)
    return name


async def stop_worker_and_start_it_again(rig: Rig) -> str:
    name = rig.worker()
    await asyncio.to_thread(rig.services.restart, name)
    return name


async def freeze_worker(rig: Rig) -> str:
    """Shorter than its session lasts: it comes back in the middle of what it did."""
    return await _freeze(rig, rig.worker(), rig.dice.uniform(0.5, 4))


async def make_worker_a_zombie(rig: Rig) -> str:
    """Longer than its session lasts: the group has gone on without it when it wakes."""
    return await _freeze(rig, rig.worker(), rig.dice.uniform(9, 14))


async def _freeze(rig: Rig, name: str, seconds: float) -> str:
    rig.services.kill(name, signal.SIGSTOP)
    try:
        await asyncio.sleep(seconds)
    finally:
        rig.services.kill(name, signal.SIGCONT)
    return f"{name} {seconds:.1f} s"


async def kill_api(rig: Rig) -> str:
    await asyncio.to_thread(rig.services.kill, "front")
    await asyncio.to_thread(rig.services.restart, "front")
    return "front"


async def stop_api_and_start_it_again(rig: Rig) -> str:
    await asyncio.to_thread(rig.services.restart, "front")
    return "front"


async def freeze_api(rig: Rig) -> str:
    return await _freeze(rig, "front", rig.dice.uniform(0.5, 3))


async def crash_postgres(rig: Rig) -> str:
    await asyncio.to_thread(rig.stack.restart_postgres, True)
    return "immediate"


async def restart_postgres(rig: Rig) -> str:
    await asyncio.to_thread(rig.stack.restart_postgres, False)
    return "fast"


async def cut_database_connections(rig: Rig) -> str:
    return await _terminate(rig, "true")


async def cut_transactions_under_way(rig: Rig) -> str:
    return await _terminate(rig, "state IN ('active', 'idle in transaction')")


async def _terminate(rig: Rig, which: str) -> str:
    service = rig.service()
    connection = await asyncpg.connect(rig.stack.postgres_admin_url)
    try:
        cut = await connection.fetchval(
            f"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = $1 AND {which}", service
        )
    finally:
        await connection.close()
    return f"{cut} of {service}"


async def crash_kafka(rig: Rig) -> str:
    await asyncio.to_thread(rig.stack.restart_kafka, True)
    return "kill -9"


async def restart_kafka(rig: Rig) -> str:
    await asyncio.to_thread(rig.stack.restart_kafka, False)
    return "stop"


async def say_rubbish(rig: Rig) -> str:
    """Records that no reader can use, among the good ones, as the activity service could put them there."""
    login = rig.stack.credentials("activity")
    producer = Producer(
        Settings(
            service="activity",
            kafka_bootstrap=rig.stack.kafka_bootstrap,
            kafka_user=login.user,
            kafka_password=login.password,
        )
    )
    await producer.start()
    try:
        for body in (b"{broken", b"[]", b'{"specversion":"1.0","type":"activity.sung.v1"}', b"\xff\xfe"):
            await (await producer.send("activity.events", f"19.05:{rig.dice.random()}", body))
    finally:
        await producer.stop()
    return "4 records"


async def say_again(rig: Rig) -> str:
    """Put a slice of what was said into the outbox once more, as reconciliation does."""
    connection = await asyncpg.connect(rig.stack.postgres_admin_url.rsplit("/", 1)[0] + "/activity")
    try:
        done = await connection.execute(
            "INSERT INTO outbox (shard, log_id, log_at) SELECT $1, id, recorded_at FROM event_log "
            "WHERE key IN (SELECT key FROM event_log ORDER BY random() LIMIT 5) ORDER BY id",
            rig.dice.randrange(16),
        )
    finally:
        await connection.close()
    return done


KINDS: dict[str, tuple[Fault, int]] = {
    "kill -9 a worker": (kill_worker, 6),
    "stop and start a worker": (stop_worker_and_start_it_again, 3),
    "freeze a worker": (freeze_worker, 4),
    "make a worker a zombie": (make_worker_a_zombie, 1),
    "kill -9 the API": (kill_api, 3),
    "stop and start the API": (stop_api_and_start_it_again, 2),
    "freeze the API": (freeze_api, 2),
    "crash PostgreSQL": (crash_postgres, 2),
    "restart PostgreSQL": (restart_postgres, 1),
    "cut database connections": (cut_database_connections, 4),
    "cut transactions under way": (cut_transactions_under_way, 4),
    "crash Kafka": (crash_kafka, 2),
    "restart Kafka": (restart_kafka, 1),
    "say rubbish": (say_rubbish, 2),
    "say it again": (say_again, 2),
}


def schedule(count: int, dice: random.Random) -> Sequence[str]:
    """So many faults: every kind once where they are enough, the rest by weight."""
    names = list(KINDS)
    weights = [weight for _, weight in KINDS.values()]
    first = dice.sample(names, min(count, len(names)))
    rest = dice.choices(names, weights, k=max(0, count - len(first)))
    return [*first, *rest]
