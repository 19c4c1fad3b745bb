"""Leave, duty, excuses, outings, outages and rolls: what people decide about attendance."""

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from services.activity.rules.attendance import DutyKind, Excuse
from services.activity.schemas.attendance.spans import (
    LONGEST_LEAVE,
    LONGEST_OUTAGE,
    LONGEST_OUTING,
    LONGEST_SETTLEMENT,
    Days,
    Moments,
)
from services.activity.schemas.common import Answer, DecidedAnswer, Form, WorkDate
from shared.texts import Name, Reason
from shared.words import LeaveKind


class LeaveForm(Days):
    """Leave or duty of one employee; `reference`: the number of the letter (surat cuti, surat sakit, SPT).

    letter: false for sickness whose letter was not handed in; inpatient: sickness in hospital (rawat inap).
    """

    employee_id: UUID
    kind: LeaveKind | DutyKind
    reference: Annotated[Name, Field(examples=["850/123/BKPSDM/2026"])] | None = None
    letter: bool = True
    inpatient: bool = False
    reason: Reason

    @model_validator(mode="after")
    def _not_endless(self) -> Self:
        if self.last_day - self.first_day > LONGEST_LEAVE:
            raise ValueError("no leave or duty lasts longer than three years")
        return self

    @model_validator(mode="after")
    def _of_the_sick(self) -> Self:
        if self.kind is not LeaveKind.SAKIT and (self.inpatient or not self.letter):
            raise ValueError("only sakit may be without its letter, or inpatient (rawat inap)")
        return self


class LeaveRefusalForm(Days):
    """Leave of one employee that was asked for and refused; days then absent are told as cuti ditolak."""

    employee_id: UUID
    kind: LeaveKind
    reference: Name | None = None
    reason: Reason

    @model_validator(mode="after")
    def _not_endless(self) -> Self:
        if self.last_day - self.first_day > LONGEST_SETTLEMENT:
            raise ValueError("a refusal covers at most a year")
        return self


class OutingForm(Moments):
    """Away from the office between two moments of a day; without the break, whose times no calendar tells.

    permitted: by a surat izin keluar, whose number is the reference. Else what an inspection found.
    """

    employee_id: UUID
    permitted: bool
    reference: Name | None = None
    reason: Reason

    @model_validator(mode="after")
    def _of_a_day(self) -> Self:
        if self.ended_at - self.started_at > LONGEST_OUTING:
            raise ValueError("an outing lies within a day")
        if self.permitted and self.reference is None:
            raise ValueError("a permitted outing needs the number of its letter as reference")
        return self


class OutingAnswer(DecidedAnswer):
    outing_id: UUID
    employee_id: UUID
    work_date: date
    started_at: datetime
    ended_at: datetime
    permitted: bool
    reference: str | None


class ExcuseForm(Days):
    """What is not held against an employee on some days, such as a machine that failed."""

    employee_id: UUID
    excuses: Annotated[list[Excuse], Field(min_length=1, max_length=len(Excuse))]
    reference: Name | None = None
    reason: Reason

    @model_validator(mode="after")
    def _not_endless(self) -> Self:
        if self.last_day - self.first_day > LONGEST_SETTLEMENT:
            raise ValueError("an excuse covers at most a year")
        return self


class DaysDecisionAnswer(DecidedAnswer):
    decision_id: UUID
    employee_id: UUID
    kind: Literal["leave", "duty", "excuse", "refusal"]
    detail: str | None
    excuses: list[str]
    first_day: date
    last_day: date
    reference: str | None
    letter: bool
    inpatient: bool


class IncidentForm(Moments):
    """Nobody of a unit (null: of the region) could punch between two moments."""

    unit_id: UUID | None = None
    reason: Reason

    @model_validator(mode="after")
    def _not_endless(self) -> Self:
        if self.ended_at - self.started_at > LONGEST_OUTAGE:
            raise ValueError("record an outage of more than a month in parts")
        return self


class IncidentAnswer(DecidedAnswer):
    incident_id: UUID
    unit_id: UUID | None
    started_at: datetime
    ended_at: datetime


class RollForm(Form):
    """The roll of an apel: of the unit's people those named attended, the others did not."""

    day: WorkDate
    unit_id: UUID
    attended: Annotated[list[UUID], Field(max_length=20_000)]


class RollAnswer(Answer):
    people: int
