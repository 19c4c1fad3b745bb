"""Facts that cannot take effect yet, and the order of their key while they wait."""

from collections.abc import Sequence

from sqlalchemy import delete, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.events import Event, encode
from shared.inbox.tables import WaitingRow


class NotYet(Exception):
    """Raised by a handler for a fact that must wait for another; the text says for what."""


# an array, not a list of parameters: a statement of five hundred is compiled anew each time
_HELD = text("SELECT DISTINCT tenant_id, key FROM inbox_waiting WHERE key = ANY(CAST(:keys AS text[]))")


async def held_keys(session: AsyncSession, events: Sequence[Event]) -> set[tuple[str, str]]:
    """(tenant, key) of these facts for which an earlier fact still waits."""
    keys = sorted({event.key for event in events})
    rows = await session.execute(_HELD, {"keys": keys})
    return {(tenant_id, key) for tenant_id, key in rows.all()}


async def park(session: AsyncSession, events: Sequence[Event], reason: str) -> None:
    """Keep facts until what they wait for has come; parking twice keeps one."""
    if not events:
        return
    rows = [
        {
            "tenant_id": event.tenant_id,
            "key": event.key,
            "event_id": event.event_id,
            "payload": encode(event),
            "reason": reason,
        }
        for event in events
    ]
    await session.execute(insert(WaitingRow).on_conflict_do_nothing(), rows)


async def waiting_keys(session: AsyncSession, most: int) -> Sequence[tuple[str, str]]:
    """Keys that wait, longest first."""
    oldest = select(WaitingRow.tenant_id, WaitingRow.key).order_by(WaitingRow.id).limit(most)
    return list(dict.fromkeys((tenant_id, key) for tenant_id, key in (await session.execute(oldest)).all()))


async def first_of(session: AsyncSession, tenant_id: str, key: str) -> WaitingRow | None:
    """The oldest waiting fact of a key, locked; None where another worker has it."""
    return await session.scalar(
        select(WaitingRow)
        .where(WaitingRow.tenant_id == tenant_id, WaitingRow.key == key)
        .order_by(WaitingRow.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


async def release(session: AsyncSession, row: WaitingRow) -> None:
    await session.execute(delete(WaitingRow).where(WaitingRow.id == row.id))
