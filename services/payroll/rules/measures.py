"""How well a part was filled: predikat, minutes, reports, scores; as an exact share with its numbers."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple, assert_never

from services.payroll.rules.compiled import Leaf
from services.payroll.rules.document import Measure
from services.payroll.rules.document.earnings import Blend, ByPredikat, Full, Minutes, Reports, Score
from services.payroll.rules.facts import ActivityDay, Facts
from services.payroll.rules.statement import Result, Warned, ordered, result_of, warned
from shared.money import percent_text

ALL = Fraction(1)


class Filled(NamedTuple):
    """The share, the numbers it came from, and the work dates behind it."""

    share: Fraction
    inputs: dict[str, Any]
    dates: list[str]
    warnings: tuple[Warned, ...] = ()


def text(share: Fraction) -> str:
    """A share as people write it."""
    return percent_text(share.numerator, share.denominator)


def fill(leaf: Leaf, facts: Facts) -> tuple[Fraction, Result, tuple[Warned, ...]]:
    """The share of a part that was earned before deductions, and the record of why."""
    own = leaf.supervisor_measure if facts.employee.is_supervisor else None
    measure = own or leaf.measure
    exemption = next((one for one in facts.exemptions if f"part:{leaf.code}" in one.covers), None)
    if measure is None or exemption is not None:
        inputs = {"measure": "exempted", "exemption": exemption.id} if exemption else {"measure": "full"}
        filled = Filled(ALL, inputs, [])
    else:
        filled = measured(measure, facts)
    share = _banded(leaf, filled.share) if leaf.bands else filled.share
    inputs = filled.inputs
    if share != filled.share:
        inputs = inputs | {"measured": text(filled.share)}
    if leaf.duty and facts.employee.is_supervisor and not facts.employee.assessed_staff:
        inputs = inputs | {"before_duty": text(share), "duty": leaf.duty.id, "points": text(leaf.duty.points)}
        share = max(Fraction(0), share - leaf.duty.points)
    refs = {"activities": filled.dates} if filled.dates else {}
    return share, result_of(leaf.code, leaf.article, text(share), inputs, refs=refs), filled.warnings


def _banded(leaf: Leaf, share: Fraction) -> Fraction:
    for band in reversed(leaf.bands or ()):
        if share >= band.from_:
            return share if band.pays == "as_is" else band.pays
    return share


def measured(measure: Measure, facts: Facts) -> Filled:
    """The measure's share of its target, within its limits."""
    match measure:
        case Full():
            return Filled(ALL, {"measure": "full"}, [])
        case ByPredikat():
            return _by_predikat(measure, facts)
        case Minutes():
            return _minutes(measure, facts)
        case Reports():
            return _reports(measure, facts)
        case Score():
            return _score(measure, facts)
        case Blend():
            return _blend(measure, facts)
        case _:
            assert_never(measure)


def _by_predikat(measure: ByPredikat, facts: Facts) -> Filled:
    if facts.predikat is not None:
        inputs = {"measure": "predikat", "predikat": facts.predikat}
        return Filled(measure.pays[facts.predikat], inputs, [])
    reason = facts.predikat_missing or ("supervisor_silent" if facts.plan_exists else "no_plan")
    paid = measure.missing[reason]
    share = measure.pays[paid] if isinstance(paid, str) else paid
    message = f"no predikat ({reason}): paid as {paid if isinstance(paid, str) else text(share)}"
    return Filled(
        share,
        {"measure": "predikat", "predikat": None, "missing": reason},
        [],
        (warned("predikat-missing", message),),
    )


def counted(
    facts: Facts, kinds: tuple[str, ...] | None, approved_before_day: int | None = None
) -> Iterable[ActivityDay]:
    """The activities that count: of these kinds (None: all), approved in time."""
    days: Iterable[ActivityDay] = facts.activities
    if kinds is not None:
        days = [day for day in days if day.kind in kinds]
    if approved_before_day is not None:
        cut_off = _next_month(facts.start, approved_before_day)
        days = [day for day in days if day.approved_on is None or day.approved_on < cut_off]
    return days


def _next_month(start: date, day: int) -> date:
    return date(start.year + start.month // 12, start.month % 12 + 1, day)


def _dates(days: Iterable[ActivityDay]) -> list[str]:
    return sorted({day.work_date.isoformat() for day in days})


def _minutes(measure: Minutes, facts: Facts) -> Filled:
    days = counted(facts, measure.activities, measure.approved_before_day)
    if measure.daily_cap is None:
        minutes = sum(day.minutes for day in days)
    else:
        per_day: dict[date, int] = {}
        for day in days:
            per_day[day.work_date] = per_day.get(day.work_date, 0) + day.minutes
        minutes = sum(min(measure.daily_cap, of_day) for of_day in per_day.values())
    target = measure.per_month or (measure.per_workday or 0) * facts.workdays
    share = min(measure.at_most, Fraction(minutes, target)) if target else Fraction(0)
    inputs = {"measure": "minutes", "minutes": minutes, "target": target, "workdays": facts.workdays}
    return Filled(share, inputs, _dates(days))


def _reports(measure: Reports, facts: Facts) -> Filled:
    days = counted(facts, measure.activities)
    if measure.counts == "days":
        count = len({day.work_date for day in days if day.count})
    else:
        count = sum(day.count for day in days)
    target = facts.workdays if measure.target == "workdays" else measure.target
    share = min(measure.at_most, Fraction(count, target)) if target else Fraction(0)
    return Filled(share, {"measure": "reports", "count": count, "target": target}, _dates(days))


def _score(measure: Score, facts: Facts) -> Filled:
    inputs: dict[str, Any] = {"measure": "score", "score": measure.score}
    given = facts.scores.get(measure.score)
    if given is not None:
        return Filled(min(measure.at_most, given), inputs | {"value": text(given)}, [])
    message = f"no score '{measure.score}': paid as {text(measure.missing)}"
    return Filled(
        measure.missing,
        inputs | {"value": None},
        [],
        (warned("score-missing", message),),
    )


def _blend(measure: Blend, facts: Facts) -> Filled:
    parts = [(part.weight, measured(part.measure, facts)) for part in measure.of]
    return Filled(
        sum((weight * filled.share for weight, filled in parts), Fraction(0)),
        {
            "measure": "blend",
            "of": [
                ordered({"weight": text(weight), "share": text(filled.share), **filled.inputs})
                for weight, filled in parts
            ],
        },
        sorted({on for _, filled in parts for on in filled.dates}),
        tuple(warning for _, filled in parts for warning in filled.warnings),
    )
