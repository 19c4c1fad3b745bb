"""Days and moments, from one to another, and how far they may reach."""

from datetime import timedelta
from typing import Self

from pydantic import AwareDatetime, model_validator

from services.activity.schemas.common import Form, WorkDate

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
