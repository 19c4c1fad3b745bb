"""Bracket tables made ready: a look-up by bisection, exact."""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import lru_cache
from math import lcm
from typing import NamedTuple

from services.payroll.rules.national.documents import Brackets, NationalTable
from shared.money import RoundingMode, percent_text, round_ratio


class Rate(NamedTuple):
    """A share as numerator and denominator, and as people write it."""

    numerator: int
    denominator: int
    text: str


@dataclass(frozen=True, slots=True)
class Ter:
    """One category of monthly rates; `bounds` are the rows' upper bounds, included."""

    bounds: tuple[int, ...]
    rates: tuple[Rate, ...]

    @classmethod
    def of(cls, rows: Brackets) -> "Ter":
        shares = [(row.rate.numerator, row.rate.denominator) for row in rows]
        return cls(
            tuple(row.up_to for row in rows if row.up_to is not None),
            tuple(Rate(over, under, percent_text(over, under)) for over, under in shares),
        )

    def rate(self, gross: int) -> Rate:
        """The rate of the row in which a month's gross falls (PP 58/2023; PMK 168/2023)."""
        return self.rates[bisect_left(self.bounds, gross)]

    def tax(self, gross: int, unit: int, mode: RoundingMode) -> int:
        """The month's tax on `gross` rupiah, rounded."""
        rate = self.rate(gross)
        return round_ratio(gross * rate.numerator, rate.denominator, unit, mode)


@dataclass(frozen=True, slots=True)
class Layers:
    """Pasal 17: each layer of the year's taxable income at its own rate; rates and sums over one denominator."""

    bounds: tuple[int, ...] = ()
    rates: tuple[int, ...] = (0,)
    below: tuple[int, ...] = (0,)  # the tax on all layers before this one
    denominator: int = 1

    @classmethod
    def of(cls, rows: Brackets) -> "Layers":
        denominator = lcm(*(row.rate.denominator for row in rows))
        rates = [row.rate.numerator * (denominator // row.rate.denominator) for row in rows]
        below, start, sums = 0, 0, []
        for row, rate in zip(rows, rates, strict=True):
            sums.append(below)
            if row.up_to is not None:
                below += (row.up_to - start) * rate
                start = row.up_to
        bounds = tuple(row.up_to for row in rows if row.up_to is not None)
        return cls(bounds, tuple(rates), tuple(sums), denominator)

    def numerator(self, taxable: int) -> int:
        """The year's tax over `denominator`, exact (UU HPP, Pasal 17)."""
        at = bisect_left(self.bounds, taxable)
        start = self.bounds[at - 1] if at else 0
        return self.below[at] + (taxable - start) * self.rates[at]

    def tax(self, taxable: int) -> Fraction:
        """The year's tax on taxable income, exact."""
        return Fraction(self.numerator(taxable), self.denominator)


@dataclass(frozen=True, slots=True)
class Table:
    """A checked document, its content hash (sha256 of its canonical JSON), and for income tax its look-ups."""

    document: NationalTable
    hash: str
    ter: Mapping[str, Ter] = field(default_factory=dict)
    layers: Layers = Layers()

    @property
    def named(self) -> dict[str, str]:
        """How a statement names it."""
        return _named(self.document.effective_from, self.hash)


@lru_cache(maxsize=256)
def _named(effective_from: date, hashed: str) -> dict[str, str]:
    return {"effective_from": effective_from.isoformat(), "hash": hashed}
