"""From cells to TPP: cuts on the total, the rounding point, additions at the end, and the lines that say so."""

from collections.abc import Sequence
from fractions import Fraction
from functools import partial
from typing import NamedTuple

from services.payroll.rules.bases import Bases, added_amount, addition_inputs, due, full_bases
from services.payroll.rules.compiled import Compiled
from services.payroll.rules.cuts import Fired, fire
from services.payroll.rules.document import PolicyDocument
from services.payroll.rules.facts import Facts
from services.payroll.rules.grains import Cells, cut_parts, lay_out, take_rupiah, to_rupiah
from services.payroll.rules.measures import fill
from services.payroll.rules.occurrences import Occurrences
from services.payroll.rules.statement import Line, Result, Warned
from shared.money import apportion, round_ratio, round_to, split


class Allowance(NamedTuple):
    """TPP earned in the period, per criterion and in total, with results, lines and warnings."""

    tpp: int
    criteria: dict[str, int]
    results: list[Result]
    lines: list[Line]
    warnings: list[Warned]


def allowance(document: PolicyDocument, compiled: Compiled, facts: Facts, found: Occurrences) -> Allowance:
    """Base, parts, performance, deductions, rounding, additions: in this order."""
    bases = full_bases(document, facts)
    warnings = bases.warnings
    filled, results = [], []
    for leaf in compiled.leaves:
        share, result, warned = fill(leaf, facts)
        filled.append(share)
        results.append(result)
        warnings.extend(warned)
    fired = _fired(compiled, found, facts)
    cells = lay_out(compiled, bases.amounts, filled, fired, facts.workdays)
    cut_parts(cells, compiled, fired, facts.workdays)
    lines, tpp, criteria = _to_lines(document, compiled, cells, fired, results, facts)
    lines = bases.lines + lines
    tpp += _add_at_end(document, facts, bases, lines, criteria)
    return Allowance(tpp, criteria, results, lines, warnings)


def _fired(compiled: Compiled, found: Occurrences, facts: Facts) -> list[Fired]:
    fired = []
    for rule in (*compiled.part_cuts, *compiled.total_cuts):
        one = fire(rule, found, facts, compiled.shares)
        if one is not None:
            fired.append(one)
    return fired


def _to_lines(
    document: PolicyDocument,
    compiled: Compiled,
    cells: Cells,
    fired: Sequence[Fired],
    results: Sequence[Result],
    facts: Facts,
) -> tuple[list[Line], int, dict[str, int]]:
    rounding, grain = document.rounding.tpp, cells.grain
    rounded = partial(round_ratio, unit=rounding.unit, mode=rounding.mode)
    if rounding.at != "total":
        cells = to_rupiah(cells, rounded, each=rounding.at == "line")
    for at, one in enumerate(fired):
        if one.rupiah:
            take_rupiah(cells, at, one)
        elif not one.rule.cells:
            _cut_total(cells, at, one, compiled, grain, facts.workdays, rounded)
    by_rule = [0] * len(fired)
    for at, _, amount in cells.taken:
        by_rule[at] += amount
    left = _by_criterion(document, compiled, cells)
    if rounding.at != "total":
        lines = _part_lines(document, compiled, cells.earned, results, cells.left)
        lines += [_cut_line(one, taken) for one, taken in zip(fired, by_rule, strict=True)]
        return lines, sum(left), _named(document, left)
    exact = sum(cells.left)
    tpp, shown = rounded(exact, grain), round_ratio(exact, grain, 1, rounding.mode)
    items = apportion(shown, [*cells.earned, *(-taken for taken in by_rule)], grain)
    count = len(cells.earned)
    lines = _part_lines(document, compiled, items[:count], results, None)
    lines += [_cut_line(one, -amount) for one, amount in zip(fired, items[count:], strict=True)]
    if tpp != shown:
        lines.append(_rounding_line(tpp - shown, rounding.unit))
    return lines, tpp, _named(document, split(tpp, left))


