"""Employees: taking them on, their dated histories, their posts, and their leaving."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import or_, select

from services.identity.commands import accounts, stating
from services.identity.rules import people
from shared.directory.tables import AssignmentRow, PositionTermRow
from shared.errors import NotFound, Refused
from shared.events.identity import Assignment, BankAccount, EmployeeChanged, MasaKerja, NipTerm, StatusTerm
from shared.nip import Nip
from shared.unit_of_work import UnitOfWork
from shared.words import AssignmentKind


@dataclass(frozen=True, slots=True)
class Person:
    """What is plain data of an employee, without a history."""

    name: str
    ptkp: str = "TK/0"
    npwp: str | None = None
    nik: str | None = None
    address: str | None = None
    masa_kerja: MasaKerja | None = None
    bank: BankAccount | None = None


async def hire(uow: UnitOfWork, now: datetime, nip: Nip, status: StatusTerm, person: Person) -> UUID:
    """An employee from the day of their status on. Raises Refused for a number somebody has."""
    await stating.hold_organisation(uow)
    if await stating.holders_of(uow.session, uow.tenant_id, [nip.text]):
        raise Refused(f"NIP {nip.text} belongs to an employee of this region already")
    employee = EmployeeChanged(
        tenant_id=uow.tenant_id,
        occurred_at=now,
        employee_id=uuid4(),
        name=person.name,
        birth_date=nip.born,
        nips=(NipTerm(valid_from=status.valid_from, nip=nip.text),),
        statuses=(status,),
        assignments=(),
        ptkp=person.ptkp,
        npwp=person.npwp,
        nik=person.nik,
        address=person.address,
        masa_kerja=person.masa_kerja,
        bank=person.bank,
    )
    await stating.state_employees(uow, [employee])
    await accounts.link_accounts(uow, [employee])
    return employee.employee_id


async def change_person(uow: UnitOfWork, now: datetime, employee_id: UUID, person: Person) -> None:
    held = await _held(uow, employee_id)
    await _state(
        uow,
        held,
        now,
        name=person.name,
        ptkp=person.ptkp,
        npwp=person.npwp,
        nik=person.nik,
        address=person.address,
        masa_kerja=person.masa_kerja,
        bank=person.bank,
    )


async def renumber(uow: UnitOfWork, now: datetime, employee_id: UUID, nip: Nip, valid_from: date) -> None:
    """A new number from a day on, as when a PPPK becomes PNS. The account's login follows the newest."""
    held = await _held(uow, employee_id)
    holder = (await stating.holders_of(uow.session, uow.tenant_id, [nip.text])).get(nip.text)
    if holder not in (None, employee_id):
        raise Refused(f"NIP {nip.text} belongs to another employee of this region")
    if nip.born != held.birth_date:
        raise Refused(f"NIP {nip.text} tells of a birth on {nip.born}, the employee was born on {held.birth_date}")
    await _state(uow, held, now, nips=people.with_nip(held.nips, nip.text, valid_from))


async def set_status(uow: UnitOfWork, now: datetime, employee_id: UUID, term: StatusTerm) -> None:
    held = await _held(uow, employee_id)
    await _state(uow, held, now, statuses=people.with_status(held.statuses, term))


async def assign(
    uow: UnitOfWork,
    now: datetime,
    employee_id: UUID,
    position_id: UUID,
    *,
    kind: AssignmentKind,
    valid_from: date,
    valid_to: date | None,
) -> UUID:
    """A definitive post ends the one held before; Plt and Plh come beside it.

    Raises Refused for a post that is not there on the day, overlaps, or has another definitive holder.
    """
    held = await _held(uow, employee_id)
    if held.left_on is not None and (valid_to is None or valid_to >= held.left_on):
        raise Refused(f"the employee left on {held.left_on}")
    new = Assignment(
        assignment_id=uuid4(), position_id=position_id, kind=kind, valid_from=valid_from, valid_to=valid_to
    )
    place = people.moved if kind is AssignmentKind.DEFINITIF else people.with_assignment
    assignments = place(held.assignments, new)
    await _check_post(uow, employee_id, new)
    await _state(uow, held, now, assignments=assignments)
    return new.assignment_id


async def end_assignment(
    uow: UnitOfWork, now: datetime, employee_id: UUID, assignment_id: UUID, last_day: date
) -> None:
    held = await _held(uow, employee_id)
    extended = next((one for one in held.assignments if one.assignment_id == assignment_id), None)
    assignments = people.ended(held.assignments, assignment_id, last_day)
    if extended is not None and extended.valid_to is not None and last_day > extended.valid_to:
        raise Refused(f"the assignment ends on {extended.valid_to} already: assign anew for the days after it")
    await _state(uow, held, now, assignments=assignments)


async def depart(uow: UnitOfWork, now: datetime, employee_id: UUID, left_on: date, today: date) -> None:
    """No longer employed from `left_on`; sessions end where that day has come."""
    held = await _held(uow, employee_id)
    await _state_fact(uow, held, people.departed(held, left_on, now))
    if left_on <= today:
        await accounts.end_sessions_of_employee(uow, now, employee_id, "no longer employed")


async def _held(uow: UnitOfWork, employee_id: UUID) -> EmployeeChanged:
    await stating.hold_organisation(uow)
    return await stating.employee(uow.session, uow.tenant_id, employee_id)


async def _state(uow: UnitOfWork, held: EmployeeChanged, now: datetime, **what: Any) -> None:
    await _state_fact(uow, held, people.changed(held, now, **what))


async def _state_fact(uow: UnitOfWork, held: EmployeeChanged, changed: EmployeeChanged) -> None:
    """Says nothing where nothing changed."""
    if not people.same(held, changed):
        await stating.state_employees(uow, [changed])
        await accounts.follow_employees(uow, [changed])


async def _check_post(uow: UnitOfWork, employee_id: UUID, new: Assignment) -> None:
    term = await uow.session.scalar(
        select(PositionTermRow).where(
            PositionTermRow.tenant_id == uow.tenant_id,
            PositionTermRow.position_id == new.position_id,
            PositionTermRow.valid_from <= new.valid_from,
            or_(PositionTermRow.valid_to.is_(None), PositionTermRow.valid_to >= new.valid_from),
        )
    )
    if term is None:
        raise NotFound(f"there is no such position on {new.valid_from}")
    if new.kind is AssignmentKind.DEFINITIF and term.jenis_jabatan in people.LEADING:
        await _check_single_holder(uow, employee_id, new, term.name)


async def _check_single_holder(uow: UnitOfWork, employee_id: UUID, new: Assignment, name: str) -> None:
    overlaps = [or_(AssignmentRow.valid_to.is_(None), AssignmentRow.valid_to >= new.valid_from)]
    if new.valid_to is not None:
        overlaps.append(AssignmentRow.valid_from <= new.valid_to)
    other = await uow.session.scalar(
        select(AssignmentRow).where(
            AssignmentRow.tenant_id == uow.tenant_id,
            AssignmentRow.position_id == new.position_id,
            AssignmentRow.kind == AssignmentKind.DEFINITIF,
            AssignmentRow.employee_id != employee_id,
            *overlaps,
        )
    )
    if other is not None:
        raise Refused(f"{name} has a definitive holder on these days: end that assignment, or assign as Plt or Plh")
