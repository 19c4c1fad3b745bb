"""A month's workdays as the bits of one number: counted and cut without walking through its days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from shared.period import Period

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Calendar:
    """Bit n of `workdays` tells whether the period's day n (its first is 0) is a workday."""

    first_day: date
    workdays: int

    def count(self) -> int:
        return self.workdays.bit_count()

    def between(self, start: date, end: date) -> int:
        """How many workdays lie between two days of the period, both included."""
        low, high = (start - self.first_day).days, (end - self.first_day).days
        return (self.workdays >> low & (1 << high - low + 1) - 1).bit_count() if low <= high else 0

    def after_holiday(self, day: date) -> bool:
        """Whether the days off just before a day, within the period, hold more than a weekend."""
        return bool(_after_holidays(self.first_day, self.workdays) >> (day - self.first_day).days & 1)


def calendar_of(period: Period, known: Mapping[date, bool]) -> Calendar:
    """By the days known of a region; Monday to Friday where nothing is known."""
    days = enumerate(period.days())
    return Calendar(period.first_day, sum(1 << at for at, day in days if known.get(day, day.weekday() < SATURDAY)))


def own_calendar(of_region: Calendar, settled: int, scheduled: int) -> Calendar:
    """An employee's own days where they are settled (a bit a day, as in `workdays`), else the region's."""
    return Calendar(of_region.first_day, of_region.workdays & ~settled | scheduled)


@lru_cache(maxsize=1024)
def _after_holidays(first_day: date, workdays: int) -> int:
    """A bit for each day of a month that follows days off of which one is no weekend."""
    found, holiday = 0, False
    for at in range(31):
        found |= holiday << at
        if workdays >> at & 1:
            holiday = False
        elif (first_day + timedelta(days=at)).weekday() < SATURDAY:
            holiday = True
    return found