def _cut_total(
    cells: Cells,
    at: int,
    one: Fired,
    compiled: Compiled,
    grain: int,
    workdays: int,
    rounded: partial[int],
) -> None:
    """A share of the whole TPP: as it would be in full, as earned, or as earlier rules left it."""
    left = sum(cells.left)
    divisor = one.denominator
    match one.rule.of:
        case "remaining":
            base, scale = left, cells.grain
        case "earned":
            base, scale = sum(cells.exact_earned), grain
        case "daily":
            base, scale, divisor = sum(cells.full), grain, divisor * max(1, workdays)
        case _:
            base, scale = sum(cells.full), grain
    if cells.grain == 1:
        want = rounded(base * one.share, divisor * scale)
    else:
        want = base * one.share // divisor
    if one.rule.cap is not None:
        want = min(want, _cap_left(cells, one.rule.cap, compiled, grain))
        cells.capped[one.rule.cap] = cells.capped.get(one.rule.cap, 0) + want
    take = min(want, left)
    for cell, share in enumerate(split(take, cells.left)):
        if share:
            cells.left[cell] -= share
            cells.taken.append((at, cell, share))


def _cap_left(cells: Cells, cap: int, compiled: Compiled, grain: int) -> int:
    scale = grain if cells.grain == 1 else 1
    limit = sum(cells.full) * compiled.caps[cap] // (compiled.shares * scale)
    return limit - cells.capped.get(cap, 0)


def _by_criterion(document: PolicyDocument, compiled: Compiled, cells: Cells) -> list[int]:
    left = [0] * len(document.criteria)
    for cell, amount in zip(compiled.cells, cells.left, strict=True):
        left[cell.criterion] += amount
    return left


def _named(document: PolicyDocument, amounts: Sequence[int]) -> dict[str, int]:
    return {criterion.code: amount for criterion, amount in zip(document.criteria, amounts, strict=True)}


def _part_lines(
    document: PolicyDocument,
    compiled: Compiled,
    earned: Sequence[int],
    results: Sequence[Result],
    left: Sequence[int] | None,
) -> list[Line]:
    lines = []
    for at, cell in enumerate(compiled.cells):
        leaf = compiled.leaves[cell.leaf]
        inputs = {
            "criterion": document.criteria[cell.criterion].code,
            "weight": leaf.weight_text,
            "result": results[cell.leaf]["share"],
        }
        if left is not None:
            inputs["after_deductions"] = str(left[at])
        lines.append(
            Line(
                kind="part",
                rule=leaf.code,
                name=leaf.name,
                article=leaf.article,
                amount=str(earned[at]),
                inputs=inputs,
            )
        )
    return lines


def _cut_line(one: Fired, taken: int) -> Line:
    rule = one.rule.rule
    inputs = one.inputs
    inputs["hits"] = rule.hits if isinstance(rule.hits, str) else list(rule.hits)
    if one.share:
        inputs["of"] = one.rule.of
    return Line(
        kind="deduction",
        rule=rule.id,
        name=rule.name,
        article=rule.article,
        amount=str(-taken),
        inputs=inputs,
        refs=one.refs,
    )


def _rounding_line(amount: int, unit: int) -> Line:
    return Line(
        kind="rounding",
        rule="rounding",
        name="Pembulatan",
        article="",
        amount=str(amount),
        inputs={"unit": unit},
    )


def _add_at_end(
    document: PolicyDocument, facts: Facts, bases: Bases, lines: list[Line], criteria: dict[str, int]
) -> int:
    """Additions that no deduction touches; none for whom nothing is paid at all."""
    added = 0
    if not any(bases.amounts):
        return added
    for rule in document.additions:
        holds, acting = due(rule, facts) if rule.at == "end" else (False, None)
        if not holds:
            continue
        own = dict(zip(criteria, bases.amounts, strict=True))
        looked_at = own[rule.criterion] if rule.criterion else sum(bases.amounts, Fraction(0))
        exact = added_amount(document, rule, acting, facts, looked_at)
        amount = round_to(exact, document.rounding.tpp.unit, document.rounding.tpp.mode)
        criterion = rule.criterion or document.criteria[0].code
        criteria[criterion] += amount
        added += amount
        inputs = {"criterion": criterion} | addition_inputs(rule, acting)
        lines.append(
            Line(
                kind="addition",
                rule=rule.id,
                name=rule.name,
                article=rule.article,
                amount=str(amount),
                inputs=inputs,
            )
        )
    return added
