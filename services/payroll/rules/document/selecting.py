"""Which events count and how they are measured: the first half of every deduction and withholding."""

from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field

from services.payroll.rules.document.values import Positive, Strict, Text
from services.payroll.rules.facts import Event


class MadeUp(Strict):
    """Lateness made up by staying on the same day (the facts' `stayed_minutes`)."""

    up_to: Positive | None = None
    """Only lateness of at most so many minutes can be made up."""
    by: Positive | Literal["as_long", "each_minute"]
    """Staying so many minutes, or as long as one was late, cancels it; or each minute stayed takes one off."""


class Beyond(Strict):
    """Only the minutes beyond what is permitted count."""

    per_day: Positive | None = None
    per_week: Positive | None = None
    """Of what each day permits, so many minutes a week (Monday to Sunday, within the period)."""


class Selector(Strict):
    """Which events count, and what of each."""

    event: Event
    """What happened. permitted_out: away with permission; unassessed: staff not assessed by their supervisor."""
    kinds: tuple[Text, ...] | None = None
    """Only events of these kinds, such as leave of kind sakit."""
    without_kinds: tuple[Text, ...] | None = None
    """All kinds but these."""
    letter: Annotated[bool, Field(strict=True)] | None = None
    """Only with (true) or only without (false) a letter."""
    inpatient: Annotated[bool, Field(strict=True)] | None = None
    """Only sick leave in hospital, rawat inap (true), or only the other (false)."""
    after_holiday: Annotated[bool, Field(strict=True)] | None = None
    """Only on (true), or never on (false), the first workday after a holiday."""
    minutes_from: Positive | None = None
    """Only events of at least so many minutes."""
    minutes_to: Positive | None = None
    """Only events of at most so many minutes."""
    made_up: MadeUp | None = None
    """Lateness that staying on the same day makes up does not count."""
    beyond: Beyond | None = None
    """Only the minutes beyond what is permitted a day or a week count."""
    forgive: Positive | None = None
    """The first so many events of the period, by date, cost nothing."""
    take: Literal["times", "days", "minutes", "hours"]
    """What is counted of each event; hours are those begun."""
    free: Positive | None = None
    """So many of these units cost nothing, of the sum."""
    each: Positive = 1
    """What one unit weighs: a missing clock-out counts as 120 minutes."""
    per: Positive | None = None
    """Converts the sum: 450 minutes are one day."""
    whole: Literal["floor", "ceil"] = "floor"
    """How the converted sum is brought to whole units."""

    @cached_property
    def takes_all(self) -> bool:
        """Whether every event of its name counts, as it is."""
        asked = set(type(self).model_fields) - {"event", "take", "free", "each", "per", "whole"}
        return all(getattr(self, name) is None for name in asked)

    @cached_property
    def as_they_are(self) -> bool:
        """Whether its units are neither weighed nor converted, and none is free."""
        return self.free is None and self.each == 1 and self.per is None
