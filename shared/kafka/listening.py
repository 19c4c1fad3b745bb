"""One batch subscriber a service, acknowledged by hand after the commit, and only then."""

import asyncio
import dataclasses
import random
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import structlog
from aiokafka import ConsumerRebalanceListener, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker, KafkaMessage
from faststream.kafka.annotations import KafkaMessage as Message
from faststream.message import StreamMessage

from shared.inbox import Inbox, Record
from shared.settings import Settings
from shared.telemetry import DELIVERED, LAG

MAX_RECORDS = 1000
FETCH_AT_LEAST = 65_536  # bytes: under load few large answers, each worth a transaction
FETCH_WAIT_MS = 150  # when little is said, a fact waits so long for company at most; asking costs both sides
FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 30.0

log = structlog.get_logger()


class DrainOnRevoke(ConsumerRebalanceListener):
    """A rebalance waits for the batch in hand, so that its offsets are committed by their owner."""

    def __init__(self, lock: asyncio.Lock) -> None:
        self._lock = lock

    async def on_partitions_revoked(self, revoked: Sequence[TopicPartition]) -> None:
        async with self._lock:
            log.info("partitions revoked", count=len(revoked))

    async def on_partitions_assigned(self, assigned: Sequence[TopicPartition]) -> None:
        log.info("partitions assigned", count=len(assigned))


class Backoff:
    """Pauses that double, with jitter, until something succeeds."""

    def __init__(self) -> None:
        self._pause = FIRST_PAUSE_S

    def reset(self) -> None:
        self._pause = FIRST_PAUSE_S

    def next(self) -> float:
        pause, self._pause = self._pause, min(self._pause * 2, LONGEST_PAUSE_S)
        return pause * (0.5 + random.random())


def listen(
    broker: KafkaBroker,
    inbox: Inbox,
    settings: Settings,
    *,
    group: str,
    topics: Sequence[str] = (),
    pattern: str | None = None,
) -> None:
    """Subscribe to the topics as one consumer group; every automatic acknowledgement policy loses or spins.

    `pattern`: instead of topics, a regular expression for whole names; topics made later are found by it.
    """
    if not topics and not pattern:
        return
    prefix = settings.topic_prefix
    lock = asyncio.Lock()
    backoff = Backoff()

    async def consume(message: Message) -> None:
        async with lock:
            try:
                records = [_record(raw, prefix) for raw in _batch(message)]
                await inbox.deliver(records)
                await message.ack()  # inside the lock: before a rebalance goes on
                backoff.reset()
                DELIVERED.labels(group).inc(len(records))
                _tell_lag(message, group, prefix)
            except Exception as error:
                log.warning("batch not applied; it will be read again", error=repr(error))
                await _rewind(message)
                await asyncio.sleep(backoff.next())

    broker.subscriber(
        *[prefix + topic for topic in topics],
        pattern=f"^{re.escape(prefix)}(?:{pattern})$" if pattern else None,
        group_id=prefix + group,
        batch=True,
        max_records=MAX_RECORDS,
        batch_timeout_ms=100,
        fetch_min_bytes=FETCH_AT_LEAST,
        fetch_max_wait_ms=FETCH_WAIT_MS,
        auto_offset_reset="earliest",  # the default would miss what was said before us
        isolation_level="read_committed",
        ack_policy=AckPolicy.MANUAL,
        session_timeout_ms=settings.kafka_session_timeout_ms,
        heartbeat_interval_ms=min(3_000, settings.kafka_session_timeout_ms // 4),
        rebalance_timeout_ms=60_000,
        parser=_raw_parser,
        decoder=_undecoded,
        listener=DrainOnRevoke(lock),
        title=f"{group} hears",
    )(consume)


async def _rewind(message: KafkaMessage) -> None:
    try:
        await message.nack()
    except (KafkaError, AssertionError) as error:
        # the partitions were taken from us meanwhile: their new owner reads from the last commit
        log.info("nothing to rewind", error=repr(error))


def _batch(message: KafkaMessage) -> tuple["ConsumerRecord[bytes, bytes]", ...]:
    """A batch subscriber's raw message is always the whole batch."""
    raw = message.raw_message
    return raw if isinstance(raw, tuple) else (raw,)


def _record(raw: "ConsumerRecord[bytes, bytes]", prefix: str) -> Record:
    return Record(
        topic=raw.topic.removeprefix(prefix),
        partition=raw.partition,
        offset=raw.offset,
        key=raw.key,
        value=raw.value,
        headers=tuple(raw.headers),
    )


async def _raw_parser(
    message: tuple["ConsumerRecord[bytes, bytes]", ...],
    original: Callable[[Any], Awaitable[StreamMessage[Any]]],
) -> StreamMessage[Any]:
    """Keeps headers and bodies from FastStream's parser, which would lose the batch on an odd one.

    It looks only at the first and the last record otherwise.
    """
    ends = (message[0], message[-1])
    parsed = await original(tuple(dataclasses.replace(raw, headers=(), value=b"") for raw in ends))
    parsed.raw_message = message
    return parsed


async def _undecoded(message: StreamMessage[Any]) -> Any:
    return message.raw_message


def _tell_lag(message: KafkaMessage, group: str, prefix: str) -> None:
    consumer: Any = message.consumer
    last = {TopicPartition(raw.topic, raw.partition): raw.offset for raw in _batch(message)}
    for partition, offset in last.items():
        highwater = consumer.highwater(partition)
        if highwater is not None:
            topic = partition.topic.removeprefix(prefix)
            LAG.labels(group, topic, partition.partition).set(max(0, highwater - offset - 1))
