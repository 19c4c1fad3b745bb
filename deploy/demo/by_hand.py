"""The money a second way: from the office's files, by plain arithmetic, without a line of the services' code.

It knows the two example policies as a person reads them (their figures come from the documents), and answers
for everybody whose month has nothing else in it. Whole rupiah, exact fractions, half-up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import yaml

EXAMPLES = Path(__file__).parent.parent / "examples" / "policies"
TABLES = Path(__file__).parents[2] / "services" / "payroll" / "rules" / "data"
BPJS_CEILING = 12_000_000  # Perpres 64/2020
SUSPENDED_ABOVE_MINUTES = 780


@dataclass
class Month:
    """What one employee's month came to, counted from the files."""

    kelas: int
    status_asn: str
    golongan: str
    ptkp: str
    salary_gross: int
    salary_tax: int
    salary_bpjs_base: int
    workdays: int
    predikat: str | None = None
    in_default: bool = False  # had staff to appraise, and did not
    minutes: int = 0
    late: list[int] = field(default_factory=list)
    early: list[int] = field(default_factory=list)
    missing: int = 0
    absent: int = 0
    leave: int = 0
    apel_missed: int = 0


@dataclass(frozen=True, slots=True)
class Money:
    """Gross with the employer's contribution, deductions, and what reaches the bank."""

    gross: int
    deductions: int
    net: int


def jambi_kind(month: Month) -> Money:
    """60 % by predikat, 40 % discipline; cuts on both parts, missed apel on discipline alone; tax by TER."""
    document = _document("jambi-kind")
    pays = document["parts"][0]["measure"]["pays"]
    productivity = _share(pays[month.predikat]) if month.predikat else Fraction(1)
    if month.in_default:
        productivity -= Fraction(5, 100)
    both = _tiers(document, "terlambat", month.late) + _tiers(document, "pulang-cepat", month.early)
    both += month.missing * Fraction(15, 1000) + (month.absent + month.leave) * Fraction(3, 100)
    discipline = both + month.apel_missed * Fraction(2, 100)
    factor = Fraction(80, 100) if month.status_asn == "CPNS" else Fraction(1)
    tpp = 0
    for criterion in document["criteria"]:
        base = criterion["base"]["by_class"][month.kelas] * factor
        tpp += half_up(base * Fraction(60, 100) * productivity * (1 - min(both, Fraction(1))))
        tpp += half_up(base * Fraction(40, 100) * (1 - min(discipline, Fraction(1))))
    return _settled(month, tpp, half_up((month.salary_gross + tpp) * _ter(month, tpp)) - month.salary_tax)


def samarinda_kind(month: Month) -> Money:
    """Approved minutes against 300 a workday; cuts of the whole; much lateness postpones; final tax by golongan."""
    document = _document("samarinda-kind")
    base = Fraction(document["criteria"][0]["base"]["by_class"][month.kelas])
    cut = _tiers(document, "terlambat", month.late) + _tiers(document, "pulang-cepat", month.early)
    cut += month.missing * Fraction(6, 100) + month.absent * Fraction(7, 100) + month.apel_missed * Fraction(3, 100)
    filled = min(Fraction(1), Fraction(month.minutes, month.workdays * 300))
    tpp = half_up(max(Fraction(0), base * filled - base * min(cut, Fraction(1))))
    if sum(month.late) + sum(month.early) + 120 * month.missing > SUSPENDED_ABOVE_MINUTES:
        tpp = 0
    pppk: Mapping[str, str] = document["tax"]["pppk"]
    group = pppk[month.golongan] if month.status_asn == "PPPK" else month.golongan.split("/")[0]
    rate = {"I": 0, "II": 0, "III": 5, "IV": 15}[group]  # PP 80/2010 Pasal 4
    return _settled(month, tpp, half_up(Fraction(tpp * rate, 100)))


def _settled(month: Month, payable: int, tax: int) -> Money:
    left = max(0, BPJS_CEILING - month.salary_bpjs_base)
    employer, employee = (half_up(Fraction(min(payable, left) * percent, 100)) for percent in (4, 1))
    gross, deductions = payable + employer, employer + employee + max(0, tax)
    return Money(gross, deductions, gross - deductions)


def _ter(month: Month, tpp: int) -> Fraction:
    """PMK 168/2023: the rate of the bracket that salary and TPP together fall into."""
    table = _tax_table()
    gross = month.salary_gross + tpp
    brackets: Sequence[Mapping[str, Any]] = table["ter"][table["category"][month.ptkp]]
    return next(_share(one["rate"]) for one in brackets if one["up_to"] is None or gross <= one["up_to"])


def _tiers(document: Any, rule: str, occurrences: Sequence[int]) -> Fraction:
    tiers = next(one["tiers"] for one in document["deductions"] if one["id"] == rule)
    return sum((_share(_tier(tiers, minutes)) for minutes in occurrences), Fraction(0))


def _tier(tiers: Sequence[Mapping[str, Any]], minutes: int) -> str:
    return next(str(one["cut"]) for one in tiers if one["from"] <= minutes <= one.get("to", 10**9))


@cache
def _document(name: str) -> Any:
    return yaml.safe_load((EXAMPLES / f"{name}.yaml").read_text())


@cache
def _tax_table() -> Any:
    return yaml.safe_load((TABLES / "income_tax-2024-01-01.yaml").read_text())


def _share(percent: str) -> Fraction:
    return Fraction(percent.removesuffix("%").strip()) / 100


def half_up(amount: Fraction | int) -> int:
    """A rupiah, or a half of one and more, counts as one."""
    return int((Fraction(amount) * 2 + 1) // 2)
