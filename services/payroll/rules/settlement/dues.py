"""What tax is due, as a function of the allowance that a region adds for it: final, TER, or the whole year."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any, NamedTuple

from services.payroll.rules.document import PolicyDocument
from services.payroll.rules.facts import Facts, TaxYear
from services.payroll.rules.measures import text
from services.payroll.rules.national import Annual, FinalTax, Group, IncomeTax, Table, Ter, Untaxed, annual
from shared.money import round_ratio

PPPK = ("PPPK", "PPPK_PARUH_WAKTU")
GROUPS: dict[str, Group] = {"I": "I", "II": "II", "III": "III", "IV": "IV"}


def _nothing(_: int) -> int:
    return 0


class Due(NamedTuple):
    """tax: rupiah due when so much is added to income for it; never falls with it, and rises by less than it.

    inputs: the formula's numbers at that allowance. beyond: what was taken too much and is not TPP's to give back.
    """

    tax: Callable[[int], int]
    inputs: Callable[[int], dict[str, Any]]
    beyond: Callable[[int], int] = _nothing


def gross_up(due: Due) -> int:
    """The allowance equal to the tax on income and allowance together, so that the employee's net is as without tax.

    Exact: tax(allowance) == allowance. From nothing, the tax on what has been added is added again; it rises (or,
    where the year gives back, falls) with every step by at most the highest rate of the last step, so the steps end,
    and at the allowance nearest to zero. Where a bracket's edge lies between, the step goes over it.
    """
    allowance = 0
    while (tax := due.tax(allowance)) != allowance:
        allowance = tax
    return allowance


def golongan_group(document: PolicyDocument, facts: Facts, law: FinalTax) -> Group | None:
    """The group I to IV by which final tax is taken; PPPK by the policy's mapping, or the stated default."""
    employee, mapping = facts.employee, document.tax.pppk
    if employee.status_asn in PPPK:
        if mapping == "default":
            return law.pppk.get(employee.golongan)
        return mapping.get(employee.golongan) if isinstance(mapping, dict) else None
    return GROUPS.get(employee.golongan.split("/")[0])


def final_due(document: PolicyDocument, facts: Facts, base: int, *, group: Group, rate: Fraction) -> Due:
    """PP 80/2010: a rate on TPP by golongan."""
    rounding = document.rounding.tax

    def tax(allowance: int) -> int:
        return round_ratio((base + allowance) * rate.numerator, rate.denominator, rounding.unit, rounding.mode)

    said = {"base": str(base), "golongan": group, "percent": text(rate)}
    if document.tax.pppk == "default" and facts.employee.status_asn in PPPK:
        said["mapping"] = "default"
    return Due(tax, lambda allowance: said)


def ter_due(document: PolicyDocument, facts: Facts, base: int, ter: Ter) -> Due:
    """PMK 168/2023: the month's rate on all its pay together, less the tax already on salary and in earlier runs."""
    salary, earlier, rounding = facts.salary, facts.earlier, document.rounding.tax
    pay, taken = salary.gross + earlier.gross + base, salary.tax + earlier.tax

    def tax(allowance: int) -> int:
        return max(0, ter.tax(pay + allowance, rounding.unit, rounding.mode) - taken)

    def inputs(allowance: int) -> dict[str, Any]:
        gross = pay + allowance
        said = {
            "salary": str(salary.gross),
            "base": str(base),
            "gross": str(gross),
            "ptkp": facts.employee.ptkp,
            "percent": ter.rate(gross).text,
            "tax_on_gross": str(ter.tax(gross, rounding.unit, rounding.mode)),
            "tax_on_salary": str(salary.tax),
        }
        return said | _earlier(facts)

    return Due(tax, inputs)


class Law(NamedTuple):
    """What the year is settled by."""

    table: Table
    document: IncomeTax


def year_due(document: PolicyDocument, facts: Facts, base: int, year: TaxYear, *, by: Law, floor: int) -> Due:
    """Pasal 17 on the whole year, less all that was taken since January; down to `floor` it is given back."""
    salary, earlier, rounding = facts.salary, facts.earlier, document.rounding.tax
    pay = year.gross_before + salary.gross + earlier.gross + base
    untaxed = Untaxed(year.pension + salary.pension, year.zakat + salary.zakat)
    taken = year.tax_before + salary.tax + earlier.tax

    def whole(allowance: int) -> Annual:
        status = facts.employee.ptkp
        return annual(by.table, by.document, pay + allowance, months=year.months, untaxed=untaxed, status=status)

    def rounded(of_year: Annual) -> int:
        return round_ratio(of_year.due, of_year.due_of, rounding.unit, rounding.mode)

    def tax(allowance: int) -> int:
        return max(floor, rounded(whole(allowance)) - taken)

    def beyond(allowance: int) -> int:
        return max(0, floor + taken - rounded(whole(allowance)))

    def inputs(allowance: int) -> dict[str, Any]:
        of_year = whole(allowance)
        said = {
            "year_gross": str(pay + allowance),
            "biaya_jabatan": str(of_year.biaya_jabatan),
            "months": str(year.months),
            "pension": str(untaxed.pension),
            "zakat": str(untaxed.zakat),
            "ptkp": str(of_year.ptkp),
            "taxable": str(of_year.taxable),
            "year_tax": str(rounded(of_year)),
            "tax_before": str(year.tax_before),
            "tax_on_salary": str(salary.tax),
        }
        return said | _earlier(facts)

    return Due(tax, inputs, beyond)


def _earlier(facts: Facts) -> dict[str, str]:
    """What earlier runs of the same period paid and took, where there were any."""
    earlier = facts.earlier
    if not (earlier.gross or earlier.tax):
        return {}
    return {"earlier": str(earlier.gross), "tax_on_earlier": str(earlier.tax)}
