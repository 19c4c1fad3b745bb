"""All that an employee's entries are judged against, but the calendar: one statement, however many there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.activity.rules.entries import Entry, Held, InForce
from services.activity.rules.filing import Limits
from shared.brief import BriefUnitOfWork
from shared.errors import NotFound
from shared.period import period_of

# Months are read without a lock: an entry that slips in beside a closing only waits, and is in no total. Activities are
# those of the days asked about and of those beside them, whose work may reach past midnight; a day still to come stands
# for today. Columns, not rows, come back as arrays: few values to decode. The statement is planned once, perhaps while
# the tables are empty and any index looks as good as another: OFFSET 0 keeps it from the results of all plans, and
# ORDER BY, which only the index by day has for nothing, from the activities of all employees.
_READ = """
    SELECT t.zone, months.*, decided.*, terms.*, held.*
    FROM identity_tenants t
    CROSS JOIN LATERAL (SELECT ($2::timestamptz AT TIME ZONE t.zone)::date AS today) AS clock
    CROSS JOIN LATERAL (
        SELECT array_agg(p.code) FILTER (WHERE p.state = 'open'), array_agg(p.code) FILTER (WHERE p.state = 'closed')
        FROM periods p WHERE p.tenant_id = $1 AND p.code = ANY($3::text[])
    ) AS months
    CROSS JOIN LATERAL (
        SELECT array_agg(s.valid_from), array_agg(s.filing_window_days), array_agg(s.daily_cap_minutes)
        FROM settings s WHERE s.tenant_id = $1
    ) AS decided
    CROSS JOIN LATERAL (
        SELECT array_agg(r.result_id), array_agg(v.valid_from), array_agg(v.valid_to)
        FROM plan_versions v
        CROSS JOIN LATERAL (
            SELECT r.result_id FROM plan_results r
            WHERE r.tenant_id = $1 AND r.plan_id = v.plan_id AND r.version = v.version
              AND r.result_id = ANY($5::uuid[]) OFFSET 0
        ) AS r
        WHERE v.tenant_id = $1 AND v.employee_id = $4 AND v.state = 'approved' AND v.valid_from <= v.valid_to
    ) AS terms
    CROSS JOIN LATERAL (
        SELECT array_agg(a.activity_id), array_agg(a.work_date), array_agg(a.minutes), array_agg(a.start_minute),
               array_agg(a.end_minute), array_agg(a.sent_digest), array_agg(a.state <> 'returned')
        FROM (
            SELECT * FROM activities
            WHERE tenant_id = $1 AND employee_id = $4
              AND work_date BETWEEN least($6::date, clock.today) - 1 AND least($7::date, clock.today) + 1
            ORDER BY work_date
        ) AS a
    ) AS held
    WHERE t.tenant_id = $1
"""


@dataclass(frozen=True, slots=True)
class Logbook:
    """`opened` and `closed`: those of the entries' months that are; a month in neither was never touched."""

    zone: str
    opened: frozenset[str]
    closed: frozenset[str]
    limits: list[Limits]
    results: dict[UUID, list[InForce]]
    held: list[Held]


async def logbook_of(uow: BriefUnitOfWork, person: UUID, entries: Sequence[Entry], now: datetime) -> Logbook:
    """As it stands when this is asked. Raises NotFound for a region not known yet."""
    days = [entry.work_date for entry in entries]
    codes = list({period_of(day).code for day in days})
    results = list({entry.result_id for entry in entries})
    rows = await uow.fetch(_READ, uow.tenant_id, now, codes, person, results, min(days), max(days))
    if not rows:
        raise NotFound(f"region {uow.tenant_id} is not known here yet: its facts may still be on their way")
    zone, opened, closed, *columns = rows[0]
    terms: dict[UUID, list[InForce]] = {}
    for result_id, first_day, last_day in _rows(columns[3:6]):
        terms.setdefault(result_id, []).append(InForce(first_day, last_day))
    return Logbook(
        zone=zone,
        opened=frozenset(opened or ()),
        closed=frozenset(closed or ()),
        limits=[Limits(*row) for row in _rows(columns[:3])],
        results=terms,
        held=[Held(*row) for row in _rows(columns[6:])],
    )


def _rows(columns: Sequence[list[Any] | None]) -> list[tuple[Any, ...]]:
    """None: of no row at all."""
    return list(zip(*(column or () for column in columns), strict=True))
