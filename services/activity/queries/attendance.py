"""Attendance as it was settled: an employee's month, a unit's day, a year's absences, and what is still unmatched."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, func, literal, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.activity.rules.attendance_counting import Absences, absences
from services.activity.tables.attendance import (
    AttendanceDayRow,
    AttendanceDecisionRow,
    IncidentRow,
    MachineRow,
    OutingRow,
    PinRow,
    SettlementRow,
)
from shared.directory.queries import posts_on, units_under
from shared.directory.tables import EmployeeRow
from shared.errors import NotFound
from shared.words import Presence


@dataclass(frozen=True, slots=True)
class UnitDayLine:
    """An employee of a unit on a day; `day`: None where it is not settled, or a day off."""

    employee_id: UUID
    name: str
    nip: str
    unit_id: UUID
    day: AttendanceDayRow | None


@dataclass(frozen=True, slots=True)
class UnknownPin:
    """A number nobody had on the days it was used."""

    serial: str
    pin: str
    punches: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class AbsentEmployee:
    """An employee with at least one alert in a year."""

    employee_id: UUID
    name: str
    nip: str
    counted: Absences


async def days_of(
    session: AsyncSession, tenant_id: str, employee_id: UUID, first: date, last: date
) -> Sequence[AttendanceDayRow]:
    """An employee's settled days from `first` to `last`, by date."""
    d = AttendanceDayRow
    rows = await session.scalars(
        select(d)
        .where(d.tenant_id == tenant_id, d.employee_id == employee_id, d.work_date.between(first, last))
        .order_by(d.work_date)
    )
    return rows.all()


async def unit_day(session: AsyncSession, tenant_id: str, unit_id: UUID, day: date) -> list[UnitDayLine]:
    """The people of a unit and those below it on a day, by name."""
    units = await units_under(session, tenant_id, [unit_id])
    posts = await posts_on(session, tenant_id, day, units=units)
    e, d = EmployeeRow, AttendanceDayRow
    rows = await session.execute(
        select(e.employee_id, e.name, e.nip, d)
        .outerjoin(d, (d.tenant_id == e.tenant_id) & (d.employee_id == e.employee_id) & (d.work_date == day))
        .where(e.tenant_id == tenant_id, e.employee_id == any_(literal(list(posts), ARRAY(Uuid))))
        .order_by(e.name, e.employee_id)
    )
    return [UnitDayLine(row[0], row[1], row[2], posts[row[0]].unit_id, row[3]) for row in rows.all()]


async def absences_of(session: AsyncSession, tenant_id: str, employee_id: UUID, year: int) -> Absences:
    """An employee's days tanpa keterangan in a year, and the alerts they have come to (PP 94/2021)."""
    d = AttendanceDayRow
    rows = await session.execute(
        select(d.work_date, d.presence == Presence.ABSENT)
        .where(d.tenant_id == tenant_id, d.employee_id == employee_id, d.scheduled)
        .where(d.work_date.between(date(year, 1, 1), date(year, 12, 31)))
        .order_by(d.work_date)
    )
    return absences((day, absent) for day, absent in rows.all())


# only those who were absent often enough for an alert are counted day by day
_OFTEN = text(
    """
    SELECT employee_id FROM attendance_days
    WHERE tenant_id = :tenant_id AND work_date BETWEEN :first AND :last AND presence = 'absent'
    GROUP BY employee_id HAVING count(*) >= 3 ORDER BY employee_id
    """
)


