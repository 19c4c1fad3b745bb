"""A worker process: it hears facts, relays its own, and runs its service's loops until it is told to stop."""

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import structlog
import uvloop
from aiokafka.errors import KafkaError
from faststream.kafka import KafkaBroker
from sqlalchemy import text

from shared import outbox
from shared.db import Sessions, connect, disconnect
from shared.handlers import Handlers
from shared.inbox import Inbox
from shared.kafka.client import Producer, new_broker
from shared.kafka.health import Health, serve_health
from shared.kafka.listening import Backoff, listen
from shared.memory import settle_memory
from shared.settings import Settings
from shared.telemetry import (
    OUTBOX_OLDEST,
    OUTBOX_ROWS,
    QUARANTINED,
    RELAY_ERRORS,
    RELAYED,
    WAITING,
    configure_logging,
)

RELAY_FULL = 1000  # facts of a round after which there are probably more
RELAY_PAUSE_S = 0.02  # after a smaller round: a round costs as much as a hundred facts; then longer while nothing waits
RELAY_LONGEST_PAUSE_S = 0.16  # an idle worker's looking costs a twentieth of a core at 0.03
RETRY_WAITING_S = 0.5
GAUGES_S = 5.0

Loop = Callable[[Sessions], Awaitable[int]]
"""Does some of the work that waits, and says how much it did; 0: nothing to do for now."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Worker:
    """What a service's worker.py declares: which fact leads to which command, and what runs by itself."""

    service: str
    handlers: Handlers
    loops: Mapping[str, tuple[Loop, float]] = field(default_factory=dict)  # name: (loop, pause in seconds)
    topics: Sequence[str] | None = None  # None: where the handled facts are stated
    pattern: str | None = None  # names of further topics, heard in a group of their own: they come and go

    def heard_topics(self) -> list[str]:
        if self.topics is not None:
            return list(self.topics)
        return sorted({f"{event.source}.events" for event in self.handlers})


def serve(worker: Worker) -> None:
    """Run until SIGTERM or SIGINT, finishing the batch in hand; settings come from the environment."""
    settings = Settings(service=worker.service)
    configure_logging(worker.service, settings.log_level)
    settle_memory()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(worker, settings))


async def _serve(worker: Worker, settings: Settings) -> None:
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    async with running(worker, settings):
        await told.wait()


@asynccontextmanager
async def running(worker: Worker, settings: Settings) -> AsyncIterator[Inbox]:
    """A worker at work: its health answers at once, its subscriber joins as soon as Kafka is there."""
    sessions = connect(settings.database_url, pool_size=settings.pool_size, name=f"takar-{worker.service}-worker")
    inbox = Inbox(sessions, worker.handlers)
    health = Health()
    broker = new_broker(settings)
    listen(broker, inbox, settings, group=worker.service, topics=worker.heard_topics())
    # apart, so that a topic that appears does not rebalance the others
    listen(broker, inbox, settings, group=f"{worker.service}-found", pattern=worker.pattern)
    tasks = [
        _hear(broker, worker),
        relay_for_ever(worker.service, sessions, settings, health),
        _for_ever("waiting", lambda _: inbox.retry_waiting(), RETRY_WAITING_S, sessions, health),
        _for_ever("gauges", _gauges(worker.service), GAUGES_S, sessions, health),
        *[_for_ever(name, loop, pause, sessions, health) for name, (loop, pause) in worker.loops.items()],
    ]
    async with serve_health(settings, sessions, health):
        started = [asyncio.create_task(task) for task in tasks]
        try:
            yield inbox
        finally:
            await broker.stop()  # first: it waits for the batch in hand
            for task in started:
                task.cancel()
            await asyncio.gather(*started, return_exceptions=True)
            await disconnect(sessions)


async def _hear(broker: KafkaBroker, worker: Worker) -> None:
    """Join the group, trying until Kafka answers: a worker that starts first must not die of it."""
    if not worker.heard_topics() and not worker.pattern:
        return
    backoff = Backoff()
    while True:
        try:
            await broker.start()
            log.info("listening", topics=worker.heard_topics())
            return
        except KafkaError as error:
            log.warning("Kafka does not answer yet, or refuses these credentials", error=repr(error))
            await broker.stop()
            await asyncio.sleep(backoff.next())


async def _for_ever(name: str, loop: Loop, pause: float, sessions: Sessions, health: Health) -> None:
    backoff = Backoff()
    while True:
        try:
            done = await loop(sessions)
            health.beat(name)
            backoff.reset()
            if not done or name == "gauges":
                await asyncio.sleep(pause)
        except Exception as error:
            log.warning("loop failed; it goes on", loop=name, error=repr(error), exc_info=error)
            await asyncio.sleep(backoff.next())


async def relay_for_ever(service: str, sessions: Sessions, settings: Settings, health: Health) -> None:
    """Relay the outbox; after a failure the producer is made anew, because an idempotent one may be stuck."""
    backoff = Backoff()
    while True:
        producer = Producer(settings)
        try:
            await producer.start()
            pause = RELAY_PAUSE_S
            while True:
                sent = await outbox.relay_round(sessions, producer.send)
                RELAYED.labels(service).inc(sent)
                health.beat("relay")
                backoff.reset()
                if sent:
                    pause = RELAY_PAUSE_S
                if sent < RELAY_FULL:
                    await asyncio.sleep(pause)
                if not sent:
                    pause = min(2 * pause, RELAY_LONGEST_PAUSE_S)
        except Exception as error:
            RELAY_ERRORS.labels(service).inc()
            log.warning("relay failed; it starts again", error=repr(error))
            await asyncio.sleep(backoff.next())
        finally:
            with suppress(Exception):  # it may never have started
                await producer.stop()


_KEPT = text("SELECT (SELECT count(*) FROM quarantine WHERE redriven_at IS NULL), (SELECT count(*) FROM inbox_waiting)")


def _gauges(service: str) -> Loop:
    async def tell(sessions: Sessions) -> int:
        async with sessions() as session:
            standing = await outbox.standing(session)
            kept, waiting = (await session.execute(_KEPT)).one()
        OUTBOX_ROWS.labels(service).set(standing.rows)
        OUTBOX_OLDEST.labels(service).set(standing.oldest_seconds)
        QUARANTINED.labels(service).set(kept)
        WAITING.labels(service).set(waiting)
        return 0

    return tell
