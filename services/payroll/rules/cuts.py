"""How much a deduction takes: its events, measured, put through its shape. Shares only, no money yet."""

from datetime import date
from fractions import Fraction
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from services.payroll.rules.compiled import CutRule
from services.payroll.rules.conditions import applies, months_since
from services.payroll.rules.document import Deduction, Selector
from services.payroll.rules.facts import Facts
from services.payroll.rules.occurrences import Occurrence, Occurrences
from services.payroll.rules.selection import each_of, earlier, quantity, selected, units, weighed
from services.payroll.rules.statement import Refs
from shared.money import percent_text

Picked = list[tuple[Selector, list[Occurrence]]]
DECIDED = ("penalty", "incident", "instalment")


class Fired(NamedTuple):
    """A rule that takes something: a share (`share` over `denominator`) or `rupiah`, and why."""

    rule: CutRule
    share: int
    denominator: int
    rupiah: int
    inputs: dict[str, Any]
    refs: Refs

    @property
    def owed(self) -> bool:
        """Whether what cannot be taken this period is taken later: instalments of a debt."""
        return "instalment" in self.rule.events


def fire(rule: CutRule, found: Occurrences, facts: Facts, shares: int) -> Fired | None:
    """The rule's cut for the period; None when it takes nothing."""
    picked = _picked(rule, found, facts)
    if not any([events for _, events in picked]) or not applies(rule.rule.when, facts):
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


def _picked(rule: CutRule, found: Occurrences, facts: Facts) -> Picked:
    picked, said = [], rule.rule
    if facts.exemptions:
        found = _not_exempted(rule, found, facts)
    for selector in said.measure:
        events = selected(selector, found)
        if events and (selector.event == "penalty" or said.months):
            events = [one for one in events if _still_cuts(one, said, facts)]
        if events and said.by_kind is not None:
            events = [one for one in events if one.kind in said.by_kind]
        picked.append((selector, events))
    return picked


def _still_cuts(one: Occurrence, rule: Deduction, facts: Facts) -> bool:
    """A decision cuts from the month it takes effect or the next, for its months or until it is lifted."""
    gone = months_since(one.on.year, one.on.month, facts.start.year, facts.start.month)
    if rule.begins == "next_month":
        gone -= 1
    lifted = one.until is not None and one.until < facts.start
    if lifted or gone < 0 or one.on > facts.end:
        return False
    return rule.months == "in_force" or gone < (rule.months or 1)


def _not_exempted(rule: CutRule, found: Occurrences, facts: Facts) -> Occurrences:
    """The rule's events without those that an exemption from this very rule covers."""
    spans = [(one.start, one.end) for one in facts.exemptions if f"rule:{rule.rule.id}" in one.covers]
    if not spans:
        return found
    return {
        event: [one for one in found.get(event, ()) if not any(start <= one.on <= end for start, end in spans)]
        for event in rule.events
    }


def _refs(picked: Picked) -> Refs:
    refs = Refs()
    if len(picked) == 1:
        selector, events = picked[0]
        return {_what(selector): sorted({one.ref for one in events})}
    for selector, events in picked:
        if events:
            what = _what(selector)
            refs[what] = sorted({*refs.get(what, ()), *(one.ref for one in events)})
    return dict(sorted(refs.items())) if len(refs) > 1 else refs


def _what(selector: Selector) -> str:
    return "decisions" if selector.event in DECIDED else "attendance"


def _shaped(rule: CutRule, picked: Picked, facts: Facts) -> tuple[int, dict[str, Any]]:
    """The cut in the rule's own unit (shares or rupiah), and the numbers behind it."""
    if rule.by_kind:
        return _by_kind(rule, picked)
    if rule.rule.over in ("occurrence", "day"):
        return _each(rule, picked)
    total = sum([quantity(selector, events) for selector, events in picked])
    before = 0
    inputs: dict[str, Any] = {"quantity": total, "take": picked[0][0].take}
    if rule.rule.over == "year":
        whole = sum(weighed(one, units(one, events) + earlier(one, facts.ytd)) for one, events in picked)
        inputs["before"] = before = whole - total
    if rule.each_time:
        cut, row = _each_time(rule, total, before)
    else:
        cut, row = _cut_of(rule, total + before, facts)
    return cut, inputs | row


def _each(rule: CutRule, picked: Picked) -> tuple[int, dict[str, Any]]:
    """The shape falls on every event, or every day's sum, by itself; equal rows are counted together."""
    rows: dict[int, int] = {}
    amount = 0
    sizes = _sizes(rule, picked)
    for size in sizes:
        if rule.rows:
            at = _row(rule, size)
            if at is not None:
                rows[at] = rows.get(at, 0) + 1
                amount += rule.rows[at][2]
        elif rule.rule.threshold is None:
            amount += size * rule.unit
        elif size >= _least(rule, None):
            amount += rule.unit
    inputs: dict[str, Any] = {"quantity": _times(picked), "take": "times"}
    if rule.rule.over == "day":
        inputs = {"quantity": len(sizes), "take": "days"}
    if rows:
        inputs["rows"] = [
            {"cut": rule.rows[at][3], "from": rule.rows[at][0], "times": rows[at], "to": rule.rows[at][1]}
            for at in sorted(rows)
        ]
    elif rule.unit_text:
        inputs["cut"] = rule.unit_text
    return amount, inputs


def _sizes(rule: CutRule, picked: Picked) -> list[int]:
    if rule.rule.over == "occurrence":
        return [size for selector, events in picked for size in each_of(selector, events)]
    days: dict[date, int] = {}
    for selector, events in picked:
        for on, of_day in groupby(sorted(events, key=attrgetter("on")), key=attrgetter("on")):
            days[on] = days.get(on, 0) + quantity(selector, list(of_day))
    return list(days.values())


def _times(picked: Picked) -> int:
    return sum([one.times for _, events in picked for one in events])


def _each_time(rule: CutRule, total: int, before: int) -> tuple[int, dict[str, Any]]:
    """The first unit its cut, the second its own, and so on; the last row for all that follow."""
    amount, rows, last = 0, [], len(rule.each_time)
    for at, (cut, shown) in enumerate(rule.each_time, start=1):
        end = before + total if at == last else min(at, before + total)
        times = max(0, end - max(at - 1, before))
        if times:
            amount += cut * times
            rows.append({"cut": shown, "from": at, "times": times, "to": None if at == last else at})
    return amount, {"rows": rows} if rows else {}


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
