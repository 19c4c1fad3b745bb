"""Runs over HTTP."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.payroll.queries.recomputation import Recomputed
from services.payroll.queries.runs import RunDetail
from services.payroll.rules.lifecycle import RunState
from services.payroll.schemas.periods import MONTH
from services.payroll.tables import AcknowledgementRow, RunRow, StatementRow
from shared.money import Rupiah
from shared.texts import Name, Reason
from shared.words import RunKind


class RunStart(BaseModel):
    """`early`: before the month is closed, at 100 % (induk, susulan). `employees`: whose heirs are paid (terusan)."""

    model_config = ConfigDict(extra="forbid")

    period: Annotated[str, StringConstraints(pattern=MONTH)]
    kind: RunKind = RunKind.INDUK
    early: bool = False
    employees: Annotated[list[UUID], Field(max_length=1000)] = []


class Verification(BaseModel):
    """`accept_incomplete`: those set aside are left out on purpose, and paid by a run of kind susulan."""

    model_config = ConfigDict(extra="forbid")

    accept_incomplete: bool = False


class Cancellation(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reason: Reason


class Payment(BaseModel):
    """`reference`: of the SP2D or of the bank."""

    model_config = ConfigDict(extra="forbid")

    reference: Name


class TotalsOut(BaseModel):
    """Control totals; `hash_total` over the payees' account numbers."""

    count: int
    gross: Rupiah
    deductions: Rupiah
    net: Rupiah
    hash_total: str
    root: str
    digest: str


class TermsOut(BaseModel):
    """What grants a run beside the month's own: rule and article, the month whose facts count, and its share."""

    kind: str
    rule: str
    name: str
    article: str
    of: str
    share: str
    contributions: bool
    performance: str


class RunOut(BaseModel):
    """`terms`: None for a month's own run. Closings are 0 for a run that rests on none."""

    run_id: UUID
    period: str
    kind: RunKind
    state: RunState
    policy_hash: str
    terms: TermsOut | None
    activity_close_seq: int
    appraisal_close_seq: int
    employees: int
    totals: TotalsOut | None
    created_by: UUID
    created_at: datetime
    verified_by: UUID | None
    approved_by: UUID | None
    first_sequence: int | None
    last_sequence: int | None

    @classmethod
    def of(cls, run: RunRow) -> "RunOut":
        return cls.model_validate(
            {name: getattr(run, name, None) for name in cls.model_fields} | {"totals": _totals(run)}
        )


def _totals(run: RunRow) -> TotalsOut | None:
    if run.count is None or run.root is None:
        return None
    named = {name: getattr(run, name) for name in ("count", "gross", "deductions", "net", "hash_total", "digest")}
    return TotalsOut(root=run.root.hex(), **named)


class SetAsideOut(BaseModel):
    employee_id: UUID
    reason: str
    remedy: str


class HistoryOut(BaseModel):
    act: str
    state: RunState
    at: datetime
    by: UUID | None
    note: str | None


class AcknowledgementOut(BaseModel):
    """What the region's payroll system booked."""

    count: int
    net: Rupiah
    hash_total: str
    digest: str
    booked_by: str
    agrees: bool
    heard_at: datetime

    @classmethod
    def of(cls, row: AcknowledgementRow) -> "AcknowledgementOut":
        return cls.model_validate(row, from_attributes=True)


class RefusedChunk(BaseModel):
    """A piece of the run's work that failed, how often, and why; it is tried again after the others."""

    chunk: int
    stage: str
    failures: int
    failure: str


class RunDetailOut(RunOut):
    """`complete`: calculated, and nobody was set aside. `set_aside` names at most 500 of them.

    `refused`: work that failed and is tried again; the run does not get past it.
    """

    chunks: int
    chunks_done: int
    complete: bool
    set_aside_count: int
    set_aside: list[SetAsideOut]
    history: list[HistoryOut]
    acknowledgement: AcknowledgementOut | None
    refused: list[RefusedChunk]

    @classmethod
    def of_detail(cls, detail: RunDetail) -> "RunDetailOut":
        run = RunOut.of(detail.run)
        return cls(
            **{name: getattr(run, name) for name in RunOut.model_fields},
            chunks=detail.chunks,
            chunks_done=detail.done,
            complete=run.totals is not None and not detail.set_aside,
            set_aside_count=detail.set_aside,
            set_aside=[SetAsideOut.model_validate(one, from_attributes=True) for one in detail.aside],
            history=[HistoryOut.model_validate(one, from_attributes=True) for one in detail.history],
            acknowledgement=AcknowledgementOut.of(detail.acknowledgement) if detail.acknowledgement else None,
            refused=[RefusedChunk.model_validate(one, from_attributes=True) for one in detail.refused],
        )


class StatementSummary(BaseModel):
    statement_id: UUID
    employee_id: UUID
    nip: str
    name: str
    gross: Rupiah
    deductions: Rupiah
    net: Rupiah
    statement_hash: str


class StatementPage(BaseModel):
    """`next_after`: give it as `after` for the next page; None on the last."""

    statements: list[StatementSummary]
    next_after: UUID | None

    @classmethod
    def of(cls, rows: Sequence[tuple[StatementRow, str, str]], limit: int) -> "StatementPage":
        columns = ("statement_id", "employee_id", "gross", "deductions", "net", "statement_hash")
        return cls(
            statements=[
                StatementSummary(nip=nip, name=name, **{column: getattr(row, column) for column in columns})
                for row, nip, name in rows
            ],
            next_after=rows[-1][0].employee_id if len(rows) == limit else None,
        )


class RecomputationAsk(BaseModel):
    model_config = ConfigDict(extra="forbid")

    after: UUID | None = None
    limit: int = Field(default=1000, ge=1, le=2000)


class RecomputedOut(BaseModel):
    """`equal`: the same bytes came out. `differing` names what did not."""

    employee_id: UUID
    statement_id: UUID
    equal: bool
    net: Rupiah
    net_again: Rupiah
    differing: list[str]


class RecomputationOut(BaseModel):
    """A page of a run's recomputation, by employee id."""

    equal: int
    different: int
    employees: list[RecomputedOut]
    next_after: UUID | None

    @classmethod
    def of(cls, found: Sequence[Recomputed], limit: int) -> "RecomputationOut":
        return cls(
            equal=sum(not one.differing for one in found),
            different=sum(bool(one.differing) for one in found),
            employees=[
                RecomputedOut(
                    employee_id=one.employee_id,
                    statement_id=one.statement_id,
                    equal=not one.differing,
                    net=one.net,
                    net_again=one.net_again,
                    differing=list(one.differing),
                )
                for one in found
            ],
            next_after=found[-1].employee_id if len(found) == limit else None,
        )
