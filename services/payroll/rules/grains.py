"""The exact part of the computation: cells of money, earned and cut, as whole numbers of one tiny unit.

All exact amounts of one statement are counted in grains. The grain is so small (1/`grain` rupiah) that
every product the policy asks for is a whole number of grains, so plain integers are exact and fast.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm

from services.payroll.rules.compiled import Compiled
from services.payroll.rules.cuts import Fired
from shared.money import split


@dataclass(slots=True)
class Cells:
    """Money per cell: in full, as earned, as left; and what was `taken`, as (rule, cell, amount).

    `full` and `exact_earned` always count grains. `earned`, `left`, `taken` and `capped` (by cap) count
    units of 1/`grain` rupiah: grains until they are rounded, whole rupiah (grain 1) after.
    """

    grain: int
    full: list[int]
    exact_earned: list[int]
    earned: list[int]
    left: list[int]
    taken: list[tuple[int, int, int]] = field(default_factory=list)
    capped: dict[int, int] = field(default_factory=dict)


def lay_out(
    compiled: Compiled,
    bases: Sequence[Fraction],
    filled: Sequence[Fraction],
    fired: Sequence[Fired],
    workdays: int,
) -> Cells:
    """Every criterion's base spread over its parts, and what performance earned of it."""
    grain = _grain(compiled, bases, filled, fired, workdays)
    whole = [base.numerator * (grain // base.denominator) for base in bases]
    full, earned = [], []
    for cell in compiled.cells:
        amount = whole[cell.criterion] * cell.weight // compiled.weights
        share = filled[cell.leaf]
        full.append(amount)
        earned.append(amount * share.numerator // share.denominator)
    return Cells(grain, full, earned, earned, earned.copy())


def _grain(
    compiled: Compiled,
    bases: Sequence[Fraction],
    filled: Sequence[Fraction],
    fired: Sequence[Fired],
    workdays: int,
) -> int:
    """Every division of the computation has its divisor in here, as often as divisions can follow each other."""
    shares = lcm(compiled.shares, *(one.denominator for one in fired))
    grain = lcm(*(base.denominator for base in bases)) * compiled.weights * shares
    grain *= lcm(*(share.denominator for share in filled))
    if compiled.uses_daily:
        grain *= max(1, workdays)
    return grain * shares**compiled.remaining_rules


def cut_parts(cells: Cells, compiled: Compiled, fired: Sequence[Fired], workdays: int) -> None:
    """Percentages that fall on parts, in the document's order; a part never goes below nothing."""
    caps: dict[tuple[int, int], int] = {}
    for at, one in enumerate(fired):
        if not one.share:
            continue
        for cell in one.rule.cells:
            want = wanted(one, cells.full[cell], cells.earned[cell], cells.left[cell], workdays)
            cap = one.rule.cap
            if cap is not None:
                limit = cells.full[cell] * compiled.caps[cap] // compiled.shares
                want = min(want, limit - caps.get((cap, cell), 0))
                caps[cap, cell] = caps.get((cap, cell), 0) + want
            take = min(want, cells.left[cell])
            if take:
                cells.left[cell] -= take
                cells.taken.append((at, cell, take))


def wanted(one: Fired, full: int, earned: int, left: int, workdays: int) -> int:
    """The share of the amount that the rule names, in grains."""
    match one.rule.of:
        case "earned":
            base = earned
        case "remaining":
            base = left
        case "daily":
            return full * one.share // (one.denominator * max(1, workdays))
        case _:
            base = full
    return base * one.share // one.denominator


def take_rupiah(cells: Cells, at: int, one: Fired) -> None:
    """A fixed amount, from the rule's cells (or all) in proportion to what is left in them."""
    places = one.rule.cells or range(len(cells.left))
    left = [cells.left[cell] for cell in places]
    amount = min(one.rupiah * cells.grain, sum(left))
    for cell, take in zip(places, split(amount, left), strict=True):
        if take:
            cells.left[cell] -= take
            cells.taken.append((at, cell, take))


def to_rupiah(cells: Cells, rounded: Callable[[int, int], int], each: bool) -> Cells:
    """The same cells in whole rupiah: each cut rounded by itself, or each cell once with its cuts split."""
    earned = [rounded(amount, cells.grain) for amount in cells.earned]
    left = earned.copy()
    taken: list[tuple[int, int, int]] = []
    if each:
        for at, cell, amount in cells.taken:
            take = min(rounded(amount, cells.grain), left[cell])
            left[cell] -= take
            taken.append((at, cell, take))
    else:
        by_cell: dict[int, list[tuple[int, int]]] = {}
        for at, cell, amount in cells.taken:
            by_cell.setdefault(cell, []).append((at, amount))
        for cell, cuts in by_cell.items():
            left[cell] = rounded(cells.left[cell], cells.grain)
            shares = split(earned[cell] - left[cell], [amount for _, amount in cuts])
            taken += [(at, cell, take) for (at, _), take in zip(cuts, shares, strict=True)]
    return Cells(1, cells.full, cells.exact_earned, earned, left, taken)