async def absence_alerts(
    session: AsyncSession, tenant_id: str, year: int, units: Iterable[UUID] | None, *, on: date
) -> list[AbsentEmployee]:
    """Employees with alerts in a year, the most days first; `units`: of those they stand in on a day, None: all."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    often = list((await session.scalars(_OFTEN, {"tenant_id": tenant_id, "first": first, "last": last})).all())
    if units is not None:
        posts = await posts_on(session, tenant_id, on, units=list(units))
        often = [employee_id for employee_id in often if employee_id in posts]
    e = EmployeeRow
    people = await session.execute(
        select(e.employee_id, e.name, e.nip).where(
            e.tenant_id == tenant_id, e.employee_id == any_(literal(often, ARRAY(Uuid)))
        )
    )
    found = [
        AbsentEmployee(employee_id, name, nip, await absences_of(session, tenant_id, employee_id, year))
        for employee_id, name, nip in people.all()
    ]
    alerted = [one for one in found if one.counted.alerts]
    return sorted(alerted, key=lambda one: (-len(one.counted.days), one.name))


_UNKNOWN = text(
    """
    SELECT p.serial, p.pin, count(*), min(p.punched_at), max(p.punched_at)
    FROM attendance_punches p
    JOIN attendance_machines k ON k.tenant_id = p.tenant_id AND k.serial = p.serial
     AND (CAST(:units AS uuid[]) IS NULL OR k.unit_id = ANY(CAST(:units AS uuid[])))
    WHERE p.tenant_id = :tenant_id AND p.punched_at >= :opens AND p.punched_at < :closes
      AND NOT EXISTS (
          SELECT 1 FROM attendance_pins m
          WHERE m.tenant_id = p.tenant_id AND m.serial = p.serial AND m.pin = p.pin
            AND m.valid_from <= (p.punched_at AT TIME ZONE k.zone)::date
            AND (m.valid_to IS NULL OR m.valid_to >= (p.punched_at AT TIME ZONE k.zone)::date))
    GROUP BY p.serial, p.pin ORDER BY count(*) DESC, p.serial, p.pin LIMIT :most
    """
)


async def unknown_pins(
    session: AsyncSession,
    tenant_id: str,
    opens: datetime,
    closes: datetime,
    *,
    units: Iterable[UUID] | None,
    limit: int = 1000,
) -> list[UnknownPin]:
    """Numbers used between two moments that are nobody's, most punches first; `units`: of their machines."""
    given = {
        "tenant_id": tenant_id,
        "opens": opens,
        "closes": closes,
        "units": None if units is None else list(units),
        "most": limit,
    }
    # row estimates under row-level security are near one: nested loops over a month of punches would take minutes
    await session.execute(text("SET LOCAL enable_nestloop = off"))
    return [UnknownPin(*row) for row in (await session.execute(_UNKNOWN, given)).all()]


async def machines(session: AsyncSession, tenant_id: str, units: Iterable[UUID] | None) -> Sequence[MachineRow]:
    """Machines by serial; `units`: only theirs, None: all."""
    m = MachineRow
    query = select(m).where(m.tenant_id == tenant_id).order_by(m.serial)
    if units is not None:
        query = query.where(m.unit_id.in_(list(units)))
    return (await session.scalars(query)).all()


async def pins_of(session: AsyncSession, tenant_id: str, serial: str) -> Sequence[PinRow]:
    """Whose a machine's numbers are, by number and date."""
    p = PinRow
    rows = await session.scalars(
        select(p).where(p.tenant_id == tenant_id, p.serial == serial).order_by(p.pin, p.valid_from)
    )
    return rows.all()


async def decisions_of(
    session: AsyncSession, tenant_id: str, employee_id: UUID, first: date, last: date
) -> Sequence[AttendanceDecisionRow]:
    """Leave, duty and excuses that touch the days from `first` to `last`, withdrawn ones too, by date."""
    d = AttendanceDecisionRow
    rows = await session.scalars(
        select(d)
        .where(d.tenant_id == tenant_id, d.employee_id == employee_id, d.first_day <= last, d.last_day >= first)
        .order_by(d.first_day, d.decided_at)
    )
    return rows.all()


async def outings_of(
    session: AsyncSession, tenant_id: str, employee_id: UUID, first: date, last: date
) -> Sequence[OutingRow]:
    """An employee's outings of the days from `first` to `last`, withdrawn ones too, by their start."""
    o = OutingRow
    rows = await session.scalars(
        select(o)
        .where(o.tenant_id == tenant_id, o.employee_id == employee_id, o.work_date.between(first, last))
        .order_by(o.started_at, o.outing_id)
    )
    return rows.all()


async def incidents(session: AsyncSession, tenant_id: str, first: datetime, last: datetime) -> Sequence[IncidentRow]:
    """Outages that touch the time between two moments, withdrawn ones too, by their start."""
    i = IncidentRow
    rows = await session.scalars(
        select(i)
        .where(i.tenant_id == tenant_id, i.started_at < last, i.ended_at > first)
        .order_by(i.started_at, i.incident_id)
    )
    return rows.all()


async def settlement(session: AsyncSession, tenant_id: str, settlement_id: UUID) -> SettlementRow:
    """Raises NotFound."""
    row = await session.get(SettlementRow, (tenant_id, settlement_id))
    if row is None:
        raise NotFound("there is no such settlement")
    return row


async def waiting_settlements(session: AsyncSession, tenant_id: str, first: date, last: date) -> int:
    """How many settlements of days from `first` to `last` the worker has not finished yet."""
    s = SettlementRow
    counted = select(func.count()).where(
        s.tenant_id == tenant_id, s.state == "waiting", s.first_day <= last, s.last_day >= first
    )
    return int(await session.scalar(counted) or 0)
