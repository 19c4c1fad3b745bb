"""Amounts rounded and shared out, slowly and plainly with Fractions: for what is computed a second way."""

from fractions import Fraction
from math import ceil, floor


def rounded(amount, unit=1, mode="half_up"):
    """To whole units: the half away from zero, to the even unit, or always down or up."""
    units = Fraction(amount) / unit
    below, over = floor(units), units - floor(units)
    if mode in ("floor", "ceil"):
        return (below if mode == "floor" else ceil(units)) * unit
    tie = units > 0 if mode == "half_up" else below % 2 == 1
    return (below + (over > Fraction(1, 2) or (over == Fraction(1, 2) and tie))) * unit


def shared(total, by, whole=True):
    """`total` in proportion to weights: exact, or in whole rupiah by the largest remainder, the earlier place first."""
    weight = sum(by)
    if not weight:
        return [total, *[0] * (len(by) - 1)] if by else []
    exact = [Fraction(total) * one / weight for one in by]
    if not whole:
        return exact
    given = [floor(one) for one in exact]
    for at in sorted(range(len(by)), key=lambda at: given[at] - exact[at])[: total - sum(given)]:
        given[at] += 1
    return given
