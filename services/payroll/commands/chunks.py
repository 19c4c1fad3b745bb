"""The work of runs, one chunk a transaction, by whichever worker takes it; regions take turns.

A chunk's row stays locked while it is worked on. A worker that dies loses the lock and its transaction with its
connection, and another takes the chunk as it was.
"""

from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID

import structlog
from sqlalchemy import select, text

from services.payroll.commands.calculation import calculate
from services.payroll.commands.closing import close
from services.payroll.commands.freezing import freeze
from services.payroll.commands.publication import announce, publish
from services.payroll.rules.lifecycle import RunState
from services.payroll.tables import RunChunkRow, RunRow, Stage
from shared.clock import now
from shared.db import Sessions, is_transient
from shared.unit_of_work import UnitOfWork, unit_of_work

LONGEST_REASON = 2000

log = structlog.get_logger()

Work = Callable[[UnitOfWork, RunRow, RunChunkRow], Awaitable[Stage]]
"""Does a chunk's work at its stage, and says which stage comes next."""

STAGES: Mapping[str, Work] = {
    Stage.FREEZE: freeze,
    Stage.CALCULATE: calculate,
    Stage.CLOSE: close,
    Stage.PUBLISH: publish,
    Stage.ANNOUNCE: announce,
}

# Inputs are frozen before anything is calculated, so that they lie close together in time. The control chunk
# (-1) comes when all others of its run are committed. A chunk that failed lets those that did not go first.
_NEXT = text(
    """
    SELECT c.run_id, c.chunk FROM run_chunks c
    WHERE c.tenant_id = :tenant_id AND c.stage <> 'done'
      AND (c.chunk >= 0 OR NOT EXISTS (
          SELECT 1 FROM run_chunks o
          WHERE o.tenant_id = c.tenant_id AND o.run_id = c.run_id AND o.chunk >= 0 AND o.stage <> 'done'))
    ORDER BY c.failures, c.stage <> 'freeze', c.run_id, c.chunk
    LIMIT 1 FOR UPDATE OF c SKIP LOCKED
    """
)
_TENANTS = text("SELECT DISTINCT tenant_id FROM run_chunks WHERE stage <> 'done' ORDER BY tenant_id")


async def work_round(sessions: Sessions) -> int:
    """The worker's loop: one chunk of every region that has work; how many were done."""
    async with sessions() as session:
        tenants = (await session.scalars(_TENANTS)).all()
    return sum([await _try_one(sessions, tenant_id) for tenant_id in tenants])


async def _try_one(sessions: Sessions, tenant_id: str) -> bool:
    """One region's failure must not hold up the others, unless it is the database that is gone."""
    try:
        return await work_one(sessions, tenant_id)
    except ChunkFailed as failure:
        cause = failure.__cause__ or failure
        if is_transient(cause):
            raise cause from None
        log.error("a chunk failed; it is tried again after the others", tenant=tenant_id, exc_info=cause)
        async with unit_of_work(sessions, tenant_id) as uow:
            await _note_failure(uow, failure.key, f"{type(cause).__name__}: {cause}")
        return False
    except Exception as error:
        if is_transient(error):
            raise
        log.error("a chunk could not be kept; it is tried again", tenant=tenant_id, exc_info=error)
        return False


class ChunkFailed(Exception):
    """The work of a chunk (run, number) failed; the error is the cause."""

    def __init__(self, key: tuple[UUID, int]) -> None:
        super().__init__(f"chunk {key[1]} of run {key[0]}")
        self.key = key


async def _note_failure(uow: UnitOfWork, key: tuple[UUID, int], reason: str) -> None:
    """Who looks at the run sees which chunk it waits for, how often it was tried, and why it was refused."""
    chunk = await uow.session.get(RunChunkRow, (uow.tenant_id, *key), with_for_update=True)
    if chunk is not None and chunk.stage != Stage.DONE:
        chunk.failures += 1
        chunk.failure = storable(reason)


def storable(reason: str) -> str:
    """An error's text, cut, and without what PostgreSQL cannot hold."""
    return reason[:LONGEST_REASON].encode("utf-8", "backslashreplace").decode().replace("\0", " ")


async def work_one(sessions: Sessions, tenant_id: str) -> bool:
    """Do one waiting chunk of a region; False where none is free."""
    async with unit_of_work(sessions, tenant_id) as uow:
        return await do_chunk(uow)


async def do_chunk(uow: UnitOfWork) -> bool:
    """Take the region's next chunk that nobody works on, and do it; False where there is none."""
    taken = (await uow.session.execute(_NEXT, {"tenant_id": uow.tenant_id})).one_or_none()
    if taken is None:
        return False
    run_id, number = taken
    chunk = await uow.session.get_one(RunChunkRow, (uow.tenant_id, run_id, number), populate_existing=True)
    run = await uow.session.scalar(
        select(RunRow)
        .where(RunRow.tenant_id == uow.tenant_id, RunRow.run_id == run_id)
        .execution_options(populate_existing=True)
    )
    if run is None or run.state == RunState.CANCELLED:
        chunk.stage = Stage.DONE
    else:
        try:
            chunk.stage = await STAGES[chunk.stage](uow, run, chunk)
        except Exception as error:
            raise ChunkFailed((run_id, number)) from error
    chunk.failures, chunk.failure = 0, None
    if chunk.stage == Stage.DONE:
        chunk.done_at = now()
    return True
