"""The money a second way: from the office's files, by plain arithmetic, without a line of the services' code.

It knows the two policies as a person reads them (their figures come from the folders of deploy/policies, the bases
from the region's own file), and answers for everybody whose month has nothing else in it. Whole rupiah, half-up.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILES = Path(__file__).parent / "files"
POLICIES = Path(__file__).parent.parent / "policies"
TABLES = Path(__file__).parents[2] / "services" / "payroll" / "rules" / "data"
BPJS_CEILING = 12_000_000  # Perpres 64/2020


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
    reported: int = 0  # days with approved work
    flags: frozenset[str] = frozenset()
    late: list[int] = field(default_factory=list)
    early: list[int] = field(default_factory=list)
    absent: int = 0
    leave: int = 0
    duty: int = 0
    apel_missed: int = 0


@dataclass(frozen=True, slots=True)
class Money:
    """Gross with the employer's contribution, deductions, and what reaches the bank."""

    gross: int
    deductions: int
    net: int


def papua_barat(month: Month) -> Money:
    """Jambi's rules: 60 % by predikat, 40 % discipline; cuts on both, missed apel on discipline alone; tax by TER."""
    rules, bases = _policy("92")
    pays = rules["parts"][0]["measure"]["pays"]
    productivity = _share(pays[month.predikat]) if month.predikat else Fraction(1)
    if month.in_default:
        productivity -= Fraction(5, 100)
    both = _tiers(rules, "terlambat", month.late) + _tiers(rules, "pulang-cepat", month.early)
    both += (month.absent + month.leave) * Fraction(3, 100)
    discipline = both + month.apel_missed * Fraction(2, 100)
    tpp = 0
    for criterion in rules["criteria"]:
        if month.flags.issuperset(criterion.get("when", {}).get("flags", ())):
            base = _base(criterion, bases)[month.kelas]
            tpp += half_up(base * Fraction(60, 100) * productivity * (1 - min(both, Fraction(1))))
            tpp += half_up(base * Fraction(40, 100) * (1 - min(discipline, Fraction(1))))
    return _settled(month, tpp, half_up((month.salary_gross + tpp) * _ter(month, tpp)) - month.salary_tax)


def bangka_barat(month: Month) -> Money:
    """Deli Serdang's rules: 30 for being there, 20 for predikat, 50 for days reported; cuts of the whole; final tax."""
    rules, bases = _policy("19.05")
    base = Fraction(_base(rules["criteria"][0], bases)[month.kelas])
    asked = month.workdays - month.leave - month.duty
    filled = Fraction(30, 100) * Fraction(month.workdays - month.absent, month.workdays)
    filled += Fraction(20, 100) * _share(rules["parts"][1]["measure"]["pays"][month.predikat or "baik"])
    filled += Fraction(50, 100) * (min(Fraction(1), Fraction(month.reported, asked)) if asked else 1)
    cut = _tiers(rules, "terlambat", month.late) + _tiers(rules, "pulang-cepat", month.early)
    tpp = half_up(base * max(Fraction(0), filled - cut))
    pppk: Mapping[str, str] = rules["tax"]["pppk"]
    group = pppk[month.golongan] if month.status_asn == "PPPK" else month.golongan.split("/")[0]
    rate = {"I": 0, "II": 0, "III": 5, "IV": 15}[group]  # PP 80/2010 Pasal 4
    return _settled(month, tpp, half_up(Fraction(tpp * rate, 100)))


RULES: Mapping[str, Callable[[Month], Money]] = {"92": papua_barat, "19.05": bangka_barat}
"""By region."""


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


def _base(criterion: Mapping[str, Any], bases: Mapping[str, Mapping[int, int]]) -> Mapping[int, int]:
    """Rupiah by class: the region's own, else the document's."""
    return bases.get(criterion["code"], criterion["base"]["by_class"])


@cache
def _policy(tenant_id: str) -> tuple[Any, Any]:
    """The rules that a region adopted, and the base tables it has in their place."""
    own = yaml.safe_load((FILES / tenant_id / "kebijakan.yaml").read_text())
    return yaml.safe_load((POLICIES / own["rules_of"]).read_text()), own["bases"]


@cache
def _tax_table() -> Any:
    return yaml.safe_load((TABLES / "income_tax-2024-01-01.yaml").read_text())


def _share(percent: str) -> Fraction:
    return Fraction(percent.removesuffix("%").strip()) / 100


def half_up(amount: Fraction | int) -> int:
    """A rupiah, or a half of one and more, counts as one."""
    return int((Fraction(amount) * 2 + 1) // 2)
