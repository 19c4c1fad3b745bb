"""Evaluating a run again from what it was frozen on, by the same function, and comparing byte by byte."""

import hashlib
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.payroll.inputs.leaves import statement_leaf
from services.payroll.inputs.policies import policy_by_hash
from services.payroll.queries.runs import run_row
from services.payroll.rules import Policy, canonical, evaluate
from services.payroll.rules.frozen import Frozen
from services.payroll.tables import RunRow
from shared.control import hash_total
from shared.merkle import RunningRoot

PAGE = 1000


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
    SELECT employee_id, facts, activity_ids FROM run_inputs
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
    inputs = {employee_id: Frozen(*held) for employee_id, *held in frozen.all()}
    return [_compare(policy, row, inputs.get(row["employee_id"])) for row in rows]


def _compare(policy: Policy, row: RowMapping, inputs: Frozen | None) -> Recomputed:
    if inputs is None:
        return Recomputed(row["employee_id"], row["statement_id"], row["net"], 0, ("inputs are missing",))
    try:
        again = evaluate(policy, inputs.whole())
    except ValueError:
        return Recomputed(row["employee_id"], row["statement_id"], row["net"], 0, ("inputs cannot be read",))
    body = canonical(again)
    equal = {
        "inputs": inputs.hash == row["inputs_hash"],
        "statement": body == row["body"],
        "statement hash": hashlib.sha256(body).hexdigest() == row["statement_hash"],
        "leaf": statement_leaf(row["salt"], body) == row["leaf"],
        "amounts": (again.gross, again.deductions, again.net) == (row["gross"], row["deductions"], row["net"]),
    }
    differing = tuple(name for name, same in equal.items() if not same)
    return Recomputed(row["employee_id"], row["statement_id"], row["net"], again.net, differing)


@dataclass(frozen=True)
class RunRecomputed:
    """A whole run once more. `totals` names the run's own figures that its statements do not come to.

    `missing`: who was frozen, not set aside, and has no statement.
    """

    run: RunRow
    statements: int
    different: tuple[Recomputed, ...]
    totals: tuple[str, ...]
    missing: int

    @property
    def equal(self) -> bool:
        """Whether everything is as it was computed, to the last byte."""
        return not (self.different or self.totals or self.missing)


_CALCULATED = text(
    """
    SELECT run_id FROM runs
    WHERE tenant_id = :tenant_id AND period = :period AND state <> 'cancelled' AND count IS NOT NULL
    ORDER BY created_at
    """
)
_SEALED = text(
    """
    SELECT s.gross, s.deductions, s.net, s.leaf, s.statement_hash, i.payee -> 'bank' ->> 'number' AS account
    FROM statements s
    LEFT JOIN run_inputs i ON i.tenant_id = s.tenant_id AND i.run_id = s.run_id AND i.employee_id = s.employee_id
    WHERE s.tenant_id = :tenant_id AND s.run_id = :run_id ORDER BY s.employee_id
    """
)
_MISSING = text(
    """
    SELECT count(*) FROM run_inputs i
    WHERE i.tenant_id = :tenant_id AND i.run_id = :run_id
      AND NOT EXISTS (SELECT 1 FROM statements s WHERE s.tenant_id = i.tenant_id AND s.run_id = i.run_id
                      AND s.employee_id = i.employee_id)
      AND NOT EXISTS (SELECT 1 FROM run_set_aside a WHERE a.tenant_id = i.tenant_id AND a.run_id = i.run_id
                      AND a.employee_id = i.employee_id)
    """
)


async def calculated_runs(session: AsyncSession, tenant_id: str, period: str) -> list[UUID]:
    """The period's runs that came to an end of their calculation, of every kind, in the order of their start."""
    return list(await session.scalars(_CALCULATED, {"tenant_id": tenant_id, "period": period}))


async def recompute_run(session: AsyncSession, tenant_id: str, run_id: UUID) -> RunRecomputed:
    """Every statement of a run again, its totals, its root and its digest. Raises NotFound."""
    run, after, seen = await run_row(session, tenant_id, run_id), None, 0
    different: list[Recomputed] = []
    while page := await recompute(session, tenant_id, run_id, after=after, limit=PAGE):
        seen, after = seen + len(page), page[-1].employee_id
        different += [one for one in page if one.differing]
    of_run = {"tenant_id": tenant_id, "run_id": run_id}
    return RunRecomputed(
        run=run,
        statements=seen,
        different=tuple(different),
        totals=await _differing_totals(session, run),
        missing=await session.scalar(_MISSING, of_run) or 0,
    )


async def _differing_totals(session: AsyncSession, run: RunRow) -> tuple[str, ...]:
    """As closing counts them: sums, root over the leaves, digest over the hashes, hash total of the accounts."""
    sums, leaves, digest = [0, 0, 0, 0], RunningRoot(), hashlib.sha256()
    accounts: list[str | None] = []
    async for row in await session.stream(_SEALED, {"tenant_id": run.tenant_id, "run_id": run.run_id}):
        sums = [sums[0] + 1, sums[1] + row.gross, sums[2] + row.deductions, sums[3] + row.net]
        leaves.add(row.leaf)
        digest.update(row.statement_hash.encode())
        accounts.append(row.account)
    found = {
        "count": (sums[0], run.count),
        "gross": (sums[1], run.gross),
        "deductions": (sums[2], run.deductions),
        "net": (sums[3], run.net),
        "root": (leaves.root(), run.root),
        "digest": (digest.hexdigest(), run.digest),
        "hash total": (hash_total(accounts), run.hash_total),
    }
    return tuple(name for name, (counted, stated) in found.items() if counted != stated)
