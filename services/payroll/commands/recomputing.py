"""Computing what was paid again, with the facts as they are now, beside what stands; what was paid is never touched.

What stands is the paid statement, or the last correction of it. The difference of the TPP earned is kept, and the
next run that settles corrections pays it or takes it back as a line of its own.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple
from uuid import UUID, uuid5

import structlog
from pydantic_core import from_json
from sqlalchemy.dialects.postgresql import insert

from services.payroll.inputs import Made, Unbuildable, made_of
from services.payroll.inputs.occasions import made_again
from services.payroll.inputs.policies import compiled, in_force
from services.payroll.inputs.standing import Stands, standing
from services.payroll.rules import Facts, Policy, Statement, canonical, evaluate
from services.payroll.rules.corrections import Change, cause_in_words, changes
from services.payroll.rules.frozen import Frozen, frozen_bytes, frozen_facts
from services.payroll.rules.kinds import OCCASIONAL, first_day, terms_of
from services.payroll.rules.retroactive import PaidMonth
from services.payroll.tables import (
    CauseKind,
    CorrectionCauseRow,
    CorrectionChunkRow,
    CorrectionRow,
    CorrectionSetAsideRow,
)
from shared.clock import now
from shared.errors import Refused
from shared.period import period
from shared.unit_of_work import UnitOfWork
from shared.words import RunKind

TITLES = {
    CauseKind.APPRAISAL: "Penilaian diperbaiki",
    CauseKind.MASTER_DATA: "Perubahan jabatan, kelas atau status berlaku surut",
    CauseKind.POLICY: "Kebijakan berlaku surut",
    CauseKind.CIRCUMSTANCE: "Keadaan yang disahkan atau dicabut kemudian",
    CauseKind.CLOSING: "Periode ditutup ulang",
}

log = structlog.get_logger()


class Again(NamedTuple):
    """The policy that what was paid is computed again by, the facts as they are now, and who has none."""

    policy: Policy
    made: dict[UUID, Made]
    aside: dict[UUID, Unbuildable]


async def recompute(uow: UnitOfWork, chunk: CorrectionChunkRow) -> None:
    """Evaluate again for each who was paid, and keep what is not as it stands."""
    month = PaidMonth(chunk.period, chunk.kind)
    cause = await uow.session.get_one(CorrectionCauseRow, (uow.tenant_id, chunk.cause_id))
    stands = await standing(uow.session, uow.tenant_id, month, chunk.employees)
    policy, made, aside = await _again(uow, month, list(stands))
    rows: list[dict[str, Any]] = []
    for employee_id, one in made.items():
        outcome = _looked_at(policy, one, stands[employee_id], cause)
        if isinstance(outcome, Unbuildable):
            aside[employee_id] = outcome
        elif outcome is not None:
            rows.append({"employee_id": employee_id} | outcome)
    await _keep(uow, chunk, rows)
    await _set_aside(uow, chunk, aside)
    chunk.looked_at, chunk.set_aside = len(stands), len(aside)
    chunk.unchanged = len(stands) - len(aside) - len(rows)
    chunk.differing = sum(bool(one["difference"]) for one in rows)


async def _again(uow: UnitOfWork, month: PaidMonth, employees: Sequence[UUID]) -> Again:
    """A month's own facts; of another kind of run, those that what grants it now asks for."""
    policy = await _policy(uow, month.period)
    if month.kind == RunKind.INDUK:
        made, aside = await made_of(uow.session, uow.tenant_id, period(month.period), employees)
        return Again(policy, made, aside)
    kind = RunKind(month.kind)
    try:
        terms = terms_of(policy.document, policy.hash, kind, month.period, early=False)
    except Refused as refusal:
        return Again(
            policy, {}, dict.fromkeys(employees, Unbuildable(refusal.detail, "approve a policy that grants it"))
        )
    if terms is None:
        raise ValueError(f"a run of kind {kind} has no terms")
    if kind in OCCASIONAL:
        policy = await _policy(uow, terms.of)
    made, aside = await made_again(uow.session, uow.tenant_id, month.period, employees, policy=policy, terms=terms)
    return Again(policy, made, aside)


async def _policy(uow: UnitOfWork, code: str) -> Policy:
    """The policy in force for a month. Raises Refused."""
    row = await in_force(uow.session, uow.tenant_id, first_day(code))
    if row is None:
        raise Refused(f"no policy is in force on {first_day(code)}, for which was paid")
    return compiled(row.document)


