"""Machines, whose their numbers are, and their logs."""

from datetime import datetime, time, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Query, UploadFile

from services.activity.commands.attendance_import import import_log
from services.activity.commands.attendance_machines import NewPin, all_or_nothing, map_pins, put_machine
from services.activity.commands.attendance_pins_file import import_pins
from services.activity.queries.attendance import machines, pins_of, unknown_pins
from services.activity.rules.calendar_hours import moment
from services.activity.schemas.attendance import (
    LogAnswer,
    MachineAnswer,
    MachineForm,
    MappedAnswer,
    PinAnswer,
    PinsForm,
    Serial,
    UnknownPinAnswer,
)
from services.activity.schemas.common import FaultAnswer, WorkDate
from services.activity.tables.attendance_scope import check_unit, reachable_units
from shared.auth.caller import Caller
from shared.directory.queries import tenant
from shared.errors import Invalid, NotFound
from shared.http import PROBLEMS, Now, UnitOfWorkDep, may
from shared.unit_of_work import UnitOfWork

router = APIRouter(responses=PROBLEMS)

ACTION = "attendance.import"
Importer = Annotated[Caller, Depends(may(ACTION))]
MachineSerial = Annotated[Serial, Path()]
LARGEST_FILE = 32 * 1024 * 1024


@router.get("/machines")
async def list_machines(uow: UnitOfWorkDep, caller: Importer) -> list[MachineAnswer]:
    """The machines of the caller's units."""
    units = await reachable_units(uow.session, caller, ACTION)
    return [MachineAnswer.model_validate(row) for row in await machines(uow.session, uow.tenant_id, units)]


@router.put("/machines/{serial}")
async def set_machine(
    serial: MachineSerial, uow: UnitOfWorkDep, caller: Importer, now: Now, form: MachineForm
) -> MachineAnswer:
    """Add a machine, or set its unit and name anew."""
    row = await put_machine(uow, caller, serial, unit_id=form.unit_id, name=form.name, zone=form.zone, now=now)
    return MachineAnswer.model_validate(row)


@router.get("/machines/{serial}/pins")
async def list_pins(serial: MachineSerial, uow: UnitOfWorkDep, caller: Importer) -> list[PinAnswer]:
    """Whose a machine's numbers are, by date."""
    await _check_machine(uow, caller, serial)
    return [PinAnswer.model_validate(row) for row in await pins_of(uow.session, uow.tenant_id, serial)]


@router.put("/machines/{serial}/pins")
async def set_pins(
    serial: MachineSerial, uow: UnitOfWorkDep, caller: Importer, now: Now, form: PinsForm
) -> MappedAnswer:
    """Say whose numbers are from a day on; a number passes to another person by a later day."""
    pins = [NewPin(serial, one.pin, one.employee_id, one.valid_from, one.valid_to) for one in form.pins]
    return MappedAnswer.model_validate(all_or_nothing(await map_pins(uow, caller, pins, now)))


@router.post("/pins/imports")
async def import_pins_file(uow: UnitOfWorkDep, caller: Importer, now: Now, file: UploadFile) -> MappedAnswer:
    """Import whose numbers are, of any machines, as CSV with the columns serial, pin, nip, valid_from, valid_to."""
    done = await import_pins(uow, caller, await _content(file), now)
    return MappedAnswer.model_validate(done)


@router.post("/logs")
async def import_log_file(
    uow: UnitOfWorkDep, caller: Importer, now: Now, file: UploadFile, serial: Annotated[Serial, Form()]
) -> LogAnswer:
    """Import a machine's log (attlog.dat, or CSV with a header): good lines are stored, the others named."""
    name = (file.filename or "").replace("\0", "")[:200]
    report = await import_log(uow, caller, serial, await _content(file), file_name=name, now=now)
    return LogAnswer(
        lines=report.lines,
        stored=report.stored,
        known=report.known,
        refused=report.refused,
        first_day=report.first_day,
        last_day=report.last_day,
        unknown_pins=list(report.unknown_pins),
        faults=[FaultAnswer.model_validate(fault) for fault in report.faults],
    )


@router.get("/unknown-pins")
async def list_unknown_pins(
    uow: UnitOfWorkDep,
    caller: Importer,
    first_day: Annotated[WorkDate, Query()],
    last_day: Annotated[WorkDate, Query()],
) -> list[UnknownPinAnswer]:
    """Numbers used on these days that are nobody's; their punches are kept until somebody says whose they are."""
    zone = (await tenant(uow.session, uow.tenant_id)).zone
    opens, closes = (_midnight(zone, day) for day in (first_day, last_day + timedelta(days=1)))
    units = await reachable_units(uow.session, caller, ACTION)
    found = await unknown_pins(uow.session, uow.tenant_id, opens, closes, units=units)
    return [UnknownPinAnswer.model_validate(one) for one in found]


async def _check_machine(uow: UnitOfWork, caller: Caller, serial: str) -> None:
    for machine in await machines(uow.session, uow.tenant_id, None):
        if machine.serial == serial:
            await check_unit(uow.session, caller, ACTION, machine.unit_id)
            return
    raise NotFound(f"no machine has the serial {serial}")


async def _content(file: UploadFile) -> bytes:
    content = await file.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise Invalid(f"the file is larger than {LARGEST_FILE} bytes: send it in parts")
    return content


def _midnight(zone: str, day: WorkDate) -> datetime:
    return moment(zone, day, time(0))
