"""The month's events, gathered once from the facts: what happened, on which day, how long."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from services.payroll.rules.facts import AttendanceDay, Exemption, Facts
from services.payroll.rules.instalments import due


class Occurrence(NamedTuple):
    """One event; `ref` is the id to show for it, a work date for attendance."""

    on: date
    ref: str
    minutes: int = 0
    kind: str = ""
    letter: bool = False
    inpatient: bool = False
    after_holiday: bool = False
    times: int = 1
    rupiah: int = 0
    percent: Fraction | None = None
    stayed: int = 0
    until: date | None = None


Occurrences = dict[str, list[Occurrence]]


def gather(facts: Facts) -> Occurrences:
    """Every event of the facts by its name in a policy document, without those an exemption covers."""
    found: Occurrences = {}
    for day in facts.attendance:
        for event, happened in _of_day(day):
            found.setdefault(event, []).append(happened)
    for penalty in facts.penalties:
        one = Occurrence(penalty.effective_from, penalty.id, kind=penalty.kind, until=penalty.effective_to)
        found.setdefault("penalty", []).append(one)
    for said in facts.incidents:
        found.setdefault("incident", []).append(
            Occurrence(
                said.on,
                said.id,
                said.minutes,
                said.kind,
                times=said.times,
                rupiah=max(0, said.rupiah),
                percent=said.percent,
            )
        )
    for debt in facts.instalments:
        if amount := due(debt, facts):
            one = Occurrence(facts.start, debt.id, kind=debt.kind, rupiah=amount)
            found.setdefault("instalment", []).append(one)
    if facts.employee.is_supervisor and not facts.employee.assessed_staff:
        found["unassessed"] = [Occurrence(facts.end, facts.employee.id)]
    return _without_exempted(found, facts.exemptions) if facts.exemptions else found


@lru_cache(maxsize=16_384)  # of a region's thousands of days, few differ
def _of_day(day: AttendanceDay) -> tuple[tuple[str, Occurrence], ...]:
    """A day of absence or leave has no other event but the missed apel; a day on duty has none."""
    if day.duty:
        return ()
    return (*_at_work(day), *(("apel", _on(day, kind=kind)) for kind in day.apel_missed))


def _at_work(day: AttendanceDay) -> Iterator[tuple[str, Occurrence]]:
    if day.absence:
        yield "absent", _on(day, kind=day.absence)
    elif day.leave:
        yield "leave", _on(day, kind=day.leave)
    else:
        minutes = {
            "late": day.late_minutes,
            "early": day.early_minutes,
            "out": day.out_minutes,
            "permitted_out": day.permitted_minutes,
        }
        yield from ((event, _on(day, much)) for event, much in minutes.items() if much)
        missing = {"missing_in": day.missing_in, "missing_out": day.missing_out}
        yield from ((event, _on(day)) for event, is_missing in missing.items() if is_missing)


def _on(day: AttendanceDay, minutes: int = 0, kind: str = "") -> Occurrence:
    said = day.work_date.isoformat()
    return Occurrence(
        day.work_date, said, minutes, kind, day.letter, day.inpatient, day.after_holiday, stayed=day.stayed_minutes
    )


def totals_of(days: Iterable[AttendanceDay], exempt: Callable[[str, date], bool]) -> dict[str, int]:
    """The facts' `ytd`: what `gather` finds on these days, counted by the names a document can ask for.

    exempt: whether an event of a day is covered by an exemption.
    """
    counts: dict[str, int] = {}
    for day in days:
        for event, one in _of_day(day):
            if exempt(event, one.on):
                continue
            for name in (event, f"{event}:{one.kind}") if one.kind else (event,):
                for tail in ("", "@after_holiday") if one.after_holiday else ("",):
                    counts[name + tail] = counts.get(name + tail, 0) + 1
                    if one.minutes:
                        minutes = f"{name}{tail}.minutes"
                        counts[minutes] = counts.get(minutes, 0) + one.minutes
    return counts


def _without_exempted(found: Occurrences, exemptions: Iterable[Exemption]) -> Occurrences:
    for exemption in exemptions:
        for event in exemption.covers:
            if event in found:
                found[event] = [one for one in found[event] if not exemption.start <= one.on <= exemption.end]
    return found
