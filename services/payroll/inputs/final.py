"""A final allowance as the region's payroll system reads it: the same from the topic and from the HTTP feed."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from pydantic_core import from_json
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from services.payroll.rules import Line
from services.payroll.tables import RunRow
from shared.events.allowance import AllowanceFinalized
from shared.words import RunKind

# by their keys, one statement a table: just after a run the planner knows nothing of the tables' sizes, and joins
# them in a time that grows with the square
_MINE = "tenant_id = :tenant_id AND run_id = :run_id AND employee_id = ANY(CAST(:employees AS uuid[]))"
_NUMBERED = text(
    f"SELECT employee_id, feed_sequence, finalized_at FROM allowances WHERE {_MINE} ORDER BY feed_sequence"
)
_STATED = text(
    f"SELECT employee_id, gross, deductions, net, inputs_hash, statement_hash, body FROM statements WHERE {_MINE}"
)
_PAYEES = text(f"SELECT employee_id, payee FROM run_inputs WHERE {_MINE}")


async def finalized(session: AsyncSession, run: RunRow, employees: Sequence[UUID]) -> list[AllowanceFinalized]:
    """A run's final allowances of these employees, by feed sequence; those without one are left out."""
    given = {"tenant_id": run.tenant_id, "run_id": run.run_id, "employees": list(employees)}
    numbered = (await session.execute(_NUMBERED, given)).mappings().all()
    stated = {row["employee_id"]: row for row in (await session.execute(_STATED, given)).mappings()}
    payees = {employee_id: payee for employee_id, payee in (await session.execute(_PAYEES, given)).all()}
    return [
        _finalized(run, {**row, **stated[row["employee_id"]], "payee": payees[row["employee_id"]]}) for row in numbered
    ]


def _finalized(run: RunRow, row: Mapping[str, Any]) -> AllowanceFinalized:
    payee: dict[str, Any] = row["payee"]
    lines: list[Line] = from_json(row["body"], cache_strings="keys")["lines"]
    # from one mapping: its lines are checked in one go, which takes a third of making each by itself
    return AllowanceFinalized.model_validate(
        {
            "tenant_id": run.tenant_id,
            "occurred_at": row["finalized_at"],
            "run_id": run.run_id,
            "period": run.period,
            "kind": RunKind(run.kind),
            "feed_sequence": row["feed_sequence"],
            "employee_id": row["employee_id"],
            **{name: payee[name] for name in ("nip", "name", "unit", "bank")},
            "gross": row["gross"],
            "deductions": row["deductions"],
            "net": row["net"],
            "lines": paid_lines(lines),
            "policy_hash": run.policy_hash,
            "inputs_hash": row["inputs_hash"],
            "statement_hash": row["statement_hash"],
        }
    )


def paid_lines(lines: list[Line]) -> list[dict[str, str]]:
    """A statement's lines without the base amounts, which are what parts are taken of and not paid themselves."""
    return [
        {"code": line["rule"], "text": line["name"], "amount": line["amount"], **_corrects(line)}
        for line in lines
        if line["kind"] != "base"
    ]


def _corrects(line: Line) -> dict[str, str]:
    """The earlier month that a line is for, and what changed in it."""
    if line["kind"] != "correction":
        return {}
    return {"corrects": line["inputs"]["period"], "cause": line["inputs"]["cause"]}
