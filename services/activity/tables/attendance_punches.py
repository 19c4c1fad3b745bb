"""Punches by the person they are of: whose a machine's number was on the day, by the machine's own clock."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.activity.rules.attendance_pins import PinTerm
from services.activity.rules.calendar_hours import moment
from services.activity.tables.attendance import MachineRow, PinRow

Number = tuple[str, str]  # serial and PIN

# LATERAL: one look into the key per number. Row estimates under row-level security are near one, and a join of months
# of punches planned on them takes minutes.
_PUNCHES = text(
    """
    SELECT n.serial, n.pin, found.moments
    FROM unnest(CAST(:serials AS text[]), CAST(:pins AS text[])) AS n(serial, pin)
    CROSS JOIN LATERAL (
        SELECT array_agg(p.punched_at ORDER BY p.punched_at) AS moments FROM attendance_punches p
        WHERE p.tenant_id = :tenant_id AND p.serial = n.serial AND p.pin = n.pin
          AND p.punched_at >= :opens AND p.punched_at < :closes
    ) AS found
    WHERE found.moments IS NOT NULL
    """
)

# OFFSET 0 keeps it one look per number, for the same reason
_TERMS = text(
    """
    SELECT n.serial, n.pin, held.employee_id, held.valid_from, held.valid_to
    FROM unnest(CAST(:serials AS text[]), CAST(:pins AS text[])) WITH ORDINALITY AS n(serial, pin, place)
    CROSS JOIN LATERAL (
        SELECT m.employee_id, m.valid_from, m.valid_to FROM attendance_pins m
        WHERE m.tenant_id = :tenant_id AND m.serial = n.serial AND m.pin = n.pin OFFSET 0
    ) AS held
    ORDER BY n.place, held.valid_from
    """
)


async def punches_of(
    session: AsyncSession, tenant_id: str, first: date, last: date, *, employees: Sequence[UUID], zone: str
) -> dict[UUID, list[datetime]]:
    """Punches around the days from `first` to `last` by employee, ascending; `zone` is the region's."""
    p = PinRow
    mine = await session.execute(
        select(p.serial, p.pin).where(p.tenant_id == tenant_id, p.employee_id.in_(employees)).distinct()
    )
    numbers = [(serial, pin) for serial, pin in mine.all()]
    terms = await terms_of(session, tenant_id, numbers)
    clocks = await _clocks(session, tenant_id)
    given = {
        "tenant_id": tenant_id,
        "serials": [serial for serial, _ in numbers],
        "pins": [pin for _, pin in numbers],
        "opens": moment(zone, first - timedelta(days=1), time(0)),
        "closes": moment(zone, last + timedelta(days=3), time(0)),
    }
    found: dict[UUID, list[datetime]] = {}
    for serial, pin, moments in (await session.execute(_PUNCHES, given)).all():
        for term in terms[serial, pin]:
            found.setdefault(term.employee_id, []).extend(_within(moments, term, clocks[serial]))
    wanted = set(employees)
    return {employee_id: sorted(moments) for employee_id, moments in found.items() if employee_id in wanted}


async def terms_of(
    session: AsyncSession, tenant_id: str, numbers: Iterable[Number]
) -> dict[Number, tuple[PinTerm, ...]]:
    """Whose these numbers are, by number, each by date; a number that is nobody's is left out."""
    wanted = sorted(numbers)
    given = {"tenant_id": tenant_id, "serials": [one[0] for one in wanted], "pins": [one[1] for one in wanted]}
    rows = await session.execute(_TERMS, given)
    found: dict[Number, tuple[PinTerm, ...]] = {}
    for serial, pin, employee_id, valid_from, valid_to in rows.all():
        found[serial, pin] = (*found.get((serial, pin), ()), PinTerm(employee_id, valid_from, valid_to))
    return found


async def _clocks(session: AsyncSession, tenant_id: str) -> dict[str, ZoneInfo]:
    m = MachineRow
    rows = await session.execute(select(m.serial, m.zone).where(m.tenant_id == tenant_id))
    return {serial: ZoneInfo(zone) for serial, zone in rows.all()}


def _within(moments: Sequence[datetime], term: PinTerm, clock: ZoneInfo) -> list[datetime]:
    opens = datetime.combine(term.valid_from, time(0), clock)
    if term.valid_to is None:
        return [at for at in moments if opens <= at]
    closes = datetime.combine(term.valid_to + timedelta(days=1), time(0), clock)
    return [at for at in moments if opens <= at < closes]
