"""What answers show of appraisals: drafts, versions, outcomes, the queue, results."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel

from services.appraisal.commands import Outcome
from services.appraisal.queries.appraisals import Waiting
from services.appraisal.rules.behaviour import BERAKHLAK, Value, suggested_perilaku
from services.appraisal.rules.predikat import Matrix
from services.appraisal.schemas.proof import EvidenceShown
from services.appraisal.tables import AppraisalRow, DraftRow
from shared.words import Capacity, Predikat, Rating


class JudgedShown(BaseModel):
    rating: Rating
    feedback: str | None


class DraftShown(BaseModel):
    """`suggested_perilaku`: what the seven values suggest, once all are rated; the evaluator decides."""

    hasil_kerja: Rating | None
    perilaku_kerja: Rating | None
    suggested_perilaku: Rating | None
    values: dict[Value, JudgedShown]
    reason: str | None
    feedback: str | None
    saved_by: UUID
    saved_at: datetime


def draft_shown(row: DraftRow) -> DraftShown:
    values = _judged(row.judged)
    return DraftShown(
        hasil_kerja=Rating(row.hasil_kerja) if row.hasil_kerja else None,
        perilaku_kerja=Rating(row.perilaku_kerja) if row.perilaku_kerja else None,
        suggested_perilaku=suggested_perilaku({value: one.rating for value, one in values.items()}),
        values=values,
        reason=row.reason,
        feedback=row.feedback,
        saved_by=row.saved_by,
        saved_at=row.saved_at,
    )


def _judged(judged: dict[str, Any]) -> dict[Value, JudgedShown]:
    return {Value(value): JudgedShown.model_validate(one) for value, one in judged.items()}


class VersionShown(BaseModel):
    """One version; the highest stands. `escalated_from`: the evaluator who stayed silent."""

    version: int
    hasil_kerja: Rating
    perilaku_kerja: Rating
    predikat: Predikat
    matrix_from: date
    values: dict[Value, JudgedShown]
    reason: str
    feedback: str | None
    correction: str | None
    evaluator_id: UUID
    capacity: Capacity
    escalated_from: UUID | None
    activity_close_seq: int
    finalized_at: datetime
    leaf: str


def version_shown(row: AppraisalRow) -> VersionShown:
    return VersionShown(
        version=row.version,
        hasil_kerja=Rating(row.hasil_kerja),
        perilaku_kerja=Rating(row.perilaku_kerja),
        predikat=Predikat(row.predikat),
        matrix_from=row.matrix_from,
        values=_judged(row.judged),
        reason=row.reason,
        feedback=row.feedback,
        correction=row.correction,
        evaluator_id=row.evaluator_id,
        capacity=Capacity(row.capacity),
        escalated_from=row.escalated_from,
        activity_close_seq=row.activity_close_seq,
        finalized_at=row.finalized_at,
        leaf=row.leaf.hex(),
    )


class AppraisalShown(BaseModel):
    """An employee's appraisal of a period on one page: what stands, how it came about, what it rests on.

    `draft`: shown to evaluators only. `versions`: newest first. `state`: of activity's closing here; null: open.
    """

    employee_id: UUID
    period: str
    state: str | None
    status: str
    draft: DraftShown | None
    versions: list[VersionShown]
    evidence: EvidenceShown


class OutcomeShown(BaseModel):
    """What became of one entry: the version that stands, or the problem in the form of any other problem's."""

    employee_id: UUID
    status: Literal["finalized", "unchanged", "refused"]
    version: int | None = None
    predikat: Predikat | None = None
    problem: dict[str, Any] | None = None


def outcome_shown(outcome: Outcome) -> OutcomeShown:
    if outcome.error is None:
        return OutcomeShown(
            employee_id=outcome.employee_id,
            status="unchanged" if outcome.unchanged else "finalized",
            version=outcome.version,
            predikat=outcome.predikat,
        )
    error = outcome.error
    problem = {"type": f"urn:takar:problem:{error.slug}", "title": error.title, "status": error.status}
    return OutcomeShown(
        employee_id=outcome.employee_id, status="refused", problem=problem | {"detail": error.detail} | error.extra
    )


class OutcomesShown(BaseModel):
    """In the order of the request."""

    finalized: int
    unchanged: int
    refused: int
    entries: list[OutcomeShown]


def outcomes_shown(outcomes: Sequence[Outcome]) -> OutcomesShown:
    entries = [outcome_shown(outcome) for outcome in outcomes]
    return OutcomesShown(
        finalized=sum(entry.status == "finalized" for entry in entries),
        unchanged=sum(entry.status == "unchanged" for entry in entries),
        refused=sum(entry.status == "refused" for entry in entries),
        entries=entries,
    )


class WaitingShown(BaseModel):
    employee_id: UUID
    name: str
    nip: str
    capacity: Capacity
    escalated_from: UUID | None
    activities: int
    minutes: int
    drafted: bool


class QueueShown(BaseModel):
    """`after`: what to send to get the next page; null: there is none."""

    waiting: list[WaitingShown]
    after: UUID | None


def queue_shown(waiting: Sequence[Waiting], limit: int) -> QueueShown:
    shown = [
        WaitingShown(
            employee_id=one.employee_id,
            name=one.name,
            nip=one.nip,
            capacity=one.evaluator.capacity,
            escalated_from=one.evaluator.silent_id,
            activities=one.activities,
            minutes=one.minutes,
            drafted=one.drafted,
        )
        for one in waiting
    ]
    return QueueShown(waiting=shown, after=shown[-1].employee_id if len(shown) == limit else None)


class ResultShown(BaseModel):
    employee_id: UUID
    name: str
    nip: str
    version: int
    hasil_kerja: Rating
    perilaku_kerja: Rating
    predikat: Predikat
    evaluator_id: UUID
    capacity: Capacity


class ResultsShown(BaseModel):
    """By employee id. `after`: what to send to get the next page; null: there is none."""

    results: list[ResultShown]
    after: UUID | None


def results_shown(rows: Sequence[tuple[AppraisalRow, str, str]], limit: int) -> ResultsShown:
    shown = [
        ResultShown(
            employee_id=row.employee_id,
            name=name,
            nip=nip,
            version=row.version,
            hasil_kerja=Rating(row.hasil_kerja),
            perilaku_kerja=Rating(row.perilaku_kerja),
            predikat=Predikat(row.predikat),
            evaluator_id=row.evaluator_id,
            capacity=Capacity(row.capacity),
        )
        for row, name, nip in rows
    ]
    return ResultsShown(results=shown, after=shown[-1].employee_id if len(shown) == limit else None)


class ValueShown(BaseModel):
    code: Value
    name: str
    conduct: list[str]


class CellShown(BaseModel):
    hasil_kerja: Rating
    perilaku_kerja: Rating
    predikat: Predikat


class ScalesShown(BaseModel):
    """What a form for rating is made of."""

    ratings: list[Rating]
    values: list[ValueShown]
    matrix_from: date
    matrix_source: str
    matrix: list[CellShown]


def scales_shown(matrix: Matrix) -> ScalesShown:
    return ScalesShown(
        ratings=list(Rating),
        values=[ValueShown(code=code, name=one.name, conduct=list(one.conduct)) for code, one in BERAKHLAK.items()],
        matrix_from=matrix.effective_from,
        matrix_source=matrix.source,
        matrix=[
            CellShown(hasil_kerja=hasil, perilaku_kerja=perilaku, predikat=found)
            for (hasil, perilaku), found in matrix.cells.items()
        ],
    )
