"""TPP earned but not paid yet: postponed to a later month or held until cleared, released, or forfeited."""

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from services.payroll.rules.conditions import applies, months_since
from services.payroll.rules.document import Later, PolicyDocument, Withholding
from services.payroll.rules.facts import Facts, Held, Release
from services.payroll.rules.measures import text
from services.payroll.rules.occurrences import Occurrences
from services.payroll.rules.selection import quantity, selected
from services.payroll.rules.statement import Line, Refs, line_of, ordered
from shared.money import round_ratio

CLEARED = "cleared"


@dataclass(slots=True)
class Withheld:
    """Whole rupiah kept back of this period's TPP, and what earlier periods' is paid now; until: the latest."""

    suspended: int = 0
    until: str | None = None
    released: int = 0
    lines: list[Line] = field(default_factory=list)


def withhold(document: PolicyDocument, facts: Facts, found: Occurrences, tpp: int) -> Withheld:
    """What is kept back of `tpp` and what is released. Where rules overlap, the one that holds longest takes first."""
    done = Withheld()
    due = [(_until(rule, facts), rule) for rule in document.withholding] if document.withholding else []
    if len(due) > 1:
        due.sort(key=lambda one: one[0], reverse=True)
    for until, rule in due:
        reason, refs = _holding(rule, facts, found)
        if reason is None:
            continue
        amount = round_ratio(tpp * rule.holds.numerator, rule.holds.denominator, 1, document.rounding.tpp.mode)
        amount = min(amount, tpp - done.suspended)
        done.suspended += amount
        done.until = done.until or until
        inputs = ordered({"percent": text(rule.holds), "tpp": str(tpp), "until": until} | reason)
        done.lines.append(
            line_of("suspended", -amount, inputs, rule=rule.id, name=rule.name, article=rule.article, refs=refs)
        )
    if facts.carried:
        _pay_postponed(done, facts)
    if facts.held:
        _settle_held(done, document, facts)
    return done


def _until(rule: Withholding, facts: Facts) -> str:
    """The period in which it will be paid ("2026-11"), or "cleared", which sorts after every period."""
    if rule.until == CLEARED:
        return CLEARED
    months = rule.until.months if isinstance(rule.until, Later) else 1
    return _month_after(facts.end, months)


@lru_cache(maxsize=1024)
def _month_after(day: date, months: int) -> str:
    at = day.year * 12 + day.month - 1 + months
    return f"{at // 12:04d}-{at % 12 + 1:02d}"


def _holding(rule: Withholding, facts: Facts, found: Occurrences) -> tuple[dict[str, Any] | None, Refs]:
    """Why TPP is kept back, or None."""
    if (facts.exemptions and _exempted(rule, facts)) or not applies(rule.when, facts):
        return None, Refs()
    if not rule.measure or rule.more_than is None:
        return {"condition": True}, Refs()
    picked = [(selector, selected(selector, found)) for selector in rule.measure]
    total = sum([quantity(selector, events) for selector, events in picked if events])
    if total <= rule.more_than:
        return None, Refs()
    days = sorted({one.ref for _, events in picked for one in events})
    return {"more_than": rule.more_than, "quantity": total}, Refs(attendance=days)


def _exempted(rule: Withholding, facts: Facts) -> bool:
    return any(f"rule:{rule.id}" in one.covers and _reaches(one.start, one.end, facts) for one in facts.exemptions)


def _reaches(start: date, end: date, facts: Facts) -> bool:
    return start <= facts.end and end >= facts.start


def _pay_postponed(done: Withheld, facts: Facts) -> None:
    for one in sorted(facts.carried, key=lambda one: (one.period, one.id)):
        amount = max(0, one.amount)
        done.released += amount
        done.lines.append(
            line_of("released", amount, {"period": one.period}, rule=one.id, name="Pembayaran TPP yang ditunda")
        )


def _settle_held(done: Withheld, document: PolicyDocument, facts: Facts) -> None:
    """What was held until cleared: paid by a decision that clears it, forfeited at its term, else still held."""
    rules = {rule.id: rule for rule in document.withholding}
    for one in sorted(facts.held, key=lambda one: (one.period, one.id)):
        amount, rule = max(0, one.amount), rules.get(one.rule)
        article = rule.article if rule else ""
        term = rule.forfeits_after_months if rule else None
        release = _release_of(one, facts, term)
        if release is not None:
            done.released += amount
            inputs = {"period": one.period, "release": release.id, "rule": one.rule}
            name, refs = "Pembayaran TPP yang ditahan", Refs(decisions=[release.id])
            done.lines.append(line_of("released", amount, inputs, rule=one.id, name=name, article=article, refs=refs))
        elif rule and term and _months(one, facts.end) == term:
            inputs = {"amount": str(amount), "months": str(term), "period": one.period}
            name = "TPP yang ditahan gugur"
            done.lines.append(line_of("forfeited", 0, inputs, rule=rule.id, name=name, article=article))


def _release_of(held: Held, facts: Facts, term: int | None) -> Release | None:
    """The first decision that clears it: it names the held amount itself or the rule, before it was forfeited."""
    fitting = [
        one
        for one in facts.releases
        if one.on <= facts.end
        and (one.held == held.id or (one.held is None and one.rule == held.rule))
        and (term is None or _months(held, one.on) <= term)
    ]
    return min(fitting, key=lambda one: (one.on, one.id), default=None)


def _months(held: Held, day: date) -> int:
    """Whole months from the period in which it was earned to that of a day."""
    return months_since(int(held.period[:4]), int(held.period[5:7]), day.year, day.month)
