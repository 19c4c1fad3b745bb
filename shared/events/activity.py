"""Facts the activity service states: plans, approved work, attendance, and the closing of periods."""

from datetime import date
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, StringConstraints

from shared.events.envelope import Event
from shared.events.identity import Stated
from shared.events.once import once
from shared.period import PeriodCode
from shared.quantity import Quantity
from shared.words import Apel, Capacity, LeaveKind, Presence

Salt = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]  # 32 random bytes: makes a leaf unguessable
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]  # SHA-256
ActivityKind = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]  # lembur, umum: a region's words


class ActivityEvent(Event):
    """Keyed by employee, so one person's facts are read in their order."""

    source: ClassVar[str] = "activity"

    employee_id: UUID

    @once
    def key(self) -> str:
        return f"{self.tenant_id}:{self.employee_id}"


class Indicator(Stated):
    indicator_id: UUID
    aspect: Literal["kuantitas", "kualitas", "waktu", "biaya"]
    text: str
    target: Quantity | None = None  # None: a described target (pendekatan kualitatif)
    target_text: str | None = None
    unit: str


class Result(Stated):
    """A work result (RHK) of a plan, and the superior's result it derives from."""

    result_id: UUID
    kind: Literal["utama", "tambahan"]
    text: str
    superior_result_id: UUID | None = None
    weight: Quantity | None = None  # percent; where a region uses weights they total 100
    indicators: tuple[Indicator, ...]


class PlanApproved(ActivityEvent):
    """An SKP was agreed and frozen; a change is a new version of the same plan."""

    type: ClassVar[str] = "activity.plan-approved.v1"

    plan_id: UUID
    position_id: UUID
    first_day: date
    last_day: date
    valid_from: date | None = None  # this version holds from then on, its predecessor until the day before
    approach: Literal["kuantitatif", "kualitatif"]
    results: tuple[Result, ...]
    approved_by: UUID
    capacity: Capacity

    @once
    def subject(self) -> str:
        return str(self.plan_id)


class ActivityApproved(ActivityEvent):
    """A supervisor accepted an activity; its minutes now count in the month of its work date."""

    type: ClassVar[str] = "activity.approved.v1"

    activity_id: UUID
    work_date: date
    period: PeriodCode
    minutes: int = Field(ge=1, le=1440)
    result_id: UUID
    quantity: Quantity | None = None
    quantity_unit: str | None = None
    approved_by: UUID
    capacity: Capacity
    kind: ActivityKind | None = None  # None: tugas dan fungsi (tusi)
    salt: Salt

    @once
    def subject(self) -> str:
        return str(self.activity_id)


class ApprovalWithdrawn(ActivityEvent):
    """An approval was taken back before the period closed; `version` is above that of the approval."""

    type: ClassVar[str] = "activity.approval-withdrawn.v1"

    activity_id: UUID
    work_date: date
    period: PeriodCode
    withdrawn_by: UUID
    reason: str

    @once
    def subject(self) -> str:
        return str(self.activity_id)


class AttendanceDaySettled(ActivityEvent):
    """What one employee-day came to; settled again, it is stated with a higher version."""

    type: ClassVar[str] = "activity.attendance-day-settled.v1"

    work_date: date
    period: PeriodCode
    scheduled: bool  # a working day of this employee, leave and duty included
    presence: Presence
    leave_kind: LeaveKind | None = None
    expected_in_at: AwareDatetime | None = None
    expected_out_at: AwareDatetime | None = None
    actual_in_at: AwareDatetime | None = None
    actual_out_at: AwareDatetime | None = None
    late_minutes: int = Field(default=0, ge=0)
    early_minutes: int = Field(default=0, ge=0)
    missing_in: bool = False
    missing_out: bool = False
    apel: Apel = Apel.NONE
    # None where there is nothing to say, as before these fields were: the day keeps its leaf
    out_minutes: int | None = Field(default=None, ge=1)  # away within the hours, without permission
    permitted_out_minutes: int | None = Field(default=None, ge=1)
    letter: bool | None = None  # of leave: whether its letter (of a doctor, for sakit) was handed in
    inpatient: bool | None = None  # of sakit: rawat inap
    leave_refused: bool | None = None  # of a day tanpa keterangan: leave was asked for and refused
    salt: Salt

    @once
    def subject(self) -> str:
        return f"{self.employee_id}/{self.work_date}"


class PeriodTotals(Stated):
    """Counts and exact sums of what a closed period holds."""

    activities: int = Field(ge=0)
    minutes: int = Field(ge=0)
    attendance_days: int = Field(ge=0)
    employees: int = Field(ge=0)  # with at least one of either


class PeriodEvent(Event):
    """Keyed by period, so it can overtake the facts it ends: readers compare, and do not assume."""

    source: ClassVar[str] = "activity"

    period: PeriodCode
    close_seq: int = Field(ge=1)  # counts the closings of this period

    @once
    def subject(self) -> str:
        return self.period


class PeriodClosed(PeriodEvent):
    """The period's facts are complete; what a reader holds must equal these totals and this root."""

    type: ClassVar[str] = "activity.period-closed.v1"

    first_day: date
    last_day: date
    supersedes: int | None = None  # an earlier close_seq
    totals: PeriodTotals
    root: Digest  # Merkle root over the period's employees, each a tree of their records: shared.ledger.leaves
    closed_by: UUID
    checkpoint: str | None = None  # the signed head of the region's log of records with this closing: keep it


class PeriodReopened(PeriodEvent):
    """The closing `close_seq` no longer holds; a higher one will follow."""

    type: ClassVar[str] = "activity.period-reopened.v1"

    reason: str
    reopened_by: UUID
