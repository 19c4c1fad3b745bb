"""The year's income tax: from all pay of the year to taxable income (PKP) and the tax due on it."""

from fractions import Fraction
from typing import NamedTuple

from services.payroll.rules.national.brackets import Table
from services.payroll.rules.national.documents import IncomeTax

THOUSAND = 1000


class Annual(NamedTuple):
    """Rupiah; biaya_jabatan and tax are exact. taxable: PKP, in whole thousands."""

    biaya_jabatan: Fraction
    ptkp: int
    taxable: int
    tax: Fraction


class Untaxed(NamedTuple):
    """What of the year's pay is not taxed beside PTKP: rupiah."""

    pension: int = 0
    zakat: int = 0


def annual(table: Table, law: IncomeTax, gross: int, *, months: int, untaxed: Untaxed, status: str) -> Annual:
    """UU HPP Pasal 17 on a year's gross of so many months worked (PMK 168/2023 Pasal 10 and 17).

    Raises KeyError for a PTKP status that the law does not know.
    """
    limit, ptkp = Fraction(law.biaya_jabatan.monthly_limit * months), law.ptkp[status]
    cost = min(gross * law.biaya_jabatan.rate, limit)
    net = gross - cost - untaxed.pension - untaxed.zakat
    taxable = max(0, int((net - ptkp) // THOUSAND) * THOUSAND)
    return Annual(cost, ptkp, taxable, table.layers.tax(taxable))
