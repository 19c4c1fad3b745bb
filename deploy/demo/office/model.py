"""What an office consists of: units, posts, people, and the month they have had."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

MONTH = "2026-10"
FIRST_DAY, LAST_DAY = date(2026, 10, 1), date(2026, 10, 31)
SINCE = date(2026, 1, 2)  # the organisation of the year


@dataclass(frozen=True, slots=True)
class Unit:
    """An OPD, UPT or korwil, or a part of one; `trade` says what is done there, `site` which machine is used."""

    code: str
    name: str
    kind: str
    parent: str | None
    trade: str
    site: str


@dataclass(frozen=True, slots=True)
class Post:
    """A position; `reports_to` is the code of the position above, `holders` how many hold it."""

    code: str
    name: str
    jenis: str
    kelas: int
    unit: str
    reports_to: str | None = None
    eselon: str | None = None
    holders: int = 1


@dataclass(frozen=True, slots=True)
class Person:
    """An invented civil servant with one definitive position."""

    nip: str
    name: str
    birth_date: date
    status_asn: str
    golongan: str
    ptkp: str
    npwp: str
    nik: str
    account: str
    post: Post
    unit: Unit
    since: date
    pin: int


@dataclass(frozen=True, slots=True)
class PlannedResult:
    """A row of an SKP: the result (RHK), what it derives from, and its indicator."""

    code: str  # of this employee's SKP, such as A1
    text: str
    superior_text: str | None
    indicator: str
    target: int
    unit: str
    tasks: tuple[tuple[str, str], ...]  # what is done for it from day to day, and the unit it is counted in


@dataclass(frozen=True, slots=True)
class Leave:
    """Leave or duty travel of some days, as the office's list has it."""

    nip: str
    kind: str  # a leave kind, or "dinas_luar"
    first_day: date
    last_day: date
    letter: str


@dataclass(frozen=True, slots=True)
class Punch:
    """One line of a machine's log, in the machine's local time."""

    site: str
    pin: int
    at: datetime
    status: int


@dataclass(frozen=True, slots=True)
class Task:
    """An activity as the employee writes it down, times of the region's zone."""

    nip: str
    number: int  # of the employee's month, from 1
    work_date: date
    start_at: datetime
    end_at: datetime
    result: str  # code of the SKP's row
    text: str
    quantity: int
    unit: str
    fate: Literal["approved", "returned_then_approved", "returned"]


@dataclass(frozen=True)
class Office:
    """A region's people and their month."""

    tenant_id: str
    name: str
    kind: str
    zone: str
    bank: tuple[str, str]  # code, name
    units: tuple[Unit, ...]
    posts: tuple[Post, ...]
    people: tuple[Person, ...]
    acting: tuple[tuple[str, str, str, date, date], ...] = ()  # nip, post, plt or plh, first and last day
    holidays: tuple[tuple[date, str], ...] = ()
    remote: frozenset[str] = frozenset()  # codes of the units whose people serve in a place that TPP counts
    plans: dict[str, tuple[PlannedResult, ...]] = field(default_factory=dict)  # by nip
    leaves: tuple[Leave, ...] = ()
    punches: tuple[Punch, ...] = ()
    tasks: dict[str, tuple[Task, ...]] = field(default_factory=dict)  # by nip

    def at(self, post: str) -> Person:
        """Who holds a post that has one holder."""
        return next(person for person in self.people if person.post.code == post)
