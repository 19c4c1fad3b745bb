"""How much a deduction takes: its events, measured, put through its shape. Shares only, no money yet."""

from fractions import Fraction
from typing import Any, NamedTuple

from services.payroll.rules.compiled import CutRule
from services.payroll.rules.conditions import applies, months_since
from services.payroll.rules.document import Deduction, Selector
from services.payroll.rules.facts import Facts
from services.payroll.rules.occurrences import Occurrence, Occurrences, quantity, selected
from services.payroll.rules.statement import Refs
from shared.money import percent_text

Picked = list[tuple[Selector, list[Occurrence]]]


class Fired(NamedTuple):
    """A rule that takes something: a share (`share` over `denominator`) or `rupiah`, and why."""

    rule: CutRule
    share: int
    denominator: int
    rupiah: int
    inputs: dict[str, Any]
    refs: Refs


def fire(rule: CutRule, found: Occurrences, facts: Facts, shares: int) -> Fired | None:
    """The rule's cut for the period; None when it takes nothing."""
    picked = _picked(rule.rule, found, facts)
    if not any(events for _, events in picked) or not applies(rule.rule.when, facts):
        return None
    if rule.rule.as_stated:
        return _as_stated(rule, picked, shares)
    amount, inputs = _shaped(rule, picked, facts)
    if not amount:
        return None
    amount, inputs = _limited(rule, amount, inputs)
    if rule.rupiah:
        return Fired(rule, 0, 1, amount, inputs, _refs(picked))
    inputs["percent"] = percent_text(amount, shares)
    return Fired(rule, amount, shares, 0, inputs, _refs(picked))


def _picked(rule: Deduction, found: Occurrences, facts: Facts) -> Picked:
    picked = []
    for selector in rule.measure:
        events = selected(selector, found)
        if events and (selector.event == "penalty" or rule.months):
            events = [one for one in events if _still_cuts(one, facts, rule.months or 1)]
        if events and rule.by_kind is not None:
            events = [one for one in events if one.kind in rule.by_kind]
        picked.append((selector, events))
    return picked


def _still_cuts(one: Occurrence, facts: Facts, months: int) -> bool:
    """A decision cuts from the month it takes effect, `months` months long."""
    gone = months_since(one.on.year, one.on.month, facts.start.year, facts.start.month)
    return one.on <= facts.end and 0 <= gone < months


def _refs(picked: Picked) -> Refs:
    refs = Refs()
    for selector, events in picked:
        if events:
            what = "decisions" if selector.event in ("penalty", "incident") else "attendance"
            refs[what] = sorted({*refs.get(what, ()), *(one.ref for one in events)})
    return dict(sorted(refs.items())) if len(refs) > 1 else refs


def _shaped(rule: CutRule, picked: Picked, facts: Facts) -> tuple[int, dict[str, Any]]:
    """The cut in the rule's own unit (shares or rupiah), and the numbers behind it."""
    if rule.by_kind:
        return _by_kind(rule, picked)
    if rule.rule.over == "occurrence":
        return _each(rule, picked)
    total = sum(quantity(selector, events) for selector, events in picked)
    inputs: dict[str, Any] = {"quantity": total, "take": picked[0][0].take}
    if rule.rule.over == "year":
        before = sum(facts.ytd.get(event, 0) for event in {selector.event for selector, _ in picked})
        inputs["before"] = before
        total += before
    cut, row = _cut_of(rule, total, facts)
    return cut, inputs | row


def _each(rule: CutRule, picked: Picked) -> tuple[int, dict[str, Any]]:
    """The shape falls on every event by itself; equal rows are counted together."""
    rows: dict[int, int] = {}
    times = amount = 0
    for selector, events in picked:
        for one in events:
            size = quantity(selector, [one])
            times += one.times
            if rule.rows:
                at = _row(rule, size)
                if at is not None:
                    rows[at] = rows.get(at, 0) + 1
                    amount += rule.rows[at][2]
            elif rule.rule.threshold is None:
                amount += size * rule.unit
            elif size >= _least(rule, None):
                amount += rule.unit
    inputs: dict[str, Any] = {"quantity": times, "take": "times"}
    if rows:
        inputs["rows"] = [
            {"cut": rule.rows[at][3], "from": rule.rows[at][0], "times": rows[at], "to": rule.rows[at][1]}
            for at in sorted(rows)
        ]
    elif rule.unit_text:
        inputs["cut"] = rule.unit_text
    return amount, inputs


def _cut_of(rule: CutRule, total: int, facts: Facts) -> tuple[int, dict[str, Any]]:
    if rule.rows:
        at = _row(rule, total)
        if at is None:
            return 0, {}
        low, high, cut, shown = rule.rows[at]
        return cut, {"rows": [{"cut": shown, "from": low, "times": 1, "to": high}]}
    if rule.rule.threshold is not None:
        least = _least(rule, facts)
        return (rule.unit if total >= least else 0), {"at_least": least, "cut": rule.unit_text}
    return total * rule.unit, {"cut": rule.unit_text}


def _row(rule: CutRule, size: int) -> int | None:
    for at, (low, high, _, _) in enumerate(rule.rows):
        if low <= size and (high is None or size <= high):
            return at
    return None


def _least(rule: CutRule, facts: Facts | None) -> int:
    threshold = rule.rule.threshold
    if threshold is None or threshold.at_least == "workdays":
        return max(1, facts.workdays) if facts else 1
    return threshold.at_least


def _by_kind(rule: CutRule, picked: Picked) -> tuple[int, dict[str, Any]]:
    kinds: dict[str, int] = {}
    amount = 0
    for selector, events in picked:
        for one in events:
            size = quantity(selector, [one])
            kinds[one.kind] = kinds.get(one.kind, 0) + size
            amount += size * rule.by_kind[one.kind]
    shown = [
        {"cut": str((rule.rule.by_kind or {})[kind]), "kind": kind, "times": kinds[kind]} for kind in sorted(kinds)
    ]
    return amount, {"quantity": sum(kinds.values()), "take": picked[0][0].take, "rows": shown}


def _limited(rule: CutRule, amount: int, inputs: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    if rule.at_most is not None and amount > rule.at_most:
        return rule.at_most, inputs | {"at_most": str(rule.rule.at_most)}
    return amount, inputs


def _as_stated(rule: CutRule, picked: Picked, shares: int) -> Fired | None:
    events = [one for _, some in picked for one in some]
    inputs: dict[str, Any] = {"quantity": len(events), "take": "times"}
    if rule.rule.as_stated and rule.rule.as_stated.unit == "rupiah":
        rupiah, inputs = _limited(rule, sum(one.rupiah for one in events), inputs)
        return Fired(rule, 0, 1, rupiah, inputs, _refs(picked)) if rupiah else None
    stated = sum((one.percent for one in events if one.percent), Fraction(0))
    if rule.at_most is not None and stated > Fraction(rule.at_most, shares):
        stated, inputs = Fraction(rule.at_most, shares), inputs | {"at_most": str(rule.rule.at_most)}
    if not stated:
        return None
    inputs["percent"] = percent_text(stated.numerator, stated.denominator)
    return Fired(rule, stated.numerator, stated.denominator, 0, inputs, _refs(picked))
