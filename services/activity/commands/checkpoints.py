"""Signing a closing: one entry more in the region's log, one checkpoint over it, in the closing's transaction."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from services.activity.rules.receipts import entry_of
from services.activity.tables import CheckpointRow, ClosingTreeRow
from shared.checkpoint import Log, Signer
from shared.events.activity import PeriodClosed
from shared.signed_log.heads import sign_entry
from shared.unit_of_work import UnitOfWork


async def sign_closing(
    uow: UnitOfWork,
    closing: PeriodClosed,
    signer: Signer,
    employees: Sequence[UUID],
    leaves: bytes,
    *,
    now: datetime,
) -> PeriodClosed:
    """Add a closing to its region's log and sign the new head; the same fact with the checkpoint.

    `employees`: who had records, by id; `leaves`: of each of them, one after another. Raises Refused on a day
    without a good key.
    """
    signed = await sign_entry(
        uow,
        CheckpointRow,
        signer,
        Log.RECORDS,
        period=closing.period,
        named=closing.close_seq,
        entry=entry_of(closing),
        now=now,
    )
    uow.session.add(CheckpointRow(**asdict(signed), close_seq=closing.close_seq))
    uow.session.add(
        ClosingTreeRow(
            tenant_id=uow.tenant_id,
            code=closing.period,
            close_seq=closing.close_seq,
            employees=b"".join(one.bytes for one in employees),
            leaves=leaves,
        )
    )
    return closing.model_copy(update={"checkpoint": signed.note})
