"""Attendance in payroll's copies as facts: the days of a period on which something happened, and the year before it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from services.payroll.inputs.calendar import SATURDAY
from services.payroll.rules.facts import AttendanceDay
from services.payroll.rules.occurrences import totals_of
from shared.words import Apel, Presence

LONGEST_HOLIDAY_DAYS = 16  # Lebaran with cuti bersama and its weekends; a longer gap is no holiday, it was not settled
TANPA_KETERANGAN, CUTI_DITOLAK = "tanpa_keterangan", "cuti_ditolak"


class Days(NamedTuple):
    """An employee's settled days of the period."""

    settled: int  # a bit a day of the period, the first is bit 0
    scheduled: int  # likewise; those of them that were workdays
    events: Sequence[str]  # workdays on which something happened, as `day_of` reads them, by date


NO_DAYS = Days(0, 0, ())

# The workday before it stands with a day: what lies between them was off, as activity settles every working day.
# Staying on is told where something could be made up by it.
_EVENT = f"""
    concat(d.work_date, '|', presence, '|', leave_kind, '|', late_minutes, '|', early_minutes, '|',
           missing_in::text, '|', missing_out::text, '|', apel, '|',
           CASE WHEN late_minutes > 0
               THEN greatest(floor(extract(epoch FROM actual_out_at - expected_out_at) / 60), 0)::integer END, '|',
           out_minutes, '|', permitted_out_minutes, '|', letter::text, '|', inpatient::text, '|',
           leave_refused::text, '|',
           (SELECT max(p.work_date) FROM activity_days p
            WHERE p.tenant_id = d.tenant_id AND p.employee_id = d.employee_id AND p.scheduled
              AND p.work_date BETWEEN d.work_date - {LONGEST_HOLIDAY_DAYS} AND d.work_date - 1))
"""
_HAPPENED = """scheduled AND (presence <> 'present' OR late_minutes > 0 OR early_minutes > 0 OR missing_in
    OR missing_out OR apel <> 'none' OR out_minutes > 0 OR permitted_out_minutes > 0)"""
# one row an employee: fetching a row a day took most of the time, and nearly all days are like any other
_DAYS = text(
    f"""
    SELECT employee_id, bit_or(1 << at), bit_or(scheduled::int << at),
           array_remove(array_agg(CASE WHEN {_HAPPENED} THEN {_EVENT} END ORDER BY work_date), NULL)
    FROM (
        SELECT *, work_date - CAST(:first_day AS date) AS at FROM activity_days
        WHERE tenant_id = :tenant_id AND period = :period AND employee_id = ANY(CAST(:employees AS uuid[]))
          AND work_date <= :until
    ) AS d
    GROUP BY employee_id
    """
)
_EARLIER = text(
    f"""
    SELECT employee_id, array_agg({_EVENT} ORDER BY work_date)
    FROM activity_days d
    WHERE tenant_id = :tenant_id AND employee_id = ANY(CAST(:employees AS uuid[]))
      AND period >= :january AND period < :period AND {_HAPPENED}
    GROUP BY employee_id
    """
)
_EXEMPTED = text(
    """
    SELECT c.employee_id, c.unit_code, c.valid_from, c.valid_to, c.content -> 'covers'
    FROM circumstances c
    JOIN circumstance_files f ON f.tenant_id = c.tenant_id AND f.file_id = c.file_id AND f.state = 'approved'
    WHERE c.tenant_id = :tenant_id AND c.kind = 'pengecualian'
      AND c.valid_from < :first_day AND c.valid_to >= CAST(:january || '-01' AS date)
      AND (c.employee_id IS NULL OR c.employee_id = ANY(CAST(:employees AS uuid[])))
    """
)


class Exempted(NamedTuple):
    """Events that an approved exemption covers on days of the year's earlier months; without either it is all's."""

    employee_id: UUID | None
    unit_code: str | None
    start: date
    end: date
    covers: tuple[str, ...]


class Earlier(NamedTuple):
    """The year before a period: events by employee, as `day_of` reads them, and what is exempted of them."""

    events: Mapping[UUID, Sequence[str]]
    exempted: Sequence[Exempted]

    def totals(self, employee_id: UUID, unit_code: str) -> dict[str, int]:
        """The facts' `ytd` of an employee who is in a unit."""
        events = self.events.get(employee_id)
        if not events:
            return {}
        mine = [one for one in self.exempted if one.employee_id in (None, employee_id)]
        mine = [one for one in mine if one.unit_code in (None, unit_code)]
        return totals_of((day_of(event) for event in events), lambda name, on: _is_exempt(mine, name, on))


def _is_exempt(exempted: Sequence[Exempted], event: str, on: date) -> bool:
    return any(event in one.covers and one.start <= on <= one.end for one in exempted)


async def days_of(session: AsyncSession, given: dict[str, Any]) -> dict[UUID, Days]:
    """By employee. `given`: tenant_id, employees, period, first_day, until."""
    return {row[0]: Days(*row[1:]) for row in (await session.execute(_DAYS, given)).all()}


async def earlier_of(session: AsyncSession, given: dict[str, Any]) -> Earlier:
    """The months from January to the period. `given`: tenant_id, employees, period, first_day, january."""
    events = {row[0]: row[1] for row in (await session.execute(_EARLIER, given)).all()}
    if not events:
        return Earlier({}, ())
    rows = (await session.execute(_EXEMPTED, given)).all()
    return Earlier(events, [Exempted(who, unit, start, end, tuple(covers)) for who, unit, start, end, covers in rows])


@lru_cache(maxsize=16_384)  # of a region's thousands of days, few differ; facts never change
def day_of(event: str) -> AttendanceDay:
    """A working day on which something happened; a day without an event changes nothing and is left out."""
    day, presence, leave, late, early, no_in, no_out, apel, *more = event.split("|")
    stayed, out, permitted, letter, inpatient, refused, before = more
    on = date.fromisoformat(day)
    is_leave = presence == Presence.LEAVE
    return AttendanceDay(
        work_date=on,
        late_minutes=int(late),
        early_minutes=int(early),
        out_minutes=int(out or 0),
        permitted_minutes=int(permitted or 0),
        stayed_minutes=int(stayed or 0),
        missing_in=no_in == "true",
        missing_out=no_out == "true",
        absence=_absence(refused == "true") if presence == Presence.ABSENT else None,
        leave=leave if is_leave else None,
        # of a fact from before it said so: no leave was recorded without its letter's number
        letter=is_leave and letter != "false",
        inpatient=is_leave and inpatient == "true",
        duty=presence == Presence.DUTY,
        after_holiday=bool(before) and after_holiday(date.fromisoformat(before), on),
        apel_expected=int(apel != Apel.NONE),
        apel_missed=("apel",) if apel == Apel.MISSED else (),
    )


def after_holiday(before: date, day: date) -> bool:
    """Whether the days off between a workday and the next one hold more than a weekend."""
    return any(one.weekday() < SATURDAY for one in _between(before, day))


def _between(before: date, day: date) -> Iterator[date]:
    return (before + timedelta(days=n) for n in range(1, (day - before).days))


def _absence(refused: bool) -> str:
    return CUTI_DITOLAK if refused else TANPA_KETERANGAN
