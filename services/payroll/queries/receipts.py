"""Receipts: what lets an employee check a statement by themselves, and what lets anybody check the log."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.payroll.inputs.checkpoints import checkpoint_of_run, latest_checkpoint, log_leaves, run_leaves
from services.payroll.rules.receipts import checkpoint_document, log_document, receipt_of, since_of
from services.payroll.tables import CheckpointRow, StatementRow
from shared.errors import NotFound, Refused


async def receipt(
    session: AsyncSession, tenant_id: str, row: StatementRow, *, size: int | None = None, since: int | None = None
) -> bytes:
    """A statement's receipt, canonical JSON: its bytes, its way to the run's root, and that root's way to a checkpoint.

    `size`: the checkpoint to prove it under; without it, the one signed for the run, so that the receipt is always
    the same bytes. `since`: also show that the log grew from that checkpoint. Raises Refused before approval, NotFound.
    """
    own = await checkpoint_of_run(session, tenant_id, row.run_id)
    if own is None:
        raise Refused("the run of this statement is not approved yet: its receipt is signed with the approval")
    under = own if size is None else await _checkpoint(session, tenant_id, size)
    if under.size < own.size:
        raise Refused(f"this statement was signed by checkpoint {own.size}: no earlier one can prove it")
    leaves, index = await run_leaves(session, tenant_id, row.run_id, before=row.employee_id)
    log = await log_leaves(session, tenant_id, under.size)
    return receipt_of(
        statement_id=row.statement_id,
        body=row.body,
        salt=row.salt,
        index=index,
        leaves=leaves,
        entry=own.entry,
        entry_index=own.size - 1,
        log=log,
        note=under.note,
        since=await _since(session, tenant_id, log, since),
    )


async def head(session: AsyncSession, tenant_id: str, *, size: int | None = None, since: int | None = None) -> bytes:
    """A checkpoint, the newest unless told, and the proof that the log grew to it from another; canonical JSON.

    Raises NotFound; Refused where the later one is asked for as the earlier.
    """
    under = await latest_checkpoint(session, tenant_id) if size is None else await _checkpoint(session, tenant_id, size)
    if under is None:
        raise NotFound("no run of this region was approved yet: there is no checkpoint")
    log = await log_leaves(session, tenant_id, under.size)
    return checkpoint_document(under.note, await _since(session, tenant_id, log, since))


async def heads(session: AsyncSession, tenant_id: str, *, after: int, limit: int) -> bytes:
    """The log itself, entry by entry with its checkpoint, by size after a given one; canonical JSON."""
    rows = await session.scalars(
        select(CheckpointRow)
        .where(CheckpointRow.tenant_id == tenant_id, CheckpointRow.size > after)
        .order_by(CheckpointRow.size)
        .limit(limit)
    )
    return log_document([(row.note, row.entry) for row in rows])


async def _checkpoint(session: AsyncSession, tenant_id: str, size: int) -> CheckpointRow:
    row = await session.get(CheckpointRow, (tenant_id, size))
    if row is None:
        raise NotFound(f"there is no checkpoint {size}")
    return row


async def _since(
    session: AsyncSession, tenant_id: str, log: Sequence[bytes], size: int | None
) -> dict[str, Any] | None:
    if size is None:
        return None
    if size > len(log):
        raise Refused(f"checkpoint {size} is later than checkpoint {len(log)}: ask for them the other way round")
    first = await _checkpoint(session, tenant_id, size)
    return since_of(first.note, size, log)
