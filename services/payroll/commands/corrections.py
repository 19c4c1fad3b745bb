"""Computing paid months again, with the facts as they are now, beside what stands; what was paid is never touched.

What stands is the paid statement, or the last correction of it. The difference of the TPP earned is kept, and the
next run of kind induk, susulan or kekurangan pays it or takes it back as a line of its own.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid5

import structlog
from pydantic_core import from_json
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert

from services.payroll.commands.causes import RANK
from services.payroll.commands.chunks import storable
from services.payroll.inputs import Unbuildable, made_of
from services.payroll.inputs.beside import READY
from services.payroll.inputs.policies import compiled, in_force
from services.payroll.inputs.standing import Stands, standing
from services.payroll.rules import Facts, Policy, Statement, canonical, evaluate
from services.payroll.rules.corrections import Change, cause_in_words, changes
from services.payroll.rules.frozen import frozen_bytes, frozen_facts
from services.payroll.rules.kinds import first_day
from services.payroll.tables import (
    CauseKind,
    CorrectionCauseRow,
    CorrectionChunkRow,
    CorrectionRow,
    CorrectionSetAsideRow,
    CorrectionStage,
)
from shared.clock import now
from shared.db import Sessions, is_transient
from shared.errors import Refused
from shared.ledger.commands import lock_key
from shared.period import period
from shared.unit_of_work import UnitOfWork, unit_of_work

CHUNK = 250
LOCK_SPACE = 4717  # first key of the advisory lock on a month being computed again: one correction after another
TITLES = {
    CauseKind.APPRAISAL: "Penilaian diperbaiki",
    CauseKind.MASTER_DATA: "Perubahan jabatan, kelas atau status berlaku surut",
    CauseKind.POLICY: "Kebijakan berlaku surut",
    CauseKind.CIRCUMSTANCE: "Keadaan yang disahkan atau dicabut kemudian",
    CauseKind.CLOSING: "Periode ditutup ulang",
}

log = structlog.get_logger()

_NEXT = text(
    f"""
    SELECT c.cause_id, c.chunk FROM correction_chunks c
    WHERE c.tenant_id = :tenant_id AND c.stage <> 'done' AND {READY}
    ORDER BY c.failures, c.rank, c.period, c.cause_id, c.chunk LIMIT 1 FOR UPDATE OF c SKIP LOCKED
    """
)
_TENANTS = text("SELECT DISTINCT tenant_id FROM correction_chunks WHERE stage <> 'done' ORDER BY tenant_id")
_ALONE = text("SELECT pg_advisory_xact_lock(:space, :key)")


async def correct_round(sessions: Sessions) -> int:
    """The worker's loop: one piece of work of every region that has some; how many were done."""
    async with sessions() as session:
        tenants = (await session.scalars(_TENANTS)).all()
    return sum([await _try_one(sessions, tenant_id) for tenant_id in tenants])


async def _try_one(sessions: Sessions, tenant_id: str) -> bool:
    """One region's failure must not hold up the others, unless it is the database that is gone."""
    taken: list[tuple[UUID, int]] = []
    try:
        async with unit_of_work(sessions, tenant_id) as uow:
            return await look_again(uow, taken)
    except Exception as error:
        if is_transient(error):
            raise
        log.error("a paid month could not be computed again; it is tried again", tenant=tenant_id, exc_info=error)
        for key in taken:
            async with unit_of_work(sessions, tenant_id) as uow:
                await _note_failure(uow, key, f"{type(error).__name__}: {error}")
        return False


async def _note_failure(uow: UnitOfWork, key: tuple[UUID, int], reason: str) -> None:
    """What failed lets the others go first, and says why to who asks."""
    chunk = await uow.session.get(CorrectionChunkRow, (uow.tenant_id, *key), with_for_update=True)
    if chunk is not None:
        chunk.failures += 1
        chunk.failure = storable(reason)


async def look_again(uow: UnitOfWork, taken: list[tuple[UUID, int]]) -> bool:
    """Take the region's next piece of work that nobody does (its key goes into `taken`), and do it, if one is ready."""
    row = (await uow.session.execute(_NEXT, {"tenant_id": uow.tenant_id})).one_or_none()
    if row is None:
        return False
    taken.append((row[0], row[1]))
    chunk = await uow.session.get_one(CorrectionChunkRow, (uow.tenant_id, *row), populate_existing=True)
    await uow.session.execute(_ALONE, {"space": LOCK_SPACE, "key": lock_key(uow.tenant_id, chunk.period)})
    if chunk.stage == CorrectionStage.EXPAND:
        await _expand(uow, chunk)
    else:
        await _recompute(uow, chunk)
    chunk.stage, chunk.done_at, chunk.failures, chunk.failure = CorrectionStage.DONE, now(), 0, None
    return True


_PAID_FOR = text(
    """
    SELECT DISTINCT s.employee_id FROM statements s
    JOIN runs r ON r.tenant_id = s.tenant_id AND r.run_id = s.run_id
    WHERE s.tenant_id = :tenant_id AND s.period = :period AND r.kind IN ('induk', 'susulan')
      AND r.state <> 'cancelled' ORDER BY s.employee_id
    """
)


