"""What a region's own payroll system reads on its topic, and what it answers."""

from typing import ClassVar
from uuid import UUID

from pydantic import Field

from shared.events.activity import Digest
from shared.events.envelope import Event
from shared.events.identity import BankAccount, Stated
from shared.events.once import once
from shared.events.payroll import RunTotals
from shared.money import Rupiah
from shared.period import PeriodCode
from shared.words import RunKind


class AllowanceEvent(Event):
    """On the region's own topic; no other region's credentials can read it."""

    source: ClassVar[str] = "allowance"

    run_id: UUID
    period: PeriodCode
    kind: RunKind

    @property
    def topic(self) -> str:
        return f"allowance.v1.{self.tenant_id}"

    @once
    def subject(self) -> str:
        return str(self.run_id)


class AllowanceLine(Stated):
    """A line of a statement: negative amounts are deductions.

    A correction of an earlier month says which one, what changed, and the id of the correction (its code).
    """

    code: str
    text: str
    amount: Rupiah
    corrects: PeriodCode | None = None
    cause: str | None = None


class AllowanceFinalized(AllowanceEvent):
    """What one employee is to be paid. `feed_sequence` counts a region's allowances from 1, without gaps."""

    type: ClassVar[str] = "allowance.finalized.v1"

    feed_sequence: int = Field(ge=1)
    employee_id: UUID
    nip: str
    name: str
    unit: str
    bank: BankAccount | None = None
    gross: Rupiah
    deductions: Rupiah
    net: Rupiah
    lines: tuple[AllowanceLine, ...]
    policy_hash: Digest
    inputs_hash: Digest
    statement_hash: Digest

    @once
    def subject(self) -> str:
        return f"{self.run_id}/{self.employee_id}"

    @once
    def key(self) -> str:
        return f"{self.tenant_id}:{self.employee_id}"


class AllowanceRunFinalized(AllowanceEvent):
    """The run is complete: what was booked of it must equal these totals. It may arrive before its lines."""

    type: ClassVar[str] = "allowance.run-finalized.v1"

    totals: RunTotals
    digest: Digest  # over the statement hashes, in feed order
    first_sequence: int
    last_sequence: int
    checkpoint: str | None = None  # the signed head of the region's log with this run in it: keep it


class AllowanceAcknowledged(Event):
    """The region's payroll system has booked a run, and says what it counted."""

    type: ClassVar[str] = "allowance.acknowledged.v1"
    source: ClassVar[str] = "allowance"

    run_id: UUID
    period: PeriodCode
    count: int = Field(ge=0)
    net: Rupiah
    hash_total: str
    digest: Digest
    booked_by: str

    @property
    def topic(self) -> str:
        return f"allowance-ack.v1.{self.tenant_id}"

    @once
    def subject(self) -> str:
        return str(self.run_id)
