"""The outbox: facts committed with the change they tell of, then relayed to Kafka in their order.

`event_log` keeps every fact for ever, in the bytes that were sent. `outbox` points to those not yet acknowledged.
A relay holds a shard by an advisory lock, sends its oldest rows in order, and deletes exactly the ids that were
acknowledged: a row committed late is simply still there next round (docs/decisions/0004).
"""

import asyncio
import zlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Identity, Index, LargeBinary, SmallInteger, Text, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from shared.db import Sessions, SharedBase
from shared.events import Event, encode

SHARDS = 16
SHARDS_AT_ONCE = 12  # of one round: the rest is for another relay
LOCK_SPACE = 4711  # first key of the relays' advisory locks
ACKNOWLEDGE_WITHIN_S = 10


class EventLogRow(SharedBase):
    """Append-only, partitioned by month of recording; replay, audit and reconciliation read it."""

    __tablename__ = "event_log"
    __table_args__ = (
        Index("ix_event_log_tenant_id_key_id", "tenant_id", "key", "id"),
        {"postgresql_partition_by": "RANGE (recorded_at)"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    recorded_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=text("clock_timestamp()"), primary_key=True
    )
    tenant_id: Mapped[str] = mapped_column(Text)
    event_id: Mapped[UUID]
    type: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(BigInteger)
    topic: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(Text)
    payload: Mapped[bytes] = mapped_column(LargeBinary)


class OutboxRow(SharedBase):
    """A fact that Kafka has not acknowledged yet."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_shard_id", "shard", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    shard: Mapped[int] = mapped_column(SmallInteger)
    log_id: Mapped[int] = mapped_column(BigInteger)
    log_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    moved_aside: Mapped[str | None] = mapped_column(Text)  # an operator's reason; the relay passes over it


# types and topics, of which a transaction has few, are sent once and named by their place: each list is gone through
# element by element on its way to PostgreSQL
_RECORD = text(
    """
    WITH said AS (
        SELECT * FROM unnest(
            CAST(:event_ids AS uuid[]), CAST(:kinds AS smallint[]), CAST(:versions AS bigint[]),
            CAST(:keys AS text[]), CAST(:payloads AS bytea[]), CAST(:shards AS smallint[])
        ) WITH ORDINALITY AS s(event_id, kind, version, key, payload, shard, place)
    ), logged AS (
        INSERT INTO event_log (tenant_id, event_id, type, version, topic, key, payload)
        SELECT :tenant_id, event_id, (CAST(:types AS text[]))[kind], version, (CAST(:topics AS text[]))[kind],
               key, payload
        FROM said ORDER BY place
        RETURNING id, recorded_at, event_id
    )
    INSERT INTO outbox (shard, log_id, log_at)
    SELECT said.shard, logged.id, logged.recorded_at FROM logged JOIN said USING (event_id) ORDER BY logged.id
    """
)


def shard_of(key: str) -> int:
    """The same key always goes through the same relay lock; CRC-32, because hashtext() is not promised stable."""
    return zlib.crc32(key.encode()) % SHARDS


async def record(session: AsyncSession, tenant_id: str, events: Sequence[Event]) -> None:
    """Write facts into the log and the outbox, in the caller's transaction."""
    if not events:
        return
    for event in events:
        if event.tenant_id != tenant_id:
            raise ValueError(f"{event.type} is about tenant {event.tenant_id}, the transaction about {tenant_id}")
    firsts = {type(event): event for event in reversed(events)}
    places = {kind: place for place, kind in enumerate(firsts, 1)}
    keys = [event.key for event in events]
    await session.execute(
        _RECORD,
        {
            "tenant_id": tenant_id,
            "event_ids": [event.event_id for event in events],
            "kinds": [places[type(event)] for event in events],
            "types": [event.type for event in firsts.values()],
            "topics": [event.topic for event in firsts.values()],
            "versions": [event.version for event in events],
            "keys": keys,
            "payloads": [encode(event) for event in events],
            "shards": [shard_of(key) for key in keys],
        },
    )


_AGAIN = text(
    """
    INSERT INTO outbox (shard, log_id, log_at)
    SELECT CAST(:shard AS smallint), id, recorded_at FROM event_log
    WHERE tenant_id = :tenant_id AND key = :key AND type = ANY(CAST(:types AS text[]))
      AND (CAST(:holds AS text) IS NULL OR convert_from(payload, 'UTF8')::jsonb -> 'data' ->> 'period' = :holds)
    ORDER BY id
    """
)


async def send_again(
    session: AsyncSession, tenant_id: str, key: str, types: Sequence[str], *, period: str | None = None
) -> int:
    """Put a key's facts of these types (of one period) into the outbox again, in their order; how many.

    Readers drop by event id what they have already noted, so saying it again is harmless.
    """
    done = await session.execute(
        _AGAIN,
        {"tenant_id": tenant_id, "key": key, "types": list(types), "shard": shard_of(key), "holds": period},
    )
    return int(getattr(done, "rowcount", 0))


_STATED = text(
    "SELECT payload FROM event_log WHERE tenant_id = :tenant_id AND key = :key AND event_id = :event_id LIMIT 1"
)


async def stated(session: AsyncSession, tenant_id: str, key: str, event_id: UUID) -> bytes | None:
    """The bytes of a fact as it was stated under this key; None where it was not."""
    given = {"tenant_id": tenant_id, "key": key, "event_id": event_id}
    payload: bytes | None = await session.scalar(_STATED, given)
    return payload


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row of the outbox as the relay sends it."""

    id: int
    topic: str
    key: str
    payload: bytes


Send = Callable[[str, str, bytes], Awaitable["asyncio.Future[Any]"]]
"""Hand (topic, key, payload) to Kafka's client; the future is done when Kafka has acknowledged it."""

_SHARDS_WAITING = text(
    """
    SELECT n FROM generate_series(0, :shards - 1) AS shards(n)
    WHERE EXISTS (SELECT 1 FROM outbox WHERE outbox.shard = n AND outbox.moved_aside IS NULL)
    ORDER BY random() LIMIT :at_once
    """
)
_TAKE_SHARDS = text(
    "SELECT n, pg_try_advisory_xact_lock(:space, n) FROM unnest(CAST(:shards AS integer[])) AS shards(n)"
)
# in shares a shard, so that one whose topic refuses us does not keep the others from the round
_OLDEST = text(
    """
    SELECT o.id, l.topic, l.key, l.payload
    FROM unnest(CAST(:shards AS integer[])) AS held(n)
    CROSS JOIN LATERAL (
        SELECT id, log_id, log_at FROM outbox WHERE shard = held.n AND moved_aside IS NULL ORDER BY id LIMIT :most
    ) AS o
    JOIN event_log l ON l.id = o.log_id AND l.recorded_at = o.log_at
    ORDER BY held.n, o.id
    """
)
_DONE = text("DELETE FROM outbox WHERE id = ANY(CAST(:ids AS bigint[]))")


async def relay_round(sessions: Sessions, send: Send, *, most: int = 300) -> int:
    """Send the oldest rows of shards no other relay holds, at most so many of each; how many were acknowledged.

    Shards go together, because Kafka and PostgreSQL take one large batch far more easily than many small ones. A
    crash before the delete commits sends again; readers drop repeats through their inbox.
    """
    async with sessions.begin() as session:
        waiting = await session.scalars(_SHARDS_WAITING, {"shards": SHARDS, "at_once": SHARDS_AT_ONCE})
        asked = sorted(waiting.all())
        if not asked:
            return 0
        await session.execute(text("SET LOCAL idle_in_transaction_session_timeout = '30s'"))
        taken = (await session.execute(_TAKE_SHARDS, {"space": LOCK_SPACE, "shards": asked})).all()
        held = [shard for shard, ours in taken if ours]
        # a statement of its own: it must see what the one who held the shard before has deleted
        rows = [Waiting(*row) for row in (await session.execute(_OLDEST, {"shards": held, "most": most})).all()]
        done = await _acknowledged(rows, send)
        if done:
            await session.execute(_DONE, {"ids": done})
    return len(done)


async def _acknowledged(rows: Sequence[Waiting], send: Send) -> list[int]:
    """Ids that Kafka has, leaving out all that comes after a failure of the same key."""
    futures = [await send(row.topic, row.key, row.payload) for row in rows]
    if futures:
        await asyncio.wait(futures, timeout=ACKNOWLEDGE_WITHIN_S)
    done: list[int] = []
    failed: set[str] = set()
    for row, future in zip(rows, futures, strict=True):
        if row.key in failed or not future.done() or future.cancelled() or future.exception() is not None:
            failed.add(row.key)
        else:
            done.append(row.id)
    return done


@dataclass(frozen=True, slots=True)
class Standing:
    """An outbox at a glance."""

    rows: int
    oldest_seconds: float  # a duration to look at, never an amount
    moved_aside: int


_STANDING = text(
    """
    SELECT count(*) FILTER (WHERE moved_aside IS NULL),
           coalesce(extract(epoch FROM clock_timestamp() - min(log_at) FILTER (WHERE moved_aside IS NULL)), 0),
           count(*) FILTER (WHERE moved_aside IS NOT NULL)
    FROM outbox
    """
)
_FIRST = text(
    """
    SELECT o.id, o.shard, l.recorded_at, l.type, l.key, o.moved_aside
    FROM outbox o JOIN event_log l ON l.id = o.log_id AND l.recorded_at = o.log_at ORDER BY o.id LIMIT :most
    """
)
_ASIDE = text("UPDATE outbox SET moved_aside = :reason WHERE id = :id RETURNING id")


async def standing(session: AsyncSession) -> Standing:
    rows, oldest_seconds, moved_aside = (await session.execute(_STANDING)).one()
    return Standing(rows, float(oldest_seconds), moved_aside)


async def oldest(session: AsyncSession, most: int) -> Sequence[Any]:
    """(id, shard, recorded_at, type, key, moved_aside) of the first rows."""
    return (await session.execute(_FIRST, {"most": most})).all()


async def move_aside(session: AsyncSession, row_id: int, reason: str) -> bool:
    """Let the relay pass over a row, keeping the reason; False where it is not there any more."""
    return await session.scalar(_ASIDE, {"id": row_id, "reason": reason}) is not None
