"""A period: a named range of work dates. No clock decides what belongs to it."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Annotated

from pydantic import StringConstraints

PeriodCode = Annotated[str, StringConstraints(pattern=r"^20\d{2}-(0[1-9]|1[0-2])$")]  # of this century
_CODE = re.compile(r"^20\d{2}-(0[1-9]|1[0-2])$", re.ASCII)


@dataclass(frozen=True, slots=True)
class Period:
    """A calendar month `YYYY-MM`, first to last day, both included."""

    code: str
    first_day: date
    last_day: date

    def __contains__(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day

    def days(self) -> tuple[date, ...]:
        return tuple(self.first_day + timedelta(days=n) for n in range((self.last_day - self.first_day).days + 1))


@lru_cache(maxsize=1024)  # asked for each of thousands of work dates
def period(code: str) -> Period:
    """The month a code names. Raises ValueError for anything but `YYYY-MM`."""
    if not _CODE.match(code):
        raise ValueError(f"period {code!r} is not of the form YYYY-MM, such as 2026-03")
    year, month = int(code[:4]), int(code[5:])
    first_day = date(year, month, 1)
    following = date(year + month // 12, month % 12 + 1, 1)  # December leads to January, not to month 13
    return Period(code, first_day, following - timedelta(days=1))


@lru_cache(maxsize=4096)
def period_of(day: date) -> Period:
    return period(f"{day:%Y-%m}")


def following(code: str) -> Period:
    return period_of(period(code).last_day + timedelta(days=1))
