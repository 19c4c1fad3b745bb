"""What stands of what was paid: the approved statement, or the last correction of it."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from pydantic_core import from_json
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from services.payroll.inputs.beside import kinds_of
from services.payroll.rules.lifecycle import FINAL_STATES
from services.payroll.rules.retroactive import PaidMonth


class Stands(NamedTuple):
    """tpp: whole rupiah earned. `correction_id` and a `number` above 0 where a correction stands, not the payment."""

    statement_id: UUID
    paid_facts: bytes
    facts: bytes
    body: bytes
    statement_hash: str
    tpp: int
    correction_id: UUID | None
    number: int


_PAID = text(
    f"""
    SELECT DISTINCT ON (s.employee_id) s.employee_id, s.statement_id, i.facts, s.body, s.statement_hash
    FROM statements s
    JOIN runs r ON r.tenant_id = s.tenant_id AND r.run_id = s.run_id
    JOIN run_inputs i ON i.tenant_id = s.tenant_id AND i.run_id = s.run_id AND i.employee_id = s.employee_id
    WHERE s.tenant_id = :tenant_id AND s.period = :period AND s.employee_id = ANY(CAST(:employees AS uuid[]))
      AND r.kind = ANY(CAST(:kinds AS text[])) AND r.state IN {FINAL_STATES}
    ORDER BY s.employee_id, r.created_at
    """
)
_CORRECTED = text(
    """
    SELECT DISTINCT ON (employee_id) employee_id, correction_id, number, facts, body, statement_hash, tpp_after
    FROM corrections
    WHERE tenant_id = :tenant_id AND period = :period AND kind = :kind AND employee_id = ANY(CAST(:employees AS uuid[]))
    ORDER BY employee_id, number DESC
    """
)


async def standing(
    session: AsyncSession, tenant_id: str, paid: PaidMonth, employees: Sequence[UUID]
) -> dict[UUID, Stands]:
    """By employee; who was not paid is not in it."""
    given = {"tenant_id": tenant_id, "period": paid.period, "employees": list(employees)}
    paid_for = await session.execute(_PAID, given | {"kinds": kinds_of(paid)})
    found = {
        employee_id: Stands(statement_id, facts, facts, body, statement_hash, _tpp(body), None, 0)
        for employee_id, statement_id, facts, body, statement_hash in paid_for.all()
    }
    corrected = await session.execute(_CORRECTED, given | {"employees": list(found), "kind": paid.kind})
    for employee_id, correction_id, number, facts, body, statement_hash, tpp in corrected.all():
        found[employee_id] = found[employee_id]._replace(
            correction_id=correction_id, number=number, facts=facts, body=body, statement_hash=statement_hash, tpp=tpp
        )
    return found


def _tpp(body: bytes) -> int:
    return int(from_json(body)["totals"]["tpp"])
