"""Noting what may change paid months: each cause once, in the transaction that takes it in, with whom to look at.

The months are those of any run that was not given up; the work waits until the run is approved, so that what
changes while a run is under way is not missed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert

from services.payroll.commands.appraisals import note_appraisal_closings, note_appraisals
from services.payroll.inputs.beside import MONTHLY_KINDS
from services.payroll.rules.lifecycle import RunState
from services.payroll.rules.retroactive import employee_changed_from, position_changed_from
from services.payroll.tables import (
    CauseKind,
    CorrectionCauseRow,
    CorrectionChunkRow,
    CorrectionStage,
    PolicyRow,
    RunRow,
)
from shared.clock import now
from shared.directory.commands import newest, note_employees, note_positions
from shared.directory.tables import AssignmentRow, EmployeeRow, PositionRow, PositionTermRow
from shared.events.activity import PeriodReopened
from shared.events.appraisal import AppraisalFinalized, AppraisalPeriodClosed
from shared.events.identity import EmployeeChanged, PositionChanged
from shared.ledger.commands import note_period_reopened
from shared.unit_of_work import UnitOfWork

_CAUSES = UUID("7b5b3a52-3f0e-5d0c-9a57-5c5f1d1a9e10")
RANK = {
    CauseKind.APPRAISAL: 1,
    CauseKind.MASTER_DATA: 2,
    CauseKind.POLICY: 3,
    CauseKind.CLOSING: 4,
    CauseKind.CIRCUMSTANCE: 2,
}


@dataclass(frozen=True, slots=True)
class Cause:
    """`key`: the same for the same cause. `employees`: None for all who were paid; `periods`: the months to look at."""

    kind: CauseKind
    key: str
    reference: dict[str, Any]
    periods: Sequence[str]
    employees: Sequence[UUID] | None = None


async def note_causes(uow: UnitOfWork, causes: Iterable[Cause]) -> None:
    """Keep each cause that is not there yet, and the work it is."""
    for cause in causes:
        cause_id = uuid5(_CAUSES, f"{uow.tenant_id}|{cause.kind}|{cause.key}")
        statement = insert(CorrectionCauseRow).values(
            tenant_id=uow.tenant_id,
            cause_id=cause_id,
            kind=cause.kind,
            key=cause.key,
            reference=cause.reference,
            noted_at=now(),
        )
        noted = await uow.session.execute(statement.on_conflict_do_nothing().returning(CorrectionCauseRow.cause_id))
        if noted.one_or_none() is None or cause.kind is CauseKind.REOPENING:
            continue
        await uow.session.execute(insert(CorrectionChunkRow), _chunks(uow.tenant_id, cause_id, cause))


def _chunks(tenant_id: str, cause_id: UUID, cause: Cause) -> list[dict[str, Any]]:
    return [
        {
            "tenant_id": tenant_id,
            "cause_id": cause_id,
            "chunk": number,
            "period": code,
            "rank": RANK[cause.kind],
            "employees": list(cause.employees or ()),
            "stage": CorrectionStage.EXPAND if cause.employees is None else CorrectionStage.RECOMPUTE,
        }
        for number, code in enumerate(cause.periods)
    ]


async def months_with_runs(uow: UnitOfWork, since: date | None = None) -> list[str]:
    """The months of runs that pay a month's own TPP and were not given up, from the one of a day on."""
    query = (
        select(RunRow.period)
        .where(RunRow.tenant_id == uow.tenant_id, RunRow.kind.in_(MONTHLY_KINDS))
        .where(RunRow.state != RunState.CANCELLED)
        .distinct()
        .order_by(RunRow.period)
    )
    if since is not None:
        query = query.where(RunRow.period >= f"{since:%Y-%m}")
    return list(await uow.session.scalars(query))


