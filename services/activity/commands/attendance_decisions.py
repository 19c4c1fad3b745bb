"""Deciding on leave, duty and excuses, on outages, and on the roll of an apel. Nobody decides on their own days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import Insert, insert

from services.activity.commands.attendance_jobs import settle_again
from services.activity.rules.attendance import DutyKind, Excuse
from services.activity.tables.attendance import ApelRollRow, AttendanceDecisionRow, IncidentRow
from services.activity.tables.attendance_loading import people_of_units
from services.activity.tables.attendance_scope import check_employees, check_unit
from services.activity.tables.decided import note_withdrawal, to_withdraw
from shared.auth.caller import Caller
from shared.clock import local_date
from shared.directory.queries import posts_on, tenant, units_under
from shared.errors import Fault, Invalid, NotFound, Refused
from shared.unit_of_work import UnitOfWork
from shared.words import LeaveKind

ACTION = "attendance.decide"


@dataclass(frozen=True, slots=True)
class NewDays:
    """Leave or duty (`away`), or leave that was `refused`, or else `excuses`, for one employee's days.

    `reference`: the letter's number; of sickness without a letter there is none.
    """

    employee_id: UUID
    first_day: date
    last_day: date
    away: LeaveKind | DutyKind | None
    excuses: frozenset[Excuse]
    reference: str | None
    reason: str
    letter: bool = True
    inpatient: bool = False
    refused: LeaveKind | None = None


async def decide_days(uow: UnitOfWork, caller: Caller, new: NewDays, now: datetime) -> AttendanceDecisionRow:
    """Record a decision on an employee's days; the same sent twice is one. Settled days are looked at again.

    Raises Refused for one's own days and for leave or duty over days that have some, Invalid without the letter's
    number, Forbidden for an employee of another unit.
    """
    check_eyes(caller, new.employee_id)
    if new.away is not None and new.letter and new.reference is None:
        fault = Fault(
            "reference",
            "leave and duty need the number of the letter",
            "give the letter's number, or for sickness without one letter: false",
        )
        raise Invalid("the letter is missing (surat cuti, surat keterangan sakit, surat perintah tugas)", (fault,))
    await hold_decisions(uow, new.employee_id)
    await check_employees(uow.session, caller, ACTION, [new.employee_id], new.first_day)
    held = await _overlapping(uow, new)
    for row in held:
        if _same(row, new):
            return row
    _check_overlap(held, new)
    row = AttendanceDecisionRow(
        tenant_id=uow.tenant_id,
        decision_id=uuid4(),
        employee_id=new.employee_id,
        kind=_kind(new),
        detail=_detail(new),
        excuses=sorted(new.excuses),
        first_day=new.first_day,
        last_day=new.last_day,
        reference=new.reference,
        letter=new.letter,
        inpatient=new.inpatient,
        reason=new.reason,
        decided_by=caller.actor,
        decided_at=now,
    )
    uow.session.add(row)
    await _look_again(uow, row, by=caller.actor, now=now)
    return row


async def withdraw_days(
    uow: UnitOfWork, caller: Caller, decision_id: UUID, reason: str, now: datetime
) -> AttendanceDecisionRow:
    """A decision on days no longer holds; it stays to be read. Raises NotFound, Refused, Forbidden."""
    row = await to_withdraw(uow.session, AttendanceDecisionRow, (uow.tenant_id, decision_id), "decision on attendance")
    check_eyes(caller, row.employee_id)
    await check_employees(uow.session, caller, ACTION, [row.employee_id], row.first_day)
    note_withdrawal(row, "decision", by=caller.actor, reason=reason, now=now)
    await _look_again(uow, row, by=caller.actor, now=now)
    return row


async def note_incident(
    uow: UnitOfWork,
    caller: Caller,
    started_at: datetime,
    ended_at: datetime,
    *,
    unit_id: UUID | None,
    reason: str,
    now: datetime,
) -> IncidentRow:
    """Nobody of a unit (None: of the region) could punch between two moments; it costs nobody their pay.

    Raises Refused where it ends in the future, Forbidden for a unit that is not the caller's.
    """
    await check_unit(uow.session, caller, ACTION, unit_id)
    if ended_at > now:
        raise Refused("an outage is recorded when it is over: its end lies in the future")
    row = IncidentRow(
        tenant_id=uow.tenant_id,
        incident_id=uuid4(),
        unit_id=unit_id,
        started_at=started_at,
        ended_at=ended_at,
        reason=reason,
        decided_by=caller.actor,
        decided_at=now,
    )
    uow.session.add(row)
    await _look_again_at_incident(uow, row, by=caller.actor, now=now)
    return row


async def withdraw_incident(
    uow: UnitOfWork, caller: Caller, incident_id: UUID, reason: str, now: datetime
) -> IncidentRow:
    """An outage was recorded wrongly. Raises NotFound, Refused, Forbidden."""
    row = await to_withdraw(uow.session, IncidentRow, (uow.tenant_id, incident_id), "outage")
    await check_unit(uow.session, caller, ACTION, row.unit_id)
    note_withdrawal(row, "outage", by=caller.actor, reason=reason, now=now)
    await _look_again_at_incident(uow, row, by=caller.actor, now=now)
    return row


async def take_roll(
    uow: UnitOfWork, caller: Caller, day: date, unit_id: UUID, *, attended: Sequence[UUID], now: datetime
) -> int:
    """The roll of an apel: of the unit's people on the day those named attended, the others did not; how many people.

    It stands over the punches; the caller's own attendance is left to another person. Raises Invalid for somebody of
    another unit, Refused for a day to come.
    """
    await check_unit(uow.session, caller, ACTION, unit_id)
    zone = (await tenant(uow.session, uow.tenant_id)).zone
    if day > local_date(now, zone):
        raise Refused(f"the apel of {day} has not been held yet")
    units = await units_under(uow.session, uow.tenant_id, [unit_id])
    people = set(await posts_on(uow.session, uow.tenant_id, day, units=units)) - {caller.actor}
    strangers = [one for one in attended if one not in people]
    if strangers:
        raise Invalid(
            "the roll names people of another unit, or the one who sends it", tuple(map(_stranger, strangers))
        )
    rows = [
        {
            "tenant_id": uow.tenant_id,
            "work_date": day,
            "employee_id": employee_id,
            "attended": employee_id in set(attended),
            "listed_by": caller.actor,
            "listed_at": now,
        }
        for employee_id in sorted(people)
    ]
    if rows:
        await uow.session.execute(_roll_upsert(), rows)
        await settle_again(uow, day, day, sorted(people), by=caller.actor, now=now, reason=f"roll of the apel of {day}")
    return len(rows)


def _roll_upsert() -> Insert:
    statement = insert(ApelRollRow)
    return statement.on_conflict_do_update(
        index_elements=["tenant_id", "work_date", "employee_id"],
        set_={name: statement.excluded[name] for name in ("attended", "listed_by", "listed_at")},
    )


def _stranger(employee_id: UUID) -> Fault:
    return Fault(
        "attended", "not of this unit on the day, or the sender", "leave this person out", value=str(employee_id)
    )


def _kind(new: NewDays) -> str:
    if new.refused is not None:
        return "refusal"
    if new.away is None:
        return "excuse"
    return "leave" if isinstance(new.away, LeaveKind) else "duty"


def _detail(new: NewDays) -> str | None:
    named = new.refused or new.away
    return None if named is None else named.value


def check_eyes(caller: Caller, employee_id: UUID) -> None:
    if caller.actor == employee_id:
        raise Refused("nobody decides on their own leave, duty or excuse")


_LOCK = text(
    """
    SELECT 1 FROM identity_employees WHERE tenant_id = :tenant_id AND employee_id = :employee_id FOR NO KEY UPDATE
    """
)


async def hold_decisions(uow: UnitOfWork, employee_id: UUID) -> None:
    """One decision on an employee at a time, or two could cover the same days. Raises NotFound."""
    given = {"tenant_id": uow.tenant_id, "employee_id": employee_id}
    if await uow.session.scalar(_LOCK, given) is None:
        raise NotFound(f"employee {employee_id} is not known here")


async def _overlapping(uow: UnitOfWork, new: NewDays) -> Sequence[AttendanceDecisionRow]:
    d = AttendanceDecisionRow
    rows = await uow.session.scalars(
        select(d)
        .where(d.tenant_id == uow.tenant_id, d.employee_id == new.employee_id, d.withdrawn_at.is_(None))
        .where(d.first_day <= new.last_day, d.last_day >= new.first_day)
        .order_by(d.first_day, d.decision_id)
    )
    return rows.all()


def _same(row: AttendanceDecisionRow, new: NewDays) -> bool:
    return (
        (row.first_day, row.last_day, row.reference, row.reason)
        == (new.first_day, new.last_day, new.reference, new.reason)
        and (row.kind, row.detail) == (_kind(new), _detail(new))
        and (row.letter, row.inpatient) == (new.letter, new.inpatient)
        and frozenset(row.excuses) == new.excuses
    )


def _check_overlap(held: Sequence[AttendanceDecisionRow], new: NewDays) -> None:
    taken = next((row for row in held if row.kind in ("leave", "duty")), None)
    if new.away is not None and taken is not None:
        raise Refused(
            f"{taken.detail} is already decided for {taken.first_day} to {taken.last_day} ({taken.reference}): "
            "withdraw that first",
            decision_id=str(taken.decision_id),
        )


async def _look_again(uow: UnitOfWork, row: AttendanceDecisionRow, *, by: UUID, now: datetime) -> None:
    reason = f"decision {row.decision_id}"
    await settle_again(uow, row.first_day, row.last_day, [row.employee_id], by=by, now=now, reason=reason)


async def _look_again_at_incident(uow: UnitOfWork, row: IncidentRow, *, by: UUID, now: datetime) -> None:
    zone = (await tenant(uow.session, uow.tenant_id)).zone
    first, last = local_date(row.started_at, zone), local_date(row.ended_at, zone)
    employees: Sequence[UUID] | None = None
    if row.unit_id is not None:
        units = await units_under(uow.session, uow.tenant_id, [row.unit_id])
        employees = await people_of_units(uow.session, uow.tenant_id, first, last, units=units)
    await settle_again(uow, first, last, employees, by=by, now=now, reason=f"outage {row.incident_id}")
