"""The year's tax of everybody, as forms 1721-A2 are filled from it: a row a person, and the months behind it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Protocol

from services.payroll.exports.workbook import Cell, Column, Sheet, workbook


class TaxMonth(Protocol):
    """One month of a person; whole rupiah."""

    @property
    def period(self) -> str: ...
    @property
    def gross_salary(self) -> int: ...
    @property
    def gross_tpp(self) -> int: ...
    @property
    def tax_salary(self) -> int: ...
    @property
    def tax_tpp(self) -> int: ...
    @property
    def final_gross(self) -> int: ...
    @property
    def final_tax(self) -> int: ...


_MONTHLY = {
    "gross_salary": "Gaji kotor",
    "gross_tpp": "TPP kotor",
    "tax_salary": "PPh atas gaji",
    "tax_tpp": "PPh atas TPP",
    "final_gross": "TPP kotor (final)",
    "final_tax": "PPh final",
}
_YEARLY = {
    "gross_salary": "Gaji kotor",
    "gross_tpp": "TPP kotor",
    "gross": "Jumlah bruto",
    "biaya_jabatan": "Biaya jabatan",
    "pension": "Iuran pensiun, JHT",
    "zakat": "Zakat",
    "net_income": "Penghasilan neto",
    "ptkp_amount": "PTKP",
    "taxable": "PKP",
    "tax_due": "PPh terutang",
    "withheld_salary": "Dipotong dari gaji",
    "withheld_tpp": "Dipotong dari TPP",
    "withheld": "Jumlah dipotong",
    "difference": "Kurang (lebih) dipotong",
    "final_gross": "TPP kotor (final)",
    "final_tax": "PPh final",
}


class TaxYear(Protocol):
    """A person's year, as queries.tax_recap has it; the amounts named in `_YEARLY` are attributes too."""

    @property
    def nip(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def nik(self) -> str | None: ...
    @property
    def npwp(self) -> str | None: ...
    @property
    def golongan(self) -> str: ...
    @property
    def ptkp(self) -> str | None: ...
    @property
    def months(self) -> Sequence[TaxMonth]: ...
    @property
    def first_month(self) -> str: ...
    @property
    def last_month(self) -> str: ...
    @property
    def settled(self) -> bool: ...
    @property
    def table_hash(self) -> str: ...


def annual_tax_workbook(people: Sequence[TaxYear], *, region: str, tenant_id: str, year: int) -> bytes:
    """A2 data of a year, by NIP; both sheets end with totals."""
    ordered = sorted(people, key=lambda one: one.nip)
    title = [f"Data 1721-A2 tahun {year}", f"{region} ({tenant_id})"]
    tables = sorted({one.table_hash for one in ordered if one.table_hash})
    notes = [f"Tabel pajak {table}" for table in tables]
    sheets = [
        Sheet(
            "A2", _A2, [_year(at, one) for at, one in enumerate(ordered, 1)], title, totals=True, frozen=3, notes=notes
        ),
        Sheet("Bulanan", _MONTHS, [row for one in ordered for row in _months(one)], title, totals=True, frozen=2),
    ]
    made_at = datetime(year, 12, 31, tzinfo=UTC)  # of the year's data, not of the day on which it is written
    return workbook(sheets, made_at=made_at, title=title[0])


_A2 = (
    Column("No", "whole", 5),
    Column("NIP"),
    Column("Nama"),
    Column("NIK"),
    Column("NPWP"),
    Column("Golongan"),
    Column("PTKP (status)"),
    Column("Masa awal"),
    Column("Masa akhir"),
    Column("Disetahunkan"),
    *(Column(name, "money") for name in _YEARLY.values()),
)
_MONTHS = (Column("NIP"), Column("Nama"), Column("Masa"), *(Column(name, "money") for name in _MONTHLY.values()))


def _year(number: int, one: TaxYear) -> list[Cell]:
    who: list[Cell] = [number, one.nip, one.name, one.nik or "", one.npwp or "", one.golongan, one.ptkp or ""]
    span: list[Cell] = [one.first_month, one.last_month, "ya" if one.settled else "belum"]
    amounts: list[Cell] = [getattr(one, name) for name in _YEARLY]
    return who + span + amounts


def _months(one: TaxYear) -> list[list[Cell]]:
    return [[one.nip, one.name, month.period, *(getattr(month, name) for name in _MONTHLY)] for month in one.months]
