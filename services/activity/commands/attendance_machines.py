"""Machines, and whose their numbers are from a day on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, literal, select, text

from services.activity.commands.attendance_jobs import settle_again
from services.activity.rules.attendance_pins import PinTerm, mapped, plain_pin
from services.activity.tables.attendance import MachineRow, PunchRow
from services.activity.tables.attendance_punches import Number, terms_of
from services.activity.tables.attendance_scope import check_unit
from shared.auth.caller import Caller
from shared.directory.queries import tenant
from shared.directory.tables import EmployeeRow, UnitRow
from shared.errors import Fault, Invalid, NotFound, Refused
from shared.unit_of_work import UnitOfWork

ACTION = "attendance.import"


@dataclass(frozen=True, slots=True)
class NewPin:
    """A number of a machine and whose it is; `row`: where it stands in a file."""

    serial: str
    pin: str
    employee_id: UUID
    valid_from: date
    valid_to: date | None = None
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Mapped:
    """What mapping numbers came to; `faults` name the rows that were not taken."""

    mapped: int
    unchanged: int
    faults: tuple[Fault, ...] = ()


async def put_machine(
    uow: UnitOfWork, caller: Caller, serial: str, *, unit_id: UUID, name: str, zone: str | None, now: datetime
) -> MachineRow:
    """Add a machine, or set its unit and name anew; without a zone its clock shows the region's.

    Raises Refused where the zone would change under punches that were read by it.
    """
    await check_unit(uow.session, caller, ACTION, unit_id)
    if await uow.session.get(UnitRow, (uow.tenant_id, unit_id)) is None:
        raise NotFound(f"unit {unit_id} is not known here")
    wanted = zone or (await tenant(uow.session, uow.tenant_id)).zone
    row = await uow.session.get(MachineRow, (uow.tenant_id, serial), with_for_update=True)
    if row is None:
        row = MachineRow(
            tenant_id=uow.tenant_id,
            serial=serial,
            unit_id=unit_id,
            name=name,
            zone=wanted,
            added_by=caller.actor,
            added_at=now,
        )
        uow.session.add(row)
        return row
    await check_unit(uow.session, caller, ACTION, row.unit_id)
    if wanted != row.zone and await _has_punches(uow, serial):
        raise Refused(f"machine {serial} has punches read as {row.zone}; add it under another serial for {wanted}")
    row.unit_id, row.name, row.zone = unit_id, name, wanted
    return row


async def map_pins(uow: UnitOfWork, caller: Caller, pins: Sequence[NewPin], now: datetime) -> Mapped:
    """Say whose machines' numbers are; what was mapped so before is unchanged. Settled days are looked at again.

    A machine or an employee that is not known is a fault of its row. Raises Forbidden for another unit's machine.
    """
    good, faults = await _known(uow, pins)
    for unit_id in {machine.unit_id for _, machine in good}:
        await check_unit(uow.session, caller, ACTION, unit_id)
    await _one_at_a_time(uow, {machine.serial for _, machine in good})
    held = await terms_of(uow.session, uow.tenant_id, {(new.serial, plain_pin(new.pin)) for new, _ in good})
    after = dict(held)
    changed = 0
    for new, _ in good:
        number = (new.serial, plain_pin(new.pin))
        terms = mapped(after.get(number, ()), PinTerm(new.employee_id, new.valid_from, new.valid_to))
        changed += terms != after.get(number, ())
        after[number] = terms
    await _write(uow, held, after, caller.actor, now)
    await _look_again(uow, held, after, caller.actor, now)
    return Mapped(changed, len(good) - changed, faults)


async def _has_punches(uow: UnitOfWork, serial: str) -> bool:
    p = PunchRow
    found = select(p.pin).where(p.tenant_id == uow.tenant_id, p.serial == serial).limit(1)
    return await uow.session.scalar(found) is not None


async def _known(uow: UnitOfWork, pins: Sequence[NewPin]) -> tuple[list[tuple[NewPin, MachineRow]], tuple[Fault, ...]]:
    m, e = MachineRow, EmployeeRow
    serials = {new.serial for new in pins}
    found = await uow.session.scalars(select(m).where(m.tenant_id == uow.tenant_id, m.serial.in_(serials)))
    machines = {row.serial: row for row in found}
    ids = sorted({new.employee_id for new in pins})
    people = set(
        await uow.session.scalars(
            select(e.employee_id).where(e.tenant_id == uow.tenant_id, e.employee_id == any_(literal(ids, ARRAY(Uuid))))
        )
    )
    good: list[tuple[NewPin, MachineRow]] = []
    faults: list[Fault] = []
    for new in pins:
        machine = machines.get(new.serial)
        if machine is None:
            faults.append(_fault(new, "serial", new.serial, "no machine has this serial", "add the machine first"))
        elif new.employee_id not in people:
            told = str(new.employee_id)
            faults.append(_fault(new, "employee_id", told, "nobody here has this id", "give an employee's id"))
        else:
            good.append((new, machine))
    return good, tuple(faults)


def _fault(new: NewPin, place: str, value: str, message: str, remedy: str) -> Fault:
    return Fault(place, message, remedy, value, new.row)


async def _one_at_a_time(uow: UnitOfWork, serials: Iterable[str]) -> None:
    """Two who map numbers of a machine at once would each end the other's terms."""
    m = MachineRow
    locked = select(m.serial).where(m.tenant_id == uow.tenant_id, m.serial.in_(sorted(serials)))
    await uow.session.execute(locked.order_by(m.serial).with_for_update())


