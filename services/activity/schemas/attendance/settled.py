"""Asking for days to be settled, and what they came to."""

from datetime import date, datetime
from typing import Literal, Self
from uuid import UUID

from pydantic import model_validator

from services.activity.schemas.attendance.spans import LONGEST_SETTLEMENT, Days
from services.activity.schemas.common import Answer
from shared.words import Apel, LeaveKind, Presence


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
