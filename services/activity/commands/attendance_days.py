"""From what is loaded to what each day came to: the rule is asked for every employee-day of a chunk."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from services.activity.rules.attendance import (
    DAY_OFF,
    DayFacts,
    Excuse,
    Outcome,
    Span,
    Window,
    settle,
    window_closes_at,
)
from services.activity.rules.calendar_hours import Expected, Schedules, expected_hours, moment
from services.activity.rules.calendar_region import Region, apel_on, chain, schedules_for, window_on
from services.activity.tables.attendance_loading import Incident, Loaded, Stay
from shared.clock import local_date


@dataclass(frozen=True, slots=True)
class UnitDay:
    """What a working day asks of a unit's people: hours, windows, the moment of the apel."""

    expected: Expected
    window: Window
    apel_at: datetime | None


@dataclass
class Planner:
    """The days of units and employees, each made once; `now` decides which days are over."""

    region: Region
    incidents: Sequence[Incident]
    now: datetime
    _schedules: dict[tuple[UUID, UUID | None], Schedules] = field(default_factory=dict)
    _days: dict[tuple[UUID, UUID | None, date], UnitDay | None] = field(default_factory=dict)
    _spans: dict[UUID, tuple[Span, ...]] = field(default_factory=dict)
    _own: frozenset[UUID | None] = frozenset()

    def __post_init__(self) -> None:
        self._own = frozenset(decision.employee_id for decision in self.region.decisions)
        self.today = local_date(self.now, self.region.zone)

    def day(self, unit_id: UUID, employee_id: UUID, day: date) -> UnitDay | None:
        """None on a day off. Most people have their unit's hours, so these are made once for all of them."""
        key = (unit_id, employee_id if employee_id in self._own else None, day)
        if key not in self._days:
            self._days[key] = self._make(*key)
        return self._days[key]

    def spans(self, unit_id: UUID) -> tuple[Span, ...]:
        """Outages that concerned a unit, joined where they overlap."""
        if unit_id not in self._spans:
            units = {*chain(self.region, unit_id), None}
            self._spans[unit_id] = joined([one.span for one in self.incidents if one.unit_id in units])
        return self._spans[unit_id]

    def is_over(self, unit_day: UnitDay) -> bool:
        """No punch can change the day any more."""
        return window_closes_at(unit_day.expected, unit_day.window) <= self.now

    def _make(self, unit_id: UUID, employee_id: UUID | None, day: date) -> UnitDay | None:
        key = (unit_id, employee_id)
        if key not in self._schedules:
            self._schedules[key] = schedules_for(self.region, unit_id, employee_id)
        expected = expected_hours(self._schedules[key], day)
        if expected is None:
            return None
        apel = apel_on(self.region, unit_id, day)
        return UnitDay(
            expected=expected,
            window=window_on(self.region, unit_id, day),
            apel_at=None if apel is None else moment(self.region.zone, day, apel.at),
        )


def outcomes(
    planner: Planner, loaded: Loaded, employee_id: UUID, first: date, last: date, *, again: bool
) -> Iterator[tuple[date, Outcome]]:
    """What each day of an employee came to, as far as it is over.

    A day off is told only where something else was told before; with `again` so is every day.
    """
    stays = loaded.stays.get(employee_id, [])
    punches = loaded.punches.get(employee_id, ())
    decisions = loaded.decisions.get(employee_id, [])
    for n in range((min(last, planner.today) - first).days + 1):
        day = first + timedelta(days=n)
        told_before = (employee_id, day) in loaded.held
        if again and not told_before:
            continue
        unit_id = _unit_on(stays, day)
        unit_day = planner.day(unit_id, employee_id, day) if unit_id is not None else None
        if unit_id is None or unit_day is None:
            if told_before:
                yield day, DAY_OFF
            continue
        if not planner.is_over(unit_day):
            continue
        held = [one for one in decisions if one.first <= day <= one.last]
        away = next((one for one in held if one.away is not None), None)
        facts = DayFacts(
            expected=unit_day.expected,
            window=unit_day.window,
            punches=punches,
            away=away.away if away else None,
            letter=away is None or away.letter,
            inpatient=away is not None and away.inpatient,
            refused=any(one.refused for one in held),
            excused=frozenset[Excuse]().union(*(one.excuses for one in held)),
            incidents=planner.spans(unit_id),
            outings=loaded.outings.get((employee_id, day), ()),
            apel_at=unit_day.apel_at,
            apel_listed=loaded.rolls.get((employee_id, day)),
        )
        yield day, settle(facts)


def joined(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Spans in their order, those that touch made one, so that no minute is excused twice."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda one: one.started_at):
        if found and span.started_at <= found[-1].ended_at:
            found[-1] = Span(found[-1].started_at, max(found[-1].ended_at, span.ended_at))
        else:
            found.append(span)
    return tuple(found)


def _unit_on(stays: Sequence[Stay], day: date) -> UUID | None:
    return next((stay.unit_id for stay in stays if stay.first <= day <= stay.last), None)
