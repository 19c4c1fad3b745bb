"""Forms that many routes share: bounded dates, times of day, answers to a list of ids."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from services.activity.rules.filing import DAY_MINUTES
from shared.errors import Fault, Invalid
from shared.texts import Reason

WorkDate = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2099, 12, 31))]
TimeOfDay = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", examples=["07:30"])]
Unit = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f]+$")]


class Form(BaseModel):
    """A request's body: nothing in it is passed over."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Answer(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class FaultAnswer(Answer):
    """One thing wrong in a file: row and place (a column, a field), the value, what, and what to do."""

    place: str
    message: str
    remedy: str
    value: str | None
    row: int | None


class DecidedAnswer(Answer):
    """What somebody decided; withdrawn it stays to be read, with by whom, when and why."""

    reason: str
    decided_by: UUID
    decided_at: datetime
    withdrawn_by: UUID | None = None
    withdrawn_at: datetime | None = None
    withdrawal_reason: str | None = None


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


LONGEST_RANGE = 366  # days

After = Annotated[
    str | None,
    Query(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}_[0-9a-f-]{36}$", description="`next` of the page before"),
]
_START = (date.min, UUID(int=0))


def cursor_of(after: str | None) -> tuple[date, UUID]:
    """The day and id after which a page begins. Raises Invalid."""
    if after is None:
        return _START
    day, _, named = after.partition("_")
    try:
        return date.fromisoformat(day), UUID(named)
    except ValueError:
        fault = Fault("query.after", "it is no cursor", "send `next` of the page before, unchanged", value=after)
        raise Invalid("the cursor cannot be read", (fault,)) from None


@dataclass(frozen=True, slots=True)
class Page:
    """At most `limit` after the day and id of the last one of the page before."""

    after: tuple[date, UUID]
    limit: int


async def _page(after: After = None, limit: Annotated[int, Query(ge=1, le=2000)] = 200) -> Page:
    return Page(cursor_of(after), limit)


PageDep = Annotated[Page, Depends(_page)]


@dataclass(frozen=True, slots=True)
class DayRange:
    """Days asked about, both included."""

    first_day: date
    last_day: date


async def _days(first_day: WorkDate, last_day: WorkDate) -> DayRange:
    if last_day < first_day or (last_day - first_day).days >= LONGEST_RANGE:
        remedy = f"ask for at most {LONGEST_RANGE} days, the first before the last"
        raise Invalid("this range of days cannot be asked about", (Fault("query.last_day", "out of range", remedy),))
    return DayRange(first_day, last_day)


Days = Annotated[DayRange, Depends(_days)]
