"""Who leads whom on which days of a period, and what the people led did on them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from services.payroll.inputs.calendar import Calendar, own_calendar
from services.payroll.rules.facts import Segment, StaffMember

# A Plh signs for the day and leads nobody; a Plt leads as the holder would.
_LED = text(
    """
    WITH led AS (
        SELECT h.employee_id AS leader_id, s.employee_id AS staff_id,
               greatest(h.valid_from, t.valid_from, s.valid_from, :first_day) AS first,
               least(coalesce(h.valid_to, :last_day), coalesce(t.valid_to, :last_day),
                     coalesce(s.valid_to, :last_day), :last_day) AS last
        FROM identity_assignments h
        JOIN identity_position_terms t ON t.tenant_id = h.tenant_id AND t.reports_to = h.position_id
         AND t.valid_from <= :last_day AND (t.valid_to IS NULL OR t.valid_to >= :first_day)
        JOIN identity_assignments s ON s.tenant_id = h.tenant_id AND s.position_id = t.position_id
         AND s.kind = 'definitif' AND s.employee_id <> h.employee_id
         AND s.valid_from <= :last_day AND (s.valid_to IS NULL OR s.valid_to >= :first_day)
        WHERE h.tenant_id = :tenant_id AND h.employee_id = ANY(CAST(:employees AS uuid[])) AND h.kind <> 'plh'
          AND h.valid_from <= :last_day AND (h.valid_to IS NULL OR h.valid_to >= :first_day)
    )
    SELECT leader_id, staff_id, first, last,
           coalesce((SELECT sum(r.minutes) FROM activity_records r
                     WHERE r.tenant_id = :tenant_id AND r.period = :period AND r.employee_id = staff_id
                       AND NOT r.withdrawn AND r.work_date BETWEEN first AND least(last, :until)), 0),
           d.settled, d.scheduled
    FROM led
    LEFT JOIN LATERAL (
        SELECT bit_or(1 << (work_date - CAST(:first_day AS date))) AS settled,
               bit_or(scheduled::int << (work_date - CAST(:first_day AS date))) AS scheduled
        FROM activity_days
        WHERE tenant_id = :tenant_id AND period = :period AND employee_id = staff_id AND work_date <= :until
    ) AS d ON true
    WHERE first <= last
    ORDER BY leader_id, staff_id, first, last
    """
)


class Led(NamedTuple):
    """Somebody led from `first` to `last`, with the minutes approved of those days and the month's settled ones."""

    staff_id: UUID
    first: date
    last: date
    minutes: int
    settled: int | None  # bits as of inputs.days.Days; None: no day is settled
    scheduled: int | None


async def staff_of(session: AsyncSession, given: dict[str, Any]) -> dict[UUID, list[Led]]:
    """By leader. `given`: tenant_id, employees, period, first_day, last_day, until."""
    found: dict[UUID, list[Led]] = defaultdict(list)
    for row in (await session.execute(_LED, given)).all():
        found[row[0]].append(Led(*row[1:]))
    return found


def leads_on(led: Iterable[Led], day: date) -> bool:
    """Whether anybody is led on a day."""
    return any(one.first <= day <= one.last for one in led)


def staff_members(led: Sequence[Led], of_region: Calendar, last_day: date) -> tuple[StaffMember, ...]:
    """Each person led, with the minutes and workdays of the days on which they were led."""
    sums: dict[UUID, tuple[int, int]] = {}
    for one in led:
        if one.first > last_day:
            continue
        calendar = own_calendar(of_region, one.settled or 0, one.scheduled or 0)
        minutes, workdays = sums.get(one.staff_id, (0, 0))
        days = calendar.between(one.first, min(one.last, last_day))
        sums[one.staff_id] = minutes + int(one.minutes), workdays + days
    return tuple(StaffMember(id=str(one), minutes=sums[one][0], workdays=sums[one][1]) for one in sorted(sums))


def leading(segments: tuple[Segment, ...], led: Sequence[Led], leads: bool) -> tuple[Segment, ...]:
    """The segments, saying who leads in which where that differs within the month from `leads`."""
    of_each = [leads_on(led, segment.end) for segment in segments]
    if all(one is leads for one in of_each):
        return segments
    return tuple(replace(segment, is_supervisor=one) for segment, one in zip(segments, of_each, strict=True))
