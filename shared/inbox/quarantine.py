"""What an operator does with records in quarantine: list them, look at one, try it again."""

import base64
from collections.abc import Sequence

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from shared.db import Sessions
from shared.errors import NotFound, Refused
from shared.inbox.delivery import Inbox
from shared.inbox.reading import Record
from shared.inbox.tables import QuarantineRow, WaitingRow


async def kept(session: AsyncSession, *, most: int = 100, redriven: bool = False) -> Sequence[QuarantineRow]:
    """The oldest records kept aside; with `redriven`, those that were used after all as well."""
    query = select(QuarantineRow).order_by(QuarantineRow.id).limit(most)
    if not redriven:
        query = query.where(QuarantineRow.redriven_at.is_(None))
    return (await session.scalars(query)).all()


async def waiting(session: AsyncSession, *, most: int = 100) -> Sequence[WaitingRow]:
    """The facts that wait longest for another."""
    return (await session.scalars(select(WaitingRow).order_by(WaitingRow.id).limit(most))).all()


async def find(session: AsyncSession, number: int) -> QuarantineRow:
    row = await session.get(QuarantineRow, number)
    if row is None:
        raise NotFound(f"there is no record {number} in quarantine; `takar quarantine list` shows those there are")
    return row


def record_of(row: QuarantineRow, *, payload: bytes | None = None) -> Record:
    """The record as it came; with `payload`, as an operator has mended it, under the key and headers it should have."""
    if payload is not None:
        key = row.key
        return Record(row.topic, row.partition, row.offset, key, payload)
    headers = tuple((str(name), None if value is None else base64.b64decode(value)) for name, value in row.headers)
    return Record(row.topic, row.partition, row.offset, row.key, row.payload, headers)


async def redrive(inbox: Inbox, number: int, *, by: str, payload: bytes | None = None) -> None:
    """Apply a kept record again. Raises Refused with the reason where it still cannot be used."""
    sessions: Sessions = inbox.sessions
    async with sessions() as session:
        row = await find(session, number)
    if row.redriven_at is not None:
        raise Refused(f"record {number} was redriven at {row.redriven_at:%Y-%m-%d %H:%M} by {row.redriven_by}")
    reason = await inbox.redrive(record_of(row, payload=payload))
    if reason is not None:
        raise Refused(f"record {number} still cannot be used: {reason}")
    async with sessions.begin() as session:
        await session.execute(
            update(QuarantineRow)
            .where(QuarantineRow.id == number)
            .values(redriven_at=func.clock_timestamp(), redriven_by=by)
        )
