"""What is earned: base tables, parts with their weights, performance measures, entitlement, additions."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from services.payroll.rules.document.values import (
    Article,
    Code,
    KelasKey,
    Mode,
    Money,
    Positive,
    Share,
    Strict,
    Text,
    When,
    Whole,
)
from services.payroll.rules.facts import Predikat, PredikatMissing
from shared.money import Percent


class Base(Strict):
    """The full amount of a criterion. Exactly one way is used."""

    by_class: dict[KelasKey, Money] | None = None
    """Rupiah by kelas jabatan."""
    percent_of_basic: Percent | dict[KelasKey, Percent] | None = None
    """A share of the document's `basic` table, the same for all or by kelas."""
    rupiah_per_point: Money | None = None
    """Times nilai jabatan."""
    gaji_pokok_times: dict[KelasKey, Percent] | None = None
    """A multiplier of gaji pokok by kelas."""
    stated: Code | None = None
    """An amount set for the person: this name among the facts' `amounts`."""


class VariantBase(Strict):
    """Another base for some, such as a table of their own for PPPK; the first that applies is used."""

    when: When
    base: Base


class Band(Strict):
    """From this result on, this share is paid."""

    from_: Percent = Field(alias="from")
    pays: Share | Literal["as_is"]


Days = Annotated[str, StringConstraints(pattern=r"^(absent|leave|duty)(:.{1,200})?$")]
"""Days of absence, leave or duty, or only those of one kind: "leave:sakit"."""


class Full(Strict):
    """The part is paid in full before deductions."""

    kind: Literal["full"]


class ByPredikat(Strict):
    """Predikat to share. `missing` says what is paid without one, by the reason, each a share or a predikat."""

    kind: Literal["predikat"]
    pays: dict[Predikat, Percent]
    missing: dict[PredikatMissing, Share | Predikat]


class Minutes(Strict):
    """Approved minutes over a target, at most `at_most`."""

    kind: Literal["minutes"]
    per_workday: Positive | None = None
    per_month: Positive | None = None
    activities: tuple[Text, ...] | None = None
    daily_cap: Positive | None = None
    approved_before_day: Annotated[int, Field(strict=True, ge=1, le=28)] | None = None
    """Only what was approved before this day of the next month."""
    without: tuple[Days, ...] = ()
    """Days that ask for no minutes: the target is less by them."""
    at_most: Percent = Field(default="100 %", validate_default=True)


class Reports(Strict):
    """Days with approved reports (or their number) over the workdays or a fixed number."""

    kind: Literal["reports"]
    counts: Literal["days", "reports"] = "days"
    target: Literal["workdays"] | Positive = "workdays"
    activities: tuple[Text, ...] | None = None
    without: tuple[Days, ...] = ()
    """Days that ask for no report: the workdays of the target are less by them."""
    at_most: Percent = Field(default="100 %", validate_default=True)


class Score(Strict):
    """A named score of the facts, such as `quantity` or the organisation's SAKIP, as a share."""

    kind: Literal["score"]
    score: Code
    missing: Share
    at_most: Percent = Field(default="100 %", validate_default=True)


class ByRating(Strict):
    """A share for each word of a rating, such as the appraisal's `perilaku` or `hasil`."""

    kind: Literal["rating"]
    rating: Code
    pays: Annotated[dict[Text, Percent], Field(min_length=1)]
    missing: Share
    """What is paid while the rating is not there."""


class Attendance(Strict):
    """Workdays attended over the workdays of the period: all without the days named in `less`."""

    kind: Literal["attendance"]
    less: Annotated[tuple[Days, ...], Field(min_length=1)]


class Staff(Strict):
    """The mean of the subordinates' approved minutes over their targets, each at most `at_most`."""

    kind: Literal["staff"]
    per_workday: Positive | None = None
    per_month: Positive | None = None
    at_most: Percent = Field(default="100 %", validate_default=True)
    missing: Share
    """What is paid where there are no subordinates."""


class BlendPart(Strict):
    """One ingredient of a blend."""

    weight: Share
    measure: "Measure"


class Blend(Strict):
    """Several measures mixed by weight, as quantity with quality, or a head's own minutes with the staff's."""

    kind: Literal["blend"]
    of: Annotated[tuple[BlendPart, ...], Field(min_length=2, max_length=6)]


Measure = Annotated[
    Full | ByPredikat | ByRating | Minutes | Reports | Attendance | Staff | Score | Blend, Field(discriminator="kind")
]


class SupervisorDuty(Article):
    """Points taken from the result of a supervisor who has not assessed the staff."""

    points: Share


class Part(Strict):
    """A share of a criterion, with a measure that fills it or with parts of its own."""

    code: Code
    name: Text
    article: Text
    weight: Share
    measure: Measure | None = None
    supervisor_measure: Measure | None = None
    by_segment: Literal[True] | None = None
    """Measured for each position of the month by itself, over its own days and workdays."""
    bands: tuple[Band, ...] | None = None
    supervisor_duty: SupervisorDuty | None = None
    parts: tuple["Part", ...] | None = None


class Criterion(Strict):
    """A ground for TPP (PP 12/2019 art. 58), paid as a line of its own."""

    code: Code
    name: Text
    article: Text
    base: Base
    variants: tuple[VariantBase, ...] = ()
    when: When | None = None
    parts: tuple[Part, ...] | None = None


class Entitlement(Article):
    """Who is paid what share of the base: CPNS 80 %, study leave 0 %. Several that apply are multiplied."""

    when: When
    pays: Share


class SegmentRounding(Strict):
    """Rounding of each segment's share."""

    mode: Mode
    unit: Positive = 1


class Proration(Strict):
    """How a month in two positions is divided."""

    by: Literal["workdays", "calendar_days", "first_day", "last_day", "longest"]
    article: Text
    minimum_workdays: Annotated[int, Field(strict=True, ge=1, le=31)] | None = None
    """A position held for fewer workdays counts as the one before it (the first as the one after)."""
    rounding: SegmentRounding | None = None


class Addition(Article):
    """More for acting or for a task, by exactly one of acted_share, acted_instead, base_share, rupiah."""

    when: When | None = None
    """Only for whom this holds."""
    acting: Annotated[tuple[Literal["Plt", "Plh", "Pj"], ...], Field(min_length=1)] | None = None
    """Only for those who hold a post in one of these capacities; of several the longest held counts."""
    level: Literal["same", "higher", "lower"] | None = None
    """How high the acted post is beside one's own."""
    minimum_workdays: Whole = 0
    """Acted fewer workdays in the period, nothing is added."""
    minimum_months: Annotated[int, Field(strict=True, ge=1, le=60)] | None = None
    """Held for fewer whole months at the period's end, nothing is added."""
    acted_share: Percent | None = None
    """A share of the acted post's base."""
    acted_instead: Literal[True] | None = None
    """The acted post's base instead of one's own."""
    base_share: Percent | None = None
    """A share of one's own base."""
    rupiah: Money | None = None
    """An amount."""
    prorated: Literal[True] | None = None
    """Only for the workdays acted, of the period's."""
    at: Literal["base", "end"]
    """Whether performance and deductions touch it (base) or not (end)."""
    criterion: Code | None = None
    """Of which criterion the base is taken, and which one gets it; else of all, for the first."""