async def _expand(uow: UnitOfWork, chunk: CorrectionChunkRow) -> None:
    """Hand out all who were paid for the month; where cuts count from January, the year's later months as well."""
    given = {"tenant_id": uow.tenant_id, "period": chunk.period}
    employees = (await uow.session.scalars(_PAID_FOR, given)).all()
    pieces = [list(employees[at : at + CHUNK]) for at in range(0, len(employees), CHUNK)]
    work = [(chunk.period, piece, CorrectionStage.RECOMPUTE) for piece in pieces]
    if chunk.chunk == 0 and chunk.rank == RANK[CauseKind.CLOSING]:
        work += [(code, [], CorrectionStage.EXPAND) for code in await _later_of_the_year(uow, chunk.period)]
    last = await uow.session.scalar(_LAST, {"tenant_id": uow.tenant_id, "cause_id": chunk.cause_id})
    rows = [
        {
            "tenant_id": uow.tenant_id,
            "cause_id": chunk.cause_id,
            "chunk": (last or 0) + 1 + number,
            "period": code,
            "rank": chunk.rank,
            "employees": piece,
            "stage": stage,
        }
        for number, (code, piece, stage) in enumerate(work)
    ]
    if rows:
        await uow.session.execute(insert(CorrectionChunkRow), rows)


_LAST = text("SELECT max(chunk) FROM correction_chunks WHERE tenant_id = :tenant_id AND cause_id = :cause_id")
_LATER = text(
    """
    SELECT DISTINCT period FROM runs
    WHERE tenant_id = :tenant_id AND kind IN ('induk', 'susulan') AND state <> 'cancelled'
      AND period > :period AND period <= :december ORDER BY period
    """
)


async def _later_of_the_year(uow: UnitOfWork, code: str) -> list[str]:
    """The paid months whose policy counts events since January: what this month holds is in their count."""
    given = {"tenant_id": uow.tenant_id, "period": code, "december": f"{code[:4]}-12"}
    found = []
    for later in await uow.session.scalars(_LATER, given):
        row = await in_force(uow.session, uow.tenant_id, first_day(later))
        if row and any(rule.over == "year" for rule in compiled(row.document).document.deductions):
            found.append(later)
    return found


async def _recompute(uow: UnitOfWork, chunk: CorrectionChunkRow) -> None:
    """Evaluate the month again for each who was paid, and keep what is not as it stands."""
    row = await in_force(uow.session, uow.tenant_id, first_day(chunk.period))
    if row is None:
        raise Refused(f"no policy is in force on {first_day(chunk.period)}, for which was paid")
    policy = compiled(row.document)
    cause = await uow.session.get_one(CorrectionCauseRow, (uow.tenant_id, chunk.cause_id))
    stands = await standing(uow.session, uow.tenant_id, chunk.period, chunk.employees)
    made, aside = await made_of(uow.session, uow.tenant_id, period(chunk.period), list(stands))
    rows: list[dict[str, Any]] = []
    for employee_id, one in made.items():
        outcome = _looked_at(policy, one.whole(), stands[employee_id], cause)
        if isinstance(outcome, Unbuildable):
            aside[employee_id] = outcome
        elif outcome is not None:
            rows.append({"employee_id": employee_id} | outcome)
    await _keep(uow, chunk, rows)
    await _set_aside(uow, chunk, aside)
    chunk.looked_at, chunk.set_aside = len(stands), len(aside)
    chunk.unchanged = len(stands) - len(aside) - len(rows)
    chunk.differing = sum(bool(one["difference"]) for one in rows)


def _looked_at(
    policy: Policy, found: Facts, stands: Stands, cause: CorrectionCauseRow
) -> dict[str, Any] | Unbuildable | None:
    """What is to be kept of one employee's month: None where it is, to the byte, as it stands."""
    try:
        facts = settled_as_then(found, frozen_facts(stands.paid_facts))
        statement = evaluate(policy, facts)
    except Exception as error:
        # whatever it is, one person's facts must not hold up the others' corrections
        log.error("not computed again", employee=found.employee.id, exc_info=error)
        return Unbuildable(f"the calculation failed: {error}", "report it with the cause's number")
    if statement.blocked:
        reasons = "; ".join(warning["message"] for warning in statement.warnings if warning["blocking"])
        return Unbuildable(reasons, "put right what is missing")
    body = canonical(statement)
    statement_hash = hashlib.sha256(body).hexdigest()
    if statement_hash == stands.statement_hash:
        return None
    changed = _changed(stands, facts, statement)
    frozen = frozen_bytes(facts)
    return {
        "number": stands.number + 1,
        "cause": cause_in_words(TITLES[CauseKind(cause.kind)], changed),
        "changes": [change._asdict() for change in changed],
        "statement_id": stands.statement_id,
        "earlier_id": stands.correction_id,
        "hash_before": stands.statement_hash,
        "tpp_before": stands.tpp,
        "tpp_after": statement.tpp,
        "difference": statement.tpp - stands.tpp,
        "policy_hash": policy.hash,
        "facts": frozen,
        "inputs_hash": hashlib.sha256(frozen).hexdigest(),
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
        "cause_id": chunk.cause_id,
        "computed_at": now(),
    }
    values = [
        common | row | {"correction_id": _correction_id(chunk, row["employee_id"], row["number"])} for row in rows
    ]
    await uow.session.execute(insert(CorrectionRow), values)


def _correction_id(chunk: CorrectionChunkRow, employee_id: UUID, number: int) -> UUID:
    return uuid5(chunk.cause_id, f"{chunk.period}/{employee_id}/{number}")


async def _set_aside(uow: UnitOfWork, chunk: CorrectionChunkRow, aside: dict[UUID, Unbuildable]) -> None:
    if not aside:
        return
    log.error("paid months that cannot be computed again", tenant=uow.tenant_id, period=chunk.period, count=len(aside))
    rows = [
        {
            "tenant_id": uow.tenant_id,
            "cause_id": chunk.cause_id,
            "period": chunk.period,
            "employee_id": employee_id,
            "reason": one.reason,
            "remedy": f"{one.remedy}; where nothing was due, what was paid is claimed back outside payroll (TP-TGR)",
        }
        for employee_id, one in aside.items()
    ]
    await uow.session.execute(insert(CorrectionSetAsideRow).on_conflict_do_nothing(), rows)
