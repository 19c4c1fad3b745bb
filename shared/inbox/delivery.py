"""Applying a batch of records: one transaction, one set-based call per tenant and type, each fact once."""

import base64
from collections.abc import Sequence

import structlog
from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.db import Sessions, is_transient
from shared.directory.tables import TenantRow
from shared.events import Event, decode
from shared.events.identity import TenantConfigured
from shared.handlers import Handlers
from shared.inbox import waiting
from shared.inbox.reading import Bad, Read, Record, read
from shared.inbox.tables import QuarantineRow, WaitingRow
from shared.unit_of_work import UnitOfWork

SEVERAL = 20  # facts that all fail, one by one, mean that we are broken, not they

log = structlog.get_logger()

_NOTE = text(
    """
    INSERT INTO inbox (event_id)
    SELECT e FROM unnest(CAST(:ids AS uuid[])) AS e ORDER BY e  -- unsorted, crossing batches deadlock: bus.md 1.6
    ON CONFLICT DO NOTHING RETURNING event_id
    """
)


class Inbox:
    """Applies facts through `handlers`, a table of type and command."""

    def __init__(self, sessions: Sessions, handlers: Handlers) -> None:
        self.sessions = sessions
        self.handlers = handlers

    async def deliver(self, records: Sequence[Record]) -> None:
        """Apply a batch; when this returns, each record has had its effect, waits, or is in quarantine.

        Raises what passes by itself (a database that is gone): the caller reads the batch again later.
        """
        good, bad = read(records, self.handlers)
        try:
            await self._apply(good, bad)
        except Exception as error:
            if is_transient(error):
                raise
            log.warning("batch refused, applying one by one", facts=len(good), error=repr(error))
            await self._apply_one_by_one(good, bad, error)

    async def _apply_one_by_one(self, good: Sequence[Read], bad: Sequence[Bad], cause: Exception) -> None:
        failed: list[tuple[Read, Exception]] = []
        for one in good:
            try:
                await self._apply([one], [])
            except waiting.NotYet as error:
                async with self.sessions.begin() as session:
                    await waiting.park(session, [one.event], str(error))
            except Exception as error:
                if is_transient(error):
                    raise
                failed.append((one, error))
        if len(failed) >= SEVERAL and len(failed) == len(good):
            raise cause  # a deploy that would bury everything stops instead
        refused = [Bad(one.record, f"{type(error).__name__}: {error}") for one, error in failed]
        await self._keep([*bad, *refused])

    async def _apply(self, good: Sequence[Read], bad: Sequence[Bad]) -> None:
        async with self.sessions.begin() as session:
            ready = await self._ready(session, [one.event for one in good])
            await self._apply_fresh(session, ready)
            await _quarantine(session, bad)

    async def _apply_fresh(self, session: AsyncSession, events: Sequence[Event]) -> None:
        for tenant_id, kind, run in runs(await note(session, events)):
            uow = UnitOfWork(session, tenant_id)
            await uow.enter_tenant()
            await self.handlers[kind](uow, run)
            await uow.settle()

    async def _ready(self, session: AsyncSession, events: Sequence[Event]) -> list[Event]:
        """Facts that may take effect now; those of an unknown tenant or a waiting key are parked."""
        if not events:
            return []
        known = set(await session.scalars(select(TenantRow.tenant_id)))
        known |= {event.tenant_id for event in events if isinstance(event, TenantConfigured)}
        held = await waiting.held_keys(session, events)
        ready: list[Event] = []
        for event in events:
            if event.tenant_id not in known:
                await waiting.park(session, [event], f"tenant {event.tenant_id} is unknown here")
                held.add((event.tenant_id, event.key))
            elif (event.tenant_id, event.key) in held:
                await waiting.park(session, [event], "an earlier fact of its key waits")
            else:
                ready.append(event)
        return ready

    async def _keep(self, bad: Sequence[Bad]) -> None:
        async with self.sessions.begin() as session:
            await _quarantine(session, bad)

    async def retry_waiting(self, most: int = 500) -> int:
        """Try again what waits, in each key's order; how many facts took effect."""
        async with self.sessions() as session:
            keys = await waiting.waiting_keys(session, most)
        return sum([await self._retry_key(tenant_id, key) for tenant_id, key in keys])

    async def _retry_key(self, tenant_id: str, key: str) -> int:
        done = 0
        while await self._retry_first(tenant_id, key):
            done += 1
        return done

    async def _retry_first(self, tenant_id: str, key: str) -> bool:
        """Apply the key's oldest waiting fact; False where it must wait on, or another worker has it."""
        try:
            async with self.sessions.begin() as session:
                if await session.get(TenantRow, tenant_id) is None:
                    return False
                row = await waiting.first_of(session, tenant_id, key)
                if row is None:
                    return False
                await self._apply_waiting(session, row)
        except waiting.NotYet:
            return False
        return True

    async def _apply_waiting(self, session: AsyncSession, row: WaitingRow) -> None:
        event = decode(row.payload)
        record = Record("inbox_waiting", 0, row.id, row.key.encode(), row.payload)
        try:
            async with session.begin_nested():
                await self._apply_fresh(session, [event])
        except waiting.NotYet:
            raise
        except Exception as error:
            if is_transient(error):
                raise
            await _quarantine(session, [Bad(record, f"{type(error).__name__}: {error}")])
        await waiting.release(session, row)

    async def redrive(self, record: Record) -> str | None:
        """Apply one record again, as an operator asks; the reason where it still cannot be used."""
        good, bad = read([record], self.handlers)
        if bad:
            return bad[0].reason
        try:
            await self._apply(good, [])
        except Exception as error:
            if is_transient(error):
                raise
            return f"{type(error).__name__}: {error}"
        return None if good else "nobody here handles this type"


