"""SKP: what a plan must hold before it is submitted, and who may do what in which state (PermenPANRB 6/2022)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from shared.errors import Fault
from shared.words import Capacity

FULL_WEIGHT = Decimal(100)


class PlanState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"


class Approach(StrEnum):
    """Chosen per SKP: numeric targets by aspect, or described expectations."""

    KUANTITATIF = "kuantitatif"
    KUALITATIF = "kualitatif"


class ResultKind(StrEnum):
    UTAMA = "utama"
    TAMBAHAN = "tambahan"


class Aspect(StrEnum):
    KUANTITAS = "kuantitas"
    KUALITAS = "kualitas"
    WAKTU = "waktu"
    BIAYA = "biaya"


@dataclass(frozen=True, slots=True)
class IndicatorDraft:
    """Of a result: a numeric target (kuantitatif) or a described one (kualitatif)."""

    indicator_id: UUID
    aspect: Aspect
    text: str
    unit: str
    target: Decimal | None = None
    target_text: str | None = None


@dataclass(frozen=True, slots=True)
class ResultDraft:
    """A work result (RHK); `superior_result_id` may be missing in a draft, and is linked later."""

    result_id: UUID
    kind: ResultKind
    text: str
    indicators: tuple[IndicatorDraft, ...]
    superior_result_id: UUID | None = None
    weight: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PlanContent:
    approach: Approach
    results: tuple[ResultDraft, ...]


def faults(content: PlanContent) -> tuple[Fault, ...]:
    """What stands in the way of submitting a plan, each named with its place."""
    found: list[Fault] = []
    if not any(result.kind is ResultKind.UTAMA for result in content.results):
        found.append(Fault("results", "the plan has no result of kind utama", "add what your superior expects of you"))
    for place, result in enumerate(content.results):
        found += _faults_of_result(f"results.{place}", result, content.approach)
    return (*found, *_faults_of_weights(content.results))


def _faults_of_result(place: str, result: ResultDraft, approach: Approach) -> list[Fault]:
    if not result.indicators:
        return [Fault(f"{place}.indicators", "the result has no indicator", "say by what it will be measured")]
    found = []
    for number, indicator in enumerate(result.indicators):
        at = f"{place}.indicators.{number}"
        if approach is Approach.KUANTITATIF and indicator.target is None:
            found.append(Fault(f"{at}.target", "a plan of kuantitatif approach has a number here", "give the target"))
        if approach is Approach.KUALITATIF and not indicator.target_text:
            found.append(Fault(f"{at}.target_text", "the target is not described", "describe what is expected"))
    return found


def _faults_of_weights(results: Sequence[ResultDraft]) -> list[Fault]:
    """Weights are used for all results or for none, and then total 100."""
    weights = [result.weight for result in results if result.weight is not None]
    if not weights:
        return []
    if len(weights) < len(results):
        missing = next(place for place, result in enumerate(results) if result.weight is None)
        return [Fault(f"results.{missing}.weight", "some results have a weight, this one has none", "give all or none")]
    total = sum(weights, Decimal(0))
    if total == FULL_WEIGHT:
        return []
    return [Fault("results.weight", f"the weights total {total}", "make them total 100", value=str(total))]


def unlinked(content: PlanContent) -> list[str]:
    """Texts of the main results that are not yet derived from a result of the superior's."""
    return [
        result.text
        for result in content.results
        if result.kind is ResultKind.UTAMA and result.superior_result_id is None
    ]


def change_refusal(state: PlanState) -> str | None:
    """Why the content may not be written, or None."""
    if state is PlanState.APPROVED:
        return "an approved plan is frozen: make a new version of it"
    if state is PlanState.SUBMITTED:
        return "it is submitted: wait for your superior's decision, or ask for its return"
    return None


@dataclass(frozen=True, slots=True)
class PlanCase:
    """A plan before its superior. `capacity`: of the one who decides, None: none; `has_superior`: within the region.

    Those whose post reports to none are under the head of the region, who is no ASN and has no SKP to derive from.
    """

    employee_id: UUID
    state: PlanState
    made_by: UUID
    capacity: Capacity | None
    has_superior: bool
    content: PlanContent


def decision_refusal(case: PlanCase, person: UUID) -> str | None:
    """Why somebody may not return or approve a plan, or None."""
    if person == case.employee_id:
        return "nobody decides on their own SKP"
    if case.capacity is None:
        return "you are not this employee's superior, Plt, Plh or delegate"
    if case.state is not PlanState.SUBMITTED:
        return f"it is {case.state}; only a submitted plan is decided on"
    return None


def plan_approval_refusal(case: PlanCase, person: UUID) -> str | None:
    """Why somebody may not approve a plan, or None. Nobody approves what they made themselves."""
    if reason := decision_refusal(case, person):
        return reason
    if person == case.made_by:
        return "you made or imported this plan yourself; another superior, Plt or Plh has to approve it"
    if case.has_superior and (missing := unlinked(case.content)):
        return f"the result {missing[0]!r} is not derived from a result of the superior's: link it, or return the plan"
    return None


def day_of_decision(today: date, first_day: date, last_day: date) -> date:
    """Whose superior counts: today's, for a plan that is over or still to come that of its nearest day."""
    return min(max(today, first_day), last_day)
