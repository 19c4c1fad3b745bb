"""Runs of the allowance: started on a reconciled period, and passed from hand to hand."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import insert

from services.payroll.commands.checkpoints import sign_run
from services.payroll.commands.history import hands_on, lock_run, note_act, take
from services.payroll.inputs.policies import in_force
from services.payroll.inputs.readiness import require_reconciled
from services.payroll.inputs.reading import region_workdays
from services.payroll.rules.lifecycle import FINAL_STATES, Act, RunState, four_eyes
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
from shared.period import Period, period
from shared.unit_of_work import UnitOfWork
from shared.words import RunKind

CHUNK = 250  # employees: about a quarter of a second's work, so a lost one costs little and regions take turns
CONTROL = -1  # the chunk that waits for all others of its run

_MEMBERS = """
    SELECT DISTINCT a.employee_id FROM identity_assignments a
    JOIN identity_employees e ON e.tenant_id = a.tenant_id AND e.employee_id = a.employee_id
    WHERE a.tenant_id = :tenant_id AND a.kind = 'definitif'
      AND a.valid_from <= :last_day AND (a.valid_to IS NULL OR a.valid_to >= :first_day)
      AND (e.left_on IS NULL OR e.left_on > :first_day)
"""
_MEMBERS_OF_INDUK = text(_MEMBERS + " ORDER BY a.employee_id")
_MEMBERS_OF_SUSULAN = text(
    _MEMBERS
    + f"""
      AND NOT EXISTS (
          SELECT 1 FROM statements s JOIN runs r ON r.tenant_id = s.tenant_id AND r.run_id = s.run_id
          WHERE s.tenant_id = :tenant_id AND s.employee_id = a.employee_id AND s.period = :period
            AND r.state IN {FINAL_STATES})
    ORDER BY a.employee_id
    """
)


async def create_run(uow: UnitOfWork, *, code: str, kind: RunKind, by: UUID, now: datetime) -> RunRow:
    """Start a run of a period, on the policy in force on its first day; workers calculate it in chunks.

    Raises Refused where the period is not reconciled, no policy is in force, or a run stands in the way.
    """
    of = period(code)
    await _require_no_other(uow, of, kind)
    ready = await require_reconciled(uow.session, uow.tenant_id, code)
    policy = await in_force(uow.session, uow.tenant_id, of.first_day)
    if policy is None:
        raise Refused(f"no policy is in force on {of.first_day}: draft one, and have it approved")
    employees = await _members(uow, of, kind)
    if not employees:
        raise Refused(f"nobody is left to be paid in a run of kind {kind} of {code}")
    workdays = await region_workdays(uow.session, uow.tenant_id, code)
    run = RunRow(
        tenant_id=uow.tenant_id,
        run_id=uuid4(),
        period=code,
        kind=kind,
        state=RunState.RECONCILED,
        policy_hash=policy.hash,
        activity_close_seq=ready.activity_close_seq,
        appraisal_close_seq=ready.appraisal_close_seq,
        employees=len(employees),
        workdays={day.isoformat(): is_one for day, is_one in workdays.items()},
        created_by=by,
        created_at=now,
    )
    uow.session.add(run)
    await uow.session.flush()
    await _hand_out(uow, run, employees, first=0)
    await _control(uow, run, Stage.CLOSE)
    await note_act(uow, run, Act.CREATE, by=by, at=now)
    return run


async def _require_no_other(uow: UnitOfWork, of: Period, kind: RunKind) -> None:
    if kind not in {RunKind.INDUK, RunKind.SUSULAN}:
        raise Refused(f"runs of kind {kind} are not offered: use induk, or susulan for those an induk run left out")
    of_period = select(RunRow).where(RunRow.tenant_id == uow.tenant_id, RunRow.period == of.code)
    rows = (await uow.session.scalars(of_period.where(RunRow.state != RunState.CANCELLED))).all()
    induk = next((row for row in rows if row.kind == RunKind.INDUK), None)
    if kind is RunKind.INDUK and induk is not None:
        raise Refused(
            f"{of.code} has its induk run already, which is {induk.state}: what was paid stays; "
            "those it left out are paid by a run of kind susulan",
            run_id=str(induk.run_id),
        )
    await _require_earlier_finished(uow, of)
    unfinished = next((row for row in rows if row.state not in FINAL_STATES), None)
    if kind is RunKind.SUSULAN and (induk is None or unfinished is not None):
        raise Refused(
            f"a susulan run of {of.code} pays those whom the approved runs left out: "
            + (f"finish run {unfinished.run_id} first" if unfinished else "there is no induk run yet")
        )


async def _require_earlier_finished(uow: UnitOfWork, of: Period) -> None:
    """What an earlier month carries over must be known before the next is frozen."""
    earlier = await uow.session.scalar(
        select(RunRow)
        .where(RunRow.tenant_id == uow.tenant_id, RunRow.period < of.code)
        .where(RunRow.state.not_in([*FINAL_STATES, RunState.CANCELLED]))
        .limit(1)
    )
    if earlier is not None:
        raise Refused(
            f"the run of {earlier.period} is still {earlier.state}: approve or cancel it first, "
            f"because what it carries over belongs into {of.code}",
            run_id=str(earlier.run_id),
        )


async def _members(uow: UnitOfWork, of: Period, kind: RunKind) -> Sequence[UUID]:
    given = {"tenant_id": uow.tenant_id, "first_day": of.first_day, "last_day": of.last_day}
    if kind is RunKind.INDUK:
        return (await uow.session.scalars(_MEMBERS_OF_INDUK, given)).all()
    return (await uow.session.scalars(_MEMBERS_OF_SUSULAN, given | {"period": of.code})).all()


async def _hand_out(uow: UnitOfWork, run: RunRow, employees: Sequence[UUID], *, first: int) -> None:
    rows = [
        {
            "tenant_id": uow.tenant_id,
            "run_id": run.run_id,
            "chunk": first + number,
            "stage": Stage.FREEZE,
            "employees": list(employees[start : start + CHUNK]),
        }
        for number, start in enumerate(range(0, len(employees), CHUNK))
    ]
    await uow.session.execute(insert(RunChunkRow), rows)


async def _control(uow: UnitOfWork, run: RunRow, stage: Stage) -> None:
    row = {"tenant_id": uow.tenant_id, "run_id": run.run_id, "chunk": CONTROL, "stage": stage, "employees": []}
    statement = insert(RunChunkRow).values(row)
    again = {"stage": statement.excluded.stage, "done_at": None}
    keys = ["tenant_id", "run_id", "chunk"]
    await uow.session.execute(statement.on_conflict_do_update(index_elements=keys, set_=again))


async def resume_run(uow: UnitOfWork, *, run_id: UUID, by: UUID, now: datetime) -> RunRow:
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
    await _hand_out(uow, run, aside, first=(last or 0) + 1)
    await _control(uow, run, Stage.CLOSE)
    return run


async def _require_same_closings(uow: UnitOfWork, run: RunRow) -> None:
    """A run goes on only while the closings it was frozen on hold."""
    ready = await require_reconciled(uow.session, uow.tenant_id, run.period)
    if (ready.activity_close_seq, ready.appraisal_close_seq) != (run.activity_close_seq, run.appraisal_close_seq):
        raise Refused(f"{run.period} was closed anew since this run was started: cancel it, and start another")


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


async def approve_run(uow: UnitOfWork, *, run_id: UUID, signer: Signer, by: UUID, now: datetime) -> RunRow:
    """The region owes these amounts from here on, and signs them. Not by who started or verified the run."""
    run = await lock_run(uow, run_id)
    earlier = {Act.CREATE: "started", Act.RESUME: "resumed", Act.VERIFY: "verified"}
    four_eyes(by, await hands_on(uow, run, earlier))
    await _require_same_closings(uow, run)
    await take(uow, run, Act.APPROVE, by=by, at=now)
    run.approved_by = by
    if run.verified_by is None:
        raise Refused("nobody has verified this run")
    await sign_run(uow, run, signer, now=now)
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
        )
    )
    return run


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
    await _control(uow, run, Stage.ANNOUNCE)
    return run


async def pay_run(uow: UnitOfWork, *, run_id: UUID, reference: str, by: UUID, now: datetime) -> RunRow:
    """The treasurer marks an acknowledged run as paid. `reference`: the SP2D or the bank's."""
    run = await lock_run(uow, run_id)
    await take(uow, run, Act.PAY, by=by, at=now, note=reference)
    return run


async def cancel_run(uow: UnitOfWork, *, run_id: UUID, reason: str, by: UUID, now: datetime) -> RunRow:
    """Give a run up before it is approved; what it computed is kept, and another run may be started."""
    run = await lock_run(uow, run_id)
    await take(uow, run, Act.CANCEL, by=by, at=now, note=reason)
    return run
