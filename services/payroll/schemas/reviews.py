"""What is seen before a run is approved, and the limits it is held against, over HTTP."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.payroll.inputs.comparison import Comparison
from services.payroll.tables import LimitKind, LimitRow
from shared.money import Rupiah
from shared.texts import Name


class Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class SaidOut(Out):
    """A sentence in Indonesian and in English."""

    id: str
    en: str


class PersonOut(Out):
    employee_id: UUID
    nip: str
    name: str
    unit: str


class ChangedOut(Out):
    person: PersonOut
    before: Rupiah
    now: Rupiah
    reasons: list[SaidOut]


class OverspentOut(Out):
    subject: str
    who: str
    amount: Rupiah
    limit: Rupiah
    source: str


class SharedAccountOut(Out):
    bank: str
    account: str
    people: list[PersonOut]


class ComparisonOut(Out):
    """A run beside the one before. `digest` names what is told here: the approval of the run asks for it.

    changed: the fifty who changed most, with the reasons; changed_count: how many changed at all.
    """

    run_id: UUID
    digest: str
    against: UUID | None
    against_period: str | None
    net_before: Rupiah
    net_now: Rupiah
    changed_count: int
    changed: list[ChangedOut]
    new: list[PersonOut]
    gone: list[PersonOut]
    zero: list[PersonOut]
    above_ceiling: list[OverspentOut]
    over_budget: list[OverspentOut]
    shared_accounts: list[SharedAccountOut]
    without_account: list[PersonOut]
    without_npwp: list[PersonOut]

    @classmethod
    def of(cls, comparison: Comparison) -> "ComparisonOut":
        return cls.model_validate(comparison)


class Approval(BaseModel):
    """`seen`: the digest of GET /runs/{id}/comparison, which the approver has looked at."""

    model_config = ConfigDict(extra="forbid")

    seen: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class LimitGiven(BaseModel):
    """`subject`: the kelas jabatan ("7") of a monthly ceiling, or the code of an office with a yearly budget."""

    model_config = ConfigDict(extra="forbid")

    kind: LimitKind
    subject: Name
    valid_from: date
    amount: Annotated[int, Field(strict=True, ge=0, lt=10**15)]
    source: Name

    @model_validator(mode="after")
    def _class_is_a_number(self) -> Self:
        if self.kind is LimitKind.CLASS_MONTH and self.subject not in {str(kelas) for kelas in range(1, 18)}:
            raise ValueError("the subject of a class's ceiling is its kelas jabatan, 1 to 17")
        return self


class LimitsGiven(BaseModel):
    model_config = ConfigDict(extra="forbid")

    limits: Annotated[list[LimitGiven], Field(min_length=1, max_length=1000)]


class LimitOut(Out):
    kind: LimitKind
    subject: str
    valid_from: date
    amount: Rupiah
    source: str
    set_by: UUID
    set_at: datetime

    @classmethod
    def of(cls, row: LimitRow) -> "LimitOut":
        return cls.model_validate(row)
