"""Facts the appraisal service states: what a period's work and behaviour were found to be."""

from typing import ClassVar
from uuid import UUID

from pydantic import Field

from shared.events.activity import Digest, PeriodEvent
from shared.events.envelope import Event
from shared.events.identity import Stated
from shared.events.once import once
from shared.period import PeriodCode
from shared.words import Capacity, Predikat, Rating

# the core values of ASN (SE MenPANRB 20/2021), as fields of an appraisal
BERAKHLAK = (
    "berorientasi_pelayanan",
    "akuntabel",
    "kompeten",
    "harmonis",
    "loyal",
    "adaptif",
    "kolaboratif",
)


class AppraisalFinalized(Event):
    """An employee's predikat of a period; a correction is a higher version and names the one it supersedes."""

    type: ClassVar[str] = "appraisal.finalized.v1"
    source: ClassVar[str] = "appraisal"

    employee_id: UUID
    period: PeriodCode
    hasil_kerja: Rating
    perilaku_kerja: Rating
    predikat: Predikat
    evaluator_id: UUID
    capacity: Capacity
    escalated_from: UUID | None = None  # the evaluator who stayed silent, where the next superior appraised
    supersedes: int | None = None
    reason: str | None = None  # of a correction
    # perilaku by the values of BerAKHLAK, where they were rated one by one
    berorientasi_pelayanan: Rating | None = None
    akuntabel: Rating | None = None
    kompeten: Rating | None = None
    harmonis: Rating | None = None
    loyal: Rating | None = None
    adaptif: Rating | None = None
    kolaboratif: Rating | None = None
    salt: Digest

    @once
    def subject(self) -> str:
        return f"{self.employee_id}/{self.period}"

    @once
    def key(self) -> str:
        return f"{self.tenant_id}:{self.employee_id}"


class AppraisalTotals(Stated):
    employees: int = Field(ge=0)  # who were to be appraised
    appraisals: int = Field(ge=0)  # who were
    by_predikat: dict[Predikat, int]


class AppraisalPeriodClosed(PeriodEvent):
    """The period's appraisals are complete, on the activity closing that `activity_close_seq` names."""

    type: ClassVar[str] = "appraisal.period-closed.v1"
    source: ClassVar[str] = "appraisal"

    activity_close_seq: int = Field(ge=1)
    supersedes: int | None = None
    totals: AppraisalTotals
    root: Digest
    evaluators_in_default: tuple[UUID, ...] = ()  # had staff to appraise and did not
    reason: str | None = None  # for closing while some were not appraised
    closed_by: UUID


class EmployeeCount(Stated):
    """What a reader holds of one employee in a period."""

    employee_id: UUID
    records: int = Field(ge=0)  # activities and attendance days, or appraisals
    amount: int = Field(ge=0)  # minutes; 0 where the records have none


class ReconciliationRequested(Event):
    """A reader holds other facts than a closing says: the owner sends those of the differing employees again.

    One request may come in parts: a part speaks for the employees whose id is above `after` and up to `upto`.
    """

    source: ClassVar[str] = "appraisal"
    type: ClassVar[str] = "appraisal.reconciliation-requested.v1"

    owner: str  # the service asked: "activity" or "appraisal"
    period: PeriodCode
    close_seq: int = Field(ge=1)
    part: int = Field(default=1, ge=1)
    after: UUID | None = None
    upto: UUID | None = None
    held: tuple[EmployeeCount, ...]

    @once
    def subject(self) -> str:
        return f"{self.owner}/{self.period}/{self.close_seq}/{self.part}"

    @once
    def key(self) -> str:
        return f"{self.tenant_id}:{self.period}"
