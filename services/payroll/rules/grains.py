"""The exact part of the computation: cells of money, earned and cut, as whole numbers of one tiny unit.

All exact amounts of one statement are counted in grains. The grain is so small (1/`fine` rupiah) that
every product the policy asks for is a whole number of grains, so plain integers are exact and fast.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm

from services.payroll.rules.compiled import Compiled, LimitRule
from services.payroll.rules.cuts import Fired
from shared.money import split

Rounded = Callable[[int, int], int]


@dataclass(slots=True)
class Cells:
    """Money per cell: in full, as earned, as left; and what every rule has `taken`.

    `full` and `exact` (as earned) always count grains. `earned`, `left`, `taken` (by rule) and `capped` (by
    cap and cell) count units of 1/`unit` rupiah: grains until they are rounded, whole rupiah (unit 1) after.
    `cuts` keeps each single cut as (rule, cell, amount).
    """

    compiled: Compiled
    workdays: int
    fine: int
    unit: int
    full: list[int]
    exact: list[int]
    earned: list[int]
    left: list[int]
    taken: list[int]
    cuts: list[tuple[int, int, int]] = field(default_factory=list)
    capped: dict[tuple[int, int], int] = field(default_factory=dict)

    def cut_parts(self, fired: Sequence[Fired]) -> None:
        """Percentages that fall on parts, in the document's order; a part never goes below nothing."""
        for at, one in enumerate(fired):
            if not one.share or one.rule.total:
                continue
            base, divisor = self._base(one.rule.of), self._divisor(one)
            for cell in one.rule.cells:
                want = base[cell] * one.share // divisor
                self._take(at, cell, self._within_cap(one, cell, want, self.full[cell]))

    def _base(self, of: str) -> list[int]:
        if of == "remaining":
            return self.left
        return self.exact if of == "earned" else self.full

    def cut_total(self, at: int, one: Fired, rounded: Rounded) -> None:
        """A share of the whole TPP: as it would be in full, as earned, or as earlier rules left it."""
        base, scale = sum(self._base(one.rule.of)), self.unit if one.rule.of == "remaining" else self.fine
        divisor = self._divisor(one) * scale
        want = rounded(base * one.share, divisor) if self.unit == 1 else base * one.share * self.unit // divisor
        self._spread(at, range(len(self.left)), self._within_cap(one, -1, want, sum(self.full)))

    def take_rupiah(self, at: int, one: Fired) -> None:
        """A fixed amount, from the rule's cells (or all) in proportion to what is left in them."""
        self._spread(at, range(len(self.left)) if one.rule.total else one.rule.cells, one.rupiah * self.unit)

    def limit(self, rule: LimitRule, rounded: Rounded) -> int:
        """Raise what is left to a floor (never above the full amount), or lower it to a ceiling; the change."""
        places = rule.cells or range(len(self.left))
        left, full = [self.left[cell] for cell in places], [self.full[cell] for cell in places]
        bound = rule.bound * self.unit if rule.rupiah else self._bound(rule, places, rounded)
        if not rule.floor:
            excess = max(0, sum(left) - bound)
            for cell, less in zip(places, split(excess, left), strict=True):
                self.left[cell] -= less
            return -excess
        room = [max(0, whole * self.unit // self.fine - kept) for whole, kept in zip(full, left, strict=True)]
        lack = min(max(0, bound - sum(left)), sum(room))
        for cell, more in zip(places, split(lack, room), strict=True):
            self.left[cell] += more
        return lack

    def _bound(self, rule: LimitRule, places: Sequence[int], rounded: Rounded) -> int:
        base = self._base(rule.rule.of or "full")
        whole, shares = sum(base[cell] for cell in places) * rule.bound, self.compiled.shares
        return rounded(whole, shares * self.fine) if self.unit == 1 else whole * self.unit // (shares * self.fine)

    def to_rupiah(self, rounded: Rounded, *, each: bool) -> None:
        """Go over to whole rupiah: each cut rounded by itself, or each cell once with its cuts split."""
        cuts, exact, settled = self.cuts, self.taken, self.left
        self.unit, self.cuts, self.taken = 1, [], [0] * len(exact)
        self.earned = [rounded(amount, self.fine) for amount in self.exact]
        if each:
            self.left = self.earned.copy()
            for at, cell, amount in cuts:
                self._take(at, cell, rounded(amount, self.fine))
        elif cuts:
            self.left = [rounded(amount, self.fine) for amount in settled]
            self.taken = split(sum(self.earned) - sum(self.left), exact)
        else:
            self.left = self.earned.copy()

    def _divisor(self, one: Fired) -> int:
        return one.denominator * max(1, self.workdays) if one.rule.of == "daily" else one.denominator

    def _within_cap(self, one: Fired, cell: int, want: int, whole: int) -> int:
        """At most what the rule's cap, shared with other rules, still allows of `whole` grains."""
        cap = one.rule.cap
        if cap is None:
            return want
        used = self.capped.get((cap, cell), 0)
        limit = -(-whole * self.compiled.caps[cap] * self.unit // (self.compiled.shares * self.fine))
        allowed = min(want, limit - used)
        self.capped[cap, cell] = used + allowed
        return allowed

    def _take(self, at: int, cell: int, want: int) -> None:
        take = min(want, self.left[cell])
        if take:
            self.left[cell] -= take
            self.taken[at] += take
            self.cuts.append((at, cell, take))

    def _spread(self, at: int, places: Sequence[int], want: int) -> None:
        left = [self.left[cell] for cell in places]
        for cell, take in zip(places, split(min(want, sum(left)), left), strict=True):
            self._take(at, cell, take)


def lay_out(
    compiled: Compiled,
    bases: Sequence[Fraction],
    filled: Sequence[Fraction],
    *,
    fired: Sequence[Fired],
    workdays: int,
) -> Cells:
    """Every criterion's base spread over its parts, and what performance earned of it; `filled` by cell."""
    fine = _grain(compiled, bases, filled, fired, workdays)
    whole = [base.numerator * (fine // base.denominator) for base in bases]
    full, earned = [], []
    for cell, share in zip(compiled.cells, filled, strict=True):
        amount = whole[cell.criterion] * cell.weight // compiled.weights
        full.append(amount)
        earned.append(amount * share.numerator // share.denominator)
    return Cells(compiled, workdays, fine, fine, full, earned, earned, earned.copy(), [0] * len(fired))


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
    return grain * int(shares**compiled.remaining_rules)
