"""Stating a run's final allowances on the region's own topic, in chunks, and then the run's control totals."""

from services.payroll.commands.history import lock_run, take
from services.payroll.commands.runs import totals_of
from services.payroll.inputs.checkpoints import checkpoint_of_run
from services.payroll.inputs.final import finalized
from services.payroll.rules.lifecycle import Act
from services.payroll.tables import RunChunkRow, RunRow, Stage
from shared.clock import now
from shared.events.allowance import AllowanceRunFinalized
from shared.unit_of_work import UnitOfWork
from shared.words import RunKind


async def publish(uow: UnitOfWork, run: RunRow, chunk: RunChunkRow) -> Stage:
    """State the final allowances of a chunk's employees; those set aside have none."""
    uow.record(*await finalized(uow.session, run, chunk.employees))
    return Stage.DONE


async def announce(uow: UnitOfWork, run: RunRow, chunk: RunChunkRow) -> Stage:
    """All allowances are stated: say what they come to. On the topic it may still arrive before its lines."""
    run = await lock_run(uow, run.run_id)
    await take(uow, run, Act.ANNOUNCE, by=None, at=now())
    if run.first_sequence is None or run.last_sequence is None or run.digest is None:
        raise ValueError(f"run {run.run_id} is being published without its numbers")
    signed = await checkpoint_of_run(uow.session, uow.tenant_id, run.run_id)
    uow.record(
        AllowanceRunFinalized(
            tenant_id=uow.tenant_id,
            occurred_at=now(),
            run_id=run.run_id,
            period=run.period,
            kind=RunKind(run.kind),
            totals=totals_of(run),
            digest=run.digest,
            first_sequence=run.first_sequence,
            last_sequence=run.last_sequence,
            checkpoint=signed.note if signed else None,
        )
    )
    return Stage.DONE
