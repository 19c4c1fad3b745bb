"""Facts the identity service states: who is who, where, and under whom."""

from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared.events.envelope import Event
from shared.events.once import once
from shared.words import AssignmentKind, JenisJabatan, StatusAsn, TenantKind, UnitKind


class Stated(BaseModel):
    """A part of a fact."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class IdentityEvent(Event):
    source: ClassVar[str] = "identity"


class TenantConfigured(IdentityEvent):
    """A region joined, or its name, kind or zone was set anew."""

    type: ClassVar[str] = "identity.tenant-configured.v1"

    name: str
    kind: TenantKind
    zone: Literal["Asia/Jakarta", "Asia/Pontianak", "Asia/Makassar", "Asia/Jayapura"]


class UnitChanged(IdentityEvent):
    """A unit's whole state: OPD, UPT, korwil or a part of one."""

    type: ClassVar[str] = "identity.unit-changed.v1"

    unit_id: UUID
    code: str
    name: str
    kind: UnitKind
    parent_id: UUID | None = None
    active_from: date
    active_to: date | None = None

    @once
    def subject(self) -> str:
        return str(self.unit_id)


class PositionTerm(Stated):
    """What a position was from a day on; a term lasts until the next begins."""

    valid_from: date
    name: str
    jenis_jabatan: JenisJabatan
    kelas_jabatan: int  # 1..17
    unit_id: UUID
    reports_to: UUID | None = None  # position
    eselon: str | None = None


class PositionChanged(IdentityEvent):
    """A position's whole dated state: class, unit and whom it reports to."""

    type: ClassVar[str] = "identity.position-changed.v1"

    position_id: UUID
    code: str
    terms: tuple[PositionTerm, ...]  # by valid_from, ascending
    active_to: date | None = None

    @once
    def subject(self) -> str:
        return str(self.position_id)


class NipTerm(Stated):
    valid_from: date
    nip: str  # 18 digits; a person's number may change, the person's id does not


class StatusTerm(Stated):
    valid_from: date
    status_asn: StatusAsn
    golongan: str  # PNS: I/a..IV/e, PPPK: I..XVII


class BankAccount(Stated):
    bank_code: str
    bank_name: str
    number: str
    holder: str


class Assignment(Stated):
    """One dated holding of a position; `valid_to` is the last day, None while it lasts."""

    assignment_id: UUID
    position_id: UUID
    kind: AssignmentKind
    valid_from: date
    valid_to: date | None = None


class MasaKerja(Stated):
    """Masa kerja golongan as it was on a day: whole years, and months beyond them."""

    years: int = Field(ge=0, le=60)
    months: int = Field(ge=0, le=11)
    on: date


class EmployeeChanged(IdentityEvent):
    """An employee's full dated state; readers keep the newest version."""

    type: ClassVar[str] = "identity.employee-changed.v1"

    employee_id: UUID
    name: str
    birth_date: date
    nips: tuple[NipTerm, ...]
    statuses: tuple[StatusTerm, ...]
    assignments: tuple[Assignment, ...]
    ptkp: str = "TK/0"  # at the start of the tax year
    npwp: str | None = None
    nik: str | None = None
    address: str | None = None
    masa_kerja: MasaKerja | None = None
    bank: BankAccount | None = None
    left_on: date | None = None  # first day no longer employed

    @once
    def subject(self) -> str:
        return str(self.employee_id)


class SessionRevoked(IdentityEvent):
    """Access tokens of an account that were issued before a moment are void, wherever they are shown."""

    type: ClassVar[str] = "identity.session-revoked.v1"

    account_id: UUID
    session_id: UUID | None = None  # None: every session of the account
    issued_before: AwareDatetime
    reason: str

    @once
    def subject(self) -> str:
        return str(self.account_id)
