"""Policy documents over HTTP."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.payroll.rules.difference import Difference
from services.payroll.tables import PolicyRow, PolicyState

PolicyHash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class PolicyDraft(BaseModel):
    """A document in YAML (or JSON), as `takar policy check` takes it."""

    model_config = ConfigDict(extra="forbid")

    document: str = Field(min_length=1, max_length=2_000_000)


class PolicyOut(BaseModel):
    """A policy without its text. `compared_with`: the policy it took the place of when it was approved."""

    hash: str
    name: str
    effective_from: date
    effective_to: date | None
    state: PolicyState
    drafted_by: UUID
    drafted_at: datetime
    approved_by: UUID | None
    approved_at: datetime | None
    compared_with: str | None

    @classmethod
    def of(cls, row: PolicyRow) -> "PolicyOut":
        return cls.model_validate(row, from_attributes=True)


class PolicyText(PolicyOut):
    """A policy with the document as it was uploaded."""

    document: str

    @classmethod
    def of(cls, row: PolicyRow) -> "PolicyText":
        return cls.model_validate(row, from_attributes=True)


class DifferenceOut(BaseModel):
    """One place in which two documents differ, and the sentence in Indonesian and English."""

    place: str
    rule: str | None
    before: str | None
    after: str | None
    id: str
    en: str

    @classmethod
    def of(cls, found: Difference) -> "DifferenceOut":
        return cls(**found._asdict(), **found.said()._asdict())


class DifferencesOut(BaseModel):
    """How a policy differs from another; `against` is None where none was in force before it."""

    policy: str
    against: str | None
    differences: list[DifferenceOut]
