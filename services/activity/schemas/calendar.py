"""Decisions on days and hours, by kind, and the days they come to."""

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from services.activity.rules.calendar_defaults import BUILT_IN
from services.activity.rules.calendar_hours import Clocking
from services.activity.schemas.common import Answer, DecidedAnswer, Form, TimeOfDay, WorkDate
from services.activity.tables.calendar_reading import content_of_pattern
from shared.texts import Name, Reason

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Kind = Literal["holiday", "work_hours", "special_hours", "ramadan", "apel", "window"]
Minutes = Annotated[int, Field(ge=0, le=1440)]
LONGEST_SPAN = 400  # days of a holiday, special hours or Ramadan


class HoursForm(Form):
    """An end at or before the start is on the following day."""

    start: TimeOfDay
    end: TimeOfDay
    break_minutes: Annotated[int, Field(ge=0, le=480)] = 0


class DaysForm(Form):
    """A weekday left out is a day off."""

    mon: HoursForm | None = None
    tue: HoursForm | None = None
    wed: HoursForm | None = None
    thu: HoursForm | None = None
    fri: HoursForm | None = None
    sat: HoursForm | None = None
    sun: HoursForm | None = None


class WeekForm(Form):
    legal_basis: Name
    days: DaysForm


class PatternForm(Form):
    code: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$", examples=["6-hari-sekolah"])]
    name: Name
    clocking: Clocking = Clocking.FIXED
    regular: WeekForm
    ramadan: WeekForm | None = None


class DecisionForm(Form):
    """For the whole region, or a unit and those below it."""

    first_day: WorkDate
    last_day: WorkDate | None = None
    unit_id: UUID | None = None
    reason: Annotated[Reason, Field(examples=["Perbup 12/2025 art. 9"])]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last_day is not None and self.last_day < self.first_day:
            raise ValueError("last_day lies before first_day")
        return self

    def content(self) -> dict[str, Any]:
        """What the decision says, as it is kept."""
        return {}


class SpanForm(DecisionForm):
    """Of days that end; without last_day the decision is about first_day alone."""

    @model_validator(mode="after")
    def _not_endless(self) -> Self:
        if self.last_day is not None and (self.last_day - self.first_day).days > LONGEST_SPAN:
            raise ValueError(f"a decision of this kind covers at most {LONGEST_SPAN} days")
        return self


class HolidayForm(SpanForm):
    """Add a holiday, or work on one of the national list."""

    kind: Literal["holiday"]
    effect: Literal["add", "remove"]
    name: Name

    def content(self) -> dict[str, Any]:
        return {"effect": self.effect, "name": self.name}


class WorkHoursForm(DecisionForm):
    """A pattern from first_day on: one that is built in, by its code, or one's own."""

    kind: Literal["work_hours"]
    employee_id: UUID | None = None
    built_in: Literal["5-hari", "6-hari", "bebas-presensi"] | None = None
    pattern: PatternForm | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.built_in is None) == (self.pattern is None):
            raise ValueError("give either built_in or pattern")
        if self.unit_id is not None and self.employee_id is not None:
            raise ValueError("give unit_id or employee_id, not both")
        return self

    def content(self) -> dict[str, Any]:
        if self.pattern is not None:
            return self.pattern.model_dump(mode="json")
        return content_of_pattern(BUILT_IN[self.built_in or ""])


class SpecialHoursForm(SpanForm):
    """Other hours on some days; `also_when_off`: worked on holidays and days off too (a roster, a replaced day)."""

    kind: Literal["special_hours"]
    employee_id: UUID | None = None
    weekday: Weekday | None = None
    hours: HoursForm
    also_when_off: bool = False

    @model_validator(mode="after")
    def _one_scope(self) -> Self:
        if self.unit_id is not None and self.employee_id is not None:
            raise ValueError("give unit_id or employee_id, not both")
        return self

    def content(self) -> dict[str, Any]:
        return self.model_dump(mode="json", include={"weekday", "hours", "also_when_off"})


class RamadanForm(SpanForm):
    """First and last day of fasting; in their place the national dates do not count."""

    kind: Literal["ramadan"]
    last_day: WorkDate


class ApelForm(DecisionForm):
    """Roll call: on a weekday from first_day on, or without one on each day from first_day to last_day (upacara)."""

    kind: Literal["apel"]
    weekday: Weekday | None = None
    at: TimeOfDay
    name: Name = "Apel"

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if self.weekday is None and self.last_day is None:
            raise ValueError("give a weekday, or a last_day")
        return self

    def content(self) -> dict[str, Any]:
        return self.model_dump(mode="json", include={"weekday", "at", "name"})


class WindowForm(DecisionForm):
    """When punches count: minutes before the start and after the end; `entry_minutes`: null for half of the day."""

    kind: Literal["window"]
    before_minutes: Annotated[Minutes, Field(examples=[90])]
    after_minutes: Annotated[Minutes, Field(examples=[240])]
    entry_minutes: Minutes | None = None

    def content(self) -> dict[str, Any]:
        return self.model_dump(mode="json", include={"before_minutes", "after_minutes", "entry_minutes"})


AnyDecision = Annotated[
    HolidayForm | WorkHoursForm | SpecialHoursForm | RamadanForm | ApelForm | WindowForm,
    Field(discriminator="kind"),
]


class DecisionAnswer(DecidedAnswer):
    decision_id: UUID
    kind: Kind
    unit_id: UUID | None
    employee_id: UUID | None
    first_day: date
    last_day: date | None
    content: dict[str, Any]


class CalendarDayAnswer(Answer):
    """`expected_in_at` is null on a day off; moments carry the region's zone."""

    day: date
    working: bool
    holiday: str | None
    expected_in_at: datetime | None
    expected_out_at: datetime | None
    break_minutes: int | None
    basis: str | None
    apel: str | None


class PatternAnswer(Answer):
    code: str
    name: str
    clocking: Clocking
    regular: dict[str, Any]
    ramadan: dict[str, Any] | None
