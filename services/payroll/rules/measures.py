"""How well a part was filled: predikat, minutes, reports, scores; as an exact share with its numbers."""

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple, assert_never

from services.payroll.rules.compiled import Leaf
from services.payroll.rules.document import Measure
from services.payroll.rules.document.earnings import (
    Attendance,
    Blend,
    ByPredikat,
    ByRating,
    Full,
    Minutes,
    Reports,
    Score,
    Staff,
)
from services.payroll.rules.facts import ActivityDay, AttendanceDay, Exemption, Facts
from services.payroll.rules.statement import Result, Warned, ordered, result_of
from services.payroll.rules.warned import warned
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
    exempting = [one for one in facts.exemptions if f"part:{leaf.code}" in one.covers] if facts.exemptions else []
    if measure is None:
        filled = Filled(ALL, {"measure": "full"}, [])
    elif exempting:
        filled = _exempted(measure, sorted(exempting, key=lambda one: (one.start, one.id)), facts)
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


def _exempted(measure: Measure, exempting: Sequence[Exemption], facts: Facts) -> Filled:
    """The exempted workdays count as filled: all of them, or those of some days beside what the rest shows."""
    for one in exempting:
        if one.start <= facts.start and one.end >= facts.end:
            return Filled(ALL, {"measure": "exempted", "exemption": one.id}, [])
    within = [one for one in exempting if one.start <= facts.end and one.end >= facts.start]
    days = min(sum(one.workdays or 0 for one in within), facts.workdays)
    if not days:
        return measured(measure, facts)
    filled = measured(measure, facts, days)
    exempt = Fraction(days, facts.workdays)
    share = max(filled.share, filled.share * (1 - exempt) + exempt)
    inputs = filled.inputs | {"exempted_workdays": days, "exemption": ", ".join(one.id for one in within)}
    return Filled(share, inputs, filled.dates, filled.warnings)


def _banded(leaf: Leaf, share: Fraction) -> Fraction:
    for band in reversed(leaf.bands or ()):
        if share >= band.from_:
            return share if band.pays == "as_is" else band.pays
    return share


def measured(measure: Measure, facts: Facts, exempted: int = 0) -> Filled:
    """The measure's share of its target, within its limits; `exempted` workdays ask for nothing."""
    match measure:
        case Full():
            return Filled(ALL, {"measure": "full"}, [])
        case ByPredikat():
            return _by_predikat(measure, facts)
        case ByRating():
            return _by_rating(measure, facts)
        case Staff():
            return _staff(measure, facts)
        case Score():
            return _score(measure, facts)
        case _:
            return _by_days(measure, facts, exempted)


def _by_days(measure: Minutes | Reports | Attendance | Blend, facts: Facts, exempted: int) -> Filled:
    """The measures whose target follows the workdays."""
    match measure:
        case Minutes():
            return _minutes(measure, facts, exempted)
        case Reports():
            return _reports(measure, facts, exempted)
        case Attendance():
            return _attendance(measure, facts, exempted)
        case Blend():
            return _blend(measure, facts, exempted)
        case _:
            assert_never(measure)


