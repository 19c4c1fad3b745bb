"""What a selector names among the month's events, and how much of it counts."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from services.payroll.rules.document import Beyond, MadeUp, Selector
from services.payroll.rules.occurrences import Occurrence, Occurrences

MINUTES_AN_HOUR = 60


def selected(selector: Selector, found: Occurrences) -> list[Occurrence]:
    """The events a selector names, with the minutes of each that count."""
    events = found.get(selector.event)
    if not events:
        return []
    if selector.takes_all:
        return events
    if selector.made_up is not None:
        events = list(_not_made_up(selector.made_up, events))
    if selector.beyond is not None:
        events = list(_beyond(selector.beyond, events))
    events = _narrowed(selector, events)
    if selector.forgive is not None:
        events = sorted(events, key=lambda one: one.on)[selector.forgive :]
    return events


def _narrowed(selector: Selector, events: list[Occurrence]) -> list[Occurrence]:
    if selector.kinds is not None:
        events = [one for one in events if one.kind in selector.kinds]
    if selector.without_kinds is not None:
        events = [one for one in events if one.kind not in selector.without_kinds]
    if selector.letter is not None:
        events = [one for one in events if one.letter is selector.letter]
    if selector.inpatient is not None:
        events = [one for one in events if one.inpatient is selector.inpatient]
    if selector.after_holiday is not None:
        events = [one for one in events if one.after_holiday is selector.after_holiday]
    if selector.minutes_from is not None:
        events = [one for one in events if one.minutes >= selector.minutes_from]
    if selector.minutes_to is not None:
        events = [one for one in events if one.minutes <= selector.minutes_to]
    return events


def _not_made_up(rule: MadeUp, events: Iterable[Occurrence]) -> Iterable[Occurrence]:
    """Lateness that staying on the same day did not make up."""
    for one in events:
        within = rule.up_to is None or one.minutes <= rule.up_to
        if not within:
            yield one
        elif rule.by == "each_minute":
            if one.minutes > one.stayed:
                yield one._replace(minutes=one.minutes - one.stayed)
        elif one.stayed < (one.minutes if rule.by == "as_long" else rule.by):
            yield one


def _beyond(rule: Beyond, events: Iterable[Occurrence]) -> Iterable[Occurrence]:
    """The minutes of each day above what the day permits, then above what its week permits."""
    used: dict[date, int] = {}
    for one in sorted(events, key=lambda one: one.on):
        within = one.minutes if rule.per_day is None else min(one.minutes, rule.per_day)
        over = one.minutes - within
        if rule.per_week is not None:
            monday = one.on - timedelta(days=one.on.weekday())
            before = used.get(monday, 0)
            used[monday] = before + within
            over += max(0, before + within - max(before, rule.per_week))
        if over:
            yield one._replace(minutes=over)


def quantity(selector: Selector, events: list[Occurrence]) -> int:
    """How much of the selected events counts, in the selector's unit."""
    return units(selector, events) if selector.as_they_are else weighed(selector, units(selector, events))


def each_of(selector: Selector, events: list[Occurrence]) -> list[int]:
    """The quantity of every event by itself."""
    if not selector.as_they_are:
        return [quantity(selector, [one]) for one in events]
    match selector.take:
        case "times":
            return [one.times for one in events]
        case "days":
            return [1] * len(events)
        case "minutes":
            return [one.minutes for one in events]
        case "hours":
            return [-(-one.minutes // MINUTES_AN_HOUR) for one in events]


def units(selector: Selector, events: list[Occurrence]) -> int:
    """Times, days, minutes or hours begun, as they are."""
    match selector.take:
        case "times":
            return sum([one.times for one in events])
        case "days":
            return len({one.on for one in events})
        case "minutes":
            return sum([one.minutes for one in events])
        case "hours":
            return sum([-(-one.minutes // MINUTES_AN_HOUR) for one in events])


def weighed(selector: Selector, amount: int) -> int:
    """Units less those that are free, each with its weight, converted."""
    if selector.free is not None:
        amount = max(0, amount - selector.free)
    amount *= selector.each
    if selector.per is not None:
        return -(-amount // selector.per) if selector.whole == "ceil" else amount // selector.per
    return amount


def earlier(selector: Selector, ytd: Mapping[str, int]) -> int:
    """What the selector counts of the year's months before the period, as far as the facts' `ytd` says."""
    names = [selector.event] if selector.kinds is None else [f"{selector.event}:{kind}" for kind in selector.kinds]
    tail = ("@after_holiday" if selector.after_holiday else "") + (".minutes" if selector.take == "minutes" else "")
    return sum(ytd.get(name + tail, 0) for name in names)
