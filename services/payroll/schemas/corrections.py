"""Corrections over HTTP."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from services.payroll.queries.corrections import CauseStanding, Detail, Found
from services.payroll.rules import formula
from services.payroll.rules.corrections import LineDifference
from services.payroll.rules.lifecycle import RunState
from services.payroll.tables import CauseKind
from shared.money import Rupiah
from shared.words import RunKind


class CorrectionAside(BaseModel):
    """Whose month could not be computed again, and what to do."""

    employee_id: UUID
    run_kind: RunKind
    reason: str
    remedy: str


class CauseOut(BaseModel):
    """Why a paid month was looked at again. `reference` links to the event, closing, version or policy."""

    cause_id: UUID
    kind: CauseKind
    reference: dict[str, Any]
    noted_at: datetime
    looked_at: int
    unchanged: int
    differing: int
    done: bool
    failure: str | None
    set_aside: list[CorrectionAside]

    @classmethod
    def of(cls, found: CauseStanding) -> "CauseOut":
        return cls(
            cause_id=found.row.cause_id,
            kind=CauseKind(found.row.kind),
            reference=found.row.reference,
            noted_at=found.row.noted_at,
            looked_at=found.looked_at,
            unchanged=found.unchanged,
            differing=found.differing,
            done=not found.waiting,
            failure=found.failure,
            set_aside=[
                CorrectionAside(
                    employee_id=one.employee_id, run_kind=RunKind(one.kind), reason=one.reason, remedy=one.remedy
                )
                for one in found.set_aside
            ],
        )


class CorrectionOut(BaseModel):
    """A paid month computed again. `open`: what is still to be paid, or (negative) taken back, of the difference.

    run_kind: of the run that paid it; induk stands for susulan as well. base_month: whose facts count, where that is
    not the period itself (THR, TPP-13, terusan).
    """

    correction_id: UUID
    employee_id: UUID
    nip: str
    name: str
    period: str
    run_kind: RunKind
    base_month: str | None
    number: int
    cause_id: UUID
    cause: str
    statement_id: UUID
    earlier_id: UUID | None
    tpp_before: Rupiah
    tpp_after: Rupiah
    difference: Rupiah
    open: Rupiah
    computed_at: datetime

    @classmethod
    def of(cls, found: Found) -> "CorrectionOut":
        return cls.model_validate(_plain(found))


def _plain(found: Found) -> dict[str, Any]:
    columns = (
        *("correction_id", "employee_id", "period", "base_month", "number", "cause_id", "cause"),
        *("statement_id", "earlier_id"),
        *("tpp_before", "tpp_after", "difference", "computed_at"),
    )
    named: dict[str, Any] = {"nip": found.nip, "name": found.name, "run_kind": found.row.kind}
    named["open"] = found.row.difference - found.settled
    return {name: getattr(found.row, name) for name in columns} | named


class CorrectionPage(BaseModel):
    """`next_after`: give it as `after` for the next page; None on the last."""

    causes: list[CauseOut]
    corrections: list[CorrectionOut]
    next_after: UUID | None

    @classmethod
    def page(cls, causes: Sequence[CauseStanding], found: Sequence[Found], limit: int) -> "CorrectionPage":
        return cls(
            causes=[CauseOut.of(one) for one in causes],
            corrections=[CorrectionOut.of(one) for one in found],
            next_after=found[-1].row.correction_id if len(found) == limit else None,
        )


class ChangeOut(BaseModel):
    what: str
    before: str
    after: str


class LineDifferenceOut(BaseModel):
    """A line that differs, with the formula of either side; None where there was no such line."""

    kind: str
    rule: str
    name: str
    article: str
    before: Rupiah | None
    after: Rupiah | None
    difference: Rupiah
    formula_before: str | None
    formula_after: str | None

    @classmethod
    def of(cls, line: LineDifference) -> "LineDifferenceOut":
        return cls(
            kind=line.kind,
            rule=line.rule,
            name=line.name,
            article=line.article,
            before=line.before,
            after=line.after,
            difference=line.difference,
            formula_before=_formula(line, line.inputs_before),
            formula_after=_formula(line, line.inputs_after),
        )


def _formula(line: LineDifference, inputs: Any) -> str | None:
    if inputs is None:
        return None
    return formula(
        {
            "kind": line.kind,
            "rule": line.rule,
            "name": line.name,
            "article": line.article,
            "amount": "0",
            "inputs": inputs,
        }
    )


class PaidByOut(BaseModel):
    """A run whose statement pays (or takes back) some of it; it counts once the run is approved."""

    run_id: UUID
    period: str
    kind: RunKind
    state: RunState
    amount: Rupiah


class SideOut(BaseModel):
    """A statement as it is stored: totals in whole rupiah, as strings, results and lines."""

    statement_hash: str
    policy: dict[str, str]
    totals: dict[str, str]
    results: list[dict[str, Any]]
    lines: list[dict[str, Any]]

    @classmethod
    def of(cls, body: dict[str, Any], statement_hash: str) -> "SideOut":
        return cls.model_validate(
            {name: body[name] for name in ("policy", "totals", "results", "lines")} | {"statement_hash": statement_hash}
        )


class CorrectionDetailOut(CorrectionOut):
    """Both statements side by side, what differs between them by line and fact, and the runs that pay it."""

    kind: CauseKind
    reference: dict[str, Any]
    changes: list[ChangeOut]
    differences: list[LineDifferenceOut]
    before: SideOut
    after: SideOut
    paid_by: list[PaidByOut]

    @classmethod
    def of_detail(cls, found: Detail) -> "CorrectionDetailOut":
        return cls.model_validate(
            _plain(found)
            | {
                "kind": found.cause.kind,
                "reference": found.cause.reference,
                "changes": found.row.changes,
                "differences": [LineDifferenceOut.of(line) for line in found.lines],
                "before": SideOut.of(found.before, found.row.hash_before),
                "after": SideOut.of(found.after, found.row.statement_hash),
                "paid_by": [
                    PaidByOut(
                        run_id=run.run_id,
                        period=run.period,
                        kind=RunKind(run.kind),
                        state=RunState(run.state),
                        amount=line.amount,
                    )
                    for line, run in found.paid_by
                ],
            }
        )
