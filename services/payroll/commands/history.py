"""A run's row, locked, and the record of who did what to it when."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from services.payroll.rules.lifecycle import Act, RunState, advance
from services.payroll.tables import RunHistoryRow, RunRow
from shared.errors import NotFound
from shared.unit_of_work import UnitOfWork


async def lock_run(uow: UnitOfWork, run_id: UUID) -> RunRow:
    """Raises NotFound; held until the transaction ends, so that acts on a run come one after another."""
    row = await uow.session.get(RunRow, (uow.tenant_id, run_id), with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound(f"there is no run {run_id}")
    return row


async def take(
    uow: UnitOfWork, run: RunRow, act: Act, *, by: UUID | None, at: datetime, note: str | None = None
) -> None:
    """Let an act lead a locked run to its next state, and note it. Raises Refused."""
    run.state = advance(act, RunState(run.state))
    await note_act(uow, run, act, by=by, at=at, note=note)


async def note_act(
    uow: UnitOfWork, run: RunRow, act: Act, *, by: UUID | None, at: datetime, note: str | None = None
) -> None:
    """Add to a locked run's history."""
    of_run = (RunHistoryRow.tenant_id == uow.tenant_id, RunHistoryRow.run_id == run.run_id)
    last = await uow.session.scalar(select(func.max(RunHistoryRow.number)).where(*of_run))
    uow.session.add(
        RunHistoryRow(
            tenant_id=uow.tenant_id,
            run_id=run.run_id,
            number=(last or 0) + 1,
            act=act,
            state=run.state,
            at=at,
            by=by,
            note=note,
        )
    )
    await uow.session.flush()


async def hands_on(uow: UnitOfWork, run: RunRow, acts: Mapping[Act, str]) -> dict[UUID, str]:
    """Who did any of these acts on a run, and the word for it."""
    rows = await uow.session.execute(
        select(RunHistoryRow.by, RunHistoryRow.act).where(
            RunHistoryRow.tenant_id == uow.tenant_id,
            RunHistoryRow.run_id == run.run_id,
            RunHistoryRow.act.in_(list(acts)),
            RunHistoryRow.by.is_not(None),
        )
    )
    return {by: acts[Act(act)] for by, act in rows.all() if by is not None}
