"""How long an activity may be filed: so many working days after its work date, as the region decided for that date."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

DAY_MINUTES = 1440
LONGEST_WINDOW = 400  # working days; beyond it a region sets no limit at all

IsWorkingDay = Callable[[date], bool]


@dataclass(frozen=True, slots=True)
class Limits:
    """What holds for work dates from `valid_from` on. `filing_window_days`: working days; None: no limit."""

    valid_from: date
    filing_window_days: int | None
    daily_cap_minutes: int


# Until a region decides: no filing window, and no more work in a day than a day has. Nobody's pay depends on a
# figure that no region set.
UNDECIDED = Limits(date.min, None, DAY_MINUTES)


def limits_on(decided: Sequence[Limits], work_date: date) -> Limits:
    """The newest limits that had begun by a work date."""
    begun = [limits for limits in decided if limits.valid_from <= work_date]
    return max(begun, key=lambda limits: limits.valid_from, default=UNDECIDED)


def filing_ends_on(work_date: date, window_days: int, is_working_day: IsWorkingDay, *, until: date) -> date:
    """The last day an activity of a work date may be filed: the n-th working day after it.

    A window of 0 ends on the work date itself. Days after `until` are not looked at: it is still open then.
    """
    day, left = work_date, window_days
    while left > 0 and day < until:
        day += timedelta(days=1)
        left -= is_working_day(day)
    return day


def calendar_decides(decided: Sequence[Limits], work_dates: Iterable[date], today: date) -> bool:
    """Whether it matters which days are working days: until as many days as a window has are over, none can end."""
    windows = ((limits_on(decided, day).filing_window_days, (today - day).days) for day in set(work_dates))
    return any(window is not None and passed > window for window, passed in windows)
