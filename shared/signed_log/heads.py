"""The rows of a log, and adding one: an entry and the checkpoint over it, in the transaction of what it is of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, LargeBinary, Text, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from shared.checkpoint import Checkpoint, Log, Signer, key_id_in, text_hash
from shared.merkle import root
from shared.signed_log.documents import entry_leaf
from shared.unit_of_work import UnitOfWork


class HeadColumns:
    """What every log's table holds; never changed.

    A log has one checkpoint an entry, so `size` is its number too: 1, 2, 3, ..., without gaps.
    """

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    period: Mapped[str] = mapped_column(Text)
    entry: Mapped[bytes] = mapped_column(LargeBinary)  # canonical JSON
    leaf: Mapped[bytes] = mapped_column(LargeBinary)  # of the entry
    root: Mapped[bytes] = mapped_column(LargeBinary)  # of the log
    note: Mapped[str] = mapped_column(Text)
    key_id: Mapped[str] = mapped_column(Text)
    signed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


Head = TypeVar("Head", bound=HeadColumns)


@dataclass(frozen=True)
class Signed:
    """An entry with the checkpoint signed over it: the columns of its row."""

    tenant_id: str
    size: int
    period: str
    entry: bytes
    leaf: bytes
    root: bytes
    note: str
    key_id: str
    signed_at: datetime


async def latest_head(session: AsyncSession, table: type[Head], tenant_id: str) -> Head | None:
    """The newest head of a region's log; None while it has no entry."""
    return await session.scalar(select(table).where(table.tenant_id == tenant_id).order_by(table.size.desc()).limit(1))


async def log_leaves(session: AsyncSession, table: type[Head], tenant_id: str, size: int) -> Sequence[bytes]:
    """The leaf hashes of the log's first entries: some thirty a year."""
    query = select(table.leaf).where(table.tenant_id == tenant_id, table.size <= size).order_by(table.size)
    return (await session.scalars(query)).all()


# held until the commit: two entries at once get two heads after one another, never two beside one another
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended('checkpoint|' || :tenant_id, 0))")


async def sign_entry(
    uow: UnitOfWork, table: type[Head], signer: Signer, log: Log, *, period: str, named: UUID | int, entry: bytes,
    now: datetime,
) -> Signed:  # fmt: skip
    """The next head of the region's log, with this entry; the caller adds it as a row, with what tells the entry.

    `named`: the run's id, or which closing of the period it is. Raises Refused on a day without a good key.
    """
    await uow.session.execute(_ONE_AT_A_TIME, {"tenant_id": uow.tenant_id})
    last = await latest_head(uow.session, table, uow.tenant_id)
    size, leaf = last.size + 1 if last else 1, entry_leaf(entry)
    head = root([*await log_leaves(uow.session, table, uow.tenant_id, size - 1), leaf])
    previous = text_hash(last.note) if last else None
    note = signer.sign(Checkpoint(log, uow.tenant_id, size, head, previous, period, named, now))
    return Signed(uow.tenant_id, size, period, entry, leaf, head, note, key_id_in(note), now)
