"""What one employee-day comes to: expected and actual times, minutes, absence, apel. Values in, values out."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from services.activity.rules.calendar_hours import Clocking, Expected
from shared.words import Apel, LeaveKind, Presence


class DutyKind(StrEnum):
    """Work away from the office or its clock: counts as present."""

    DINAS_LUAR = "dinas_luar"
    WFH = "wfh"
    DIKLAT = "diklat"


class Excuse(StrEnum):
    """What is not held against the employee on a day."""

    LATE = "late"
    EARLY = "early"
    MISSING_IN = "missing_in"
    MISSING_OUT = "missing_out"
    APEL = "apel"


@dataclass(frozen=True, slots=True)
class Window:
    """When punches count: minutes before the start and after the end.

    The entry window ends, and the exit window begins, `entry_minutes` after the start; None: halfway through the day.
    """

    before_minutes: int = 90
    after_minutes: int = 240
    entry_minutes: int | None = None
    legal_basis: str = "Perwali Samarinda 31/2022 (an example: set the region's own)"


@dataclass(frozen=True, slots=True)
class Span:
    """From a moment to a later one: an outage (incident) in which nobody could punch."""

    started_at: datetime
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class Outing:
    """Away from the office within the day, with permission or without."""

    started_at: datetime
    ended_at: datetime
    permitted: bool


@dataclass(frozen=True, slots=True)
class DayFacts:
    """What is known of one employee-day.

    `expected`: None on a day off. `punches`: ascending; others than this day's may stand among them.
    `away`: the kind of leave or duty decided for the day; `letter`, `inpatient`: of leave. `refused`: leave was asked
    for and refused. `incidents`: not overlapping, ascending; so are `outings`.
    `apel_listed`: what the roll of the apel says, None where there is none.
    """

    expected: Expected | None
    window: Window = Window()
    punches: Sequence[datetime] = ()
    away: LeaveKind | DutyKind | None = None
    letter: bool = True
    inpatient: bool = False
    refused: bool = False
    excused: frozenset[Excuse] = frozenset()
    incidents: Sequence[Span] = ()
    outings: Sequence[Outing] = ()
    apel_at: datetime | None = None
    apel_listed: bool | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """A settled employee-day; minutes are whole and truncated, so that seconds favour the employee."""

    scheduled: bool
    presence: Presence
    leave_kind: LeaveKind | None = None
    expected_in_at: datetime | None = None
    expected_out_at: datetime | None = None
    actual_in_at: datetime | None = None
    actual_out_at: datetime | None = None
    late_minutes: int = 0
    early_minutes: int = 0
    missing_in: bool = False
    missing_out: bool = False
    apel: Apel = Apel.NONE
    excused_minutes: int = 0
    out_minutes: int | None = None
    permitted_out_minutes: int | None = None
    letter: bool | None = None
    inpatient: bool | None = None
    leave_refused: bool | None = None


DAY_OFF = Outcome(scheduled=False, presence=Presence.OFF)


def entry_and_exit(
    expected: Expected, window: Window, punches: Sequence[datetime]
) -> tuple[datetime | None, datetime | None]:
    """The first punch of the entry window and the last of the exit window.

    The key that was pressed is not asked: people press none or the wrong one.
    """
    opens = expected.in_at - timedelta(minutes=window.before_minutes)
    closes = expected.out_at + timedelta(minutes=window.after_minutes)
    turn = _turn(expected, window)
    first, last = bisect_left(punches, opens), bisect_right(punches, closes)
    middle = bisect_right(punches, turn, first, max(first, last))
    return (
        punches[first] if first < middle else None,
        punches[last - 1] if middle < last else None,
    )


def window_closes_at(expected: Expected, window: Window) -> datetime:
    """From this moment on no punch can change the day."""
    return expected.out_at + timedelta(minutes=window.after_minutes)


def settle(facts: DayFacts) -> Outcome:
    """What the day comes to. Leave and duty stand over punches; an excuse takes away what would be held against."""
    expected = facts.expected
    if expected is None:
        return DAY_OFF
    came, went = entry_and_exit(expected, facts.window, facts.punches)
    if isinstance(facts.away, LeaveKind):
        leave = _unjudged(expected, Presence.LEAVE, came, went, facts.away)
        return replace(leave, letter=facts.letter, inpatient=facts.inpatient or None)
    if isinstance(facts.away, DutyKind):
        return _unjudged(expected, Presence.DUTY, came, went)
    if expected.clocking is Clocking.EXEMPT:
        return _unjudged(expected, Presence.PRESENT, came, went)
    if expected.clocking is Clocking.FREE:
        day = _of_free_hours(facts, expected, came, went)
    else:
        day = _judged(facts, expected, came, went)
    if day.presence is Presence.ABSENT:
        return replace(day, leave_refused=facts.refused or None)
    return _with_outings(facts, day) if facts.outings else day


def _with_outings(facts: DayFacts, day: Outcome) -> Outcome:
    """Minutes outside within the day's hours, less those that count as late or early already. None stands for none."""
    if day.expected_in_at is None or day.expected_out_at is None:
        return day
    opens = max(day.expected_in_at, day.actual_in_at or day.expected_in_at)
    closes = min(day.expected_out_at, day.actual_out_at or day.expected_out_at)
    without, permitted = (
        sum((_overlap(one, opens, closes) for one in facts.outings if one.permitted is which), timedelta())
        // timedelta(minutes=1)
        for which in (False, True)
    )
    return replace(day, out_minutes=without or None, permitted_out_minutes=permitted or None)


