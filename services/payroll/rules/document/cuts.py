"""What is cut or kept back: selector, measure, shape, target, cap."""

from typing import Annotated, Literal

from pydantic import Field

from services.payroll.rules.document.values import (
    Article,
    Code,
    CutValue,
    Positive,
    Share,
    Strict,
    Text,
    When,
    Whole,
)

Event = Literal[
    "late",
    "early",
    "missing_in",
    "missing_out",
    "absent",
    "leave",
    "out",
    "apel",
    "penalty",
    "incident",
]


class Selector(Strict):
    """Which events count, and what of each: times, days, minutes, or hours begun.

    `each` weighs one unit (a missing clock-out counts as 120 minutes); `per` converts the sum
    (450 minutes are one day), rounded as `whole` says.
    """

    event: Event
    kinds: tuple[Text, ...] | None = None
    letter: Annotated[bool, Field(strict=True)] | None = None
    after_holiday: Annotated[bool, Field(strict=True)] | None = None
    minutes_from: Positive | None = None
    minutes_to: Positive | None = None
    take: Literal["times", "days", "minutes", "hours"]
    each: Positive = 1
    per: Positive | None = None
    whole: Literal["floor", "ceil"] = "floor"


class Tier(Strict):
    """From this quantity up to that one (both included; without `to` there is no end), this cut."""

    from_: Whole = Field(alias="from")
    to: Whole | None = None
    cut: CutValue


class Threshold(Strict):
    """Nothing below, this cut from here on. "workdays" means all workdays of the period."""

    at_least: Positive | Literal["workdays"]
    cut: CutValue


class AsStated(Strict):
    """The cut is what the event itself states, as an instalment of TGR does."""

    unit: Literal["rupiah", "percent"]


class Deduction(Article):
    """A cut: which events, how measured over what time, which shape, from which parts, of which amount.

    over: "occurrence" (the shape falls on each), "month" (on the sum), "year" (on the sum since January).
    of, for percentages: "full" (of the whole part or TPP), "earned" (of what performance left of it),
    "remaining" (of what earlier rules left), "daily" (of the full amount divided by
    the workdays). months: how many months each decision keeps cutting.
    """

    measure: Annotated[tuple[Selector, ...], Field(min_length=1)]
    over: Literal["occurrence", "month", "year"]
    per_unit: CutValue | None = None
    tiers: Annotated[tuple[Tier, ...], Field(min_length=1)] | None = None
    threshold: Threshold | None = None
    by_kind: dict[Text, CutValue] | None = None
    as_stated: AsStated | None = None
    hits: Literal["total"] | Annotated[tuple[Code, ...], Field(min_length=1)]
    of: Literal["full", "earned", "remaining", "daily"] | None = None
    at_most: CutValue | None = None
    months: Annotated[int, Field(strict=True, ge=1, le=120)] | None = None
    when: When | None = None


class Cap(Article):
    """Several rules together cut at most this share of what they hit."""

    rules: Annotated[tuple[Code, ...], Field(min_length=1)]
    at_most: Share


class Later(Strict):
    """So many months after the period."""

    months: Annotated[int, Field(strict=True, ge=1, le=24)]


class Withholding(Article):
    """TPP earned but paid later: when more than `more_than` was measured, or when a condition holds.

    Not a forfeiture: the amount is carried and paid `until` "next_month", in so many months, or when a decision
    says "cleared". Only with `forfeits_after_months` is what nobody cleared lost in the end.
    """

    measure: tuple[Selector, ...] = ()
    more_than: Whole | None = None
    when: When | None = None
    holds: Share
    until: Literal["next_month", "cleared"] | Later
    forfeits_after_months: Annotated[int, Field(strict=True, ge=1, le=120)] | None = None
