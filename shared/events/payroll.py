"""Facts the payroll service states to the other services."""

from typing import ClassVar
from uuid import UUID

from pydantic import Field

from shared.events.activity import Digest
from shared.events.appraisal import ReconciliationRequested
from shared.events.envelope import Event
from shared.events.identity import Stated
from shared.events.once import once
from shared.money import Rupiah
from shared.period import PeriodCode
from shared.words import RunKind


class PayrollReconciliationRequested(ReconciliationRequested):
    """As appraisal's request, asked by payroll."""

    source: ClassVar[str] = "payroll"
    type: ClassVar[str] = "payroll.reconciliation-requested.v1"


class RunTotals(Stated):
    """Control totals of a run (batch total and hash total, as treasurers and banks know them)."""

    count: int = Field(ge=0)  # statements
    gross: Rupiah
    deductions: Rupiah
    net: Rupiah
    hash_total: str  # shared.control.hash_total over the payees' account numbers


class PayrollRunEvent(Event):
    source: ClassVar[str] = "payroll"

    run_id: UUID
    period: PeriodCode
    kind: RunKind


class CorrectionPaid(Stated):
    """A line of a statement that pays (or takes back: negative) for an earlier month that was computed again.

    cause: what changed, in words. kind: of the run that paid it; induk stands for a month's own TPP, by whichever run.
    """

    correction_id: UUID
    period: PeriodCode
    kind: RunKind = RunKind.INDUK
    cause: str
    amount: Rupiah


class AllowanceCalculated(PayrollRunEvent):
    """The statement of one employee in one run. `corrections`: what it pays or takes back for earlier months."""

    type: ClassVar[str] = "payroll.allowance-calculated.v1"

    employee_id: UUID
    gross: Rupiah
    deductions: Rupiah
    net: Rupiah
    policy_hash: Digest
    inputs_hash: Digest
    statement_hash: Digest
    corrections: tuple[CorrectionPaid, ...] = ()

    @once
    def subject(self) -> str:
        return f"{self.run_id}/{self.employee_id}"

    @once
    def key(self) -> str:
        return f"{self.tenant_id}:{self.employee_id}"


class RunClosed(PayrollRunEvent):
    """Every statement of the run is calculated; `set_aside` employees could not be and are named in the run.

    A closing of 0: the run rests on none, as THR and a month paid early.
    """

    type: ClassVar[str] = "payroll.run-closed.v1"

    totals: RunTotals
    root: Digest
    set_aside: int = Field(default=0, ge=0)
    activity_close_seq: int = Field(ge=0)
    appraisal_close_seq: int = Field(ge=0)

    @once
    def subject(self) -> str:
        return str(self.run_id)


class RunApproved(PayrollRunEvent):
    type: ClassVar[str] = "payroll.run-approved.v1"

    totals: RunTotals
    verified_by: UUID
    approved_by: UUID
    checkpoint: str | None = None  # the signed head of the region's log with this run in it: keep it

    @once
    def subject(self) -> str:
        return str(self.run_id)
