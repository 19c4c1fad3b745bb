"""Consents over HTTP."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from services.payroll.tables import ConsentRow
from shared.money import Percent

EARLIEST, LATEST = date(2000, 1, 1), date(2199, 12, 31)
Day = Annotated[date, Field(ge=EARLIEST, le=LATEST)]


def _share(percent: Percent) -> Percent:
    if not 0 < percent <= 1:
        raise ValueError("a consent is for more than 0 % and at most 100 %")
    return percent


class ConsentGiven(BaseModel):
    """For what (as the policy names it, such as zakat), how much, since when and until when, both days included."""

    model_config = ConfigDict(extra="forbid")

    kind: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$")
    percent: Annotated[Percent, AfterValidator(_share)] | None = Field(
        default=None, description='such as "2.5 %"; without it, what the policy says'
    )
    valid_from: Day
    valid_to: Day | None = None
    employee_id: UUID | None = Field(default=None, description="whose; without it, the caller's")
    reference: str | None = Field(default=None, min_length=1, max_length=300, description="the employee's letter")


class ConsentEnd(BaseModel):
    """The last day on which it holds."""

    model_config = ConfigDict(extra="forbid")

    last_day: Day


class ConsentOut(BaseModel):
    """A consent and who recorded and ended it."""

    consent_id: UUID
    employee_id: UUID
    kind: str
    percent: str | None
    valid_from: date
    valid_to: date | None
    reference: str | None
    recorded_by: UUID
    recorded_at: datetime
    ended_by: UUID | None
    ended_at: datetime | None

    @classmethod
    def of(cls, row: ConsentRow) -> "ConsentOut":
        return cls.model_validate(row, from_attributes=True)
