"""What answers show of the evidence behind a rating."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.appraisal.queries.evidence import Day, Evidence, PlannedWork
from shared.events.activity import Indicator, Result
from shared.words import Apel, LeaveKind, Presence


class ResultWorkShown(BaseModel):
    """A result (RHK) of the SKP with its indicators and targets, and the approved work on it.

    `text` and `kind` are null for work on a result of no plan known here.
    """

    plan_id: UUID | None
    result_id: UUID
    kind: str | None
    text: str | None
    weight: Decimal | None
    indicators: list[Indicator]
    activities: int
    minutes: int
    quantity: Decimal | None


class SummaryShown(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    scheduled: int
    present: int
    absent: int
    duty: int
    leave: dict[LeaveKind, int]
    late_days: int
    late_minutes: int
    early_days: int
    early_minutes: int
    missing_in: int
    missing_out: int
    apel_missed: int


class DayShown(BaseModel):
    work_date: date
    scheduled: bool
    presence: Presence
    leave_kind: LeaveKind | None
    expected_in_at: datetime | None
    expected_out_at: datetime | None
    actual_in_at: datetime | None
    actual_out_at: datetime | None
    late_minutes: int
    early_minutes: int
    missing_in: bool
    missing_out: bool
    apel: Apel
    activities: int
    minutes: int


class EvidenceShown(BaseModel):
    activities: int
    minutes: int
    results: list[ResultWorkShown]
    attendance: SummaryShown
    days: list[DayShown]


def evidence_shown(found: Evidence) -> EvidenceShown:
    return EvidenceShown(
        activities=found.activities,
        minutes=found.minutes,
        results=[_result_shown(one) for one in found.results],
        attendance=SummaryShown.model_validate(found.attendance),
        days=_days_shown(found.days),
    )


def _result_shown(one: PlannedWork) -> ResultWorkShown:
    result = Result.model_validate(one.result) if one.result else None
    return ResultWorkShown(
        plan_id=one.plan_id,
        result_id=one.work.result_id,
        kind=result.kind if result else None,
        text=result.text if result else None,
        weight=result.weight if result else None,
        indicators=list(result.indicators) if result else [],
        activities=one.work.activities,
        minutes=one.work.minutes,
        quantity=one.work.quantity,
    )


def _days_shown(days: Sequence[Day]) -> list[DayShown]:
    return [
        DayShown.model_validate(
            {name: getattr(day.row, name) for name in DayShown.model_fields if hasattr(day.row, name)}
            | {"activities": day.activities, "minutes": day.minutes}
        )
        for day in days
    ]
