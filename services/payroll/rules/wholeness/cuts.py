"""Deductions, caps, withholding: one shape, one unit, rows without gap, targets that exist."""

from collections.abc import Sequence
from itertools import pairwise

from services.payroll.rules.document import Cut, Deduction, PolicyDocument, Selector, Tier, Withholding
from services.payroll.rules.reading import Path
from services.payroll.rules.wholeness.parts import codes
from services.payroll.rules.wholeness.report import Report, cover

_TIMED = ("late", "early", "out", "incident")
_KINDLESS = ("late", "early", "missing_in", "missing_out", "out")


def inspect(document: PolicyDocument, report: Report) -> None:
    """Every rule that takes or keeps back money."""
    report.unique(("deductions",), (rule.id for rule in document.deductions), "rule")
    known = set(codes(document.parts))
    for criterion in document.criteria:
        known.update(codes(criterion.parts or ()))
    for at, rule in enumerate(document.deductions):
        path: Path = ("deductions", at)
        _shape(rule, path, report)
        _target(rule, known, path, report)
        _selectors(rule.measure, path, report, kinds_named=rule.by_kind is not None)
    _caps(document, report)
    report.unique(("withholding",), (rule.id for rule in document.withholding), "rule")
    for at, held in enumerate(document.withholding):
        _withholding(held, ("withholding", at), report)


def _shape(rule: Deduction, path: Path, report: Report) -> None:
    shapes = ("per_unit", "tiers", "threshold", "by_kind", "as_stated")
    if not report.one_of(path, {name: getattr(rule, name) for name in shapes}, "shape of the cut"):
        return
    if rule.tiers:
        rows = [(tier.from_, tier.to) for tier in rule.tiers]
        first = min(1, rows[0][0])
        cover(report, (*path, "tiers"), rows, first, unit=rule.measure[0].take)
        _rising(rule.tiers, (*path, "tiers"), report)
    if rule.threshold and rule.threshold.at_least == "workdays" and rule.over != "month":
        report.add((*path, "threshold"), "all workdays are counted over a month", "Write over: month")
    if rule.by_kind is not None and not rule.by_kind:
        report.add((*path, "by_kind"), "the table is empty", "Add a row for each kind")
    _units(rule, path, report)


def _rising(tiers: Sequence[Tier], path: Path, report: Report) -> None:
    """More of a fault never costs less."""
    for at, (one, after) in enumerate(pairwise(tiers), start=1):
        falls = after.cut.share < one.cut.share or (after.cut.rupiah or 0) < (one.cut.rupiah or 0)
        if one.cut.unit == after.cut.unit and falls:
            message = f"row {at + 1} cuts {after.cut}, less than {one.cut} for less in row {at}"
            report.add((*path, at, "cut"), message, "Correct the row: more never costs less")


def _units(rule: Deduction, path: Path, report: Report) -> None:
    """Percentages and rupiah do not stand in one rule; only a percentage is `of` something."""
    cuts: list[tuple[Path, Cut]] = []
    if rule.per_unit:
        cuts.append(((*path, "per_unit"), rule.per_unit))
    if rule.threshold:
        cuts.append(((*path, "threshold", "cut"), rule.threshold.cut))
    cuts += [((*path, "tiers", at, "cut"), tier.cut) for at, tier in enumerate(rule.tiers or ())]
    cuts += [((*path, "by_kind", kind), cut) for kind, cut in (rule.by_kind or {}).items()]
    stated = rule.as_stated.unit if rule.as_stated else None
    unit = stated or (cuts[0][1].unit if cuts else None)
    if rule.at_most:
        cuts.append(((*path, "at_most"), rule.at_most))
    for place, cut in cuts:
        if cut.unit != unit:
            message = f"{cut} is in {cut.unit}, the rule is in {unit}"
            report.add(place, message, "Use one unit in a rule, or make two rules")
    if unit == "rupiah" and rule.of is not None:
        report.add((*path, "of"), "rupiah are not a share of anything", "Take `of` out, or write percentages")
    if unit == "percent" and rule.of is None:
        remedy = "Say of: full, earned, remaining or daily"
        report.add(path, "a percentage of what is not said", remedy)


def _target(rule: Deduction, known: set[str], path: Path, report: Report) -> None:
    for at, code in enumerate(() if rule.hits == "total" else rule.hits):
        if code not in known:
            report.add((*path, "hits", at), f"there is no part {code!r}", "Name one of parts, or total")


def _selectors(selectors: Sequence[Selector], path: Path, report: Report, *, kinds_named: bool = False) -> None:
    units = {one.take for one in selectors if one.take != "times" and one.per is None and one.each == 1}
    if len(units) > 1:
        message = f"{' and '.join(sorted(units))} are added up unconverted"
        report.add((*path, "measure"), message, "Convert one of them with `each` or `per`")
    for at, one in enumerate(selectors):
        place = (*path, "measure", at)
        if one.take in ("minutes", "hours") and one.event not in _TIMED:
            message = f"{one.event} has no {one.take}"
            report.add(place, message, "Take times or days; `each` may weigh them in minutes")
        if one.kinds is not None and one.event in _KINDLESS:
            report.add((*place, "kinds"), f"{one.event} has no kinds", "Take `kinds` out")
        if one.event in ("incident", "penalty") and one.kinds is None and not kinds_named:
            report.add(place, f"which kinds of {one.event} is not said", "Add kinds: [...]")
        if one.minutes_from and one.minutes_to and one.minutes_to < one.minutes_from:
            report.add(place, "no event can last that long", "Exchange minutes_from and minutes_to")


def _caps(document: PolicyDocument, report: Report) -> None:
    rules = {rule.id: rule for rule in document.deductions}
    capped: set[str] = set()
    for at, cap in enumerate(document.caps):
        targets = set()
        for row, name in enumerate(cap.rules):
            place = ("caps", at, "rules", row)
            if name not in rules:
                report.add(place, f"there is no deduction {name!r}", "Name the id of a deduction")
                continue
            if name in capped:
                report.add(place, f"{name!r} is already capped", "Let one cap name it")
            capped.add(name)
            targets.add(rules[name].hits)
            if rules[name].of is None:
                report.add(place, f"{name!r} cuts rupiah, the cap is a percentage", "Use its own at_most")
        if len(targets) > 1:
            report.add(("caps", at), "its rules hit different parts", "Make one cap for each target")


def _withholding(rule: Withholding, path: Path, report: Report) -> None:
    if bool(rule.measure) != (rule.more_than is not None):
        report.add(path, "a measure and more_than belong together", "Give both, or neither")
    if not rule.measure and rule.when is None:
        report.add(path, "it would hold back everyone's TPP", "Add a measure with more_than, or a condition")
    if rule.holds == 0:
        report.add((*path, "holds"), "it holds back nothing", "Give a share, or take the rule out")
    if rule.forfeits_after_months is not None and rule.until != "cleared":
        report.add((*path, "forfeits_after_months"), "what is paid later by itself is never forfeited", "Take it out")
    _selectors(rule.measure, path, report)
