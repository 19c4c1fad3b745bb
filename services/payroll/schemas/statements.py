"""Statements, the preview and the feed over HTTP."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from services.payroll.rules.lifecycle import RunState
from services.payroll.tables import RunRow, StatementRow
from shared.events import Event
from shared.events.allowance import AllowanceFinalized
from shared.money import Rupiah
from shared.words import RunKind


class Behind(BaseModel):
    """Work dates of attendance, and work dates with the ids of the activities approved for them."""

    days: list[str]
    activities: dict[str, list[str]]


class LineOut(BaseModel):
    """An amount and why: rule, article, the formula in words, its numbers, and what is behind them."""

    kind: str
    rule: str
    name: str
    article: str
    amount: Rupiah
    formula: str
    inputs: dict[str, Any]
    behind: Behind


class ResultOut(BaseModel):
    """How well a part was filled."""

    part: str
    article: str
    share: str
    formula: str
    inputs: dict[str, Any]
    behind: Behind


class StatementBody(BaseModel):
    """An explained statement; `totals` and `criteria` in whole rupiah, as strings.

    tables: the national tables it rests on, each with its first day and the hash of its content.
    """

    employee_id: UUID
    nip: str
    period: dict[str, str]
    policy: dict[str, str]
    results: list[ResultOut]
    lines: list[LineOut]
    criteria: dict[str, str]
    totals: dict[str, str]
    suspended_until: str | None
    tables: dict[str, dict[str, str]] = {}
    warnings: list[dict[str, Any]]


class StatementOut(StatementBody):
    """A stored statement with what proves it: hashes of inputs and result, salt and leaf of the run's Merkle tree."""

    statement_id: UUID
    run_id: UUID
    inputs_hash: str
    statement_hash: str
    salt: str
    leaf: str

    @classmethod
    def of(cls, row: StatementRow, body: dict[str, Any]) -> "StatementOut":
        return cls.model_validate(
            body
            | {
                "statement_id": row.statement_id,
                "run_id": row.run_id,
                "inputs_hash": row.inputs_hash,
                "statement_hash": row.statement_hash,
                "salt": row.salt.hex(),
                "leaf": row.leaf.hex(),
            }
        )


class PreviewOut(StatementBody):
    """Where somebody stands on a day, if nothing more came in; nothing of it is promised or stored."""

    as_of: date


class OwnStatement(BaseModel):
    statement_id: UUID
    run_id: UUID
    period: str
    kind: RunKind
    state: RunState
    gross: Rupiah
    deductions: Rupiah
    net: Rupiah

    @classmethod
    def of(cls, row: StatementRow, run: RunRow) -> "OwnStatement":
        return cls(
            statement_id=row.statement_id,
            run_id=row.run_id,
            period=row.period,
            kind=RunKind(run.kind),
            state=RunState(run.state),
            gross=row.gross,
            deductions=row.deductions,
            net=row.net,
        )


class FeedRun(BaseModel):
    """Control totals of a run that the page's allowances belong to, as its AllowanceRunFinalized says them."""

    run_id: UUID
    period: str
    kind: RunKind
    count: int
    gross: Rupiah
    deductions: Rupiah
    net: Rupiah
    hash_total: str
    digest: str
    first_sequence: int
    last_sequence: int

    @classmethod
    def of(cls, run: RunRow) -> "FeedRun":
        return cls.model_validate(run, from_attributes=True)


class FeedItem(BaseModel):
    """`id`: of the same fact on the topic. `data`: what the topic's event holds."""

    id: UUID
    time: datetime
    data: dict[str, Any]

    @classmethod
    def of(cls, event: Event) -> "FeedItem":
        return cls(id=event.event_id, time=event.occurred_at, data=event.content)


class FeedPage(BaseModel):
    """`next_after`: the cursor for the next page. `upto`: how far the feed reaches now."""

    allowances: list[FeedItem]
    runs: list[FeedRun]
    next_after: int
    upto: int

    @classmethod
    def of(cls, found: Sequence[AllowanceFinalized], runs: Sequence[RunRow], after: int, upto: int) -> "FeedPage":
        return cls(
            allowances=[FeedItem.of(one) for one in found],
            runs=[FeedRun.of(run) for run in runs],
            next_after=found[-1].feed_sequence if found else after,
            upto=upto,
        )
