"""What would have been paid if: one thing of the facts is changed, and the same function asked again."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple

from services.payroll.rules.document import Measure
from services.payroll.rules.document.earnings import Blend, Minutes, Reports
from services.payroll.rules.evaluate import Policy, evaluate
from services.payroll.rules.facts import ActivityDay, AttendanceDay, Facts, Predikat
from services.payroll.rules.labels import day_in_words, joined
from services.payroll.rules.statement import Line, Statement
from services.payroll.rules.words import Said

# from the worst to the best, as the quadrant of PermenPANRB 6/2022 orders them
LADDER: tuple[Predikat, ...] = ("sangat_kurang", "kurang", "butuh_perbaikan", "baik", "sangat_baik")
SATURDAY = 5


class Moved(NamedTuple):
    """A line whose amount would have been another, in whole rupiah; 0 where there is no such line."""

    kind: str
    rule: str
    name: str
    article: str
    amount: int
    would_be: int


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """One change of the facts, and what the same policy would have paid, in whole rupiah."""

    key: str
    title: Said
    changed: Said
    tpp: int
    net: int
    tpp_difference: int
    net_difference: int
    moved: tuple[Moved, ...]


class NotOffered(NamedTuple):
    """A question that makes no sense for this employee and period, and why."""

    key: str
    title: Said
    reason: Said


class Alternatives(NamedTuple):
    """What could have been otherwise, and which of the usual questions have no answer here."""

    offered: tuple[Counterfactual, ...]
    not_offered: tuple[NotOffered, ...]


def alternatives(policy: Policy, facts: Facts) -> Alternatives:
    """One more approved day, the next predikat that pays more, and the month without each kind of its events."""
    asked = _Asking(policy, facts)
    found = [asked.one_more_day(), asked.next_predikat(), asked.no_lateness(), *asked.without_events()]
    return Alternatives(
        tuple(one for one in found if isinstance(one, Counterfactual)),
        tuple(one for one in found if isinstance(one, NotOffered)),
    )


def moved(paid: Statement, then: Statement) -> tuple[Moved, ...]:
    """The lines that differ, in the order of the statement; lines of one rule and kind are taken together."""
    before, after = _by_rule(paid.lines), _by_rule(then.lines)
    return tuple(
        Moved(*key[:2], name=key[2], article=key[3], amount=before.get(key, 0), would_be=after.get(key, 0))
        for key in {**before, **after}
        if before.get(key, 0) != after.get(key, 0)
    )


def _by_rule(lines: list[Line]) -> dict[tuple[str, str, str, str], int]:
    """Amounts by kind, rule, name and article. Bases are left out: they are paid through their parts."""
    found: dict[tuple[str, str, str, str], int] = defaultdict(int)
    for line in lines:
        if line["kind"] != "base":
            found[line["kind"], line["rule"], line["name"], line["article"]] += int(line["amount"])
    return found


class _Event(NamedTuple):
    """A kind of event of an employee-day: whether it is there, and the day without it."""

    key: str
    title: Said
    there: Callable[[AttendanceDay], object]
    without: Callable[[AttendanceDay], AttendanceDay]


_LATE = _Event(
    "no_lateness",
    Said("tanpa terlambat", "without lateness"),
    lambda day: day.late_minutes,
    lambda day: replace(day, late_minutes=0),
)
_EVENTS = (
    _Event(
        "no_early_leave",
        Said("tanpa pulang lebih cepat", "without leaving early"),
        lambda day: day.early_minutes or day.out_minutes,
        lambda day: replace(day, early_minutes=0, out_minutes=0),
    ),
    _Event(
        "all_recorded",
        Said("dengan rekaman masuk dan pulang setiap hari", "with every clock-in and clock-out recorded"),
        lambda day: day.missing_in or day.missing_out,
        lambda day: replace(day, missing_in=False, missing_out=False),
    ),
    _Event(
        "no_absence",
        Said("tanpa hari tidak masuk", "without days of absence"),
        lambda day: day.absence,
        lambda day: replace(day, absence=None),
    ),
    _Event(
        "no_leave",
        Said("tanpa sakit, izin, dan cuti", "without sick days and leave"),
        lambda day: day.leave,
        lambda day: replace(day, leave=None, letter=False),
    ),
    _Event(
        "all_apel",
        Said("dengan mengikuti semua apel", "with every roll call (apel) attended"),
        lambda day: day.apel_missed,
        lambda day: replace(day, apel_missed=()),
    ),
)


class _Asking:
    def __init__(self, policy: Policy, facts: Facts) -> None:
        self.policy, self.facts = policy, facts
        self.paid = evaluate(policy, facts)

    def _answer(self, key: str, title: Said, changed: Said, facts: Facts) -> Counterfactual:
        then = evaluate(self.policy, facts)
        return Counterfactual(
            key=key,
            title=title,
            changed=changed,
            tpp=then.tpp,
            net=then.net,
            tpp_difference=then.tpp - self.paid.tpp,
            net_difference=then.net - self.paid.net,
            moved=moved(self.paid, then),
        )

    def one_more_day(self) -> Counterfactual | NotOffered:
        """A day of approved work as long as the policy wants one to be, where there was none."""
        key, title = "one_more_day", Said("satu hari kegiatan disetujui lebih", "one more day of approved activities")
        measures = list(self._counting())
        if not measures:
            reason = "peraturan ini tidak membayar menurut hari atau menit kegiatan"
            return NotOffered(key, title, Said(reason, "this policy does not pay by days or minutes of activities"))
        day = _free_day(self.facts)
        if day is None:
            reason = "setiap hari kerja sudah ada kegiatan disetujui"
            return NotOffered(key, title, Said(reason, "every workday has approved activities already"))
        added = _typical(measures, self.facts, day)
        words = day_in_words(day)
        changed = Said(
            f"{words.id}: {added.minutes} menit, 1 kegiatan disetujui ({added.kind})",
            f"{words.en}: {added.minutes} minutes, 1 approved activity ({added.kind})",
        )
        activities = (*self.facts.activities, added)
        return self._answer(key, title, changed, replace(self.facts, activities=activities))

    def _counting(self) -> Iterator[Minutes | Reports]:
        """The measures of this employee's parts that count activities, in the policy's order."""
        for leaf in self.policy.compiled.leaves:
            own = leaf.supervisor_measure if self.facts.employee.is_supervisor else None
            yield from _counting(own or leaf.measure)

    def next_predikat(self) -> Counterfactual | NotOffered:
        """The nearest better predikat by which this policy pays this employee more."""
        key, title = "next_predikat", Said("predikat berikutnya", "the next predikat")
        now = self.facts.predikat
        for predikat in LADDER[LADDER.index(now) + 1 :] if now else LADDER:
            then = replace(self.facts, predikat=predikat, predikat_missing=None)
            if evaluate(self.policy, then).tpp > self.paid.tpp:
                better = predikat.replace("_", " ")
                before = now.replace("_", " ") if now else None
                changed = Said(f"{before or 'belum ada'} -> {better}", f"{before or 'none yet'} -> {better}")
                return self._answer(key, title, changed, then)
        reason = "tidak ada predikat lebih baik yang dibayar lebih tinggi"
        return NotOffered(key, title, Said(reason, "no better predikat pays more here"))

    def no_lateness(self) -> Counterfactual | NotOffered:
        """The month with every arrival in time."""
        found = self._without(_LATE)
        reason = Said("tidak pernah terlambat dalam periode ini", "never late in this period")
        return found or NotOffered(_LATE.key, _LATE.title, reason)

    def without_events(self) -> Iterator[Counterfactual]:
        """The month without each other kind of event that it has."""
        for event in _EVENTS:
            found = self._without(event)
            if found:
                yield found

    def _without(self, event: _Event) -> Counterfactual | None:
        days = [day for day in self.facts.attendance if event.there(day) and not day.duty]
        if not days:
            return None
        kept = tuple(event.without(day) if day in days else day for day in self.facts.attendance)
        changed = joined(day_in_words(day.work_date) for day in sorted(days, key=lambda day: day.work_date))
        return self._answer(event.key, event.title, changed, replace(self.facts, attendance=kept))


def _counting(measure: Measure | None) -> Iterator[Minutes | Reports]:
    match measure:
        case Minutes() | Reports():
            yield measure
        case Blend():
            for part in measure.of:
                yield from _counting(part.measure)
        case _:
            return


def _free_day(facts: Facts) -> date | None:
    """The first weekday of the employee's positions without work, absence or leave."""
    taken = {day.work_date for day in facts.activities} | {
        day.work_date for day in facts.attendance if day.absence or day.leave
    }
    for segment in sorted(facts.segments, key=lambda one: one.start):
        for number in range((segment.end - segment.start).days + 1):
            day = segment.start + timedelta(days=number)
            if day.weekday() < SATURDAY and day not in taken:
                return day
    return None


