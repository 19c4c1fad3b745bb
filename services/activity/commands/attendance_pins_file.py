"""Importing whose machines' numbers are, from a list with NIPs: every bad row is told, the good ones go in."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.activity.commands.attendance_machines import Mapped, NewPin, map_pins
from services.activity.rules.attendance_pins_file import read_pins
from shared.auth.caller import Caller
from shared.directory.queries import employees_by_nip
from shared.errors import Fault
from shared.unit_of_work import UnitOfWork

LOOKED_UP_AT_ONCE = 10_000


async def import_pins(uow: UnitOfWork, caller: Caller, content: bytes, now: datetime) -> Mapped:
    """Map the numbers of a list; the same list again changes nothing. Raises Forbidden for another unit's machine."""
    lines, faults = read_pins(content)
    people = await _people(uow, sorted({line.nip for line in lines}))
    strangers = tuple(
        Fault("nip", "nobody here has this NIP", "check the number, or import the employee first", line.nip, line.row)
        for line in lines
        if line.nip not in people
    )
    pins = [
        NewPin(line.serial, line.pin, people[line.nip], line.valid_from, line.valid_to, line.row)
        for line in lines
        if line.nip in people
    ]
    done = await map_pins(uow, caller, pins, now)
    told = sorted((*faults, *strangers, *done.faults), key=lambda fault: fault.row or 0)
    return replace(done, faults=tuple(told))


async def _people(uow: UnitOfWork, nips: Sequence[str]) -> dict[str, UUID]:
    """Employees by NIP, looked up in parts: a statement takes at most 32,767 values."""
    found: dict[str, UUID] = {}
    for place in range(0, len(nips), LOOKED_UP_AT_ONCE):
        part = nips[place : place + LOOKED_UP_AT_ONCE]
        found |= await employees_by_nip(uow.session, uow.tenant_id, part)
    return found
