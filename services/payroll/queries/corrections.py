"""Corrections as they stand: what caused them, what each came to, and what runs paid of it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.payroll.rules.corrections import LineDifference, line_differences
from services.payroll.rules.lifecycle import FINAL_STATES
from services.payroll.tables import (
    CorrectionCauseRow,
    CorrectionChunkRow,
    CorrectionLineRow,
    CorrectionRow,
    CorrectionSetAsideRow,
    CorrectionStage,
    RunRow,
    StatementRow,
)
from shared.directory.tables import EmployeeRow
from shared.errors import NotFound

MOST_CAUSES = 500


@dataclass(frozen=True)
class CauseStanding:
    """A cause, and what looking at a month for it has come to so far: employees, whole numbers."""

    row: CorrectionCauseRow
    looked_at: int
    unchanged: int
    differing: int
    waiting: int  # pieces of work not done
    failure: str | None  # why one of them failed
    set_aside: Sequence[CorrectionSetAsideRow]


@dataclass(frozen=True)
class Found:
    """A correction with whom it is of, and `settled`: what approved runs paid or took back of it, whole rupiah."""

    row: CorrectionRow
    nip: str
    name: str
    settled: int


@dataclass(frozen=True)
class Detail(Found):
    """Both statements as they are stored, the lines that differ, and in which runs it was paid."""

    cause: CorrectionCauseRow
    before: dict[str, Any]
    after: dict[str, Any]
    lines: Sequence[LineDifference]
    paid_by: Sequence[tuple[CorrectionLineRow, RunRow]]


async def causes_of(session: AsyncSession, tenant_id: str, period: str) -> list[CauseStanding]:
    """What had a paid month looked at again, the newest first."""
    c = CorrectionChunkRow
    counted = await session.execute(
        select(
            c.cause_id,
            func.sum(c.looked_at),
            func.sum(c.unchanged),
            func.sum(c.differing),
            func.count().filter(c.stage != CorrectionStage.DONE),
            func.max(c.failure),
        )
        .where(c.tenant_id == tenant_id, c.period == period)
        .group_by(c.cause_id)
    )
    counts = {row[0]: (int(row[1]), int(row[2]), int(row[3]), int(row[4]), row[5]) for row in counted.all()}
    rows = await session.scalars(
        select(CorrectionCauseRow)
        .where(CorrectionCauseRow.tenant_id == tenant_id, CorrectionCauseRow.cause_id.in_(counts))
        .order_by(CorrectionCauseRow.noted_at.desc(), CorrectionCauseRow.cause_id)
        .limit(MOST_CAUSES)
    )
    aside = await _set_aside(session, tenant_id, period)
    return [CauseStanding(row, *counts[row.cause_id], aside.get(row.cause_id, [])) for row in rows]


async def _set_aside(session: AsyncSession, tenant_id: str, period: str) -> dict[UUID, list[CorrectionSetAsideRow]]:
    rows = await session.scalars(
        select(CorrectionSetAsideRow)
        .where(CorrectionSetAsideRow.tenant_id == tenant_id, CorrectionSetAsideRow.period == period)
        .order_by(CorrectionSetAsideRow.employee_id)
        .limit(MOST_CAUSES)
    )
    found: dict[UUID, list[CorrectionSetAsideRow]] = {}
    for row in rows:
        found.setdefault(row.cause_id, []).append(row)
    return found


async def corrections_of(
    session: AsyncSession,
    tenant_id: str,
    period: str | None,
    *,
    employee_id: UUID | None,
    after: UUID | None,
    limit: int,
) -> list[Found]:
    """Corrections of a month (None: of all) and of an employee (None: of all), by their id."""
    query = select(CorrectionRow).where(CorrectionRow.tenant_id == tenant_id)
    if period is not None:
        query = query.where(CorrectionRow.period == period)
    if employee_id is not None:
        query = query.where(CorrectionRow.employee_id == employee_id)
    if after is not None:
        query = query.where(CorrectionRow.correction_id > after)
    rows = (await session.scalars(query.order_by(CorrectionRow.correction_id).limit(limit))).all()
    return await _found(session, tenant_id, rows)


async def _found(session: AsyncSession, tenant_id: str, rows: Sequence[CorrectionRow]) -> list[Found]:
    line = CorrectionLineRow
    settled = await session.execute(
        select(line.correction_id, func.sum(line.amount))
        .join(RunRow, (RunRow.tenant_id == line.tenant_id) & (RunRow.run_id == line.run_id))
        .where(line.tenant_id == tenant_id, line.correction_id.in_([row.correction_id for row in rows]))
        .where(RunRow.state.in_(FINAL_STATES))
        .group_by(line.correction_id)
    )
    paid = {correction_id: int(amount) for correction_id, amount in settled.all()}
    people = await session.execute(
        select(EmployeeRow.employee_id, EmployeeRow.nip, EmployeeRow.name).where(
            EmployeeRow.tenant_id == tenant_id, EmployeeRow.employee_id.in_({row.employee_id for row in rows})
        )
    )
    named = {employee_id: (nip, name) for employee_id, nip, name in people.all()}
    return [Found(row, *named.get(row.employee_id, ("", "")), paid.get(row.correction_id, 0)) for row in rows]


async def correction_detail(session: AsyncSession, tenant_id: str, correction_id: UUID) -> Detail:
    """Raises NotFound."""
    row = await session.scalar(
        select(CorrectionRow).where(CorrectionRow.tenant_id == tenant_id, CorrectionRow.correction_id == correction_id)
    )
    if row is None:
        raise NotFound(f"there is no correction {correction_id}")
    (found,) = await _found(session, tenant_id, [row])
    before, after = json.loads(await _stood(session, row)), json.loads(row.body)
    paid_by = await session.execute(
        select(CorrectionLineRow, RunRow)
        .join(RunRow, (RunRow.tenant_id == CorrectionLineRow.tenant_id) & (RunRow.run_id == CorrectionLineRow.run_id))
        .where(CorrectionLineRow.tenant_id == tenant_id, CorrectionLineRow.correction_id == correction_id)
        .order_by(RunRow.created_at)
    )
    return Detail(
        row=row,
        nip=found.nip,
        name=found.name,
        settled=found.settled,
        cause=await session.get_one(CorrectionCauseRow, (tenant_id, row.cause_id)),
        before=before,
        after=after,
        lines=line_differences(before["lines"], after["lines"]),
        paid_by=[(line, run) for line, run in paid_by.all()],
    )


async def _stood(session: AsyncSession, row: CorrectionRow) -> bytes:
    """The body that the correction was compared with: the correction before, or the paid statement."""
    of = (CorrectionRow.tenant_id == row.tenant_id, CorrectionRow.correction_id == row.earlier_id)
    query = select(CorrectionRow.body).where(*of)
    if row.earlier_id is None:
        query = select(StatementRow.body).where(
            StatementRow.tenant_id == row.tenant_id, StatementRow.statement_id == row.statement_id
        )
    return (await session.scalars(query)).one()