_UPSERT = text(
    """
    INSERT INTO attendance_pins (tenant_id, serial, pin, valid_from, valid_to, employee_id, mapped_by, mapped_at)
    SELECT :tenant_id, serial, pin, valid_from, valid_to, employee_id, :by, :now
    FROM unnest(CAST(:serials AS text[]), CAST(:pins AS text[]), CAST(:firsts AS date[]), CAST(:lasts AS date[]),
                CAST(:employees AS uuid[])) AS given(serial, pin, valid_from, valid_to, employee_id)
    ORDER BY serial, pin, valid_from
    ON CONFLICT (tenant_id, serial, pin, valid_from) DO UPDATE
    SET valid_to = excluded.valid_to, employee_id = excluded.employee_id,
        mapped_by = excluded.mapped_by, mapped_at = excluded.mapped_at
    """
)


async def _write(
    uow: UnitOfWork,
    held: Mapping[Number, Sequence[PinTerm]],
    after: Mapping[Number, Sequence[PinTerm]],
    by: UUID,
    now: datetime,
) -> None:
    changed = [(number, term) for number, terms in after.items() for term in terms if term not in held.get(number, ())]
    given = {
        "tenant_id": uow.tenant_id,
        "by": by,
        "now": now,
        "serials": [serial for (serial, _), _ in changed],
        "pins": [pin for (_, pin), _ in changed],
        "firsts": [term.valid_from for _, term in changed],
        "lasts": [term.valid_to for _, term in changed],
        "employees": [term.employee_id for _, term in changed],
    }
    if changed:
        await uow.session.execute(_UPSERT, given)


async def _look_again(
    uow: UnitOfWork,
    held: Mapping[Number, Sequence[PinTerm]],
    after: Mapping[Number, Sequence[PinTerm]],
    by: UUID,
    now: datetime,
) -> None:
    """Of those who got a number, and of those who had it before."""
    moved = [term for number, terms in after.items() for term in {*terms} ^ {*held.get(number, ())}]
    if moved:
        employees = sorted({term.employee_id for term in moved})
        first = min(term.valid_from for term in moved)
        await settle_again(uow, first, None, employees, by=by, now=now, reason="numbers of machines were mapped")


def all_or_nothing(mapping: Mapped) -> Mapped:
    """For a request that is no file: raises Invalid where any entry has a fault."""
    if mapping.faults:
        raise Invalid("some of the numbers cannot be mapped", mapping.faults)
    return mapping