def _looked_at(
    policy: Policy, found: Made, stands: Stands, cause: CorrectionCauseRow
) -> dict[str, Any] | Unbuildable | None:
    """What is to be kept of one employee's month: None where it is, to the byte, as it stands."""
    try:
        facts = settled_as_then(found.without_ids(), frozen_facts(stands.paid_facts))
        statement = evaluate(policy, facts)
    except Exception as error:
        # whatever it is, one person's facts must not hold up the others' corrections
        log.error("not computed again", employee=found.facts.employee.id, exc_info=error)
        return Unbuildable(f"the calculation failed: {error}", "report it with the cause's number")
    if statement.blocked:
        reasons = "; ".join(warning["message"] for warning in statement.warnings if warning["blocking"])
        return Unbuildable(reasons, "put right what is missing")
    body = canonical(statement)
    statement_hash = hashlib.sha256(body).hexdigest()
    if statement_hash == stands.statement_hash:
        return None
    changed = _changed(stands, facts, statement)
    frozen = Frozen(frozen_bytes(facts), found.work.ids)
    return {
        "number": stands.number + 1,
        "base_month": f"{facts.start:%Y-%m}" if facts.payment else None,
        "contributes": facts.payment is None or facts.payment.contributions,
        "cause": cause_in_words(TITLES[CauseKind(cause.kind)], changed),
        "changes": [change._asdict() for change in changed],
        "statement_id": stands.statement_id,
        "earlier_id": stands.correction_id,
        "hash_before": stands.statement_hash,
        "tpp_before": stands.tpp,
        "tpp_after": statement.tpp,
        "difference": statement.tpp - stands.tpp,
        "policy_hash": policy.hash,
        "facts": frozen.facts,
        "activity_ids": frozen.activity_ids,
        "inputs_hash": frozen.hash,
        "body": body,
        "statement_hash": statement_hash,
    }


def settled_as_then(facts: Facts, paid: Facts) -> Facts:
    """The month's facts as they are now, with what was carried, taxed and taken back with it as it was paid."""
    return replace(
        facts,
        salary=replace(paid.salary, gaji_pokok=facts.salary.gaji_pokok),
        earlier=paid.earlier,
        consents=paid.consents,
        tables=paid.tables,
        tax_year=paid.tax_year,
        carried=paid.carried,
        held=paid.held,
        releases=paid.releases,
        recoveries=paid.recoveries,
        corrections=paid.corrections,
    )


def _changed(stands: Stands, facts: Facts, statement: Statement) -> list[Change]:
    found = changes(frozen_facts(stands.facts), facts)
    before = from_json(stands.body)["policy"]
    if before["hash"] != statement.policy_hash:
        found.insert(0, Change("kebijakan", before["name"], statement.policy))
    return found


async def _keep(uow: UnitOfWork, chunk: CorrectionChunkRow, rows: Sequence[dict[str, Any]]) -> None:
    if not rows:
        return
    common = {
        "tenant_id": uow.tenant_id,
        "period": chunk.period,
        "kind": chunk.kind,
        "cause_id": chunk.cause_id,
        "computed_at": now(),
    }
    values = [
        common | row | {"correction_id": _correction_id(chunk, row["employee_id"], row["number"])} for row in rows
    ]
    await uow.session.execute(insert(CorrectionRow), values)


def _correction_id(chunk: CorrectionChunkRow, employee_id: UUID, number: int) -> UUID:
    of = chunk.period if chunk.kind == RunKind.INDUK else f"{chunk.period}/{chunk.kind}"
    return uuid5(chunk.cause_id, f"{of}/{employee_id}/{number}")


async def _set_aside(uow: UnitOfWork, chunk: CorrectionChunkRow, aside: dict[UUID, Unbuildable]) -> None:
    if not aside:
        return
    log.error("paid months that cannot be computed again", tenant=uow.tenant_id, period=chunk.period, count=len(aside))
    rows = [
        {
            "tenant_id": uow.tenant_id,
            "cause_id": chunk.cause_id,
            "period": chunk.period,
            "kind": chunk.kind,
            "employee_id": employee_id,
            "reason": one.reason,
            "remedy": f"{one.remedy}; where nothing was due, what was paid is claimed back outside payroll (TP-TGR)",
        }
        for employee_id, one in aside.items()
    ]
    await uow.session.execute(insert(CorrectionSetAsideRow).on_conflict_do_nothing(), rows)
