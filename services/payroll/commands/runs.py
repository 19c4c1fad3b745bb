"""Runs of the allowance, passed from hand to hand: resumed, verified, approved, published, paid, or given up."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import insert

from services.payroll.commands.checkpoints import sign_run
from services.payroll.commands.history import hands_on, lock_run, take
from services.payroll.inputs.comparison import comparison_of
from services.payroll.inputs.readiness import closings_of, require_reconciled, rests_on
from services.payroll.rules.lifecycle import Act, RunState, four_eyes
from services.payroll.tables import (
    FeedRow,
    RunChunkRow,
    RunInputRow,
    RunRow,
    RunSetAsideRow,
    Stage,
)
from shared.checkpoint import Signer
from shared.errors import Refused
from shared.events.payroll import RunApproved, RunTotals
from shared.unit_of_work import UnitOfWork
from shared.words import RunKind

CHUNK = 500  # employees: about a quarter of a second's work, so a lost one costs little and regions take turns
CONTROL = -1  # the chunk that waits for all others of its run


async def hand_out(uow: UnitOfWork, run: RunRow, employees: Sequence[UUID], *, first: int, size: int) -> None:
    """The employees in chunks of `size`, numbered from `first`, each to be frozen."""
    rows = [
        {
            "tenant_id": uow.tenant_id,
            "run_id": run.run_id,
            "chunk": first + number,
            "stage": Stage.FREEZE,
            "employees": list(employees[start : start + size]),
        }
        for number, start in enumerate(range(0, len(employees), size))
    ]
    await uow.session.execute(insert(RunChunkRow), rows)


async def control(uow: UnitOfWork, run: RunRow, stage: Stage) -> None:
    """The chunk that does a stage of the whole run once all others are done."""
    row = {"tenant_id": uow.tenant_id, "run_id": run.run_id, "chunk": CONTROL, "stage": stage, "employees": []}
    statement = insert(RunChunkRow).values(row)
    again = {"stage": statement.excluded.stage, "done_at": None}
    keys = ["tenant_id", "run_id", "chunk"]
    await uow.session.execute(statement.on_conflict_do_update(index_elements=keys, set_=again))


async def resume_run(uow: UnitOfWork, *, run_id: UUID, by: UUID, now: datetime, chunk: int) -> RunRow:
    """Build and calculate those set aside once more, after what they lacked was put right; the others stay."""
    run = await lock_run(uow, run_id)
    await _require_same_closings(uow, run)
    await take(uow, run, Act.RESUME, by=by, at=now)
    mine = (RunSetAsideRow.tenant_id == uow.tenant_id, RunSetAsideRow.run_id == run_id)
    aside = sorted(await uow.session.scalars(delete(RunSetAsideRow).where(*mine).returning(RunSetAsideRow.employee_id)))
    if not aside:
        raise Refused("nobody was set aside in this run: there is nothing to resume")
    await uow.session.execute(
        delete(RunInputRow).where(
            RunInputRow.tenant_id == uow.tenant_id, RunInputRow.run_id == run_id, RunInputRow.employee_id.in_(aside)
        )
    )
    chunks = (RunChunkRow.tenant_id == uow.tenant_id, RunChunkRow.run_id == run_id)
    last = await uow.session.scalar(select(func.max(RunChunkRow.chunk)).where(*chunks))
    await hand_out(uow, run, aside, first=(last or 0) + 1, size=chunk)
    await control(uow, run, Stage.CLOSE)
    return run


async def _require_same_closings(uow: UnitOfWork, run: RunRow) -> None:
    """A run goes on only while the closings it was frozen on hold."""
    if (of := rests_on(run)) and await require_reconciled(uow.session, uow.tenant_id, of) != closings_of(run):
        raise Refused(f"{of} was closed anew since this run was started: cancel it, and start another")


async def verify_run(uow: UnitOfWork, *, run_id: UUID, accept_incomplete: bool, by: UUID, now: datetime) -> RunRow:
    """The verifikator has checked the calculated run. Those set aside must be accepted as left out, in words."""
    run = await lock_run(uow, run_id)
    four_eyes(by, await hands_on(uow, run, {Act.CREATE: "started", Act.RESUME: "resumed"}))
    await _require_same_closings(uow, run)
    await take(uow, run, Act.VERIFY, by=by, at=now)
    aside = await count_set_aside(uow, run_id)
    if aside and not accept_incomplete:
        raise Refused(
            f"the run is incomplete: {aside} of {run.employees} employees were set aside; resume it, "
            "or verify it with accept_incomplete and pay them by a run of kind susulan",
            set_aside=aside,
        )
    if not run.count:
        raise Refused("the run holds no statement: cancel it")
    run.verified_by = by
    return run


async def count_set_aside(uow: UnitOfWork, run_id: UUID) -> int:
    mine = (RunSetAsideRow.tenant_id == uow.tenant_id, RunSetAsideRow.run_id == run_id)
    return await uow.session.scalar(select(func.count()).where(*mine)) or 0


async def approve_run(uow: UnitOfWork, *, run_id: UUID, seen: str, signer: Signer, by: UUID, now: datetime) -> RunRow:
    """The region owes these amounts from here on, and signs them. Not by who started or verified the run.

    `seen`: the digest of the comparison the approver has looked at; Refused where it tells something else by now.
    """
    run = await lock_run(uow, run_id)
    earlier = {Act.CREATE: "started", Act.RESUME: "resumed", Act.VERIFY: "verified"}
    four_eyes(by, await hands_on(uow, run, earlier))
    await _require_same_closings(uow, run)
    await _require_seen(uow, run, seen)
    await take(uow, run, Act.APPROVE, by=by, at=now, note=f"seen: comparison {seen[:16]}")
    run.approved_by = by
    if run.verified_by is None:
        raise Refused("nobody has verified this run")
    signed = await sign_run(uow, run, signer, now=now)
    uow.record(
        RunApproved(
            tenant_id=uow.tenant_id,
            occurred_at=now,
            run_id=run_id,
            period=run.period,
            kind=RunKind(run.kind),
            totals=totals_of(run),
            verified_by=run.verified_by,
            approved_by=by,
            checkpoint=signed.note,
        )
    )
    return run


async def _require_seen(uow: UnitOfWork, run: RunRow, seen: str) -> None:
    """Nobody approves amounts without having been told what is unusual about them."""
    if run.state == RunState.VERIFIED and seen != (await comparison_of(uow.session, uow.tenant_id, run)).digest:
        raise Refused(
            "this is not what the run's comparison says now: look at it (GET /runs/{id}/comparison), "
            "and approve with the digest it has",
            run_id=str(run.run_id),
        )


def totals_of(run: RunRow) -> RunTotals:
    """The control totals of a calculated run."""
    return RunTotals(
        count=run.count or 0,
        gross=run.gross or 0,
        deductions=run.deductions or 0,
        net=run.net or 0,
        hash_total=run.hash_total or "0",
    )


_NUMBER = text(
    """
    INSERT INTO allowances (tenant_id, feed_sequence, run_id, employee_id, finalized_at)
    SELECT :tenant_id, :before + row_number() OVER (ORDER BY employee_id), run_id, employee_id, :now
    FROM statements WHERE tenant_id = :tenant_id AND run_id = :run_id
    """
)
_TO_PUBLISH = text(
    """
    UPDATE run_chunks SET stage = 'publish', done_at = NULL
    WHERE tenant_id = :tenant_id AND run_id = :run_id AND chunk >= 0
    """
)


async def publish_run(uow: UnitOfWork, *, run_id: UUID, by: UUID, now: datetime) -> RunRow:
    """Number the run's allowances on the region's feed; workers then state them to its payroll system, in chunks."""
    run = await lock_run(uow, run_id)
    await take(uow, run, Act.PUBLISH, by=by, at=now)
    count = run.count or 0
    statement = insert(FeedRow).values(tenant_id=uow.tenant_id, last_sequence=count)
    statement = statement.on_conflict_do_update(
        index_elements=["tenant_id"], set_={"last_sequence": FeedRow.last_sequence + count}
    )
    last = (await uow.session.execute(statement.returning(FeedRow.last_sequence))).scalar_one()
    run.first_sequence, run.last_sequence = last - count + 1, last
    given = {"tenant_id": uow.tenant_id, "run_id": run_id}
    await uow.session.execute(_NUMBER, given | {"before": last - count, "now": now})
    await uow.session.execute(_TO_PUBLISH, given)
    await control(uow, run, Stage.ANNOUNCE)
    return run


async def pay_run(uow: UnitOfWork, *, run_id: UUID, reference: str, by: UUID, now: datetime) -> RunRow:
    """The treasurer marks an acknowledged run as paid. `reference`: the SP2D or the bank's.

    Not by who verified or approved it, whatever their roles.
    """
    run = await lock_run(uow, run_id)
    four_eyes(by, await hands_on(uow, run, {Act.VERIFY: "verified", Act.APPROVE: "approved"}))
    await take(uow, run, Act.PAY, by=by, at=now, note=reference)
    return run


async def cancel_run(uow: UnitOfWork, *, run_id: UUID, reason: str, by: UUID, now: datetime) -> RunRow:
    """Give a run up before it is approved; what it computed is kept, and another run may be started."""
    run = await lock_run(uow, run_id)
    await take(uow, run, Act.CANCEL, by=by, at=now, note=reason)
    return run
