"""The year's income tax: from all pay of the year to taxable income (PKP) and the tax due on it."""

from fractions import Fraction
from typing import NamedTuple

from services.payroll.rules.national.brackets import Table
from services.payroll.rules.national.documents import IncomeTax

THOUSAND = 1000


class Annual(NamedTuple):
    """Rupiah. cost (biaya jabatan) and due (tax) are exact, each over its own `of`. taxable: PKP, whole thousands."""

    cost: int
    cost_of: int
    ptkp: int
    taxable: int
    due: int
    due_of: int

    @property
    def biaya_jabatan(self) -> Fraction:
        return Fraction(self.cost, self.cost_of)

    @property
    def tax(self) -> Fraction:
        return Fraction(self.due, self.due_of)


class Untaxed(NamedTuple):
    """What of the year's pay is not taxed beside PTKP: rupiah."""

    pension: int = 0
    zakat: int = 0


def annual(table: Table, law: IncomeTax, gross: int, *, months: int, untaxed: Untaxed, status: str) -> Annual:
    """UU HPP Pasal 17 on a year's gross of so many months worked (PMK 168/2023 Pasal 10 and 17).

    Raises KeyError for a PTKP status that the law does not know.
    """
    rate = law.biaya_jabatan.rate
    over, under = rate.numerator, rate.denominator
    cost = min(gross * over, law.biaya_jabatan.monthly_limit * months * under)
    ptkp = law.ptkp[status]
    left = (gross - untaxed.pension - untaxed.zakat - ptkp) * under - cost
    taxable = max(0, left // (THOUSAND * under) * THOUSAND)
    return Annual(cost, under, ptkp, taxable, table.layers.numerator(taxable), table.layers.denominator)
