"""Periods with the control totals of their closings, and the region's settings."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from services.activity.rules.filing import DAY_MINUTES, LONGEST_WINDOW
from services.activity.schemas.common import Answer, Form


class ClosingAnswer(Answer):
    """What a closing ended on; `root` is the Merkle root over its records, hex."""

    close_seq: int
    supersedes: int | None
    activities: int
    minutes: int
    attendance_days: int
    employees: int
    root: str
    closed_by: UUID
    closed_at: datetime
    reopened_by: UUID | None
    reopened_at: datetime | None
    reason: str | None


class PeriodAnswer(Answer):
    code: str
    first_day: date
    last_day: date
    state: Literal["open", "closed"]
    close_seq: int


class PeriodDetail(PeriodAnswer):
    """`closings`: the chain, oldest first; `waiting`: activities nobody has decided on yet."""

    waiting: int
    closings: list[ClosingAnswer]


class SettingsForm(Form):
    """`filing_window_days`: working days after the work date; left out: no limit."""

    filing_window_days: int | None = Field(default=None, ge=0, le=LONGEST_WINDOW)
    daily_cap_minutes: int = Field(default=DAY_MINUTES, ge=1, le=DAY_MINUTES)


class SettingsAnswer(Answer):
    valid_from: date
    filing_window_days: int | None
    daily_cap_minutes: int
