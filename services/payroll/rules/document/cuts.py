"""What is cut, limited or kept back: selectors, shape, target, cap, floor and ceiling, withholding."""

from typing import Annotated, Literal

from pydantic import Field

from services.payroll.rules.document.selecting import Selector
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

Hits = Literal["total", "total_with_additions"] | Annotated[tuple[Code, ...], Field(min_length=1)]
"""Parts or criteria by their codes; the TPP; or the TPP with what additions gave at the end."""


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
    """A cut: which events, measured over what time, in which shape, from which target, of which amount."""

    measure: Annotated[tuple[Selector, ...], Field(min_length=1)]
    """The events; several selectors are added up."""
    over: Literal["occurrence", "day", "month", "year"]
    """The shape falls on each event, on each day's sum, on the month's, or on the sum since January."""
    per_unit: CutValue | None = None
    """So much for every unit."""
    tiers: Annotated[tuple[Tier, ...], Field(min_length=1)] | None = None
    """A table of quantities."""
    threshold: Threshold | None = None
    """A cliff."""
    by_kind: dict[Text, CutValue] | None = None
    """So much for every unit of an event, by its kind."""
    each_time: Annotated[tuple[CutValue, ...], Field(min_length=2, max_length=40)] | None = None
    """The first unit, the second, ...; the last row for every later one."""
    as_stated: AsStated | None = None
    """What the event itself says."""
    hits: Hits
    """Parts or criteria by their codes; total: the TPP; total_with_additions: with what is added at the end."""
    of: Literal["full", "earned", "remaining", "daily"] | None = None
    """A percentage of the whole target, of what performance left, of what earlier rules left, of a workday's value."""
    at_most: CutValue | None = None
    """This rule never cuts more in a period."""
    months: Annotated[int, Field(strict=True, ge=1, le=120)] | Literal["in_force"] | None = None
    """So many months each decision keeps cutting; "in_force" until it is lifted."""
    begins: Literal["this_month", "next_month"] = "this_month"
    """Whether a decision cuts from the month of its date or from the one after."""
    when: When | None = None
    """Only for whom this holds."""


class Cap(Article):
    """Several rules together cut at most this share of what they hit."""

    rules: Annotated[tuple[Code, ...], Field(min_length=1)]
    at_most: Share


class Limit(Article):
    """A floor or a ceiling of what is left of parts, criteria or the TPP; a floor never exceeds the full amount."""

    hits: Hits
    at_least: CutValue | None = None
    at_most: CutValue | None = None
    of: Literal["full", "earned"] | None = None
    """For percentages: of the whole target, or of what performance left of it."""
    when: When | None = None


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
