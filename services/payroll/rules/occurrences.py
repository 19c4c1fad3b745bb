"""The month's events, gathered once from the facts: what happened, on which day, how long."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from services.payroll.rules.document import Selector
from services.payroll.rules.facts import AttendanceDay, Exemption, Facts

MINUTES_AN_HOUR = 60


class Occurrence(NamedTuple):
    """One event; `ref` is the id to show for it, a work date for attendance."""

    on: date
    ref: str
    minutes: int = 0
    kind: str = ""
    letter: bool = False
    after_holiday: bool = False
    times: int = 1
    rupiah: int = 0
    percent: Fraction | None = None


Occurrences = dict[str, list[Occurrence]]


def gather(facts: Facts) -> Occurrences:
    """Every event of the facts by its name in a policy document, without those an exemption covers."""
    found: Occurrences = {}
    for day in facts.attendance:
        if not day.duty:
            _of_day(found, day)
    for penalty in facts.penalties:
        found.setdefault("penalty", []).append(Occurrence(penalty.effective_from, penalty.id, kind=penalty.kind))
    for one in facts.incidents:
        found.setdefault("incident", []).append(
            Occurrence(
                one.on,
                one.id,
                one.minutes,
                one.kind,
                times=one.times,
                rupiah=max(0, one.rupiah),
                percent=one.percent,
            )
        )
    return _without_exempted(found, facts.exemptions) if facts.exemptions else found


def _of_day(found: Occurrences, day: AttendanceDay) -> None:
    """A day of absence or leave has no other event but the missed apel."""
    if day.absence:
        _add(found, "absent", day, kind=day.absence)
    elif day.leave:
        _add(found, "leave", day, kind=day.leave)
    else:
        if day.late_minutes:
            _add(found, "late", day, day.late_minutes)
        if day.early_minutes:
            _add(found, "early", day, day.early_minutes)
        if day.out_minutes:
            _add(found, "out", day, day.out_minutes)
        if day.missing_in:
            _add(found, "missing_in", day)
        if day.missing_out:
            _add(found, "missing_out", day)
    for kind in day.apel_missed:
        _add(found, "apel", day, kind=kind)


def _add(found: Occurrences, event: str, day: AttendanceDay, minutes: int = 0, kind: str = "") -> None:
    one = Occurrence(day.work_date, day.work_date.isoformat(), minutes, kind, day.letter, day.after_holiday)
    found.setdefault(event, []).append(one)


def _without_exempted(found: Occurrences, exemptions: Iterable[Exemption]) -> Occurrences:
    for exemption in exemptions:
        for event in exemption.covers:
            if event in found:
                found[event] = [one for one in found[event] if not exemption.start <= one.on <= exemption.end]
    return found


def selected(selector: Selector, found: Occurrences) -> list[Occurrence]:
    """The events a selector names, in the order of the facts."""
    events = found.get(selector.event)
    if not events:
        return []
    if selector.kinds is not None:
        events = [one for one in events if one.kind in selector.kinds]
    if selector.letter is not None:
        events = [one for one in events if one.letter is selector.letter]
    if selector.after_holiday is not None:
        events = [one for one in events if one.after_holiday is selector.after_holiday]
    if selector.minutes_from is not None:
        events = [one for one in events if one.minutes >= selector.minutes_from]
    if selector.minutes_to is not None:
        events = [one for one in events if one.minutes <= selector.minutes_to]
    return events


def quantity(selector: Selector, events: list[Occurrence]) -> int:
    """How much of the selected events counts, in the selector's unit."""
    match selector.take:
        case "times":
            amount = sum(one.times for one in events)
        case "days":
            amount = len({one.on for one in events})
        case "minutes":
            amount = sum(one.minutes for one in events)
        case "hours":
            amount = sum(-(-one.minutes // MINUTES_AN_HOUR) for one in events)
    amount *= selector.each
    if selector.per is not None:
        return -(-amount // selector.per) if selector.whole == "ceil" else amount // selector.per
    return amount
