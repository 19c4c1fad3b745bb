"""Signing a run: one entry more in the region's log, one checkpoint over it, in the approval's transaction."""

from datetime import datetime

from sqlalchemy import text

from services.payroll.inputs.checkpoints import latest_checkpoint, log_leaves, run_leaves
from services.payroll.rules.receipts import entry_leaf, entry_of
from services.payroll.tables import CheckpointRow, RunRow
from shared.checkpoint import Checkpoint, Signer, key_id_in, text_hash
from shared.errors import Refused
from shared.merkle import root
from shared.unit_of_work import UnitOfWork

# held until the commit: two runs approved at once get two heads after one another, never two beside one another
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended('checkpoint|' || :tenant_id, 0))")


async def sign_run(uow: UnitOfWork, run: RunRow, signer: Signer, *, now: datetime) -> CheckpointRow:
    """Add a run to its region's log and sign the new head.

    Raises Refused where the stored statements are not those that the run was closed on.
    """
    leaves, _ = await run_leaves(uow.session, uow.tenant_id, run.run_id)
    if run.root is None or root(leaves) != run.root:
        raise Refused("the statements stored for this run are not those it was closed on: have it recomputed")
    await uow.session.execute(_ONE_AT_A_TIME, {"tenant_id": uow.tenant_id})
    last = await latest_checkpoint(uow.session, uow.tenant_id)
    size = last.size + 1 if last else 1
    entry = entry_of(
        tenant_id=uow.tenant_id,
        period=run.period,
        kind=run.kind,
        run_id=run.run_id,
        leaves=len(leaves),
        root=run.root,
    )
    head = root([*await log_leaves(uow.session, uow.tenant_id, size - 1), entry_leaf(entry)])
    previous = text_hash(last.note) if last else None
    note = signer.sign(Checkpoint(uow.tenant_id, size, head, previous, run.period, run.run_id, now))
    row = CheckpointRow(
        tenant_id=uow.tenant_id,
        size=size,
        run_id=run.run_id,
        period=run.period,
        entry=entry,
        leaf=entry_leaf(entry),
        root=head,
        note=note,
        key_id=key_id_in(note),
        signed_at=now,
    )
    uow.session.add(row)
    await uow.session.flush()
    return row
