"""The month's events, gathered once from the facts: what happened, on which day, how long."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
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
        if not day.duty:
            _of_day(found, day)
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


def _of_day(found: Occurrences, day: AttendanceDay) -> None:
    """A day of absence or leave has no other event but the missed apel."""
    if day.absence:
        _add(found, "absent", day, kind=day.absence)
    elif day.leave:
        _add(found, "leave", day, kind=day.leave)
    else:
        if day.late_minutes:
            _add(found, "late", day, day.late_minutes)
        if day.early_minutes:
            _add(found, "early", day, day.early_minutes)
        if day.out_minutes:
            _add(found, "out", day, day.out_minutes)
        if day.permitted_minutes:
            _add(found, "permitted_out", day, day.permitted_minutes)
        if day.missing_in:
            _add(found, "missing_in", day)
        if day.missing_out:
            _add(found, "missing_out", day)
    for kind in day.apel_missed:
        _add(found, "apel", day, kind=kind)


def _add(found: Occurrences, event: str, day: AttendanceDay, minutes: int = 0, kind: str = "") -> None:
    one = Occurrence(
        day.work_date,
        day.work_date.isoformat(),
        minutes,
        kind,
        day.letter,
        day.after_holiday,
        stayed=day.stayed_minutes,
    )
    found.setdefault(event, []).append(one)


def _without_exempted(found: Occurrences, exemptions: Iterable[Exemption]) -> Occurrences:
    for exemption in exemptions:
        for event in exemption.covers:
            if event in found:
                found[event] = [one for one in found[event] if not exemption.start <= one.on <= exemption.end]
    return found
