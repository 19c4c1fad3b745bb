"""What anybody of the region may ask of a log: a head, the proof of its growth, all of its entries."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from shared.errors import NotFound, Refused
from shared.signed_log.documents import checkpoint_document, log_document, since_of
from shared.signed_log.heads import Head, HeadColumns, latest_head, log_leaves


@dataclass(frozen=True, slots=True)
class Grown:
    """A checkpoint, the leaf hashes of the log under it, and from which earlier one it is shown to have grown."""

    note: str
    log: Sequence[bytes]
    since: dict[str, Any] | None


async def head(
    session: AsyncSession, table: type[Head], tenant_id: str, *, size: int | None = None, since: int | None = None
) -> bytes:
    """A checkpoint, the newest unless told, and the proof that the log grew to it from another; canonical JSON.

    Raises NotFound; Refused where the later one is asked for as the earlier.
    """
    own = (
        await latest_head(session, table, tenant_id) if size is None else await _named(session, table, tenant_id, size)
    )
    if own is None:
        raise NotFound("this region's log has no entry yet: there is no checkpoint")
    found = await under(session, table, own, size=None, since=since)
    return checkpoint_document(found.note, found.since)


async def heads(session: AsyncSession, table: type[Head], tenant_id: str, *, after: int, limit: int) -> bytes:
    """The log itself, entry by entry with its checkpoint, by size after a given one; canonical JSON."""
    rows = await session.scalars(
        select(table).where(table.tenant_id == tenant_id, table.size > after).order_by(table.size).limit(limit)
    )
    return log_document([(row.note, row.entry) for row in rows])


async def under(
    session: AsyncSession, table: type[Head], own: HeadColumns, *, size: int | None, since: int | None
) -> Grown:
    """The checkpoint of this size, an entry's own unless told, and the proof that its log grew from another.

    Raises NotFound; Refused where that checkpoint is too early, or the later one is asked for as the earlier.
    """
    shown = own if size is None else await _named(session, table, own.tenant_id, size)
    if shown.size < own.size:
        raise Refused(f"this was signed by checkpoint {own.size}: no earlier one can prove it")
    log = await log_leaves(session, table, own.tenant_id, shown.size)
    if since is None:
        return Grown(shown.note, log, None)
    if since > len(log):
        raise Refused(f"checkpoint {since} is later than checkpoint {len(log)}: ask for them the other way round")
    first = await _named(session, table, own.tenant_id, since)
    return Grown(shown.note, log, since_of(first.note, since, log))


async def _named(session: AsyncSession, table: type[Head], tenant_id: str, size: int) -> Head:
    row = await session.get(table, (tenant_id, size))
    if row is None:
        raise NotFound(f"there is no checkpoint {size}")
    return row
