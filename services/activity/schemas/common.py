"""Forms that many routes share: bounded dates, times of day, answers to a list of ids."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.activity.rules.filing import DAY_MINUTES
from shared.texts import Reason

WorkDate = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2099, 12, 31))]
TimeOfDay = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", examples=["07:30"])]
Unit = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f]+$")]


class Form(BaseModel):
    """A request's body: nothing in it is passed over."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Answer(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class ReasonForm(Form):
    reason: Reason


class IdsForm(Form):
    """Up to a month of a staff's work in one request."""

    ids: list[UUID] = Field(min_length=1, max_length=2000)


class IdsReasonForm(IdsForm):
    reason: Reason


class Made(Answer):
    id: UUID


def minutes_of(time: str) -> int:
    """Minutes since midnight of a time of day."""
    return int(time[:2]) * 60 + int(time[3:])


def time_of(minute: int | None) -> str | None:
    """The time of day of a minute counted from the work date's midnight, also past the next one."""
    return None if minute is None else f"{minute % DAY_MINUTES // 60:02}:{minute % 60:02}"
