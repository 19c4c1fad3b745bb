"""The activities of the month: three to five a day, as people write them, from a seed."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from deploy.demo.office.model import Office, Person, PlannedResult, Task
from deploy.demo.office.presence import workdays

_PLACES = (
    "",
    "",
    " (lanjutan)",
    " sesuai disposisi",
    " untuk bahan rapat",
    " minggu ini",
    " bersama tim",
    " di lapangan",
)
# a day of three, four or five tasks: when they begin, in minutes after 07:30, and how long they take
_DAYS = {
    3: ((0, 120, 330), (95, 115)),
    4: ((0, 90, 180, 330), (70, 85)),
    5: ((0, 70, 140, 210, 330), (55, 65)),
}


def with_tasks(office: Office) -> Office:
    """The office with everybody's activities; nothing is written for days of leave."""
    zone, days = ZoneInfo(office.zone), workdays(office)
    away = {
        (leave.nip, day)
        for leave in office.leaves
        if leave.kind != "dinas_luar"
        for day in days
        if leave.first_day <= day <= leave.last_day
    }
    tasks = {
        person.nip: tuple(
            _month(person, office.plans[person.nip], [d for d in days if (person.nip, d) not in away], zone)
        )
        for person in office.people
    }
    return replace(office, tasks=tasks)


def _month(person: Person, plan: tuple[PlannedResult, ...], days: list[date], zone: ZoneInfo) -> Iterator[Task]:
    dice = random.Random(f"tasks {person.nip}")
    zeal = dice.choice((0.85, 0.93, 1.0, 1.0, 1.04))
    number = 0
    for day in days:
        if dice.random() < 0.02:  # a day nobody wrote up
            continue
        starts, lengths = _DAYS[dice.choice((3, 4, 4, 4, 5))]
        for start in starts:
            number += 1
            begin = datetime.combine(day, time(7, 30), zone) + timedelta(minutes=start)
            yield _task(dice, person.nip, number, dice.choice(plan), (begin, int(dice.randint(*lengths) * zeal)))


def _task(dice: random.Random, nip: str, number: int, result: PlannedResult, when: tuple[datetime, int]) -> Task:
    start, minutes = when
    text, unit = dice.choice(result.tasks)
    return Task(
        nip=nip,
        number=number,
        work_date=start.date(),
        start_at=start,
        end_at=start + timedelta(minutes=minutes),
        result=result.code,
        text=text + dice.choice(_PLACES),
        quantity=dice.randint(1, 12),
        unit=unit,
        fate=_fate(dice),
    )


def _fate(dice: random.Random) -> Literal["approved", "returned_then_approved", "returned"]:
    throw = dice.random()
    if throw < 0.975:
        return "approved"
    return "returned_then_approved" if throw < 0.99 else "returned"
