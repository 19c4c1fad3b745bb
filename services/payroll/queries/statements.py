"""Statements as people read them: every line with its rule, article, formula in words, and what is behind it."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.payroll.inputs import facts_of
from services.payroll.inputs.policies import compiled, in_force
from services.payroll.rules import Facts, Statement, evaluate, formula, measured
from services.payroll.rules.frozen import Frozen
from services.payroll.tables import RunInputRow, RunRow, StatementRow
from shared.errors import NotFound, Refused
from shared.period import period_of


async def statement_row(session: AsyncSession, tenant_id: str, statement_id: UUID) -> StatementRow:
    """Raises NotFound."""
    row = await session.scalar(
        select(StatementRow).where(StatementRow.tenant_id == tenant_id, StatementRow.statement_id == statement_id)
    )
    if row is None:
        raise NotFound(f"there is no statement {statement_id}")
    return row


async def explanation(session: AsyncSession, row: StatementRow) -> dict[str, Any]:
    """The stored statement with a sentence a line, and the activities behind each work date."""
    frozen = await session.get_one(RunInputRow, (row.tenant_id, row.run_id, row.employee_id))
    body: dict[str, Any] = json.loads(row.body)
    return explained(body, Frozen(frozen.facts, frozen.activity_ids).whole())


def explained(body: dict[str, Any], facts: Facts) -> dict[str, Any]:
    """A statement's plain form with formulas in words and the ids of the activities of each date referred to."""
    ids: dict[str, list[str]] = {}
    for day in facts.activities:
        ids.setdefault(day.work_date.isoformat(), []).extend(day.ids)

    def behind(refs: dict[str, list[str]] | None) -> dict[str, Any]:
        named = dict(refs or {})
        return {
            "days": named.get("attendance", []),
            "activities": {day: ids.get(day, []) for day in named.get("activities", [])},
        }

    return body | {
        "lines": [
            {key: line[key] for key in ("kind", "rule", "name", "article", "amount", "inputs")}
            | {"formula": formula(line), "behind": behind(line.get("refs"))}
            for line in body["lines"]
        ],
        "results": [
            {key: result[key] for key in ("part", "article", "share", "inputs")}
            | {"formula": measured(result), "behind": behind(result.get("refs"))}
            for result in body["results"]
        ],
    }


async def own_statements(
    session: AsyncSession, tenant_id: str, employee_id: UUID
) -> Sequence[tuple[StatementRow, RunRow]]:
    """An employee's statements with their runs, newest first."""
    rows = await session.execute(
        select(StatementRow, RunRow)
        .join(RunRow, (RunRow.tenant_id == StatementRow.tenant_id) & (RunRow.run_id == StatementRow.run_id))
        .where(StatementRow.tenant_id == tenant_id, StatementRow.employee_id == employee_id)
        .order_by(StatementRow.period.desc(), RunRow.created_at.desc())
        .limit(120)
    )
    return [(row, run) for row, run in rows.all()]


async def preview(session: AsyncSession, tenant_id: str, employee_id: UUID, as_of: date) -> tuple[Statement, Facts]:
    """Where an employee stands on a day: the run's own facts and function, on what is here up to that day.

    Raises NotFound without a policy; Refused, saying what the master data lack.
    """
    of = period_of(as_of)
    row = await in_force(session, tenant_id, of.first_day)
    if row is None:
        raise NotFound(f"no policy is in force on {of.first_day}")
    built = await facts_of(session, tenant_id, of, [employee_id], until=as_of)
    if employee_id in built.set_aside:
        lacking = built.set_aside[employee_id]
        raise Refused(f"{lacking.reason}: {lacking.remedy}")
    facts, _ = built.facts[employee_id]
    return evaluate(compiled(row.document), facts), facts
