"""Appraisals become final: one or a thousand at once, each with its own answer; corrected by a new version."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from services.appraisal.commands.deciding import Case, Decided, Entry, New, decide, decide_correction, load_case
from services.appraisal.commands.drafting import judged_json
from services.appraisal.rules.behaviour import field_of
from services.appraisal.tables import AppraisalRow, DraftRow
from shared.auth.caller import Caller
from shared.errors import Refused, TakarError
from shared.events.appraisal import AppraisalFinalized
from shared.ledger.leaves import leaf_of
from shared.unit_of_work import UnitOfWork
from shared.words import Predikat


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an entry: the version that stands and its predikat, or why not."""

    employee_id: UUID
    version: int | None = None
    predikat: Predikat | None = None
    unchanged: bool = False  # the same appraisal stood already
    error: TakarError | None = None


async def finalize(
    uow: UnitOfWork, caller: Caller, period: str, entries: Sequence[Entry], now: datetime
) -> list[Outcome]:
    """Make appraisals final, in the order given; sent again, what stands already is answered as it stands.

    Raises Refused where the period is not reconciled or its appraisals are closed.
    """
    case = await load_case(uow, caller, period, entries, now)
    decided = {entry.employee_id: decide(case, entry) for entry in entries}
    written = await _write(uow, case, [new for new in decided.values() if isinstance(new, New)])
    return [_outcome(entry.employee_id, decided[entry.employee_id], written) for entry in entries]


async def correct(
    uow: UnitOfWork, caller: Caller, period: str, entry: Entry, *, correction: str, now: datetime
) -> Outcome:
    """Replace the appraisal that stands by a new version, with the reason. Raises what stands in the way."""
    case = await load_case(uow, caller, period, [entry], now)
    decided = decide_correction(case, entry, correction)
    written = await _write(uow, case, [decided] if isinstance(decided, New) else [])
    return _outcome(entry.employee_id, decided, written)


def _outcome(employee_id: UUID, decided: Decided, written: Mapping[UUID, int]) -> Outcome:
    if isinstance(decided, TakarError):
        return Outcome(employee_id, error=decided)
    if isinstance(decided, AppraisalRow):
        return Outcome(employee_id, decided.version, Predikat(decided.predikat), unchanged=True)
    if employee_id not in written:
        return Outcome(employee_id, error=Refused("somebody else appraised this employee a moment ago: look again"))
    return Outcome(employee_id, decided.version, decided.predikat)


async def _write(uow: UnitOfWork, case: Case, news: Sequence[New]) -> dict[UUID, int]:
    """Insert the versions, state them, and drop their drafts; the version each employee now has."""
    if not news:
        return {}
    events = {new.evaluator.employee_id: _event(uow, case, new) for new in news}
    ordered = sorted(news, key=lambda new: new.evaluator.employee_id)  # one lock order
    rows = [_row(case, new, events[new.evaluator.employee_id]) for new in ordered]
    statement = insert(AppraisalRow).on_conflict_do_nothing().returning(AppraisalRow.employee_id, AppraisalRow.version)
    written = {row[0]: row[1] for row in (await uow.session.execute(statement, rows)).all()}
    uow.record(*(events[employee_id] for employee_id in written))
    await uow.session.execute(
        delete(DraftRow).where(
            DraftRow.tenant_id == uow.tenant_id,
            DraftRow.period == case.span.code,
            DraftRow.employee_id.in_(written),
        )
    )
    return written


def _event(uow: UnitOfWork, case: Case, new: New) -> AppraisalFinalized:
    return AppraisalFinalized(
        tenant_id=uow.tenant_id,
        occurred_at=case.now,
        version=new.version,
        employee_id=new.evaluator.employee_id,
        period=case.span.code,
        hasil_kerja=new.content.hasil_kerja,
        perilaku_kerja=new.content.perilaku_kerja,
        predikat=new.predikat,
        evaluator_id=case.caller.person,
        capacity=new.evaluator.capacity,
        escalated_from=new.evaluator.silent_id,
        supersedes=new.version - 1 or None,
        reason=new.correction,
        **{field_of(value): judged.rating for value, judged in new.content.values.items()},
        salt=secrets.token_hex(32),
    )


def _row(case: Case, new: New, event: AppraisalFinalized) -> dict[str, Any]:
    return {
        "tenant_id": event.tenant_id,
        "period": event.period,
        "employee_id": event.employee_id,
        "version": event.version,
        "hasil_kerja": event.hasil_kerja,
        "perilaku_kerja": event.perilaku_kerja,
        "predikat": event.predikat,
        "matrix_from": case.matrix.effective_from,
        "judged": judged_json(new.content.values),
        "reason": new.content.reason,
        "feedback": new.content.feedback,
        "correction": new.correction,
        "evaluator_id": event.evaluator_id,
        "capacity": event.capacity,
        "escalated_from": event.escalated_from,
        "activity_close_seq": case.held.activity_close_seq,
        "finalized_at": case.now,
        "leaf": leaf_of(event),
    }
