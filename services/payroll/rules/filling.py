"""How well every part was filled: once for the month, or for each position of it by itself."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from services.payroll.rules.compiled import Cell, Compiled, Leaf
from services.payroll.rules.facts import Facts, Segment
from services.payroll.rules.measures import fill, text
from services.payroll.rules.statement import Refs, Result, Warned, ordered, result_of


class Filling(NamedTuple):
    """The share of every cell (exact and as text), the result of every part, warnings."""

    shares: list[Fraction]
    texts: list[str]
    results: list[Result]
    warnings: list[Warned]


def filling(compiled: Compiled, facts: Facts, of_segments: Sequence[Sequence[Fraction]]) -> Filling:
    """`of_segments`: the rupiah of each criterion that each segment brings, by date."""
    shares, texts, results = list[Fraction](), list[str](), list[Result]()
    warnings = list[Warned]()
    several = len(facts.segments) > 1 or facts.segments[0].is_supervisor is not None
    filled = list[tuple[Fraction, ...]]()
    for leaf in compiled.leaves:
        if several and leaf.by_segment:
            of_leaf, result, warned = _by_segment(leaf, facts)
        else:
            share, result, warned = fill(leaf, facts)
            of_leaf = (share,)
        filled.append(of_leaf)
        results.append(result)
        warnings.extend(warned)
    for cell in compiled.cells:
        of_leaf = filled[cell.leaf]
        if len(of_leaf) == 1:
            shares.append(of_leaf[0])
            texts.append(results[cell.leaf]["share"])
        else:
            shares.append(_mixed(of_leaf, of_segments[cell.criterion]))
            texts.append(text(shares[-1]))
    _name_mixed(compiled.cells, results, texts, filled)
    return Filling(shares, texts, results, warnings)


def _mixed(shares: Sequence[Fraction], amounts: Sequence[Fraction]) -> Fraction:
    """The share of the whole that the segments' own shares come to."""
    whole = sum(amounts, Fraction(0))
    if not whole:
        return Fraction(0)
    return sum((share * amount for share, amount in zip(shares, amounts, strict=True)), Fraction(0)) / whole


def _name_mixed(
    cells: Sequence[Cell], results: Sequence[Result], texts: Sequence[str], filled: Sequence[Sequence[Fraction]]
) -> None:
    """A part's result shows what it comes to for the first criterion that has the part."""
    for cell, shown in reversed(list(zip(cells, texts, strict=True))):
        if len(filled[cell.leaf]) > 1:
            results[cell.leaf]["share"] = shown


def _by_segment(leaf: Leaf, facts: Facts) -> tuple[tuple[Fraction, ...], Result, tuple[Warned, ...]]:
    shares, rows, warnings = list[Fraction](), [], list[Warned]()
    refs = Refs()
    for segment in sorted(facts.segments, key=lambda one: (one.start, one.end)):
        share, result, warned = fill(leaf, _within(facts, segment))
        span = {"start": segment.start.isoformat(), "end": segment.end.isoformat()}
        shares.append(share)
        rows.append(ordered(span | {"share": result["share"]} | result["inputs"]))
        warnings.extend(one for one in warned if one not in warnings)
        for what, ids in result.get("refs", {}).items():
            refs[what] = sorted({*refs.get(what, ()), *ids})
    inputs = {"measure": "segments", "segments": rows}
    return tuple(shares), result_of(leaf.code, leaf.article, "", inputs, refs=refs), tuple(warnings)


def _within(facts: Facts, segment: Segment) -> Facts:
    """The facts of one segment's days; the period stays, for what is counted from its month."""
    leads = segment.is_supervisor
    employee = facts.employee if leads is None else replace(facts.employee, is_supervisor=leads)
    return replace(
        facts,
        employee=employee,
        workdays=segment.workdays,
        segments=(segment,),
        activities=tuple(day for day in facts.activities if segment.start <= day.work_date <= segment.end),
        attendance=tuple(day for day in facts.attendance if segment.start <= day.work_date <= segment.end),
        exemptions=tuple(one for one in facts.exemptions if one.start <= segment.end and one.end >= segment.start),
    )
