"""Runs: started, calculated by the workers, verified, approved, published, acknowledged, paid."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request

from services.payroll.commands import runs as commands
from services.payroll.commands.starting import Wanted, create_run
from services.payroll.queries.recomputation import recompute
from services.payroll.queries.runs import run_detail, runs, statements_of_run
from services.payroll.schemas.periods import MONTH
from services.payroll.schemas.reviews import Approval
from services.payroll.schemas.runs import (
    Cancellation,
    Payment,
    RecomputationAsk,
    RecomputationOut,
    RunDetailOut,
    RunOut,
    RunStart,
    StatementPage,
    Verification,
)
from shared.auth.caller import Caller
from shared.http import PROBLEMS, Now, UnitOfWorkDep, may
from shared.http.signed_log import SignerDep

router = APIRouter(prefix="/runs", tags=["runs"], responses=PROBLEMS)

Treasurer = Annotated[Caller, Depends(may("run.create"))]


def _chunk(request: Request) -> int:
    """How many employees a worker takes at once, by this deployment's settings."""
    size: int = request.app.state.run_chunk
    return size


ChunkDep = Annotated[int, Depends(_chunk)]


@router.post("", status_code=201)
async def start(given: RunStart, uow: UnitOfWorkDep, now: Now, caller: Treasurer, chunk: ChunkDep) -> RunOut:
    """Start a run; it is calculated by the workers, on inputs frozen for it. The kind says what it needs and pays."""
    wanted = Wanted(given.period, given.kind, early=given.early, employees=tuple(given.employees))
    return RunOut.of(await create_run(uow, wanted, by=caller.actor, now=now, chunk=chunk))


@router.get("", dependencies=[Depends(may("run.read"))])
async def listed(uow: UnitOfWorkDep, period: Annotated[str | None, Query(pattern=MONTH)] = None) -> list[RunOut]:
    """The region's runs, newest first."""
    return [RunOut.of(run) for run in await runs(uow.session, uow.tenant_id, period)]


@router.get("/{run_id}", dependencies=[Depends(may("run.read"))])
async def one(run_id: UUID, uow: UnitOfWorkDep) -> RunDetailOut:
    """A run with its progress, control totals, those set aside, history and acknowledgement."""
    return RunDetailOut.of_detail(await run_detail(uow.session, uow.tenant_id, run_id))


@router.get("/{run_id}/statements", dependencies=[Depends(may("run.read"))])
async def statements(
    run_id: UUID,
    uow: UnitOfWorkDep,
    after: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> StatementPage:
    """A run's statements by employee id."""
    rows = await statements_of_run(uow.session, uow.tenant_id, run_id, after=after, limit=limit)
    return StatementPage.of(rows, limit)


@router.post("/{run_id}/resumption")
async def resume(run_id: UUID, uow: UnitOfWorkDep, now: Now, caller: Treasurer, chunk: ChunkDep) -> RunOut:
    """Calculate those set aside once more, after what they lacked was put right."""
    return RunOut.of(await commands.resume_run(uow, run_id=run_id, by=caller.actor, now=now, chunk=chunk))


@router.post("/{run_id}/verification")
async def verify(
    run_id: UUID,
    given: Verification,
    uow: UnitOfWorkDep,
    now: Now,
    caller: Annotated[Caller, Depends(may("run.verify"))],
) -> RunOut:
    """The verifikator has checked the run. Not by who started it."""
    run = await commands.verify_run(
        uow, run_id=run_id, accept_incomplete=given.accept_incomplete, by=caller.actor, now=now
    )
    return RunOut.of(run)


@router.post("/{run_id}/approval")
async def approve(
    run_id: UUID,
    given: Approval,
    *,
    uow: UnitOfWorkDep,
    now: Now,
    caller: Annotated[Caller, Depends(may("run.approve"))],
    signer: SignerDep,
) -> RunOut:
    """The amounts are owed from here on, and signed. Not by who started or verified the run.

    `seen` is the digest of the run's comparison: what is unusual about the amounts has been looked at.
    """
    run = await commands.approve_run(uow, run_id=run_id, seen=given.seen, signer=signer, by=caller.actor, now=now)
    return RunOut.of(run)


@router.post("/{run_id}/publication", status_code=202)
async def publish(run_id: UUID, uow: UnitOfWorkDep, now: Now, caller: Treasurer) -> RunOut:
    """Put the run's allowances on the region's feed; the workers state them in chunks."""
    return RunOut.of(await commands.publish_run(uow, run_id=run_id, by=caller.actor, now=now))


@router.post("/{run_id}/payment")
async def pay(
    run_id: UUID,
    given: Payment,
    uow: UnitOfWorkDep,
    now: Now,
    caller: Annotated[Caller, Depends(may("run.pay"))],
) -> RunOut:
    """Mark an acknowledged run as paid."""
    return RunOut.of(await commands.pay_run(uow, run_id=run_id, reference=given.reference, by=caller.actor, now=now))


@router.post("/{run_id}/cancellation")
async def cancel(
    run_id: UUID,
    given: Cancellation,
    uow: UnitOfWorkDep,
    now: Now,
    caller: Annotated[Caller, Depends(may("run.cancel"))],
) -> RunOut:
    """Give up a run that is not approved."""
    return RunOut.of(await commands.cancel_run(uow, run_id=run_id, reason=given.reason, by=caller.actor, now=now))


@router.post("/{run_id}/recomputation", dependencies=[Depends(may("run.read"))])
async def recomputation(run_id: UUID, given: RecomputationAsk, uow: UnitOfWorkDep) -> RecomputationOut:
    """Evaluate a page of the run again from its frozen inputs, and compare byte by byte. Nothing is changed."""
    found = await recompute(uow.session, uow.tenant_id, run_id, after=given.after, limit=given.limit)
    return RecomputationOut.of(found, given.limit)
