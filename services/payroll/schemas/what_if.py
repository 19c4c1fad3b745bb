"""What-if reports over HTTP."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from services.payroll.rules.what_if import Change, Compared, Report, WhatIf
from services.payroll.schemas.periods import MONTH
from services.payroll.schemas.policies import PolicyHash
from services.payroll.tables import WhatIfRow
from shared.money import Rupiah
from shared.words import RunKind

MOST_BLOCKED = 100


class WhatIfAsk(BaseModel):
    """Over which month (or one run of it), and the draft: its text, or the hash of a policy that is stored."""

    model_config = ConfigDict(extra="forbid")

    period: Annotated[str, StringConstraints(pattern=MONTH)]
    run_id: UUID | None = None
    document: Annotated[str, Field(min_length=1, max_length=2_000_000)] | None = None
    policy_hash: PolicyHash | None = None

    @model_validator(mode="after")
    def _one_draft(self) -> Self:
        if (self.document is None) == (self.policy_hash is None):
            raise ValueError("give either document or policy_hash")
        return self


class GroupOut(BaseModel):
    """TPP paid out, its cost to the region (gross) and net, before and after, of a unit, a kelas, or all."""

    model_config = ConfigDict(from_attributes=True)

    name: str
    people: int
    winners: int
    losers: int
    before: Rupiah
    after: Rupiah
    gross_before: Rupiah
    gross_after: Rupiah
    net_before: Rupiah
    net_after: Rupiah


class BandOut(BaseModel):
    """People whose TPP changes by more than one edge and up to the other, in percent; both 0: unchanged."""

    model_config = ConfigDict(from_attributes=True)

    low: int | None
    high: int | None
    people: int
    difference: Rupiah


class QuantileOut(BaseModel):
    """The difference of TPP that so many percent of the people do not exceed."""

    percent: int
    difference: Rupiah


class ChangeOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    rule: str
    name: str
    before: Rupiah
    after: Rupiah


class ComparedOut(BaseModel):
    """Somebody under both policies, and the lines that make most of the difference."""

    employee_id: UUID
    nip: str
    name: str
    unit: str
    kelas: int
    before: Rupiah
    after: Rupiah
    net_before: Rupiah
    net_after: Rupiah
    because: list[ChangeOut]

    @classmethod
    def of(cls, one: Compared, because: Sequence[Change]) -> "ComparedOut":
        plain = {name: getattr(one, name) for name in cls.model_fields if name != "because"}
        return cls.model_validate(plain | {"because": [ChangeOut.model_validate(line) for line in because]})


class BlockedOut(BaseModel):
    """Whom the draft could not pay."""

    model_config = ConfigDict(from_attributes=True)

    nip: str
    name: str
    unit: str
    why: str


class WhatIfHead(BaseModel):
    """A what-if without its contents. `difference`: of TPP paid out, after less before."""

    model_config = ConfigDict(from_attributes=True)

    what_if_id: UUID
    run_id: UUID
    period: str
    policy_hash: str
    draft_hash: str
    draft_name: str
    employees: int
    difference: Rupiah
    made_by: UUID
    made_at: datetime

    @classmethod
    def of(cls, row: WhatIfRow) -> "WhatIfHead":
        return cls.model_validate(row)


class WhatIfOut(WhatIfHead):
    """The report. Everybody by name is in its XLSX. `blocked`: the first of those whom the draft could not pay."""

    run_kind: RunKind
    policy_name: str
    total: GroupOut
    units: list[GroupOut]
    classes: list[GroupOut]
    bands: list[BandOut]
    quantiles: list[QuantileOut]
    winners: list[ComparedOut]
    losers: list[ComparedOut]
    blocked_count: int
    blocked: list[BlockedOut]

    @classmethod
    def of_report(cls, row: WhatIfRow, found: WhatIf) -> "WhatIfOut":
        return cls.model_validate(
            WhatIfHead.of(row).model_dump()
            | {"run_kind": found.run_kind, "policy_name": found.policy_name}
            | _summed(found.report)
            | {
                "winners": [ComparedOut.of(one, found.reasons[one.employee_id]) for one in found.report.winners],
                "losers": [ComparedOut.of(one, found.reasons[one.employee_id]) for one in found.report.losers],
                "blocked_count": len(found.blocked),
                "blocked": [BlockedOut.model_validate(one) for one in found.blocked[:MOST_BLOCKED]],
            }
        )


def _summed(report: Report) -> dict[str, object]:
    return {
        "total": GroupOut.model_validate(report.total),
        "units": [GroupOut.model_validate(one) for one in report.units],
        "classes": [GroupOut.model_validate(one) for one in report.classes],
        "bands": [BandOut.model_validate(one) for one in report.bands],
        "quantiles": [{"percent": percent, "difference": rupiah} for percent, rupiah in report.quantiles],
    }
