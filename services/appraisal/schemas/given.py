"""What requests bring."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from services.appraisal.commands import Entry
from services.appraisal.rules.behaviour import Value
from services.appraisal.rules.ratings import Judged, Ratings
from services.appraisal.rules.spellings import predikat_named, rating_named
from shared.texts import Note, Reason
from shared.words import Predikat, Rating

MOST_ENTRIES = 1000

# narrower than PeriodCode: a month of this century, so that its days always exist
PeriodPath = Annotated[str, StringConstraints(pattern=r"^20[0-9][0-9]-(0[1-9]|1[0-2])$")]


def _spelt_rating(value: object) -> object:
    return rating_named(value) if isinstance(value, str) and len(value) <= 100 else value


def _spelt_predikat(value: object) -> object:
    return predikat_named(value) if isinstance(value, str) and len(value) <= 100 else value


RatingGiven = Annotated[Rating, BeforeValidator(_spelt_rating)]
"""A rating in any spelling that other applications' sheets use."""

PredikatGiven = Annotated[Predikat, BeforeValidator(_spelt_predikat)]
"""A predikat in any such spelling, "Cukup" and "KURANG (MISCONDUCT)" among them."""


class Given(BaseModel):
    model_config = ConfigDict(extra="forbid")


class JudgedGiven(Given):
    """The rating of one BerAKHLAK value."""

    rating: RatingGiven
    feedback: Note | None = None


class DraftGiven(Given):
    """Ratings as far as they are written."""

    hasil_kerja: RatingGiven | None = None
    perilaku_kerja: RatingGiven | None = None
    values: dict[Value, JudgedGiven] = Field(default_factory=dict)
    reason: Reason | None = None
    feedback: Note | None = None

    def ratings(self) -> Ratings:
        return Ratings(
            hasil_kerja=self.hasil_kerja,
            perilaku_kerja=self.perilaku_kerja,
            values={value: Judged(one.rating, one.feedback) for value, one in self.values.items()},
            reason=self.reason,
            feedback=self.feedback,
        )


class FinalizationGiven(Given):
    """`ratings` left out: those of the saved draft. `predikat`: what the evaluator's own sheet shows, as a check."""

    ratings: DraftGiven | None = None
    predikat: PredikatGiven | None = None

    def entry(self, employee_id: UUID) -> Entry:
        return Entry(employee_id, self.ratings.ratings() if self.ratings else None, self.predikat)


class EntryGiven(FinalizationGiven):
    employee_id: UUID


class FinalizationsGiven(Given):
    entries: Annotated[list[EntryGiven], Field(min_length=1, max_length=MOST_ENTRIES)]


class CorrectionGiven(Given):
    """The whole appraisal as it should be, and why the one that stands is replaced."""

    ratings: DraftGiven
    predikat: PredikatGiven | None = None
    reason: Reason

    def entry(self, employee_id: UUID) -> Entry:
        return Entry(employee_id, self.ratings.ratings(), self.predikat)


class ClosingGiven(Given):
    """`reason`: why the period closes although some are not appraised."""

    reason: Reason | None = None


class ReopeningGiven(Given):
    reason: Reason


class SettingsGiven(Given):
    """From periods that end on `valid_from` on, the evaluator alone may appraise for so many days."""

    valid_from: Annotated[date, Field(ge=date(2020, 1, 1), le=date(2099, 12, 31))]
    evaluator_days: Annotated[int, Field(ge=0, le=60)]
