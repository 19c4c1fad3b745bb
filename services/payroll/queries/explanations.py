"""Statements as trees, and what else would have been paid: from a statement's own frozen facts and policy."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic_core import from_json
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.payroll.inputs.policies import policy_by_hash
from services.payroll.rules import Facts, Policy
from services.payroll.rules.counterfactual import Alternatives, alternatives
from services.payroll.rules.explanation import Node, explain
from services.payroll.rules.frozen import Frozen
from services.payroll.tables import RunInputRow, RunRow, StatementRow
from shared.errors import NotFound


@dataclass(frozen=True)
class Computed:
    """A stored statement, read, with what it was computed from."""

    row: StatementRow
    body: dict[str, Any]
    facts: Facts
    policy: Policy

    def tree(self) -> Node:
        """The statement from its net amount down to days and activities."""
        return explain(self.policy, self.body, self.facts)

    def alternatives(self) -> Alternatives:
        """What would have been paid if."""
        return alternatives(self.policy, self.facts)


async def computed(session: AsyncSession, row: StatementRow) -> Computed:
    """What a statement was computed from: the frozen facts, and the policy of the hash that it names."""
    frozen = await session.get_one(RunInputRow, (row.tenant_id, row.run_id, row.employee_id))
    body: dict[str, Any] = from_json(row.body)
    policy = await policy_by_hash(session, row.tenant_id, body["policy"]["hash"])
    return Computed(row, body, Frozen(frozen.facts, frozen.activity_ids).whole(), policy)


async def statements_of(
    session: AsyncSession, tenant_id: str, nip: str, period: str
) -> list[tuple[StatementRow, RunRow]]:
    """An employee's statements of a period, by the NIP they were paid under, in the order of their runs.

    Raises NotFound.
    """
    found = await session.execute(
        select(StatementRow, RunRow)
        .join(RunRow, (RunRow.tenant_id == StatementRow.tenant_id) & (RunRow.run_id == StatementRow.run_id))
        .join(
            RunInputRow,
            (RunInputRow.tenant_id == StatementRow.tenant_id)
            & (RunInputRow.run_id == StatementRow.run_id)
            & (RunInputRow.employee_id == StatementRow.employee_id),
        )
        .where(StatementRow.tenant_id == tenant_id, StatementRow.period == period)
        .where(RunInputRow.payee["nip"].astext == nip, RunRow.state != "cancelled")
        .order_by(RunRow.created_at)
    )
    rows = [(row, run) for row, run in found.all()]
    if not rows:
        raise NotFound(f"nobody with NIP {nip} was paid in a run of {period}")
    return rows


async def employee_by_nip(session: AsyncSession, tenant_id: str, nip: str, period: str) -> UUID:
    """Whom a NIP was paid as in a period. Raises NotFound."""
    return (await statements_of(session, tenant_id, nip, period))[0][0].employee_id
