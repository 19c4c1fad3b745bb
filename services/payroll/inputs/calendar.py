"""A month's workdays as the bits of one number: counted and cut without walking through its days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

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


def calendar_of(period: Period, known: Mapping[date, bool]) -> Calendar:
    """By the days known of a region; Monday to Friday where nothing is known."""
    days = enumerate(period.days())
    return Calendar(period.first_day, sum(1 << at for at, day in days if known.get(day, day.weekday() < SATURDAY)))


def own_calendar(of_region: Calendar, settled: int, scheduled: int) -> Calendar:
    """An employee's own days from the first to the last that is settled, else the region's. Bits as in `workdays`.

    Between those two a day that is not settled was off: activity settles every working day.
    """
    span = (1 << settled.bit_length()) - (settled & -settled or 1)
    return Calendar(of_region.first_day, of_region.workdays & ~span | scheduled)
