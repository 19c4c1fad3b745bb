"""When an employee is expected in and out, from dated work patterns. Perpres 21/2023 and what regions set over it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from services.activity.rules.calendar import Calendar, holiday
from services.activity.rules.calendar_national import DayRange


class Clocking(StrEnum):
    """What the clock decides of a working day."""

    FIXED = "fixed"  # in and out by the hours
    FREE = "free"  # shift-free: any punch of the day makes it present, no minute is late
    EXEMPT = "exempt"  # bebas presensi: present without a punch


@dataclass(frozen=True, slots=True)
class Hours:
    """Of one day, in the zone of the schedule; an end at or before the start is on the following day."""

    start: time
    end: time
    break_minutes: int = 0


@dataclass(frozen=True, slots=True)
class Week:
    """Hours by weekday, Monday first; None: a day off."""

    days: tuple[Hours | None, ...]
    legal_basis: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """A work pattern (pola jam kerja); without Ramadan hours of its own it keeps the regular ones."""

    code: str
    name: str
    regular: Week
    ramadan: Week | None = None
    clocking: Clocking = Clocking.FIXED


@dataclass(frozen=True, slots=True)
class PatternTerm:
    """A pattern in force from `valid_from` to `valid_to`, both included; None: open."""

    valid_from: date
    valid_to: date | None
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class SpecialHours:
    """Other hours on some days: special Fridays, an event, a duty of a roster.

    `weekday`: only those (0 is Monday). `also_when_off`: worked on holidays and on the pattern's days off as well.
    """

    first_day: date
    last_day: date
    hours: Hours
    reason: str
    weekday: int | None = None
    also_when_off: bool = False


@dataclass(frozen=True, slots=True)
class Schedules:
    """All that decides one employee's hours; `terms` and `specials` nearest first (employee, unit, units above)."""

    zone: str
    calendar: Calendar
    terms: tuple[PatternTerm, ...]
    default: Pattern
    specials: tuple[SpecialHours, ...] = ()
    ramadans: tuple[DayRange, ...] = ()


@dataclass(frozen=True, slots=True)
class Expected:
    """One working day: moments in UTC, and where the hours come from."""

    in_at: datetime
    out_at: datetime
    break_minutes: int
    clocking: Clocking
    basis: str


def worked_minutes(hours: Hours) -> int:
    """Minutes of work in a day's hours, without the break."""
    start, end = hours.start.hour * 60 + hours.start.minute, hours.end.hour * 60 + hours.end.minute
    return (end - start) % 1440 - hours.break_minutes if end != start else 1440 - hours.break_minutes


def weekly_minutes(week: Week) -> int:
    """Minutes of work in a week, without breaks: 2,250 for the 37 h 30 m of Perpres 21/2023 art. 4 (1)."""
    return sum(worked_minutes(hours) for hours in week.days if hours is not None)


def pattern_on(schedules: Schedules, day: date) -> Pattern:
    """The nearest pattern in force on a day."""
    for term in schedules.terms:
        if term.valid_from <= day and (term.valid_to is None or day <= term.valid_to):
            return term.pattern
    return schedules.default


def expected_hours(schedules: Schedules, day: date) -> Expected | None:
    """When the employee is expected on a day; None on a day off.

    On a working day the nearest special hours stand over the pattern's hours of Ramadan or of the rest of the year; on
    a holiday or a day off of the pattern only special hours that say so are worked.
    """
    pattern = pattern_on(schedules, day)
    week = _week(pattern, schedules.ramadans, day)
    usual = week.days[day.weekday()] if holiday(schedules.calendar, day) is None else None
    special = _special(schedules.specials, day, off=usual is None)
    if special is not None:
        return _at(schedules.zone, day, special.hours, pattern.clocking, special.reason)
    if usual is None:
        return None
    return _at(schedules.zone, day, usual, pattern.clocking, week.legal_basis)


def moment(zone: str, day: date, at: time) -> datetime:
    """A local time of a day as a moment in UTC."""
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)


def _week(pattern: Pattern, ramadans: Sequence[DayRange], day: date) -> Week:
    if pattern.ramadan is not None and any(day in ramadan for ramadan in ramadans):
        return pattern.ramadan
    return pattern.regular


def _special(specials: Sequence[SpecialHours], day: date, *, off: bool) -> SpecialHours | None:
    for special in specials:
        if (
            special.first_day <= day <= special.last_day
            and special.weekday in (None, day.weekday())
            and (special.also_when_off or not off)
        ):
            return special
    return None


def _at(zone: str, day: date, hours: Hours, clocking: Clocking, basis: str) -> Expected:
    ends_on = day if hours.end > hours.start else day + timedelta(days=1)
    return Expected(
        in_at=moment(zone, day, hours.start),
        out_at=moment(zone, ends_on, hours.end),
        break_minutes=hours.break_minutes,
        clocking=clocking,
        basis=basis,
    )