def _judged(facts: DayFacts, expected: Expected, came: datetime | None, went: datetime | None) -> Outcome:
    missing_in = came is None and not _excused(facts, Excuse.MISSING_IN, expected.in_at)
    missing_out = went is None and not _excused(facts, Excuse.MISSING_OUT, expected.out_at)
    if came is None and went is None and missing_in and missing_out:
        return _absent(facts, expected)
    late, late_excused = _minutes(facts, Excuse.LATE, expected.in_at, came)
    early, early_excused = _minutes(facts, Excuse.EARLY, went, expected.out_at)
    return Outcome(
        scheduled=True,
        presence=Presence.PRESENT,
        expected_in_at=expected.in_at,
        expected_out_at=expected.out_at,
        actual_in_at=came,
        actual_out_at=went,
        late_minutes=late,
        early_minutes=early,
        missing_in=missing_in,
        missing_out=missing_out,
        apel=_apel(facts, came),
        excused_minutes=late_excused + early_excused,
    )


def _absent(facts: DayFacts, expected: Expected) -> Outcome:
    """Tanpa keterangan: nothing punched, nothing decided. The missing punches are part of it, not added to it."""
    return Outcome(
        scheduled=True,
        presence=Presence.ABSENT,
        expected_in_at=expected.in_at,
        expected_out_at=expected.out_at,
        apel=_apel(facts, None),
    )


def _unjudged(
    expected: Expected,
    presence: Presence,
    came: datetime | None,
    went: datetime | None,
    leave_kind: LeaveKind | None = None,
) -> Outcome:
    return Outcome(
        scheduled=True,
        presence=presence,
        leave_kind=leave_kind,
        expected_in_at=expected.in_at,
        expected_out_at=expected.out_at,
        actual_in_at=came,
        actual_out_at=went,
    )


def _of_free_hours(facts: DayFacts, expected: Expected, came: datetime | None, went: datetime | None) -> Outcome:
    seen = came is not None or went is not None
    excused = _excused(facts, Excuse.MISSING_IN, expected.in_at) or _excused(facts, Excuse.MISSING_OUT, expected.out_at)
    if seen or excused:
        return _unjudged(expected, Presence.PRESENT, came, went)
    return _unjudged(expected, Presence.ABSENT, None, None)


def _turn(expected: Expected, window: Window) -> datetime:
    if window.entry_minutes is None:
        return expected.in_at + (expected.out_at - expected.in_at) / 2
    return min(expected.in_at + timedelta(minutes=window.entry_minutes), expected.out_at)


def _excused(facts: DayFacts, excuse: Excuse, at: datetime) -> bool:
    """By a decision, or because nobody could punch at that moment: our outage costs nobody their pay."""
    return excuse in facts.excused or any(span.started_at <= at <= span.ended_at for span in facts.incidents)


def _minutes(facts: DayFacts, excuse: Excuse, begins: datetime | None, ends: datetime | None) -> tuple[int, int]:
    """Whole minutes from one moment to the other that count, and those that are excused."""
    if begins is None or ends is None or ends <= begins:
        return 0, 0
    whole = (ends - begins) // timedelta(minutes=1)
    if excuse in facts.excused:
        return 0, whole
    out = sum((_overlap(span, begins, ends) for span in facts.incidents), timedelta())
    counted = (ends - begins - out) // timedelta(minutes=1)
    return counted, whole - counted


def _overlap(span: Span | Outing, begins: datetime, ends: datetime) -> timedelta:
    return max(min(span.ended_at, ends) - max(span.started_at, begins), timedelta())


def _apel(facts: DayFacts, came: datetime | None) -> Apel:
    """The roll, where one was taken; else a punch by the time of the apel."""
    if facts.apel_at is None:
        return Apel.NONE
    punched = came is not None and came <= facts.apel_at
    if facts.apel_listed or (punched and facts.apel_listed is None):
        return Apel.ATTENDED
    return Apel.NONE if _excused(facts, Excuse.APEL, facts.apel_at) else Apel.MISSED
