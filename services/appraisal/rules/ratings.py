"""What an evaluator writes down about one employee and period, and what is missing before it can be final."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.appraisal.rules.behaviour import BERAKHLAK, Value
from shared.errors import Fault
from shared.words import Rating


@dataclass(frozen=True, slots=True)
class Judged:
    """One value's rating and what the evaluator says about it."""

    rating: Rating
    feedback: str | None = None


@dataclass(frozen=True, slots=True)
class Ratings:
    """An appraisal's content; a draft may lack any of it."""

    hasil_kerja: Rating | None = None
    perilaku_kerja: Rating | None = None
    values: Mapping[Value, Judged] = field(default_factory=dict)
    reason: str | None = None
    feedback: str | None = None


@dataclass(frozen=True, slots=True)
class Complete:
    """Ratings with nothing missing."""

    hasil_kerja: Rating
    perilaku_kerja: Rating
    values: Mapping[Value, Judged]
    reason: str
    feedback: str | None


def completed(ratings: Ratings) -> Complete | tuple[Fault, ...]:
    """The ratings as an appraisal, or every fault: both axes, all seven values, a reason.

    Whoever is found below expectation is told in what (PermenPANRB 6/2022: umpan balik).
    """
    faults = [*_missing(ratings), *_unsaid(ratings)]
    if faults or ratings.hasil_kerja is None or ratings.perilaku_kerja is None or ratings.reason is None:
        return tuple(faults)
    return Complete(ratings.hasil_kerja, ratings.perilaku_kerja, dict(ratings.values), ratings.reason, ratings.feedback)


def _missing(ratings: Ratings) -> list[Fault]:
    named = {
        "hasil_kerja": (ratings.hasil_kerja, "is not rated", "rate the work result against the expectation"),
        "perilaku_kerja": (ratings.perilaku_kerja, "is not rated", "rate the behaviour as a whole"),
        "reason": (ratings.reason, "is missing", "say in a sentence what the ratings rest on"),
    }
    axes = [Fault(place, message, remedy) for place, (held, message, remedy) in named.items() if held is None]
    values = [
        Fault(f"values.{value}", "is not rated", f"rate {BERAKHLAK[value].name}")
        for value in Value
        if value not in ratings.values
    ]
    return axes + values


def _unsaid(ratings: Ratings) -> list[Fault]:
    return [
        Fault(f"values.{value}.feedback", "is missing", f"say what was below expectation in {BERAKHLAK[value].name}")
        for value, judged in ratings.values.items()
        if judged.rating is Rating.DI_BAWAH and not judged.feedback
    ]
