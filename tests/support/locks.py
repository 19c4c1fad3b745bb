"""When one transaction waits for another: for tests of what happens at once."""

import asyncio

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

_SOMEBODY_WAITS = text("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted)")


async def until_it_waits(session: AsyncSession, working: "asyncio.Task[object]") -> None:
    """Until a transaction of this server waits for another's lock, or the work is done."""
    async with asyncio.timeout(30):
        while not working.done() and not await session.scalar(_SOMEBODY_WAITS):
            pass
