"""Which logged activities are stored: each is judged against the rules, and against those before it."""

import hashlib
from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import NamedTuple
from uuid import UUID, uuid5

from services.activity.rules.filing import DAY_MINUTES, IsWorkingDay, Limits, filing_ends_on, limits_on
from shared.period import period_of

_IDS = UUID("8c0f3f0e-6c0b-5d0e-9f57-2a4b1f4c9b11")


class Outcome(StrEnum):
    STORED = "stored"
    ALREADY_STORED = "already_stored"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Entry:
    """An activity as its employee sends it. Start and end count minutes from the work date's midnight."""

    client_id: UUID
    work_date: date
    minutes: int
    result_id: UUID
    text: str
    start_minute: int | None = None
    end_minute: int | None = None
    quantity: Decimal | None = None
    quantity_unit: str | None = None
    evidence_link: str | None = None
    evidence_sha256: str | None = None
    kind: str | None = None  # None: tugas dan fungsi (tusi)

    def digest(self) -> bytes:
        """The same for the same content: tells a resent entry from another under its client id."""
        content = (
            self.work_date,
            self.minutes,
            self.result_id,
            self.text,
            self.start_minute,
            self.end_minute,
            self.quantity,
            self.quantity_unit,
            self.evidence_link,
            self.evidence_sha256,
            *((self.kind,) if self.kind else ()),  # an entry without one keeps the digest it always had
        )
        return hashlib.sha256("\x1f".join(map(str, content)).encode()).digest()[:16]


class Held(NamedTuple):
    """An activity that is stored already; made by the hundred for each request, and so a tuple."""

    activity_id: UUID
    work_date: date
    minutes: int
    start_minute: int | None
    end_minute: int | None
    digest: bytes
    counts: bool = True  # a returned one takes up neither time nor the day's cap


@dataclass(frozen=True, slots=True)
class InForce:
    """Days on which an approved result of the employee's is in force, both included."""

    first_day: date
    last_day: date


@dataclass(frozen=True)
class Book:
    """What entries are judged against. `today` is the region's date; `open_months` are those not closed."""

    today: date
    open_months: frozenset[str]
    limits: Sequence[Limits]
    results: Mapping[UUID, Sequence[InForce]]
    is_working_day: IsWorkingDay
    held: Sequence[Held] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    entry: Entry
    activity_id: UUID
    outcome: Outcome
    reason: str | None = None


def activity_id_of(tenant_id: str, employee_id: UUID, client_id: UUID) -> UUID:
    """One id for one entry of one employee, however often it is sent."""
    return uuid5(_IDS, f"{tenant_id}|{employee_id}|{client_id}")


def span_of(start_minute: int, end_minute: int) -> tuple[int, int]:
    """Start and end from the work date's midnight; an end that is not after its start is on the next day."""
    return start_minute, end_minute if end_minute > start_minute else end_minute + DAY_MINUTES


def judge(tenant_id: str, employee_id: UUID, entries: Sequence[Entry], book: Book) -> list[Verdict]:
    """A verdict for each entry, in the order given; those stored count for the ones after them."""
    judged = _Judgement(book)
    return [judged.verdict(entry, activity_id_of(tenant_id, employee_id, entry.client_id)) for entry in entries]


def refusal(entry: Entry, book: Book) -> str | None:
    """Why an entry may not be stored, or None; used where one entry takes another's place."""
    return _Judgement(book).refusal(entry)


@dataclass
class _Judgement:
    book: Book
    known: dict[UUID, bytes] = field(default_factory=dict)
    minutes: dict[date, int] = field(default_factory=lambda: defaultdict(int))
    spans: list[tuple[int, int]] = field(default_factory=list)  # disjoint, by start, in minutes since year 1

    def __post_init__(self) -> None:
        self.limits = cache(lambda day: limits_on(self.book.limits, day))
        self.ends_on = cache(self._filing_ends_on)
        for held in self.book.held:
            self.known[held.activity_id] = held.digest
            if held.counts:
                self._take(held)

    def verdict(self, entry: Entry, activity_id: UUID) -> Verdict:
        digest = entry.digest()
        before = self.known.get(activity_id)
        if before == digest:
            return Verdict(entry, activity_id, Outcome.ALREADY_STORED)
        reason = OTHER_CONTENT if before is not None else self.refusal(entry)
        if reason is not None:
            return Verdict(entry, activity_id, Outcome.REFUSED, reason)
        self.known[activity_id] = digest
        self._take(entry)
        return Verdict(entry, activity_id, Outcome.STORED)

    def refusal(self, entry: Entry) -> str | None:
        day = entry.work_date
        if day > self.book.today:
            return f"{day} is still to come: log it on the day"
        if period_of(day).code not in self.book.open_months:
            return f"the period {period_of(day).code} is closed"
        return self._result_refusal(entry) or self._late_refusal(day) or self._time_refusal(entry)

    def _result_refusal(self, entry: Entry) -> str | None:
        terms = self.book.results.get(entry.result_id)
        if not terms:
            return f"{entry.result_id} is not a result of your approved SKP"
        if not any(term.first_day <= entry.work_date <= term.last_day for term in terms):
            return f"your SKP does not have this result in force on {entry.work_date}"
        return None

    def _late_refusal(self, day: date) -> str | None:
        ends_on = self.ends_on(day)
        if ends_on is None or self.book.today <= ends_on:
            return None
        days = self.limits(day).filing_window_days
        return f"activities of {day} could be filed until {ends_on} ({days} working days)"

    def _filing_ends_on(self, day: date) -> date | None:
        window = self.limits(day).filing_window_days
        if window is None:
            return None
        return filing_ends_on(day, window, self.book.is_working_day, until=self.book.today)

    def _time_refusal(self, entry: Entry) -> str | None:
        cap = self.limits(entry.work_date).daily_cap_minutes
        total = self.minutes[entry.work_date] + entry.minutes
        if total > cap:
            return f"it would make {total} minutes on {entry.work_date}; a day has at most {cap}"
        span = _absolute(entry)
        if span is not None and self._overlaps(span):
            return "it overlaps in time with another activity of yours"
        return None

    def _overlaps(self, span: tuple[int, int]) -> bool:
        place = bisect_left(self.spans, span)
        after = place < len(self.spans) and self.spans[place][0] < span[1]
        return after or (place > 0 and self.spans[place - 1][1] > span[0])

    def _take(self, taken: Entry | Held) -> None:
        self.minutes[taken.work_date] += taken.minutes
        span = _absolute(taken)
        if span is not None:
            insort(self.spans, span)


OTHER_CONTENT = "another entry was stored under this client id: change that one, or send this with a new id"


def _absolute(entry: Entry | Held) -> tuple[int, int] | None:
    if entry.start_minute is None or entry.end_minute is None:
        return None
    midnight = entry.work_date.toordinal() * DAY_MINUTES
    return midnight + entry.start_minute, midnight + entry.end_minute
