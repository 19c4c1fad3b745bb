"""What a region pays beside the month's own run, and when: THR, TPP-13, an early December, heirs, recoveries."""

from typing import Annotated, Literal

from pydantic import Field

from services.payroll.rules.document.values import Article, Share, Strict
from services.payroll.rules.facts import PeriodName

Month = Annotated[int, Field(strict=True, ge=1, le=12)]


class Paid(Article):
    """A share of a month's TPP. `contributions`: whether they fall on it; `tax_borne_by`: else as the policy says."""

    share: Share = Field(default="100 %", validate_default=True)
    contributions: Annotated[bool, Field(strict=True)] = False
    tax_borne_by: Literal["employee", "region"] | None = None


class Occasion(Paid):
    """THR or TPP-13 of one year, as that year's PP and the region's regulation grant it.

    period: the month it is paid in. of: the month whose posts and classes count; without it the month before.
    performance: "full" pays without looking at that month's work, "as_appraised" on its reconciled closings.
    """

    period: PeriodName
    of: PeriodName | None = None
    performance: Literal["full", "as_appraised"] = "full"


class Early(Article):
    """Months paid before they end, at 100 % of attendance and performance; the difference follows in later runs."""

    months: Annotated[tuple[Month, ...], Field(min_length=1)]


class Terusan(Paid):
    """TPP to the heirs of who died in service, so many months on from the month after the last one in service."""

    months: Annotated[int, Field(strict=True, ge=1, le=24)]


class Recovery(Article):
    """How much of a month's TPP what was paid too much in earlier months may take at most."""

    at_most: Share


class Runs(Strict):
    """Without an entry the region does not pay it; without `recovery` too much is taken back at once."""

    thr: tuple[Occasion, ...] = ()
    tpp13: tuple[Occasion, ...] = ()
    early: Early | None = None
    terusan: Terusan | None = None
    recovery: Recovery | None = None
