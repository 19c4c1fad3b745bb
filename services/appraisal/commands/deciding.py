"""What is to become of each appraisal asked for: a new version, what stands already, or a refusal."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from services.appraisal.commands.drafting import judged_json, ratings_of
from services.appraisal.commands.permission import Permission, permission
from services.appraisal.rules.periods import check_open, check_reconciled
from services.appraisal.rules.predikat import Matrix, matrix_on, predikat
from services.appraisal.rules.ratings import Complete, Ratings, completed
from services.appraisal.tables import AppraisalRow, DraftRow
from services.appraisal.tables.evaluators import Evaluator
from services.appraisal.tables.population import to_be_appraised
from services.appraisal.tables.windows import Window, window
from shared.auth.caller import Caller
from shared.errors import Invalid, NotFound, Refused, TakarError
from shared.period import Period
from shared.period import period as period_named
from shared.unit_of_work import UnitOfWork
from shared.words import Predikat


@dataclass(frozen=True, slots=True)
class Entry:
    """One employee's appraisal as asked for. `ratings` None: those of the saved draft.

    `expected`: the predikat that the evaluator's own sheet shows; another one is refused.
    """

    employee_id: UUID
    ratings: Ratings | None = None
    expected: Predikat | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """All that is needed to decide on the entries of one request."""

    span: Period
    held: Window
    matrix: Matrix
    allowed: Permission
    due: frozenset[UUID]
    standing: Mapping[UUID, AppraisalRow]
    drafts: Mapping[UUID, Ratings]
    caller: Caller
    now: datetime
    twice: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class New:
    """A version to be written."""

    evaluator: Evaluator
    content: Complete
    predikat: Predikat
    version: int = 1
    correction: str | None = None


async def load_case(uow: UnitOfWork, caller: Caller, period: str, entries: Sequence[Entry], now: datetime) -> Case:
    """Read what decides on these entries, and keep the period as it is until the transaction ends.

    Raises Refused where the period is not reconciled or its appraisals are closed.
    """
    employees = sorted({entry.employee_id for entry in entries})
    span = period_named(period)
    held = await window(uow.session, uow.tenant_id, period, share=True)
    check_open(period, held.status)
    check_reconciled(period, held.books)
    return Case(
        span=span,
        held=held,
        matrix=matrix_on(span.last_day),
        allowed=await permission(uow, caller, held, employees, span=span, now=now),
        due=frozenset(await to_be_appraised(uow.session, uow.tenant_id, span, employees)),
        standing=await _standing(uow, period, employees),
        drafts=await _drafts(uow, period, employees),
        caller=caller,
        now=now,
        twice=frozenset(one for one, times in Counter(entry.employee_id for entry in entries).items() if times > 1),
    )


async def _standing(uow: UnitOfWork, period: str, employees: Sequence[UUID]) -> dict[UUID, AppraisalRow]:
    query = select(AppraisalRow).where(
        AppraisalRow.tenant_id == uow.tenant_id,
        AppraisalRow.period == period,
        AppraisalRow.employee_id.in_(employees),
    )
    rows = await uow.session.scalars(query.order_by(AppraisalRow.employee_id, AppraisalRow.version))
    return {row.employee_id: row for row in rows.all()}


async def _drafts(uow: UnitOfWork, period: str, employees: Sequence[UUID]) -> dict[UUID, Ratings]:
    query = select(DraftRow).where(
        DraftRow.tenant_id == uow.tenant_id, DraftRow.period == period, DraftRow.employee_id.in_(employees)
    )
    return {row.employee_id: ratings_of(row) for row in (await uow.session.scalars(query)).all()}


Decided = New | AppraisalRow | TakarError
"""A version to write, the one that stands and says the same, or why not."""


def decide(case: Case, entry: Entry) -> Decided:
    """A first version, unless something stands in the way or the same appraisal stands already."""
    evaluator = case.allowed.evaluator(entry.employee_id)
    if isinstance(evaluator, TakarError):
        return evaluator
    name = case.allowed.names[entry.employee_id]
    if entry.employee_id in case.twice:
        return Refused(f"{name} is in this request more than once: send one appraisal of each employee")
    if entry.employee_id not in case.due:
        return Refused(f"{name} has neither an approved plan nor any record in {case.span.code}: nothing to appraise")
    standing = case.standing.get(entry.employee_id)
    if standing is not None and _sent_again(case, entry, standing):
        return standing
    new = _new(case, entry, evaluator)
    if standing is None or isinstance(new, TakarError):
        return new
    return standing if _same(standing, new.content) else _stands(standing, name)


def _sent_again(case: Case, entry: Entry, standing: AppraisalRow) -> bool:
    """A request to finalize a draft, sent again: the draft is gone, because it is what stands."""
    nothing_newer = entry.ratings is None and entry.employee_id not in case.drafts
    return nothing_newer and standing.evaluator_id == case.caller.person


def decide_correction(case: Case, entry: Entry, correction: str) -> Decided:
    """The version after the one that stands, unless something stands in the way or nothing changes."""
    evaluator = case.allowed.evaluator(entry.employee_id)
    if isinstance(evaluator, TakarError):
        return evaluator
    name = case.allowed.names[entry.employee_id]
    standing = case.standing.get(entry.employee_id)
    if standing is None:
        return NotFound(f"{name} has no appraisal in {case.span.code} yet: finalize one instead of correcting it")
    if evaluator.silent_id is not None and standing.evaluator_id != case.caller.person:
        return Refused(f"the appraisal of {name} was made by their own evaluator: only they may correct it")
    new = _new(case, entry, evaluator)
    if isinstance(new, TakarError):
        return new
    if _same(standing, new.content):
        return standing
    return replace(new, version=standing.version + 1, correction=correction)


def _new(case: Case, entry: Entry, evaluator: Evaluator) -> New | TakarError:
    name = case.allowed.names[entry.employee_id]
    content = _content(case, entry, name)
    if isinstance(content, TakarError):
        return content
    found = predikat(case.matrix, content.hasil_kerja, content.perilaku_kerja)
    if entry.expected not in {None, found}:
        return Refused(
            f"the sheet says {entry.expected} for {name}, but {content.hasil_kerja} and {content.perilaku_kerja} "
            f"give {found} ({case.matrix.source}): correct the one or the other"
        )
    return New(evaluator, content, found)


def _content(case: Case, entry: Entry, name: str) -> Complete | TakarError:
    ratings = entry.ratings or case.drafts.get(entry.employee_id)
    if ratings is None:
        standing = case.standing.get(entry.employee_id)
        return _stands(standing, name) if standing else Refused(f"there is no draft for {name}: send the ratings")
    content = completed(ratings)
    if isinstance(content, Complete):
        return content
    return Invalid(f"the appraisal of {name} is not complete", content)


def _stands(standing: AppraisalRow, name: str) -> Refused:
    return Refused(
        f"the appraisal of {name} is final as version {standing.version} ({standing.predikat}): "
        "correct it with a reason instead",
        version=standing.version,
    )


def _same(standing: AppraisalRow, content: Complete) -> bool:
    held = (standing.hasil_kerja, standing.perilaku_kerja, standing.judged, standing.reason, standing.feedback)
    values = judged_json(content.values)
    return held == (content.hasil_kerja, content.perilaku_kerja, values, content.reason, content.feedback)
