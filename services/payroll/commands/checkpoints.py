"""Signing a run: one entry more in the region's log, one checkpoint over it, in the approval's transaction."""

from dataclasses import asdict
from datetime import datetime

from services.payroll.inputs.checkpoints import run_leaves
from services.payroll.rules.receipts import entry_of
from services.payroll.tables import CheckpointRow, RunRow
from shared.checkpoint import Log, Signer
from shared.errors import Refused
from shared.ledger.queries import activity_period
from shared.merkle import root
from shared.signed_log.heads import sign_entry
from shared.unit_of_work import UnitOfWork


async def sign_run(uow: UnitOfWork, run: RunRow, signer: Signer, *, now: datetime) -> CheckpointRow:
    """Add a run to its region's log and sign the new head.

    Raises Refused where the stored statements are not those that the run was closed on.
    """
    leaves, _ = await run_leaves(uow.session, uow.tenant_id, run.run_id)
    if run.root is None or root(leaves) != run.root:
        raise Refused("the statements stored for this run are not those it was closed on: have it recomputed")
    entry = entry_of(
        tenant_id=uow.tenant_id,
        period=run.period,
        kind=run.kind,
        run_id=run.run_id,
        leaves=len(leaves),
        root=run.root,
        records=await _records(uow, run),
    )
    signed = await sign_entry(
        uow, CheckpointRow, signer, Log.STATEMENTS, period=run.period, named=run.run_id, entry=entry, now=now
    )
    row = CheckpointRow(**asdict(signed), run_id=run.run_id)
    uow.session.add(row)
    await uow.session.flush()
    return row


async def _records(uow: UnitOfWork, run: RunRow) -> str | None:
    """The head that activity signed for the closing the run was calculated on."""
    closing = await activity_period(uow.session, uow.tenant_id, run.period) if run.activity_close_seq else None
    return closing.checkpoint if closing and closing.close_seq == run.activity_close_seq else None