async def note_reopenings(uow: UnitOfWork, facts: list[PeriodReopened]) -> None:
    """Take the reopenings in; of a paid month, keep who reopened it and why."""
    await note_period_reopened(uow, facts)
    paid = set(await months_with_runs(uow))
    await note_causes(
        uow,
        [
            Cause(
                CauseKind.REOPENING,
                f"{fact.period}/{fact.close_seq}",
                {"event_id": str(fact.event_id), "reason": fact.reason, "reopened_by": str(fact.reopened_by)},
                [fact.period],
            )
            for fact in facts
            if fact.period in paid
        ],
    )


async def note_closings(uow: UnitOfWork, facts: list[AppraisalPeriodClosed]) -> None:
    """Take the closings in; a month paid on another closing, or before any, is looked at again."""
    await note_appraisal_closings(uow, facts)
    runs = await uow.session.execute(
        select(RunRow.period, RunRow.activity_close_seq, RunRow.appraisal_close_seq)
        .where(RunRow.tenant_id == uow.tenant_id, RunRow.kind.in_(MONTHLY_KINDS))
        .where(RunRow.state != RunState.CANCELLED, RunRow.period.in_({fact.period for fact in facts}))
    )
    paid_on = [tuple(row) for row in runs.all()]
    for fact in facts:
        mine = (fact.period, fact.activity_close_seq, fact.close_seq)
        if not any(period == fact.period and (period, *closings) != mine for period, *closings in paid_on):
            continue
        reopened = await _reopening(uow, fact.period, fact.activity_close_seq - 1)
        reference = {
            "event_id": str(fact.event_id),
            "activity_close_seq": fact.activity_close_seq,
            "appraisal_close_seq": fact.close_seq,
            "closed_by": str(fact.closed_by),
        }
        key = "/".join(map(str, mine))
        await note_causes(uow, [Cause(CauseKind.CLOSING, key, reference | reopened, [fact.period])])


async def _reopening(uow: UnitOfWork, period: str, close_seq: int) -> dict[str, Any]:
    """Why the closing before was reopened, where it was."""
    held = await uow.session.scalar(
        select(CorrectionCauseRow.reference).where(
            CorrectionCauseRow.tenant_id == uow.tenant_id,
            CorrectionCauseRow.kind == CauseKind.REOPENING,
            CorrectionCauseRow.key == f"{period}/{close_seq}",
        )
    )
    return {"reopened": held} if held else {}


async def note_new_appraisals(uow: UnitOfWork, facts: list[AppraisalFinalized]) -> None:
    """Take the appraisals in; one that supersedes another, of a paid month, is a cause of its own."""
    await note_appraisals(uow, facts)
    newer = [fact for fact in facts if fact.supersedes is not None]
    paid = set(await months_with_runs(uow)) if newer else set()
    await note_causes(
        uow,
        [
            Cause(
                CauseKind.APPRAISAL,
                f"{fact.employee_id}/{fact.period}/{fact.version}",
                {
                    "event_id": str(fact.event_id),
                    "version": fact.version,
                    "supersedes": fact.supersedes,
                    "predikat": fact.predikat.value,
                    "reason": fact.reason,
                },
                [fact.period],
                [fact.employee_id],
            )
            for fact in newer
            if fact.period in paid
        ],
    )


async def note_employee_changes(uow: UnitOfWork, facts: list[EmployeeChanged]) -> None:
    """Take the employees in; posts, status or service changed from a past day on have their paid months looked at."""
    mine = (EmployeeRow.tenant_id == uow.tenant_id, EmployeeRow.employee_id.in_({fact.employee_id for fact in facts}))
    rows = await uow.session.execute(
        select(EmployeeRow.employee_id, EmployeeRow.state, EmployeeRow.version).where(*mine)
    )
    before = {employee_id: (state, version) for employee_id, state, version in rows.all()}
    await note_employees(uow, facts)
    for fact in newest(facts):
        state, version = before.get(fact.employee_id, (None, 0))
        since = employee_changed_from(state, fact.content) if state and fact.version > version else None
        if since is not None:
            await _note_master_data(uow, fact, f"employee/{fact.employee_id}", since, [fact.employee_id])


