"""Deductions, caps, limits, withholding: one shape, one unit, rows without gap, targets that exist."""

from collections.abc import Sequence
from itertools import pairwise

from services.payroll.rules.document import Cut, Deduction, PolicyDocument, Tier, Withholding
from services.payroll.rules.reading import Path
from services.payroll.rules.wholeness import limits, selectors
from services.payroll.rules.wholeness.limits import Targets
from services.payroll.rules.wholeness.report import Report, cover


def inspect(document: PolicyDocument, report: Report) -> None:
    """Every rule that takes or keeps back money."""
    report.unique(("deductions",), (rule.id for rule in document.deductions), "rule")
    targets = Targets.of(document)
    for at, rule in enumerate(document.deductions):
        path: Path = ("deductions", at)
        _shape(rule, path, report)
        targets.inspect(rule.hits, path, report)
        _last(rule, path, report)
        _months(rule, path, report)
        selectors.inspect(rule.measure, path, report, over=rule.over, kinds_named=rule.by_kind is not None)
    _twice(document.deductions, report)
    _caps(document, report)
    limits.inspect(document, targets, report)
    report.unique(("withholding",), (rule.id for rule in document.withholding), "rule")
    for at, held in enumerate(document.withholding):
        _withholding(held, ("withholding", at), report)


def _shape(rule: Deduction, path: Path, report: Report) -> None:
    shapes = ("per_unit", "tiers", "threshold", "by_kind", "each_time", "as_stated")
    if not report.one_of(path, {name: getattr(rule, name) for name in shapes}, "shape of the cut"):
        return
    if rule.tiers:
        rows = [(tier.from_, tier.to) for tier in rule.tiers]
        first = min(1, rows[0][0])
        cover(report, (*path, "tiers"), rows, first, unit=rule.measure[0].take)
        _rising(rule.tiers, (*path, "tiers"), report)
        _within(rule, (*path, "tiers"), report)
    if rule.threshold and rule.threshold.at_least == "workdays" and rule.over != "month":
        report.add((*path, "threshold"), "all workdays are counted over a month", "Write over: month")
    if rule.each_time and rule.over not in ("month", "year"):
        report.add((*path, "each_time"), "turns are counted over a month or a year", "Write over: month or over: year")
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


def _within(rule: Deduction, path: Path, report: Report) -> None:
    """Rows above what the only selector lets through are never reached."""
    longest = rule.measure[0].minutes_to if len(rule.measure) == 1 and rule.over == "occurrence" else None
    if longest is None or rule.measure[0].take != "minutes" or rule.measure[0].each != 1 or rule.measure[0].per:
        return
    for at, tier in enumerate(rule.tiers or ()):
        if tier.from_ > longest:
            message = f"row {at + 1} can never be reached: minutes_to lets nothing above {longest} through"
            report.add((*path, at), message, "Take it out, or raise minutes_to")


def _units(rule: Deduction, path: Path, report: Report) -> None:
    """Percentages and rupiah do not stand in one rule; only a percentage is `of` something."""
    cuts: list[tuple[Path, Cut]] = []
    if rule.per_unit:
        cuts.append(((*path, "per_unit"), rule.per_unit))
    if rule.threshold:
        cuts.append(((*path, "threshold", "cut"), rule.threshold.cut))
    cuts += [((*path, "tiers", at, "cut"), tier.cut) for at, tier in enumerate(rule.tiers or ())]
    cuts += [((*path, "by_kind", kind), cut) for kind, cut in (rule.by_kind or {}).items()]
    cuts += [((*path, "each_time", at), cut) for at, cut in enumerate(rule.each_time or ())]
    stated = rule.as_stated.unit if rule.as_stated else None
    unit = stated or (cuts[0][1].unit if cuts else None)
    if rule.at_most:
        cuts.append(((*path, "at_most"), rule.at_most))
    for place, cut in cuts:
        if cut.unit != unit:
            message = f"{cut} is in {cut.unit}, the rule is in {unit}"
            report.add(place, message, "Use one unit in a rule, or make two rules")
        elif cut.share > 1 and rule.of != "daily":
            report.add(place, f"{cut} is more than there is", "Write at most 100 %")
    if cuts and not any(cut.share or cut.rupiah for _, cut in cuts):
        report.add(path, "it cuts nothing", "Give a cut, or take the rule out")
    if unit == "rupiah" and rule.of is not None:
        report.add((*path, "of"), "rupiah are not a share of anything", "Take `of` out, or write percentages")
    if unit == "percent" and rule.of is None:
        remedy = "Say of: full, earned, remaining or daily"
        report.add(path, "a percentage of what is not said", remedy)


def _last(rule: Deduction, path: Path, report: Report) -> None:
    if rule.hits == "total_with_additions" and rule.of not in (None, "remaining"):
        message = "what additions gave at the end has no full or earned amount"
        report.add((*path, "of"), message, "Write of: remaining")


def _months(rule: Deduction, path: Path, report: Report) -> None:
    decided = all(one.event in ("penalty", "incident") for one in rule.measure)
    if rule.months is not None and not decided:
        report.add((*path, "months"), "only decisions cut for months: penalty and incident", "Take `months` out")
    if rule.months == "in_force" and any(one.event != "penalty" for one in rule.measure):
        report.add((*path, "months"), "only a penalty is lifted", "Write a number of months")
    if rule.begins == "next_month" and not decided:
        report.add((*path, "begins"), "only decisions begin later: penalty and incident", "Take `begins` out")
    if rule.as_stated and any(one.event not in ("incident", "instalment") for one in rule.measure):
        remedy = "Use incident or instalment, or another shape"
        report.add((*path, "as_stated"), "only incidents and instalments state an amount", remedy)
    if rule.as_stated and rule.as_stated.unit == "percent" and any(one.event == "instalment" for one in rule.measure):
        report.add((*path, "as_stated", "unit"), "an instalment is in rupiah", "Write unit: rupiah")


def _twice(rules: Sequence[Deduction], report: Report) -> None:
    """Two rules of the same shape that take the same events from the same target."""
    seen: dict[object, str] = {}
    for at, rule in enumerate(rules):
        shape = next((name for name in ("per_unit", "tiers", "each_time", "by_kind") if getattr(rule, name)), None)
        same = (rule.measure, rule.over, rule.hits, rule.when and rule.when.model_dump_json(), shape, rule.months)
        if shape and seen.setdefault(same, rule.id) != rule.id:
            message = f"{rule.id!r} and {seen[same]!r} cut the same events from the same target"
            report.add(("deductions", at), message, "Join them, or narrow one of them")


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
    selectors.inspect(rule.measure, path, report, over="month")