def _by_predikat(measure: ByPredikat, facts: Facts) -> Filled:
    if facts.predikat is not None:
        inputs = {"measure": "predikat", "predikat": facts.predikat}
        return Filled(measure.pays[facts.predikat], inputs, [])
    reason = facts.predikat_missing or ("supervisor_silent" if facts.plan_exists else "no_plan")
    paid = measure.missing[reason]
    share = measure.pays[paid] if isinstance(paid, str) else paid
    said = paid if isinstance(paid, str) else text(share)
    return Filled(
        share,
        {"measure": "predikat", "predikat": None, "missing": reason},
        [],
        (warned("predikat-missing", reason=reason, paid=said),),
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
    return _written(tuple([day.work_date for day in days]))


@lru_cache(maxsize=4096)  # most people of a month worked on the same days
def _written(days: tuple[date, ...]) -> list[str]:
    return sorted({day.isoformat() for day in days})


def _asked(facts: Facts, without: tuple[str, ...], exempted: int) -> int:
    """The workdays that ask for work: all but the days named, each once, and those exempted."""
    return max(0, facts.workdays - exempted - _named(facts, without))


def _named(facts: Facts, names: tuple[str, ...]) -> int:
    """How many days of the period are of these names, such as "duty" or "leave:sakit"."""
    if not names:
        return 0
    return sum(1 for day in facts.attendance if not names_of(day).isdisjoint(names))


def names_of(day: AttendanceDay) -> frozenset[str]:
    """What a measure may call a day: duty, or its absence or leave, with and without the kind."""
    if day.duty:
        return frozenset(("duty",))
    if day.absence:
        return frozenset(("absent", f"absent:{day.absence}"))
    return frozenset(("leave", f"leave:{day.leave}")) if day.leave else frozenset()


def _over(done: int, target: int, at_most: Fraction, *, excused: bool) -> Fraction:
    """The share of a target; where every day was excused nothing was asked, and nothing is missing."""
    if target:
        enough = done * at_most.denominator >= target * at_most.numerator
        return at_most if enough else Fraction(done, target)
    return min(at_most, ALL) if excused else Fraction(0)


def _minutes(measure: Minutes, facts: Facts, exempted: int) -> Filled:
    days = counted(facts, measure.activities, measure.approved_before_day)
    if measure.daily_cap is None:
        minutes = sum([day.minutes for day in days])
    else:
        per_day: dict[date, int] = {}
        for day in days:
            per_day[day.work_date] = per_day.get(day.work_date, 0) + day.minutes
        minutes = sum(min(measure.daily_cap, of_day) for of_day in per_day.values())
    workdays = _asked(facts, measure.without, exempted)
    target = measure.per_month or (measure.per_workday or 0) * workdays
    share = _over(minutes, target, measure.at_most, excused=facts.workdays > 0)
    inputs = {"measure": "minutes", "minutes": minutes, "target": target, "workdays": workdays}
    return Filled(share, inputs, _dates(days))


def _reports(measure: Reports, facts: Facts, exempted: int) -> Filled:
    days = counted(facts, measure.activities)
    if measure.counts == "days":
        count = len({day.work_date for day in days if day.count})
    else:
        count = sum(day.count for day in days)
    target = _asked(facts, measure.without, exempted) if measure.target == "workdays" else measure.target
    share = _over(count, target, measure.at_most, excused=facts.workdays > 0)
    return Filled(share, {"measure": "reports", "count": count, "target": target}, _dates(days))


def _attendance(measure: Attendance, facts: Facts, exempted: int) -> Filled:
    workdays = max(0, facts.workdays - exempted)
    missed = min(workdays, _named(facts, measure.less))
    share = _over(workdays - missed, workdays, ALL, excused=facts.workdays > 0)
    return Filled(share, {"measure": "attendance", "attended": workdays - missed, "workdays": workdays}, [])


def _staff(measure: Staff, facts: Facts) -> Filled:
    """The mean over subordinates; one without workdays in the period is left out."""
    targets = [
        (one.minutes, measure.per_month or (measure.per_workday or 0) * one.workdays)
        for one in facts.staff
        if one.workdays
    ]
    inputs: dict[str, Any] = {"measure": "staff", "people": len(targets)}
    if not targets:
        return Filled(measure.missing, inputs, [])
    shares = [min(measure.at_most, Fraction(minutes, target)) for minutes, target in targets]
    return Filled(sum(shares, Fraction(0)) / len(shares), inputs, [])


def _by_rating(measure: ByRating, facts: Facts) -> Filled:
    given = facts.ratings.get(measure.rating)
    inputs: dict[str, Any] = {"measure": "rating", "rating": measure.rating}
    if given in measure.pays:
        return Filled(measure.pays[given], inputs | {"value": given}, [])
    value = {} if given is None else {"given": given}
    paid = text(measure.missing)
    warning = warned("rating-missing", blocking=given is not None, rating=measure.rating, paid=paid, **value)
    return Filled(measure.missing, inputs | {"value": None}, [], (warning,))


def _score(measure: Score, facts: Facts) -> Filled:
    inputs: dict[str, Any] = {"measure": "score", "score": measure.score}
    given = facts.scores.get(measure.score)
    if given is not None:
        return Filled(min(measure.at_most, given), inputs | {"value": text(given)}, [])
    return Filled(
        measure.missing,
        inputs | {"value": None},
        [],
        (warned("score-missing", score=measure.score, paid=text(measure.missing)),),
    )


def _blend(measure: Blend, facts: Facts, exempted: int) -> Filled:
    parts = [(part.weight, measured(part.measure, facts, exempted)) for part in measure.of]
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
