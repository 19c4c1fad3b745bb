"""How the month went: who was away, and what the fingerprint machines recorded."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from deploy.demo.office.model import FIRST_DAY, LAST_DAY, Leave, Office, Person, Punch

STARTS, ENDS, FRIDAY_ENDS = time(7, 30), time(16, 0), time(16, 30)  # Perpres 21/2023
_LATE, _VERY_LATE = (3, 7, 12, 18, 25, 34, 48, 65, 95), (34, 48, 65)
ALWAYS_LATE = 194  # the PIN of one whose lateness goes beyond what a month may hold
_KINDS = ("tahunan", "tahunan", "sakit", "alasan_penting", "dinas_luar", "dinas_luar", "dinas_luar")


def workdays(office: Office) -> tuple[date, ...]:
    """Monday to Friday of the month, less the office's holidays."""
    off = {day for day, _ in office.holidays}
    month = (FIRST_DAY + timedelta(days=n) for n in range((LAST_DAY - FIRST_DAY).days + 1))
    return tuple(day for day in month if day.weekday() < 5 and day not in off)


def with_presence(office: Office) -> Office:
    """The office with its leave list and the machines' logs."""
    dice = random.Random(f"presence {office.tenant_id}")
    days = workdays(office)
    leaves = tuple(leave for person in office.people for leave in _away(dice, person, days))
    away = {(leave.nip, day) for leave in leaves for day in days if leave.first_day <= day <= leave.last_day}
    punches = [
        punch
        for person in office.people
        for punch in _punches(random.Random(f"punch {person.nip}"), person, days, away)
    ]
    punches.sort(key=lambda one: (one.site, one.at, one.pin, one.status))
    return replace(office, leaves=leaves, punches=tuple(punches))


def _away(dice: random.Random, person: Person, days: tuple[date, ...]) -> Iterator[Leave]:
    if dice.random() < 0.3:
        kind, length = dice.choice(_KINDS), dice.choice((1, 1, 2, 3))
        first = dice.randrange(len(days) - length)
        number = dice.randint(100, 999)
        letter = f"{'094' if kind == 'dinas_luar' else '850'}/{number}/{person.unit.code}/2026"
        yield Leave(person.nip, kind, days[first], days[first + length - 1], letter)


def _punches(
    dice: random.Random, person: Person, days: tuple[date, ...], away: set[tuple[str, date]]
) -> Iterator[Punch]:
    """Mostly in time; some come late now and then, a few often; sometimes a punch is missing, or the whole day."""
    tardy = dice.choice((0.02, 0.04, 0.06, 0.06, 0.10, 0.35 if person.pin % 17 == 0 else 0.08))
    if person.pin == ALWAYS_LATE:
        tardy = 0.95
    for day in days:
        if (person.nip, day) in away or dice.random() < 0.004:
            continue
        came, left = _came(dice, day, tardy), _left(dice, day)
        if dice.random() > 0.006:
            yield Punch(person.unit.site, person.pin, came, 0)
            if dice.random() < 0.03:  # pressed twice, to be sure
                yield Punch(person.unit.site, person.pin, came + timedelta(seconds=dice.randint(1, 9)), 0)
        if dice.random() > 0.008:
            yield Punch(person.unit.site, person.pin, left, 1 if dice.random() > 0.05 else 0)


def _came(dice: random.Random, day: date, tardy: float) -> datetime:
    if dice.random() < tardy:
        minutes = dice.choice(_LATE if tardy < 0.5 else _VERY_LATE)
        return datetime.combine(day, STARTS) + timedelta(minutes=minutes, seconds=dice.randrange(60))
    return datetime.combine(day, STARTS) - timedelta(minutes=dice.randint(2, 40), seconds=dice.randrange(60))


def _left(dice: random.Random, day: date) -> datetime:
    ends = datetime.combine(day, FRIDAY_ENDS if day.weekday() == 4 else ENDS)
    if dice.random() < 0.012:
        return ends - timedelta(minutes=dice.choice((10, 25, 40)), seconds=dice.randrange(60))
    return ends + timedelta(minutes=dice.randint(1, 45), seconds=dice.randrange(60))
