"""Working days of a region or a unit, by date. Values in, values out: no clock, no I/O."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from services.activity.rules.calendar_national import national_holidays

_FARTHEST = 3660  # days; a calendar without ten years of working days is a fault in its data

MONDAY_TO_FRIDAY = frozenset(range(5))  # Perpres 21/2023 art. 3: five days, Monday to Friday


@dataclass(frozen=True, slots=True)
class WorkWeek:
    """The weekdays worked (0 is Monday) from `valid_from` to `valid_to`, both included; None: open."""

    valid_from: date
    valid_to: date | None
    weekdays: frozenset[int]


@dataclass(frozen=True, slots=True)
class Calendar:
    """A region's or a unit's days.

    `decided`: its own word on a day, over the national list: the holiday's name, or None for a working day.
    `weeks`: the first that covers a day counts; where none does, Monday to Friday.
    """

    decided: Mapping[date, str | None]
    weeks: tuple[WorkWeek, ...] = ()


def holiday(calendar: Calendar, day: date) -> str | None:
    """The name of the holiday or cuti bersama on a day; None where there is none."""
    if day in calendar.decided:
        return calendar.decided[day]
    return national_holidays(day.year).get(day)


def weekdays_on(calendar: Calendar, day: date) -> frozenset[int]:
    """The weekdays worked in the week's arrangement that holds on a day."""
    for week in calendar.weeks:
        if week.valid_from <= day and (week.valid_to is None or day <= week.valid_to):
            return week.weekdays
    return MONDAY_TO_FRIDAY


def is_working_day(calendar: Calendar, day: date) -> bool:
    return day.weekday() in weekdays_on(calendar, day) and holiday(calendar, day) is None


def working_days(calendar: Calendar, first: date, last: date) -> tuple[date, ...]:
    """The working days from `first` to `last`, both included."""
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return tuple(day for day in days if is_working_day(calendar, day))


def nth_working_day_after(calendar: Calendar, day: date, n: int) -> date:
    """The n-th working day after a day: the last day of a filing window of n working days. n of 0: the day itself.

    Raises ValueError where the calendar has no such day within ten years.
    """
    found, at = 0, day
    while found < n:
        at += timedelta(days=1)
        if (at - day).days > _FARTHEST:
            raise ValueError(f"the calendar has fewer than {n} working days in the ten years after {day}")
        found += is_working_day(calendar, at)
    return at
