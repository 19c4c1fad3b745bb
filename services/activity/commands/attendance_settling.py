"""Settling attendance: each employee-day gets one row and one fact, stated again only where it differs."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from operator import attrgetter
from uuid import UUID

from sqlalchemy import text

from services.activity.commands.attendance_days import Planner, outcomes
from services.activity.rules.attendance import Outcome
from services.activity.rules.calendar_hours import moment
from services.activity.tables.attendance_loading import incidents_between, load, people
from services.activity.tables.calendar_reading import region_of
from services.activity.tables.fence import hold_open
from shared.errors import Refused
from shared.events.activity import AttendanceDaySettled
from shared.ledger.leaves import leaf_of
from shared.period import period_of
from shared.unit_of_work import UnitOfWork

CHUNK = 150  # employees whose days and facts are held in memory at once: about 20 MB of a month
WRITE_AT_ONCE = 4000  # rows
LOCK_SPACE = 4714  # first key of the advisory lock: one settlement of a region at a time

_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(:space, hashtext(:tenant_id))")


@dataclass(frozen=True, slots=True)
class Settled:
    """`days` were looked at, `changed` of them stated; `last`: the last of the `people`, by id."""

    people: int
    days: int
    changed: int
    last: UUID | None = None


async def settle_days(
    uow: UnitOfWork,
    first: date,
    last: date,
    employees: Sequence[UUID] | None = None,
    *,
    now: datetime,
    again: bool = False,
) -> Settled:
    """Settle the days from `first` to `last` that are over; `employees`: None for all of the region.

    With `again` only days that were settled before. Raises Refused where one of the months is closed.
    """
    total = Settled(0, 0, 0)
    while True:
        chunk = await settle_chunk(uow, first, last, employees, after=total.last, now=now, again=again)
        total = Settled(
            total.people + chunk.people,
            total.days + chunk.days,
            total.changed + chunk.changed,
            chunk.last or total.last,
        )
        if chunk.people < CHUNK:
            return total
        await uow.settle()  # the facts of a chunk leave memory before the next is made


async def settle_chunk(
    uow: UnitOfWork,
    first: date,
    last: date,
    employees: Sequence[UUID] | None,
    *,
    after: UUID | None,
    now: datetime,
    again: bool,
) -> Settled:
    """Settle the next employees by id, at most CHUNK. Raises Refused where one of the months is closed."""
    await _hold(uow, first, last)
    session, tenant_id = uow.session, uow.tenant_id
    mine = await people(session, tenant_id, first, last, employees=employees, after=after, again=again, most=CHUNK)
    if not mine:
        return Settled(0, 0, 0)
    region = await region_of(session, tenant_id, first, last)
    opens, closes = (moment(region.zone, day, time(0)) for day in (first, last + timedelta(days=2)))
    planner = Planner(region, await incidents_between(session, tenant_id, opens, closes), now)
    loaded = await load(session, tenant_id, first, last, employees=mine, zone=region.zone)
    days = 0
    changed: list[tuple[AttendanceDaySettled, Outcome]] = []
    for employee_id in mine:
        for day, outcome in outcomes(planner, loaded, employee_id, first, last, again=again):
            days += 1
            held = loaded.held.get((employee_id, day))
            if held is None or held.outcome != outcome:
                version = held.version + 1 if held else 1
                changed.append(
                    (_fact(employee_id, day, outcome, tenant_id=tenant_id, version=version, now=now), outcome)
                )
    await _write(uow, changed)
    return Settled(len(mine), days, len(changed), mine[-1])


async def _hold(uow: UnitOfWork, first: date, last: date) -> None:
    """The fence first, as everywhere; then the region's settlements one after another, or two would make the same
    version of a day with different salts."""
    days = {first + timedelta(days=n) for n in range((last - first).days + 1)}
    open_codes = await hold_open(uow.session, uow.tenant_id, days)
    closed = sorted({period_of(day).code for day in days} - open_codes)
    if closed:
        raise Refused(
            f"period {closed[0]} is closed: its days are settled for good. Reopen it first, with a reason",
            period=closed[0],
        )
    await uow.session.execute(_ONE_AT_A_TIME, {"space": LOCK_SPACE, "tenant_id": uow.tenant_id})


def _fact(
    employee_id: UUID, day: date, outcome: Outcome, *, tenant_id: str, version: int, now: datetime
) -> AttendanceDaySettled:
    return AttendanceDaySettled(
        tenant_id=tenant_id,
        occurred_at=now,
        version=version,
        employee_id=employee_id,
        work_date=day,
        period=period_of(day).code,
        scheduled=outcome.scheduled,
        presence=outcome.presence,
        leave_kind=outcome.leave_kind,
        expected_in_at=outcome.expected_in_at,
        expected_out_at=outcome.expected_out_at,
        actual_in_at=outcome.actual_in_at,
        actual_out_at=outcome.actual_out_at,
        late_minutes=outcome.late_minutes,
        early_minutes=outcome.early_minutes,
        missing_in=outcome.missing_in,
        missing_out=outcome.missing_out,
        apel=outcome.apel,
        out_minutes=outcome.out_minutes,
        permitted_out_minutes=outcome.permitted_out_minutes,
        letter=outcome.letter,
        inpatient=outcome.inpatient,
        leave_refused=outcome.leave_refused,
        salt=secrets.token_hex(32),
    )


_TYPES = {
    "employee_id": "uuid",
    "work_date": "date",
    "version": "integer",
    "salt": "text",
    "leaf": "bytea",
    "scheduled": "boolean",
    "presence": "text",
    "leave_kind": "text",
    "expected_in_at": "timestamptz",
    "expected_out_at": "timestamptz",
    "actual_in_at": "timestamptz",
    "actual_out_at": "timestamptz",
    "late_minutes": "integer",
    "early_minutes": "integer",
    "missing_in": "boolean",
    "missing_out": "boolean",
    "apel": "text",
    "excused_minutes": "integer",
    "out_minutes": "integer",
    "permitted_out_minutes": "integer",
    "letter": "boolean",
    "inpatient": "boolean",
    "leave_refused": "boolean",
}
_COLUMNS = ", ".join(_TYPES)
_UPSERT = text(
    f"""
    INSERT INTO attendance_days (tenant_id, settled_at, {_COLUMNS})
    SELECT :tenant_id, :now, {_COLUMNS}
    FROM unnest({", ".join(f"CAST(:{name} AS {kind}[])" for name, kind in _TYPES.items())}) AS given({_COLUMNS})
    ORDER BY employee_id, work_date
    ON CONFLICT (tenant_id, employee_id, work_date) DO UPDATE
    SET settled_at = excluded.settled_at,
        {", ".join(f"{name} = excluded.{name}" for name in _TYPES if name not in ("employee_id", "work_date"))}
    WHERE attendance_days.version < excluded.version
    """
)
_OUTCOME_FIELDS = [one.name for one in fields(Outcome)]
_values = attrgetter(*_OUTCOME_FIELDS)


async def _write(uow: UnitOfWork, changed: Sequence[tuple[AttendanceDaySettled, Outcome]]) -> None:
    """Rows and facts of the days that differ; each fact's leaf is kept with its row."""
    for place in range(0, len(changed), WRITE_AT_ONCE):
        part = changed[place : place + WRITE_AT_ONCE]
        columns: dict[str, object] = {
            "employee_id": [fact.employee_id for fact, _ in part],
            "work_date": [fact.work_date for fact, _ in part],
            "version": [fact.version for fact, _ in part],
            "salt": [fact.salt for fact, _ in part],
            "leaf": [leaf_of(fact) for fact, _ in part],
        }
        values = zip(*(_values(outcome) for _, outcome in part), strict=True)
        columns |= {name: list(column) for name, column in zip(_OUTCOME_FIELDS, values, strict=True)}
        await uow.session.execute(_UPSERT, columns | {"tenant_id": uow.tenant_id, "now": part[0][0].occurred_at})
        uow.record(*(fact for fact, _ in part))
