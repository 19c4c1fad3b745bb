"""The nation's own tables, dated and the same for every region: TER, PTKP, Pasal 17, final rates, BPJS."""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from services.payroll.rules.document.values import Money, Share, Strict
from services.payroll.rules.reading import read
from shared.money import RoundingMode, round_ratio


class Bracket(Strict):
    """Up to and including this amount, this rate; the last has no end."""

    up_to: Money | None
    rate: Share


class TaxTables(Strict):
    """PPh 21: TER by category and PTKP status, Pasal 17, and what is taken off before it."""

    effective_from: date
    article: str
    ter: dict[str, tuple[Bracket, ...]]
    category: dict[str, str]
    ptkp: dict[str, Money]
    pasal17: tuple[Bracket, ...]
    biaya_jabatan: Share
    biaya_jabatan_monthly_limit: Money


class FinalRates(Strict):
    """PPh 21 final by golongan group."""

    effective_from: date
    article: str
    rates: dict[str, Share]


class BpjsKesehatan(Strict):
    """Rates, and the common ceiling of salary and TPP together."""

    effective_from: date
    article: str
    employer: Share
    employee: Share
    ceiling: Money
    floor: Money


class _Tables(Strict):
    tax: Annotated[tuple[TaxTables, ...], Field(min_length=1)]
    final: Annotated[tuple[FinalRates, ...], Field(min_length=1)]
    bpjs_kesehatan: Annotated[tuple[BpjsKesehatan, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Ter:
    """One category, ready for look-up."""

    bounds: list[int]
    rates: list[Fraction]

    def tax(self, gross: int, unit: int, mode: RoundingMode) -> tuple[int, Fraction]:
        """The month's tax on `gross` rupiah, and the rate used (PMK 168/2023)."""
        rate = self.rates[bisect_left(self.bounds, gross)]
        return round_ratio(gross * rate.numerator, rate.denominator, unit, mode), rate


@cache
def _tables() -> _Tables:
    named: dict[str, Any] = {}
    for name in ("tax", "final", "bpjs_kesehatan"):
        text = files("services.payroll.rules").joinpath("data", f"{name}.yaml").read_bytes()
        named[name] = read(text).value["tables"]
    return TypeAdapter(_Tables).validate_python(named)


@cache
def tax_tables(on: date) -> TaxTables | None:
    """The income tax tables in force on a day; None before the first."""
    return next((table for table in reversed(_tables().tax) if table.effective_from <= on), None)


@cache
def final_rates(on: date) -> FinalRates | None:
    """PP 80/2010 as in force on a day."""
    return next((table for table in reversed(_tables().final) if table.effective_from <= on), None)


@cache
def bpjs_kesehatan(on: date) -> BpjsKesehatan | None:
    """Perpres 82/2018 jo. 64/2020 as in force on a day."""
    return next((table for table in reversed(_tables().bpjs_kesehatan) if table.effective_from <= on), None)


@cache
def ter(on: date, ptkp: str) -> Ter | None:
    """The monthly table for a PTKP status; None for a status the law does not know."""
    tables = tax_tables(on)
    if tables is None or ptkp not in tables.category:
        return None
    brackets = tables.ter[tables.category[ptkp]]
    bounds = [bracket.up_to for bracket in brackets if bracket.up_to is not None]
    return Ter(bounds, [bracket.rate for bracket in brackets])


def pasal17(on: date, taxable: int) -> Fraction:
    """The year's tax on taxable income, exact (UU HPP, Pasal 17)."""
    tables = tax_tables(on)
    tax, below = Fraction(0), 0
    for bracket in tables.pasal17 if tables else ():
        top = taxable if bracket.up_to is None else min(taxable, bracket.up_to)
        if top > below:
            tax += (top - below) * bracket.rate
            below = top
    return tax
