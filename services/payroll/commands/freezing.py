"""Freezing what a run is computed from: each employee's facts, in bytes that are hashed and never change."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import text

from services.payroll.commands.history import lock_run, take
from services.payroll.inputs import Made, Unbuildable, made_of
from services.payroll.inputs.occasions import made_for
from services.payroll.inputs.payees import payee_details
from services.payroll.inputs.policies import policy_by_hash
from services.payroll.inputs.readiness import closings_of, require_reconciled, rests_on
from services.payroll.rules.kinds import terms_from
from services.payroll.rules.lifecycle import Act
from services.payroll.tables import RunChunkRow, RunRow, Stage
from shared.clock import now
from shared.errors import Refused
from shared.period import period
from shared.unit_of_work import UnitOfWork

_FREEZE = text(
    """
    INSERT INTO run_inputs (tenant_id, run_id, employee_id, facts, activity_ids, inputs_hash, payee)
    SELECT :tenant_id, :run_id, employee_id, facts, activity_ids, inputs_hash, payee::jsonb FROM unnest(
        CAST(:employees AS uuid[]), CAST(:facts AS bytea[]), CAST(:activity_ids AS bytea[]), CAST(:hashes AS text[]),
        CAST(:payees AS text[])
    ) AS frozen(employee_id, facts, activity_ids, inputs_hash, payee)
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
        of = rests_on(run)
        if of is not None and await require_reconciled(uow.session, uow.tenant_id, of) != closings_of(run):
            raise Refused(f"{of} was closed anew while the run was being frozen")
    except Refused as refusal:
        await take(uow, await lock_run(uow, run.run_id), Act.CANCEL, by=None, at=now(), note=refusal.detail)
        return Stage.DONE
    made, aside = await _made(uow, run, chunk.employees)
    await _keep(uow, run.run_id, made, await payee_details(uow.session, uow.tenant_id, period(run.period), [*made]))
    await set_aside(uow, run.run_id, aside)
    return Stage.CALCULATE


async def _made(
    uow: UnitOfWork, run: RunRow, employees: Sequence[UUID]
) -> tuple[dict[UUID, Made], dict[UUID, Unbuildable]]:
    """The facts of the month itself, or those that the run's own terms ask for."""
    terms = terms_from(run.terms)
    if terms is not None:
        policy = await policy_by_hash(uow.session, uow.tenant_id, run.policy_hash)
        return await made_for(uow.session, run, policy, terms, employees)
    workdays = {date.fromisoformat(day): is_one for day, is_one in run.workdays.items()}
    return await made_of(uow.session, uow.tenant_id, period(run.period), employees, workdays=workdays)


async def _keep(
    uow: UnitOfWork, run_id: UUID, made: Mapping[UUID, Made], details: Mapping[UUID, dict[str, Any]]
) -> None:
    frozen = [one.frozen() for one in made.values()]
    await uow.session.execute(
        _FREEZE,
        {
            "tenant_id": uow.tenant_id,
            "run_id": run_id,
            "employees": list(made),
            "facts": [one.facts for one in frozen],
            "activity_ids": [one.activity_ids for one in frozen],
            "hashes": [one.hash for one in frozen],
            "payees": [to_json(one.payee._asdict() | details[person]).decode() for person, one in made.items()],
        },
    )


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
