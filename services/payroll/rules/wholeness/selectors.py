"""Selectors: units that fit their events, limits that can be met, nothing asked of a year that nobody knows."""

from collections.abc import Sequence

from services.payroll.rules.document import Selector
from services.payroll.rules.reading import Path
from services.payroll.rules.wholeness.report import Report

_TIMED = ("late", "early", "out", "permitted_out", "incident")
_KINDLESS = ("late", "early", "missing_in", "missing_out", "out", "permitted_out", "unassessed")
_NAMED = ("incident", "penalty", "instalment")


def inspect(selectors: Sequence[Selector], path: Path, report: Report, *, over: str, kinds_named: bool = False) -> None:
    """The selectors of one rule; `over` as in a deduction."""
    units = {one.take for one in selectors if one.take != "times" and one.per is None and one.each == 1}
    if len(units) > 1:
        message = f"{' and '.join(sorted(units))} are added up unconverted"
        report.add((*path, "measure"), message, "Convert one of them with `each` or `per`")
    for at, one in enumerate(selectors):
        place = (*path, "measure", at)
        _units(one, place, report)
        _kinds(one, place, report, kinds_named=kinds_named)
        _minutes(one, place, report)
        if over == "year":
            _of_year(one, place, report)
        if one.free is not None and over in ("occurrence", "day"):
            message = f"free units are taken off a sum, and the cut falls on each {over}"
            report.add((*place, "free"), message, "Write over: month, or forgive: for whole events")


def _units(one: Selector, place: Path, report: Report) -> None:
    if one.take in ("minutes", "hours") and one.event not in _TIMED:
        message = f"{one.event} has no {one.take}"
        report.add(place, message, "Take times or days; `each` may weigh them in minutes")
    if one.made_up is not None and one.event != "late":
        report.add((*place, "made_up"), f"{one.event} is not made up by staying on", "Only late is: take it out")
    if one.beyond is not None:
        if one.event not in _TIMED or one.take not in ("minutes", "hours"):
            report.add((*place, "beyond"), "only minutes can go beyond what is permitted", "Take minutes or hours")
        if one.beyond.per_day is None and one.beyond.per_week is None:
            report.add((*place, "beyond"), "it permits nothing", "Give per_day, per_week or both")


def _kinds(one: Selector, place: Path, report: Report, *, kinds_named: bool) -> None:
    for name in ("kinds", "without_kinds"):
        given = getattr(one, name)
        if given is not None and one.event in _KINDLESS:
            report.add((*place, name), f"{one.event} has no kinds", f"Take `{name}` out")
        if given == ():
            report.add((*place, name), "the list is empty", "Name kinds, or take it out")
    if one.kinds and set(one.kinds) <= set(one.without_kinds or ()):
        report.add((*place, "kinds"), "no event can be met: every kind is also excepted", "Take out one of the lists")
    if one.event in _NAMED and one.kinds is None and not kinds_named:
        report.add(place, f"which kinds of {one.event} is not said", "Add kinds: [...]")


def _minutes(one: Selector, place: Path, report: Report) -> None:
    if one.minutes_from and one.minutes_to and one.minutes_to < one.minutes_from:
        report.add(place, "no event can last that long", "Exchange minutes_from and minutes_to")
    limits = [name for name in ("minutes_from", "minutes_to") if getattr(one, name) is not None]
    if limits and one.event not in _TIMED:
        report.add((*place, limits[0]), f"{one.event} has no minutes", f"Take {' and '.join(limits)} out")


def _of_year(one: Selector, place: Path, report: Report) -> None:
    """Earlier months are known as sums of days, times or minutes, by event and kind."""
    for name in ("letter", "inpatient", "minutes_from", "minutes_to", "made_up", "beyond", "without_kinds", "forgive"):
        if getattr(one, name) is not None:
            message = f"the months before the period are known in sums, without {name}"
            report.add((*place, name), message, "Use kinds or after_holiday, or write over: month")
    if one.after_holiday is False:
        message = "the months before the period are known in sums, with or only after holidays"
        report.add((*place, "after_holiday"), message, "Write true, or take it out")
    if one.take == "hours":
        report.add((*place, "take"), "the year's sums hold minutes, not hours begun", "Take minutes with per: 60")
