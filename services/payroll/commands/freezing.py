"""Freezing what a run is computed from: each employee's facts, in bytes that are hashed and never change."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from json import JSONEncoder
from typing import Any
from uuid import UUID

from sqlalchemy import text

from services.payroll.commands.history import lock_run, take
from services.payroll.inputs import Built, Unbuildable, facts_of
from services.payroll.inputs.readiness import require_reconciled
from services.payroll.rules import facts_to_dict
from services.payroll.rules.lifecycle import Act
from services.payroll.tables import RunChunkRow, RunRow, Stage
from shared.clock import now
from shared.errors import Refused
from shared.period import period
from shared.unit_of_work import UnitOfWork

# sorted keys and no blanks: equal facts have equal bytes, and so the same hash
canonical_facts = JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode

_FREEZE = text(
    """
    INSERT INTO run_inputs (tenant_id, run_id, employee_id, facts, inputs_hash, payee)
    SELECT :tenant_id, :run_id, employee_id, facts, inputs_hash, payee::jsonb FROM unnest(
        CAST(:employees AS uuid[]), CAST(:facts AS bytea[]), CAST(:hashes AS text[]), CAST(:payees AS text[])
    ) AS frozen(employee_id, facts, inputs_hash, payee)
    ON CONFLICT DO NOTHING
    """
)
_SET_ASIDE = text(
    """
    INSERT INTO run_set_aside (tenant_id, run_id, employee_id, reason, remedy)
    SELECT :tenant_id, :run_id, employee_id, reason, remedy FROM unnest(
        CAST(:employees AS uuid[]), CAST(:reasons AS text[]), CAST(:remedies AS text[])
    ) AS aside(employee_id, reason, remedy)
    ON CONFLICT DO NOTHING
    """
)


async def freeze(uow: UnitOfWork, run: RunRow, chunk: RunChunkRow) -> Stage:
    """Keep the facts of a chunk's employees; where the period's closings hold no longer, the run is given up."""
    try:
        ready = await require_reconciled(uow.session, uow.tenant_id, run.period)
        if (ready.activity_close_seq, ready.appraisal_close_seq) != (run.activity_close_seq, run.appraisal_close_seq):
            raise Refused(f"{run.period} was closed anew while the run was being frozen")
    except Refused as refusal:
        await take(uow, await lock_run(uow, run.run_id), Act.CANCEL, by=None, at=now(), note=refusal.detail)
        return Stage.DONE
    workdays = {date.fromisoformat(day): is_one for day, is_one in run.workdays.items()}
    built = await facts_of(uow.session, uow.tenant_id, period(run.period), chunk.employees, workdays=workdays)
    await _keep(uow, run.run_id, built)
    await set_aside(uow, run.run_id, built.set_aside)
    return Stage.CALCULATE


async def _keep(uow: UnitOfWork, run_id: UUID, built: Built) -> None:
    frozen = [frozen_bytes(facts_to_dict(facts)) for facts, _ in built.facts.values()]
    await uow.session.execute(
        _FREEZE,
        {
            "tenant_id": uow.tenant_id,
            "run_id": run_id,
            "employees": list(built.facts),
            "facts": frozen,
            "hashes": [hashlib.sha256(facts).hexdigest() for facts in frozen],
            "payees": [json.dumps(payee._asdict()) for _, payee in built.facts.values()],
        },
    )


def frozen_bytes(facts: dict[str, Any]) -> bytes:
    """The canonical JSON of facts as plain data."""
    return canonical_facts(facts).encode()


async def set_aside(uow: UnitOfWork, run_id: UUID, aside: Mapping[UUID, Unbuildable]) -> None:
    """Note who cannot be calculated, and why."""
    if not aside:
        return
    await uow.session.execute(
        _SET_ASIDE,
        {
            "tenant_id": uow.tenant_id,
            "run_id": run_id,
            "employees": list(aside),
            "reasons": [one.reason for one in aside.values()],
            "remedies": [one.remedy for one in aside.values()],
        },
    )
