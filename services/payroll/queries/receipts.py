"""Receipts: what lets an employee check a statement by themselves."""

from sqlalchemy.ext.asyncio import AsyncSession

from services.payroll.inputs.checkpoints import checkpoint_of_run, run_leaves
from services.payroll.rules.receipts import receipt_of
from services.payroll.tables import CheckpointRow, StatementRow
from shared.errors import Refused
from shared.signed_log.answers import under


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
    shown = await under(session, CheckpointRow, own, size=size, since=since)
    leaves, index = await run_leaves(session, tenant_id, row.run_id, before=row.employee_id)
    return receipt_of(
        statement_id=row.statement_id,
        body=row.body,
        salt=row.salt,
        index=index,
        leaves=leaves,
        entry=own.entry,
        entry_index=own.size - 1,
        log=shown.log,
        note=shown.note,
        since=shown.since,
    )
