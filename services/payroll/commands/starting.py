"""Starting a run: what its kind needs is there, nothing stands in its way, and its work is handed out in chunks."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select, text

from services.payroll.commands.history import note_act
from services.payroll.commands.runs import control, hand_out
from services.payroll.inputs.beside import still_looking
from services.payroll.inputs.members import members
from services.payroll.inputs.policies import compiled, in_force
from services.payroll.inputs.readiness import Ready, require_reconciled
from services.payroll.inputs.reading import region_workdays
from services.payroll.rules.kinds import (
    CORRECTING,
    MONTHLY,
    OCCASIONAL,
    Standing,
    Terms,
    first_day,
    require_way_free,
    terms_of,
)
from services.payroll.rules.lifecycle import Act, RunState
from services.payroll.tables import AppraisalPeriodRow, PolicyRow, RunRow, Stage
from shared.errors import Refused
from shared.ledger.commands import lock_key
from shared.ledger.tables import LedgerState
from shared.unit_of_work import UnitOfWork
from shared.words import RunKind

LOCK_SPACE = 4716  # first key of the advisory lock under which a region's runs are started, one after another
NO_CLOSING = Ready(0, 0)

_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(:space, :key)")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A run as it is asked for. `code`: the month it belongs to, and is paid and taxed in."""

    code: str
    kind: RunKind
    early: bool = False
    employees: tuple[UUID, ...] = ()


async def create_run(uow: UnitOfWork, wanted: Wanted, *, by: UUID, now: datetime, chunk: int) -> RunRow:
    """Start a run; workers calculate it in chunks of so many employees.

    Raises Refused where the month is not reconciled, no policy is in force or grants it, or a run stands in the way.
    """
    await hold_runs(uow)
    code, kind = wanted.code, wanted.kind
    await _require_way_free(uow, kind, code)
    terms, policy, ready = await _granted(uow, wanted)
    employees = await members(uow.session, uow.tenant_id, code, kind, terms=terms, named=wanted.employees)
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
        terms=terms.to_dict() if terms else None,
        activity_close_seq=ready.activity_close_seq,
        appraisal_close_seq=ready.appraisal_close_seq,
        employees=len(employees),
        workdays={day.isoformat(): is_one for day, is_one in workdays.items()},
        created_by=by,
        created_at=now,
    )
    uow.session.add(run)
    await uow.session.flush()
    await hand_out(uow, run, employees, first=0, size=chunk)
    await control(uow, run, Stage.CLOSE)
    await note_act(uow, run, Act.CREATE, by=by, at=now)
    return run


async def hold_runs(uow: UnitOfWork) -> None:
    """Until the transaction ends, no run of the region is started, and nothing that asks which runs there are."""
    await uow.session.execute(_ONE_AT_A_TIME, {"space": LOCK_SPACE, "key": lock_key(uow.tenant_id, "runs")})


async def _require_way_free(uow: UnitOfWork, kind: RunKind, code: str) -> None:
    rows = await uow.session.execute(
        select(RunRow.run_id, RunRow.period, RunRow.kind, RunRow.state)
        .where(RunRow.tenant_id == uow.tenant_id)
        .order_by(RunRow.created_at)
    )
    require_way_free(kind, code, [Standing(*row) for row in rows.all()])
    if kind in CORRECTING:
        looked_at = await still_looking(uow.session, uow.tenant_id, code)
        if looked_at is not None:
            raise Refused(
                f"{looked_at} was paid and has changed since: what it comes to now is being computed, "
                "and the difference belongs into this run; try again in a minute"
            )


async def _granted(uow: UnitOfWork, wanted: Wanted) -> tuple[Terms | None, PolicyRow, Ready]:
    """What grants the run, the policy it is computed by, and the closings it rests on. Raises Refused."""
    code, kind = wanted.code, wanted.kind
    if wanted.early and kind not in MONTHLY:
        raise Refused(f"only a month's own run is paid early, and a run of kind {kind} is none")
    if kind in MONTHLY and not wanted.early:
        ready = await require_reconciled(uow.session, uow.tenant_id, code)
        return None, await _policy_of(uow, code), ready
    policy = await _policy_of(uow, code)
    terms = terms_of(compiled(policy.document).document, policy.hash, kind, code, early=wanted.early)
    if wanted.early:
        await _require_open(uow, code)
    if terms is None or kind not in OCCASIONAL:
        return terms, policy, NO_CLOSING
    ready = NO_CLOSING
    if terms.performance == "as_appraised":
        ready = await require_reconciled(uow.session, uow.tenant_id, terms.of)
    return terms, await _policy_of(uow, terms.of), ready


async def _policy_of(uow: UnitOfWork, code: str) -> PolicyRow:
    day = first_day(code)
    policy = await in_force(uow.session, uow.tenant_id, day)
    if policy is None:
        raise Refused(f"no policy is in force on {day}: draft one, and have it approved")
    return policy


async def _require_open(uow: UnitOfWork, code: str) -> None:
    """A month that is closed and appraised is paid on what it came to, not at 100 %."""
    closed = await uow.session.get(AppraisalPeriodRow, (uow.tenant_id, code))
    if closed is not None and closed.state == LedgerState.RECONCILED:
        raise Refused(f"{code} is closed already: start its run without `early`")
