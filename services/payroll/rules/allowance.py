"""From cells to TPP: cuts on the total, the rounding point, additions at the end, and the lines that say so."""

from collections.abc import Sequence
from fractions import Fraction
from functools import partial
from typing import NamedTuple

from services.payroll.rules.bases import Bases, added_amount, addition_inputs, due, full_bases
from services.payroll.rules.compiled import Compiled, LimitRule
from services.payroll.rules.conditions import applies
from services.payroll.rules.cuts import Fired, fire
from services.payroll.rules.document import PolicyDocument
from services.payroll.rules.facts import Facts
from services.payroll.rules.filling import filling
from services.payroll.rules.finishing import AFTER_ADDITIONS, Finishing, cut_line, limit_line
from services.payroll.rules.grains import Cells, lay_out
from services.payroll.rules.occurrences import Occurrences
from services.payroll.rules.statement import Line, Result, Warned, line_of, ordered
from services.payroll.rules.warned import warned as warn
from shared.money import apportion, round_ratio, round_to, split


class Allowance(NamedTuple):
    """TPP earned in the period, per criterion and in total, with results, lines and warnings.

    owed: rupiah of instalments that the TPP could not bear.
    """

    tpp: int
    criteria: dict[str, int]
    results: list[Result]
    lines: list[Line]
    warnings: list[Warned]
    owed: int = 0


def allowance(document: PolicyDocument, compiled: Compiled, facts: Facts, found: Occurrences) -> Allowance:
    """Base, parts, performance, deductions and limits, rounding, additions, what falls on them too: in this order."""
    bases = full_bases(document, facts)
    filled = filling(compiled, facts, bases.of_segments)
    warnings = bases.warnings + filled.warnings
    fired = _fired(compiled, found, facts)
    last = [one for one in fired if one.rule.stage == AFTER_ADDITIONS]
    fired = fired[: len(fired) - len(last)]
    limits = [rule for rule in compiled.limits if applies(rule.rule.when, facts)] if compiled.limits else []
    cells = lay_out(compiled, bases.amounts, filled.shares, fired=fired, workdays=facts.workdays)
    lines, tpp, left = _to_lines(document, cells, fired, limits, filled.texts)
    owed = _owed(fired, lines[len(cells.left) :])
    lines = bases.lines + lines
    criteria = {criterion.code: amount for criterion, amount in zip(document.criteria, left, strict=True)}
    tpp += _add_at_end(document, facts, bases, lines, criteria)
    if last or any(rule.stage == AFTER_ADDITIONS for rule in limits):
        end = Finishing(document.rounding.tpp, compiled.shares, tpp, sum(cells.full), cells.fine, criteria, lines)
        end.cut(last)
        end.limit(limits)
        tpp, owed = end.tpp, owed + _owed(last, end.cut_lines)
    if owed:
        warnings.append(warn("carried-forward", what="TGR", amount=str(owed)))
    return Allowance(tpp, criteria, filled.results, lines, warnings, owed)


def _owed(fired: Sequence[Fired], lines: Sequence[Line]) -> int:
    """What instalments ask for beyond what could be cut; `lines` begin with those of `fired`."""
    asked = [(one, line) for one, line in zip(fired, lines, strict=False) if one.rupiah and one.owed]
    return sum(one.rupiah + int(line["amount"]) for one, line in asked)


def _fired(compiled: Compiled, found: Occurrences, facts: Facts) -> list[Fired]:
    fired = []
    for rule in compiled.cuts:
        if rule.events.isdisjoint(found):
            continue
        one = fire(rule, found, facts, compiled.shares)
        if one is not None:
            fired.append(one)
    return fired


def _to_lines(
    document: PolicyDocument,
    cells: Cells,
    fired: Sequence[Fired],
    limits: Sequence[LimitRule],
    results: Sequence[str],
) -> tuple[list[Line], int, list[int]]:
    """Cut, round where the policy rounds, and say it: lines that add up to TPP, TPP, and it by criterion."""
    rounding = document.rounding.tpp
    rounded = partial(round_ratio, unit=rounding.unit, mode=rounding.mode)
    cells.cut_parts(fired)
    if rounding.at != "total":
        cells.to_rupiah(rounded, each=rounding.at == "line")
    changed = [(rule, cells.limit(rule, rounded)) for rule in limits if rule.stage == 0]
    for at, one in enumerate(fired):
        if one.rupiah:
            cells.take_rupiah(at, one)
        elif one.rule.total:
            cells.cut_total(at, one, rounded)
    changed += [(rule, cells.limit(rule, rounded)) for rule in limits if rule.stage == 1]
    changed = [(rule, amount) for rule, amount in changed if amount]
    if rounding.at == "total":
        return _rounded_once(document, cells, fired, changed, results)
    left = _by_criterion(document, cells)
    lines = _part_lines(document, cells.compiled, cells.earned, results, cells.left)
    lines += _cut_lines(fired, cells.taken)
    return lines + [limit_line(rule, amount) for rule, amount in changed], sum(left), left


def _rounded_once(
    document: PolicyDocument,
    cells: Cells,
    fired: Sequence[Fired],
    changed: Sequence[tuple[LimitRule, int]],
    results: Sequence[str],
) -> tuple[list[Line], int, list[int]]:
    """The total alone is rounded; the lines are whole numbers near their exact amounts that add up to it."""
    rounding, exact, count = document.rounding.tpp, sum(cells.left), len(cells.earned)
    tpp = round_ratio(exact, cells.fine, rounding.unit, rounding.mode)
    shown = round_ratio(exact, cells.fine, 1, rounding.mode)
    cut, limited = (-taken for taken in cells.taken), (amount for _, amount in changed)
    items = apportion(shown, [*cells.earned, *cut, *limited], cells.fine)
    lines = _part_lines(document, cells.compiled, items[:count], results, None)
    end = count + len(fired)
    lines += _cut_lines(fired, [-amount for amount in items[count:end]])
    lines += [limit_line(rule, amount) for (rule, _), amount in zip(changed, items[end:], strict=True)]
    if tpp != shown:
        lines.append(_rounding_line(tpp - shown, rounding.unit))
    return lines, tpp, split(tpp, _by_criterion(document, cells))


def _by_criterion(document: PolicyDocument, cells: Cells) -> list[int]:
    left = [0] * len(document.criteria)
    for cell, amount in zip(cells.compiled.cells, cells.left, strict=True):
        left[cell.criterion] += amount
    return left


def _part_lines(
    document: PolicyDocument,
    compiled: Compiled,
    earned: Sequence[int],
    results: Sequence[str],
    left: Sequence[int] | None,
) -> list[Line]:
    lines = []
    for at, cell in enumerate(compiled.cells):
        leaf = compiled.leaves[cell.leaf]
        inputs = {} if left is None else {"after_deductions": str(left[at])}
        inputs["criterion"] = document.criteria[cell.criterion].code
        inputs["result"] = results[at]
        inputs["weight"] = leaf.weight_text
        lines.append(line_of("part", earned[at], inputs, rule=leaf.code, name=leaf.name, article=leaf.article))
    return lines


def _cut_lines(fired: Sequence[Fired], taken: Sequence[int]) -> list[Line]:
    return [cut_line(one, amount) for one, amount in zip(fired, taken, strict=True)]


def _rounding_line(amount: int, unit: int) -> Line:
    return line_of("rounding", amount, {"unit": unit}, rule="rounding", name="Pembulatan")


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
        inputs = ordered({"criterion": criterion} | addition_inputs(rule, acting))
        lines.append(line_of("addition", amount, inputs, rule=rule.id, name=rule.name, article=rule.article))
    return added
