"""From a region's dated decisions to the days and hours of one unit or employee. The nearest decision counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TypeVar
from uuid import UUID

from services.activity.rules.attendance import Window
from services.activity.rules.calendar import Calendar, WorkWeek
from services.activity.rules.calendar_defaults import LIMA_HARI
from services.activity.rules.calendar_hours import Pattern, PatternTerm, Schedules, SpecialHours
from services.activity.rules.calendar_national import RAMADAN, DayRange

_SAME_RAMADAN = timedelta(days=15)  # a region's own dates replace the national ones they are about


@dataclass(frozen=True, slots=True)
class HolidayWord:
    """`name`: of the holiday; None: the day is worked after all."""

    name: str | None


@dataclass(frozen=True, slots=True)
class RamadanWord:
    """The decision's days are those of fasting."""


@dataclass(frozen=True, slots=True)
class ApelWord:
    """Roll call at a local time: on a weekday (0 is Monday), or with None on every day of the decision (upacara)."""

    weekday: int | None
    at: time
    name: str


Content = HolidayWord | Pattern | SpecialHours | RamadanWord | ApelWord | Window
T = TypeVar("T", HolidayWord, Pattern, SpecialHours, RamadanWord, ApelWord, Window)


@dataclass(frozen=True, slots=True)
class Decision:
    """`unit_id`: for that unit and those below it; `employee_id`: for one person; neither: for the region."""

    content: Content
    first_day: date
    last_day: date | None
    decided_at: datetime
    unit_id: UUID | None = None
    employee_id: UUID | None = None

    def holds_on(self, day: date) -> bool:
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


@dataclass(frozen=True)
class Region:
    """A region's zone, the unit above each unit, and the decisions in force."""

    zone: str
    decisions: Sequence[Decision]
    parents: Mapping[UUID, UUID | None] = field(default_factory=dict)


def chain(region: Region, unit_id: UUID | None) -> tuple[UUID, ...]:
    """The unit and those above it, nearest first."""
    found: list[UUID] = []
    while unit_id is not None and unit_id not in found:  # a circle in the organisation ends here
        found.append(unit_id)
        unit_id = region.parents.get(unit_id)
    return tuple(found)


def nearest(
    region: Region, kind: type[T], unit_id: UUID | None = None, employee_id: UUID | None = None
) -> list[tuple[T, Decision]]:
    """Decisions of a kind that concern an employee of a unit: nearest first, then the latest begun, then made."""
    units = chain(region, unit_id)
    found = [
        (_distance(decision, units, employee_id), decision.content, decision)
        for decision in region.decisions
        if isinstance(decision.content, kind)
    ]
    mine = [(distance, content, decision) for distance, content, decision in found if distance is not None]
    mine.sort(key=lambda one: (one[2].first_day, one[2].decided_at), reverse=True)
    mine.sort(key=lambda one: one[0])
    return [(content, decision) for _, content, decision in mine]


def calendar_for(region: Region, unit_id: UUID | None = None) -> Calendar:
    """The working days of a unit; without one, of the region."""
    decided: dict[date, str | None] = {}
    for word, decision in nearest(region, HolidayWord, unit_id):
        for day in _days(decision):
            decided.setdefault(day, word.name)
    weeks = tuple(
        WorkWeek(decision.first_day, decision.last_day, _weekdays(pattern))
        for pattern, decision in nearest(region, Pattern, unit_id)
    )
    return Calendar(decided, weeks)


def schedules_for(region: Region, unit_id: UUID | None, employee_id: UUID | None = None) -> Schedules:
    """All that decides the hours of a unit, or of one of its employees."""
    terms = tuple(
        PatternTerm(decision.first_day, decision.last_day, pattern)
        for pattern, decision in nearest(region, Pattern, unit_id, employee_id)
    )
    return Schedules(
        zone=region.zone,
        calendar=calendar_for(region, unit_id),
        terms=terms,
        default=LIMA_HARI,
        specials=tuple(special for special, _ in nearest(region, SpecialHours, unit_id, employee_id)),
        ramadans=ramadans(region, unit_id),
    )


def ramadans(region: Region, unit_id: UUID | None = None) -> tuple[DayRange, ...]:
    """Days of fasting: the region's own where it decided some, else the nation's."""
    own = [
        DayRange(decision.first_day, decision.last_day or decision.first_day)
        for _, decision in nearest(region, RamadanWord, unit_id)
    ]
    national = [ramadan for ramadan in RAMADAN.values() if not any(_same(ramadan, other) for other in own)]
    return (*own, *national)


def apel_on(region: Region, unit_id: UUID | None, day: date) -> ApelWord | None:
    """The roll call of a unit's people on a day: a single day's (upacara) before a weekday's."""
    held = [
        word
        for word, decision in nearest(region, ApelWord, unit_id)
        if decision.holds_on(day) and word.weekday in (None, day.weekday())
    ]
    return min(held, key=lambda word: word.weekday is not None, default=None)


def window_on(region: Region, unit_id: UUID | None, day: date) -> Window:
    """The windows in which punches of a day count."""
    return next((window for window, decision in nearest(region, Window, unit_id) if decision.holds_on(day)), Window())


def _distance(decision: Decision, units: tuple[UUID, ...], employee_id: UUID | None) -> int | None:
    """How near a decision is: 0 the employee's own, then units upwards, last the region's; None: not concerned."""
    if decision.employee_id is not None:
        return 0 if decision.employee_id == employee_id else None
    if decision.unit_id is None:
        return len(units) + 1
    return units.index(decision.unit_id) + 1 if decision.unit_id in units else None


def _days(decision: Decision) -> list[date]:
    last = decision.last_day or decision.first_day
    return [decision.first_day + timedelta(days=n) for n in range((last - decision.first_day).days + 1)]


def _weekdays(pattern: Pattern) -> frozenset[int]:
    return frozenset(place for place, hours in enumerate(pattern.regular.days) if hours is not None)


def _same(one: DayRange, other: DayRange) -> bool:
    return one.first <= other.last + _SAME_RAMADAN and other.first <= one.last + _SAME_RAMADAN