def _typical(measures: list[Minutes | Reports], facts: Facts, day: date) -> ActivityDay:
    """A day's work as the target wants it: its minutes, or the month's over the workdays, within the daily cap."""
    minutes = 0
    for measure in measures:
        if isinstance(measure, Minutes):
            wanted = measure.per_workday or -(-(measure.per_month or 0) // max(1, facts.workdays))
            minutes = max(minutes, min(wanted, measure.daily_cap or wanted))
    kind = next((one.activities[0] for one in measures if one.activities), "tusi")
    return ActivityDay(work_date=day, minutes=minutes, count=1, kind=kind)


def without_activity(facts: Facts, activity_id: str, minutes: int) -> Facts:
    """The facts as if this activity, of so many minutes, had not been approved. Raises KeyError where it is not in."""
    for at, day in enumerate(facts.activities):
        if activity_id in day.ids:
            ids = tuple(one for one in day.ids if one != activity_id)
            less = replace(day, minutes=max(0, day.minutes - minutes), count=max(0, day.count - 1), ids=ids)
            kept = (*facts.activities[:at], *((less,) if less.count else ()), *facts.activities[at + 1 :])
            return replace(facts, activities=kept)
    raise KeyError(activity_id)


def without_work_on(facts: Facts, day: date) -> Facts:
    """The facts as if nothing had been approved on a day."""
    return replace(facts, activities=tuple(one for one in facts.activities if one.work_date != day))


def without_attendance_on(facts: Facts, day: date) -> Facts:
    """The facts as if nothing had happened on a day: present, in time, to the end."""
    return replace(facts, attendance=tuple(one for one in facts.attendance if one.work_date != day))
