"""What holds in the whole country: public holidays, cuti bersama, Ramadan. A region's own decisions stand over it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType

import holidays


@dataclass(frozen=True, slots=True)
class DayRange:
    """Days from `first` to `last`, both included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


# First and last day of fasting, by the Ministry of Religion's isbat; 1448 H is an estimate, as no isbat has been held.
RAMADAN: Mapping[int, DayRange] = MappingProxyType(
    {
        1444: DayRange(date(2023, 3, 23), date(2023, 4, 21)),
        1445: DayRange(date(2024, 3, 12), date(2024, 4, 9)),
        1446: DayRange(date(2025, 3, 1), date(2025, 3, 30)),
        1447: DayRange(date(2026, 2, 19), date(2026, 3, 20)),
        1448: DayRange(date(2027, 2, 8), date(2027, 3, 9)),
    }
)


@lru_cache(maxsize=64)
def national_holidays(year: int) -> Mapping[date, str]:
    """Public holidays and cuti bersama of a year by day, in Indonesian.

    Cuti bersama is the day off that a Keppres sets each year; it does not reduce annual leave of ASN.
    """
    found = holidays.country_holidays("ID", years=year, categories=("public", "government"), language="id")
    return MappingProxyType({day: name for day, name in sorted(found.items()) if day.year == year})
