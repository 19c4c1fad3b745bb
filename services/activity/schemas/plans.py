"""SKP: as employees write it, and as it is shown."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID, uuid4

from pydantic import Field

from services.activity.rules.plans import (
    Approach,
    Aspect,
    IndicatorDraft,
    PlanContent,
    PlanState,
    ResultDraft,
    ResultKind,
)
from services.activity.schemas.common import Answer, FaultAnswer, Form, Unit, WorkDate
from shared.quantity import Quantity
from shared.texts import Note
from shared.words import Capacity

Weight = Annotated[Quantity, Field(gt=0, le=100)]


class IndicatorForm(Form):
    """`target`: of a kuantitatif plan; `target_text`: of a kualitatif one. `indicator_id`: to keep one there is."""

    indicator_id: UUID | None = None
    aspect: Aspect
    text: Note
    target: Quantity | None = None
    target_text: Note | None = None
    unit: Unit

    def draft(self) -> IndicatorDraft:
        return IndicatorDraft(
            indicator_id=self.indicator_id or uuid4(),
            aspect=self.aspect,
            text=self.text,
            unit=self.unit,
            target=self.target,
            target_text=self.target_text,
        )


class ResultForm(Form):
    """A work result (RHK). `superior_result_id` may be left out of a draft and linked later."""

    result_id: UUID | None = None
    kind: ResultKind = ResultKind.UTAMA
    text: Note
    superior_result_id: UUID | None = None
    weight: Weight | None = None
    indicators: list[IndicatorForm] = Field(default_factory=list, max_length=20)

    def draft(self) -> ResultDraft:
        return ResultDraft(
            result_id=self.result_id or uuid4(),
            kind=self.kind,
            text=self.text,
            indicators=tuple(indicator.draft() for indicator in self.indicators),
            superior_result_id=self.superior_result_id,
            weight=self.weight,
        )


class ContentForm(Form):
    approach: Approach = Approach.KUANTITATIF
    results: list[ResultForm] = Field(default_factory=list, max_length=100)

    def content(self) -> PlanContent:
        return PlanContent(self.approach, tuple(result.draft() for result in self.results))


class PlanForm(ContentForm):
    """A new plan, for a range of days in a position that the employee holds."""

    position_id: UUID
    first_day: WorkDate
    last_day: WorkDate


class LinkForm(Form):
    result_id: UUID
    superior_result_id: UUID


class LinksForm(Form):
    links: list[LinkForm] = Field(min_length=1, max_length=100)


class VersionForm(Form):
    """The day from which the new version is to hold."""

    valid_from: WorkDate


class IndicatorAnswer(Answer):
    indicator_id: UUID
    aspect: Aspect
    text: str
    target: Decimal | None
    target_text: str | None
    unit: str


class ResultAnswer(Answer):
    result_id: UUID
    kind: ResultKind
    text: str
    superior_result_id: UUID | None
    weight: Decimal | None
    indicators: list[IndicatorAnswer]


class PlanAnswer(Answer):
    """A version of a plan, in force from `valid_from` to `valid_to` once it is approved."""

    plan_id: UUID
    version: int
    employee_id: UUID
    position_id: UUID
    first_day: date
    last_day: date
    valid_from: date
    valid_to: date
    approach: Approach
    state: PlanState
    submitted_at: datetime | None
    decided_by: UUID | None
    decided_at: datetime | None
    capacity: Capacity | None
    reason: str | None
    results: list[ResultAnswer]


class PlanPage(Answer):
    plans: list[PlanAnswer]
    next: UUID | None = None


class PlanDecidedAnswer(Answer):
    plan_id: UUID
    approved: bool
    reason: str | None = None


class PlanDecidedList(Answer):
    approved: int
    refused: int
    plans: list[PlanDecidedAnswer]


class SuperiorResultAnswer(Answer):
    """A result of a superior's plan that one's own may derive from."""

    result_id: UUID
    text: str
    kind: ResultKind
    employee_id: UUID
    plan_state: PlanState


class ImportAnswer(Answer):
    """What an import did, or in a dry run would do. `notices`: results that are to be linked later."""

    dry_run: bool
    rows: int
    created: int
    changed: int
    unchanged: int
    faults: list[FaultAnswer]
    notices: list[FaultAnswer]