async def note_position_changes(uow: UnitOfWork, facts: list[PositionChanged]) -> None:
    """Take the positions in; who held one from the day on which it changed has their paid months looked at."""
    ids = {fact.position_id for fact in facts}
    rows = await uow.session.execute(
        select(PositionRow.position_id, PositionRow.version, PositionRow.active_to).where(
            PositionRow.tenant_id == uow.tenant_id, PositionRow.position_id.in_(ids)
        )
    )
    held = {position_id: (version, active_to) for position_id, version, active_to in rows.all()}
    terms = await _terms(uow, ids)
    await note_positions(uow, facts)
    for fact in newest(facts):
        version, active_to = held.get(fact.position_id, (0, None))
        if fact.version <= version:
            continue
        state = {"terms": terms.get(fact.position_id, []), "active_to": _day(active_to)} if version else None
        since = position_changed_from(state, fact.content)
        if since is not None and await months_with_runs(uow, since):
            holders = await _holders(uow, _posts_concerned(state, fact), since)
            await _note_master_data(uow, fact, f"position/{fact.position_id}", since, holders)


async def _terms(uow: UnitOfWork, ids: Iterable[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    """The terms as they are held, in the shape of the event."""
    rows = await uow.session.scalars(
        select(PositionTermRow)
        .where(PositionTermRow.tenant_id == uow.tenant_id, PositionTermRow.position_id.in_(ids))
        .order_by(PositionTermRow.valid_from)
    )
    names = ("valid_from", "name", "jenis_jabatan", "kelas_jabatan", "unit_id", "reports_to", "eselon")
    found: dict[UUID, list[dict[str, Any]]] = {}
    for row in rows:
        term = {name: getattr(row, name) for name in names}
        found.setdefault(row.position_id, []).append(
            term | {"valid_from": _day(row.valid_from), "unit_id": str(row.unit_id), "reports_to": _id(row.reports_to)}
        )
    return found


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _id(value: UUID | None) -> str | None:
    return str(value) if value else None


def _posts_concerned(state: dict[str, Any] | None, fact: PositionChanged) -> set[UUID]:
    """The post itself, and those it reports or reported to: who leads staff has a duty."""
    above = {term.reports_to for term in fact.terms if term.reports_to}
    above |= {UUID(term["reports_to"]) for term in (state or {}).get("terms", ()) if term["reports_to"]}
    return {fact.position_id, *above}


async def _holders(uow: UnitOfWork, posts: Iterable[UUID], since: date) -> list[UUID]:
    rows = await uow.session.scalars(
        select(AssignmentRow.employee_id)
        .where(AssignmentRow.tenant_id == uow.tenant_id, AssignmentRow.position_id.in_(posts))
        .where(or_(AssignmentRow.valid_to.is_(None), AssignmentRow.valid_to >= since))
        .distinct()
        .order_by(AssignmentRow.employee_id)
    )
    return list(rows)


async def _note_master_data(
    uow: UnitOfWork, fact: EmployeeChanged | PositionChanged, key: str, since: date, employees: Sequence[UUID]
) -> None:
    periods = await months_with_runs(uow, since) if employees else []
    if not periods:
        return
    reference = {
        "event_id": str(fact.event_id),
        "event": fact.type,
        "subject": fact.subject,
        "since": since.isoformat(),
    }
    cause = Cause(CauseKind.MASTER_DATA, f"{key}/{fact.version}", reference, periods, employees)
    await note_causes(uow, [cause])


async def note_policy(uow: UnitOfWork, policy: PolicyRow) -> None:
    """A policy was put in force: months that were paid from its first day on are looked at."""
    periods = [code for code in await months_with_runs(uow, policy.effective_from) if _begins(code, policy)]
    if periods:
        reference = {"policy_hash": policy.hash, "effective_from": policy.effective_from.isoformat()}
        await note_causes(uow, [Cause(CauseKind.POLICY, policy.hash, reference, periods)])


def _begins(code: str, policy: PolicyRow) -> bool:
    """Whether the policy holds on the month's first day, which decides for the whole month."""
    first = date.fromisoformat(f"{code}-01")
    return policy.effective_from <= first and (policy.effective_to is None or first <= policy.effective_to)