def runs(events: Sequence[Event]) -> list[tuple[str, type[Event], list[Event]]]:
    """Facts grouped by tenant and type into as few calls as keep each key's order.

    A fact joins the last group of its type unless an earlier fact of its key stands in a later group.
    """
    groups: list[tuple[str, type[Event], list[Event]]] = []
    newest: dict[tuple[str, type[Event]], int] = {}
    place_of_key: dict[str, int] = {}
    for event in events:
        kind = (event.tenant_id, type(event))
        place = newest.get(kind, -1)
        if place < place_of_key.get(event.key, 0) or place < 0:
            place = len(groups)
            groups.append((*kind, []))
            newest[kind] = place
        groups[place][2].append(event)
        place_of_key[event.key] = place
    return groups


async def note(session: AsyncSession, events: Sequence[Event]) -> list[Event]:
    """Note facts as taken up, in this transaction; return those not noted before.

    It also holds up a zombie with the same batch: its insert waits for ours, then finds the conflicts.
    """
    if not events:
        return []
    fresh = set(await session.scalars(_NOTE, {"ids": [event.event_id for event in events]}))
    return [event for event in events if event.event_id in fresh]


async def _quarantine(session: AsyncSession, bad: Sequence[Bad]) -> None:
    if not bad:
        return
    log.error("records in quarantine", count=len(bad), first=bad[0].reason)
    await session.execute(insert(QuarantineRow).on_conflict_do_nothing(), [quarantine_values(one) for one in bad])


def quarantine_values(bad: Bad) -> dict[str, object]:
    record = bad.record
    headers = [
        [_storable(name), None if value is None else base64.b64encode(value).decode()] for name, value in record.headers
    ]
    key = (record.key or b"").decode("ascii", "replace")
    tenant_id, _, rest = key.partition(":")
    return {
        "topic": record.topic,
        "partition": record.partition,
        "offset": record.offset,
        "key": record.key,
        "payload": record.value,
        "headers": headers,
        "tenant_id": tenant_id if rest and len(tenant_id) <= 5 and "\0" not in tenant_id else None,
        "reason": _storable(bad.reason[:2000]),
    }


def _storable(text: str) -> str:
    """The text without what PostgreSQL cannot hold: a record's own oddness must not keep it out of quarantine."""
    return text.encode("utf-8", "backslashreplace").decode().replace("\0", "\\0")
