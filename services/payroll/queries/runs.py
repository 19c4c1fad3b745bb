"""Runs as they stand: their totals, those set aside, their history, their statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.payroll.tables import (
    AcknowledgementRow,
    RunChunkRow,
    RunHistoryRow,
    RunInputRow,
    RunRow,
    RunSetAsideRow,
    Stage,
    StatementRow,
)
from shared.errors import NotFound

MOST_SET_ASIDE = 500


@dataclass(frozen=True)
class RunDetail:
    """A run with what surrounds it. `chunks` and `done`: how far its present work is."""

    run: RunRow
    chunks: int
    done: int
    set_aside: int
    aside: Sequence[RunSetAsideRow]
    history: Sequence[RunHistoryRow]
    acknowledgement: AcknowledgementRow | None
    refused: Sequence[RunChunkRow]  # chunks that failed and are tried again


async def runs(session: AsyncSession, tenant_id: str, period: str | None = None) -> Sequence[RunRow]:
    """A region's runs, newest first."""
    query = select(RunRow).where(RunRow.tenant_id == tenant_id).order_by(RunRow.created_at.desc()).limit(500)
    if period is not None:
        query = query.where(RunRow.period == period)
    return (await session.scalars(query)).all()


async def run_detail(session: AsyncSession, tenant_id: str, run_id: UUID) -> RunDetail:
    """Raises NotFound."""
    run = await run_row(session, tenant_id, run_id)
    chunks, done = (
        await session.execute(
            select(func.count(), func.count().filter(RunChunkRow.stage == Stage.DONE)).where(
                RunChunkRow.tenant_id == tenant_id, RunChunkRow.run_id == run_id, RunChunkRow.chunk >= 0
            )
        )
    ).one()
    aside = (RunSetAsideRow.tenant_id == tenant_id, RunSetAsideRow.run_id == run_id)
    of_history = (RunHistoryRow.tenant_id == tenant_id, RunHistoryRow.run_id == run_id)
    return RunDetail(
        run=run,
        chunks=chunks,
        done=done,
        set_aside=await session.scalar(select(func.count()).where(*aside)) or 0,
        aside=(
            await session.scalars(
                select(RunSetAsideRow).where(*aside).order_by(RunSetAsideRow.employee_id).limit(MOST_SET_ASIDE)
            )
        ).all(),
        history=(await session.scalars(select(RunHistoryRow).where(*of_history).order_by(RunHistoryRow.number))).all(),
        acknowledgement=await session.get(AcknowledgementRow, (tenant_id, run_id)),
        refused=(
            await session.scalars(
                select(RunChunkRow)
                .where(RunChunkRow.tenant_id == tenant_id, RunChunkRow.run_id == run_id, RunChunkRow.failures > 0)
                .order_by(RunChunkRow.chunk)
                .limit(MOST_SET_ASIDE)
            )
        ).all(),
    )


async def run_row(session: AsyncSession, tenant_id: str, run_id: UUID) -> RunRow:
    """Raises NotFound."""
    run = await session.get(RunRow, (tenant_id, run_id), populate_existing=True)
    if run is None:
        raise NotFound(f"there is no run {run_id}")
    return run


async def statements_of_run(
    session: AsyncSession, tenant_id: str, run_id: UUID, *, after: UUID | None, limit: int
) -> Sequence[tuple[StatementRow, str, str]]:
    """Statements with the payee's NIP and name, by employee id, after a given one. Raises NotFound."""
    await run_row(session, tenant_id, run_id)
    query = (
        select(StatementRow, RunInputRow.payee["nip"].astext, RunInputRow.payee["name"].astext)
        .join(
            RunInputRow,
            (RunInputRow.tenant_id == StatementRow.tenant_id)
            & (RunInputRow.run_id == StatementRow.run_id)
            & (RunInputRow.employee_id == StatementRow.employee_id),
        )
        .where(StatementRow.tenant_id == tenant_id, StatementRow.run_id == run_id)
        .order_by(StatementRow.employee_id)
        .limit(limit)
    )
    if after is not None:
        query = query.where(StatementRow.employee_id > after)
    return [(row, nip, name) for row, nip, name in (await session.execute(query)).all()]
