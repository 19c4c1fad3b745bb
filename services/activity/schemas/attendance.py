"""Machines, decisions on attendance, and settled days, as requests and answers."""

from datetime import date, datetime, timedelta
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AwareDatetime, Field, model_validator

from services.activity.rules.attendance import DutyKind, Excuse
from services.activity.schemas.common import Answer, Form, WorkDate
from shared.texts import Name, Reason
from shared.words import Apel, LeaveKind, Presence

Serial = Annotated[str, Field(pattern=r"^[0-9A-Za-z._-]{1,40}$", examples=["CJDE193560123"])]
Pin = Annotated[str, Field(pattern=r"^[0-9A-Za-z]{1,24}$", examples=["1001"])]
Zone = Literal["Asia/Jakarta", "Asia/Pontianak", "Asia/Makassar", "Asia/Jayapura"]
LONGEST_LEAVE = timedelta(days=3 * 366)  # CLTN lasts up to three years
LONGEST_SETTLEMENT = timedelta(days=366)
LONGEST_OUTAGE = timedelta(days=31)
LONGEST_OUTING = timedelta(days=1)


class Days(Form):
    first_day: WorkDate
    last_day: WorkDate

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last_day < self.first_day:
            raise ValueError("last_day lies before first_day")
        return self


class MachineForm(Form):
    """Without a zone its clock shows the region's."""

    unit_id: UUID
    name: Name
    zone: Zone | None = None


class MachineAnswer(Answer):
    serial: str
    unit_id: UUID
    name: str
    zone: str
    added_by: UUID
    added_at: datetime


class PinForm(Form):
    """From valid_from on the number means this employee, until somebody else has it."""

    pin: Pin
    employee_id: UUID
    valid_from: WorkDate
    valid_to: WorkDate | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError("valid_to lies before valid_from")
        return self


class PinsForm(Form):
    pins: Annotated[list[PinForm], Field(min_length=1, max_length=5000)]


class PinAnswer(Answer):
    serial: str
    pin: str
    employee_id: UUID
    valid_from: date
    valid_to: date | None


class FaultAnswer(Answer):
    """One thing wrong: where, what, what to do."""

    place: str
    message: str
    remedy: str
    value: str | None = None
    row: int | None = None


class MappedAnswer(Answer):
    mapped: int
    unchanged: int
    faults: list[FaultAnswer]


class LogAnswer(Answer):
    """`faults` names the lines that were refused, at most the first 5,000; `refused` counts them all."""

    lines: int
    stored: int
    known: int
    refused: int
    first_day: date | None
    last_day: date | None
    unknown_pins: list[str]
    faults: list[FaultAnswer]


class UnknownPinAnswer(Answer):
    serial: str
    pin: str
    punches: int
    first_at: datetime
    last_at: datetime


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


class Moments(Form):
    """From one moment to a later one."""

    started_at: AwareDatetime
    ended_at: AwareDatetime

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not 2000 <= self.started_at.year <= 2099 or not 2000 <= self.ended_at.year <= 2099:
            raise ValueError("moments lie between the years 2000 and 2099")
        if self.ended_at <= self.started_at:
            raise ValueError("ended_at is not after started_at")
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


class OutingAnswer(Answer):
    outing_id: UUID
    employee_id: UUID
    work_date: date
    started_at: datetime
    ended_at: datetime
    permitted: bool
    reference: str | None
    reason: str
    decided_by: UUID
    decided_at: datetime
    withdrawn_by: UUID | None = None
    withdrawn_at: datetime | None = None
    withdrawal_reason: str | None = None


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


class DaysDecisionAnswer(Answer):
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
    reason: str
    decided_by: UUID
    decided_at: datetime
    withdrawn_by: UUID | None = None
    withdrawn_at: datetime | None = None
    withdrawal_reason: str | None = None


class IncidentForm(Moments):
    """Nobody of a unit (null: of the region) could punch between two moments."""

    unit_id: UUID | None = None
    reason: Reason

    @model_validator(mode="after")
    def _not_endless(self) -> Self:
        if self.ended_at - self.started_at > LONGEST_OUTAGE:
            raise ValueError("record an outage of more than a month in parts")
        return self


class IncidentAnswer(Answer):
    incident_id: UUID
    unit_id: UUID | None
    started_at: datetime
    ended_at: datetime
    reason: str
    decided_by: UUID
    decided_at: datetime
    withdrawn_by: UUID | None = None
    withdrawn_at: datetime | None = None
    withdrawal_reason: str | None = None


class RollForm(Form):
    """The roll of an apel: of the unit's people those named attended, the others did not."""

    day: WorkDate
    unit_id: UUID
    attended: Annotated[list[UUID], Field(max_length=20_000)]


class RollAnswer(Answer):
    people: int


class SettlementForm(Days):
    """Settle days of a unit and those below it; without a unit, of everybody the caller may."""

    unit_id: UUID | None = None

    @model_validator(mode="after")
    def _not_endless(self) -> Self:
        if self.last_day - self.first_day > LONGEST_SETTLEMENT:
            raise ValueError("settle at most a year at once")
        return self


class SettlementAnswer(Answer):
    """`days` were looked at, `changed` of them stated; `told`: why it was refused, or failed."""

    settlement_id: UUID
    first_day: date
    last_day: date
    state: Literal["waiting", "done", "refused", "failed"]
    reason: str
    people: int
    days: int
    changed: int
    told: str | None
    requested_by: UUID
    requested_at: datetime


class DayAnswer(Answer):
    """A settled day; `excused_minutes` came late or early and are not held against the employee."""

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
    excused_minutes: int
    out_minutes: int | None
    permitted_out_minutes: int | None
    letter: bool | None
    inpatient: bool | None
    leave_refused: bool | None
    version: int
    settled_at: datetime


class MonthAnswer(Answer):
    """An employee's month: its settled days, and their sums."""

    employee_id: UUID
    period: str
    scheduled_days: int
    present_days: int
    duty_days: int
    leave_days: int
    absent_days: int
    late_minutes: int
    early_minutes: int
    missing_punches: int
    apel_missed: int
    days: list[DayAnswer]


class UnitDayAnswer(Answer):
    """`day` is null where nothing is settled: a day off, or a day that is not over."""

    employee_id: UUID
    name: str
    nip: str
    unit_id: UUID
    day: DayAnswer | None


class AlertAnswer(Answer):
    days: int
    in_a_row: bool
    consequence: str
    reached_on: date


class AbsencesAnswer(Answer):
    """Days tanpa keterangan in a year (PP 94/2021)."""

    employee_id: UUID
    year: int
    days: list[date]
    longest_run: int
    alerts: list[AlertAnswer]


class AbsentEmployeeAnswer(AbsencesAnswer):
    name: str
    nip: str
