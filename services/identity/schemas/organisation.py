"""Regions, units, positions and employees over HTTP."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, model_validator

from services.identity.commands.employees import Person
from services.identity.commands.organisation import UnitData
from services.identity.rules import fields
from services.identity.schemas.values import AccountNumber, Code, Day, Given, Nik, NipText, Npwp, Ptkp, Told
from shared.events.identity import Assignment, BankAccount, MasaKerja, NipTerm, PositionTerm, StatusTerm
from shared.texts import Address, Name
from shared.words import AssignmentKind, Capacity, JenisJabatan, StatusAsn, TenantKind, UnitKind

Zone = Literal["Asia/Jakarta", "Asia/Pontianak", "Asia/Makassar", "Asia/Jayapura"]
Kelas = Annotated[int, Field(ge=1, le=17)]
Golongan = Annotated[str, Field(min_length=1, max_length=10, examples=["III/c", "IX"])]


class RegionGiven(Given):
    name: Name
    kind: TenantKind
    zone: Zone


class RegionTold(Told):
    tenant_id: str
    name: str
    kind: TenantKind
    zone: str
    version: int


class AdminGiven(Given):
    """The region's first administrator, or one after the last has gone."""

    nip: NipText
    name: Name


class TwiceTold(Told):
    """A NIP that several regions employ at once."""

    nip: str
    tenant_ids: list[str]


class UnitGiven(Given):
    name: Name
    kind: UnitKind
    parent_id: UUID | None = None
    active_from: Day
    active_to: Day | None = None

    def data(self) -> UnitData:
        return UnitData(self.name, self.kind, self.parent_id, self.active_from, self.active_to)


class NewUnitGiven(UnitGiven):
    code: Code


class UnitTold(Told):
    unit_id: UUID
    code: str
    name: str
    kind: UnitKind
    parent_id: UUID | None
    active_from: date
    active_to: date | None
    version: int


class TermGiven(Given):
    """What a position is from a day on."""

    valid_from: Day
    name: Name
    jenis_jabatan: JenisJabatan
    kelas_jabatan: Kelas
    unit_id: UUID
    reports_to: UUID | None = None
    eselon: Annotated[str, Field(min_length=1, max_length=10)] | None = None

    def term(self) -> PositionTerm:
        return PositionTerm(**self.model_dump(include=set(TermGiven.model_fields)))


class NewPositionGiven(TermGiven):
    code: Code
    active_to: Day | None = None


class LastDayGiven(Given):
    last_day: Day


class PositionTold(Told):
    position_id: UUID
    code: str
    active_to: date | None
    version: int
    terms: list[PositionTerm]


class HolderTold(Told):
    employee_id: UUID
    name: str
    kind: AssignmentKind


class PostTold(Told):
    """A position on a day, and who holds it."""

    position_id: UUID
    code: str
    name: str
    jenis_jabatan: JenisJabatan
    kelas_jabatan: int
    unit_id: UUID
    reports_to: UUID | None
    eselon: str | None
    holders: list[HolderTold]


class PostsTold(Told):
    day: date
    positions: list[PostTold]
    after: str | None = Field(description="give it as `after` to read on; null at the end")


class BankGiven(Given):
    bank_code: Annotated[str, Field(min_length=2, max_length=11, pattern=r"^[0-9A-Za-z]+$")]
    bank_name: Name
    number: AccountNumber
    holder: Name


class MasaKerjaGiven(Given):
    """Masa kerja golongan as it was on a day."""

    years: Annotated[int, Field(ge=0, le=fields.MOST_YEARS)]
    months: Annotated[int, Field(ge=0, le=11)]
    on: Day


class PersonGiven(Given):
    name: Name
    ptkp: Ptkp = "TK/0"
    npwp: Npwp | None = None
    nik: Nik | None = None
    address: Address | None = None
    masa_kerja: MasaKerjaGiven | None = None
    bank: BankGiven | None = None

    def person(self) -> Person:
        bank = BankAccount(**self.bank.model_dump()) if self.bank else None
        served = MasaKerja(**self.masa_kerja.model_dump()) if self.masa_kerja else None
        return Person(
            self.name,
            ptkp=self.ptkp,
            npwp=self.npwp,
            nik=self.nik,
            address=self.address,
            masa_kerja=served,
            bank=bank,
        )


class StatusGiven(Given):
    valid_from: Day
    status_asn: StatusAsn
    golongan: Golongan

    @model_validator(mode="after")
    def _fits(self) -> "StatusGiven":
        self.golongan = fields.golongan(self.status_asn, self.golongan)
        return self

    def term(self) -> StatusTerm:
        return StatusTerm(valid_from=self.valid_from, status_asn=self.status_asn, golongan=self.golongan)


class NewEmployeeGiven(PersonGiven):
    nip: NipText
    status: StatusGiven


class NipGiven(Given):
    nip: NipText
    valid_from: Day


class AssignmentGiven(Given):
    position_id: UUID
    kind: AssignmentKind = AssignmentKind.DEFINITIF
    valid_from: Day
    valid_to: Day | None = None


class DepartureGiven(Given):
    left_on: Day = Field(description="the first day no longer employed")


class MadeTold(Told):
    """What was made, or stands now."""

    id: UUID


class EmployeeLine(Told):
    employee_id: UUID
    nip: str
    name: str
    left_on: date | None


class EmployeesTold(Told):
    employees: list[EmployeeLine]
    after: str | None = Field(description="give it as `after` to read on; null at the end")


class EmployeeTold(Told):
    """An employee's full dated state."""

    employee_id: UUID
    name: str
    birth_date: date
    nips: list[NipTerm]
    statuses: list[StatusTerm]
    assignments: list[Assignment]
    ptkp: str
    npwp: str | None
    nik: str | None
    address: str | None
    masa_kerja: MasaKerja | None
    bank: BankAccount | None
    left_on: date | None
    version: int


class SuperiorTold(Told):
    superior_id: UUID
    capacity: Capacity


class SuperiorsTold(Told):
    first_day: date
    last_day: date
    superiors: list[SuperiorTold]
