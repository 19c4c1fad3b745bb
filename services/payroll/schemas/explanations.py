"""Explanations, alternatives and traces over HTTP."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.payroll.queries.explanations import Computed
from services.payroll.queries.trace import ActivityTrace, Traced
from services.payroll.rules.counterfactual import Alternatives, Counterfactual, NotOffered
from services.payroll.rules.explanation import Node
from services.payroll.rules.lifecycle import RunState
from shared.money import Rupiah
from shared.words import RunKind


class SaidOut(BaseModel):
    """A sentence in Indonesian and in English."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    en: str


class NodeOut(BaseModel):
    """A node of the tree: the amounts of `parts` add up to `amount`; `evidence` is what it rests on, adding nothing."""

    model_config = ConfigDict(from_attributes=True)

    kind: str
    label: SaidOut
    amount: Rupiah | None
    rule: str
    article: str
    formula: SaidOut
    inputs: dict[str, Any]
    parts: list["NodeOut"]
    evidence: list["NodeOut"]


class ExplanationOut(BaseModel):
    """A statement as a tree; the root is the net amount. `statement_hash`: of the bytes it tells of."""

    statement_id: UUID
    run_id: UUID
    employee_id: UUID
    period: str
    statement_hash: str
    inputs_hash: str
    policy_hash: str
    tree: NodeOut

    @classmethod
    def of(cls, found: Computed, tree: Node) -> "ExplanationOut":
        row = found.row
        return cls(
            statement_id=row.statement_id,
            run_id=row.run_id,
            employee_id=row.employee_id,
            period=row.period,
            statement_hash=row.statement_hash,
            inputs_hash=row.inputs_hash,
            policy_hash=found.policy.hash,
            tree=NodeOut.model_validate(tree),
        )


class MovedOut(BaseModel):
    """A line that would have been another."""

    model_config = ConfigDict(from_attributes=True)

    kind: str
    rule: str
    name: str
    article: str
    amount: Rupiah
    would_be: Rupiah


class AlternativeOut(BaseModel):
    """What would have been paid with one thing changed."""

    model_config = ConfigDict(from_attributes=True)

    key: str
    title: SaidOut
    changed: SaidOut
    tpp: Rupiah
    net: Rupiah
    tpp_difference: Rupiah
    net_difference: Rupiah
    moved: list[MovedOut]

    @classmethod
    def of(cls, one: Counterfactual) -> "AlternativeOut":
        return cls.model_validate(one)


class NotOfferedOut(BaseModel):
    """A question without an answer here, and why."""

    model_config = ConfigDict(from_attributes=True)

    key: str
    title: SaidOut
    reason: SaidOut

    @classmethod
    def of(cls, one: NotOffered) -> "NotOfferedOut":
        return cls.model_validate(one)


class AlternativesOut(BaseModel):
    statement_id: UUID
    net: Rupiah
    alternatives: list[AlternativeOut]
    not_offered: list[NotOfferedOut]

    @classmethod
    def of(cls, found: Computed, answers: Alternatives) -> "AlternativesOut":
        return cls(
            statement_id=found.row.statement_id,
            net=found.row.net,
            alternatives=[AlternativeOut.of(one) for one in answers.offered],
            not_offered=[NotOfferedOut.of(one) for one in answers.not_offered],
        )


class AcknowledgedOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    agrees: bool
    booked_by: str
    heard_at: datetime


class CorrectionOut(BaseModel):
    """A line of a later run that settles the month."""

    model_config = ConfigDict(from_attributes=True)

    rule: str
    name: str
    amount: Rupiah
    cause: str


class TracedOut(BaseModel):
    """A statement and what it owes to the activity: `moved` by line, `net` less `net_without` in all."""

    statement_id: UUID
    run_id: UUID
    kind: RunKind
    state: RunState
    period: str
    counted: bool
    net: Rupiah
    net_without: Rupiah
    difference: Rupiah
    moved: list[MovedOut]
    corrections: list[CorrectionOut]
    feed_sequence: int | None
    acknowledged: AcknowledgedOut | None

    @classmethod
    def of(cls, one: Traced) -> "TracedOut":
        return cls(
            statement_id=one.statement_id,
            run_id=one.run_id,
            kind=RunKind(one.kind),
            state=RunState(one.state),
            period=one.period,
            counted=one.counted,
            net=one.net,
            net_without=one.net_without,
            difference=one.net - one.net_without,
            moved=[MovedOut.model_validate(line) for line in one.moved],
            corrections=[
                CorrectionOut(
                    rule=line["rule"], name=line["name"], amount=int(line["amount"]), cause=line["inputs"]["cause"]
                )
                for line in one.corrections
            ],
            feed_sequence=one.feed_sequence,
            acknowledged=AcknowledgedOut.model_validate(one.acknowledged) if one.acknowledged else None,
        )


class ActivityTraceOut(BaseModel):
    """An approved activity and the statements it reached; none: no run has counted it yet."""

    activity_id: UUID
    employee_id: UUID
    period: str
    work_date: date
    minutes: int | None
    withdrawn: bool
    statements: list[TracedOut]

    @classmethod
    def of(cls, found: ActivityTrace) -> "ActivityTraceOut":
        return cls(
            activity_id=found.activity_id,
            employee_id=found.employee_id,
            period=found.period,
            work_date=found.work_date,
            minutes=found.minutes,
            withdrawn=found.withdrawn,
            statements=[TracedOut.of(one) for one in found.statements],
        )
