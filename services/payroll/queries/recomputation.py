"""Evaluating a run again from what it was frozen on, by the same function, and comparing byte by byte."""

import hashlib
from dataclasses import dataclass
from uuid import UUID

from pydantic_core import from_json
from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.payroll.inputs.leaves import statement_leaf
from services.payroll.inputs.policies import policy_by_hash
from services.payroll.queries.runs import run_row
from services.payroll.rules import Policy, canonical, evaluate, facts_from


@dataclass(frozen=True)
class Recomputed:
    """One employee's: `differing` names what is not equal; empty where all is, to the last byte."""

    employee_id: UUID
    statement_id: UUID
    net: int
    net_again: int
    differing: tuple[str, ...]


_STORED = text(
    """
    SELECT employee_id, statement_id, net, gross, deductions, inputs_hash, statement_hash, salt, leaf, body
    FROM statements
    WHERE tenant_id = :tenant_id AND run_id = :run_id
      AND (CAST(:after AS uuid) IS NULL OR employee_id > CAST(:after AS uuid))
    ORDER BY employee_id LIMIT :limit
    """
)
_FROZEN = text(
    """
    SELECT employee_id, facts FROM run_inputs
    WHERE tenant_id = :tenant_id AND run_id = :run_id AND employee_id = ANY(CAST(:employees AS uuid[]))
    """
)


async def recompute(
    session: AsyncSession, tenant_id: str, run_id: UUID, *, after: UUID | None = None, limit: int = 1000
) -> list[Recomputed]:
    """The run's statements once more, by employee id after a given one. Raises NotFound.

    The policy is read by its hash, so a changed text is found as well (ValueError).
    """
    run = await run_row(session, tenant_id, run_id)
    policy = await policy_by_hash(session, tenant_id, run.policy_hash)
    of_run = {"tenant_id": tenant_id, "run_id": run_id}
    rows = (await session.execute(_STORED, of_run | {"after": after, "limit": limit})).mappings().all()
    frozen = await session.execute(_FROZEN, of_run | {"employees": [row["employee_id"] for row in rows]})
    facts = {employee_id: held for employee_id, held in frozen.all()}
    return [_compare(policy, row, facts[row["employee_id"]]) for row in rows]


def _compare(policy: Policy, row: RowMapping, facts: bytes) -> Recomputed:
    again = evaluate(policy, facts_from(from_json(facts)))
    body = canonical(again)
    equal = {
        "inputs": hashlib.sha256(facts).hexdigest() == row["inputs_hash"],
        "statement": body == row["body"],
        "statement hash": hashlib.sha256(body).hexdigest() == row["statement_hash"],
        "leaf": statement_leaf(row["salt"], body) == row["leaf"],
        "amounts": (again.gross, again.deductions, again.net) == (row["gross"], row["deductions"], row["net"]),
    }
    differing = tuple(name for name, same in equal.items() if not same)
    return Recomputed(row["employee_id"], row["statement_id"], row["net"], again.net, differing)
