"""Employees: their dated state, and who was above them when."""

import base64
import binascii
import json
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from services.identity.api.signing import today
from services.identity.commands import employees as commands
from services.identity.queries import organisation as queries
from services.identity.schemas.organisation import (
    AssignmentGiven,
    DepartureGiven,
    EmployeeLine,
    EmployeesTold,
    EmployeeTold,
    LastDayGiven,
    MadeTold,
    NewEmployeeGiven,
    NipGiven,
    PersonGiven,
    StatusGiven,
    SuperiorsTold,
)
from services.identity.schemas.values import Day
from shared.auth.caller import Caller
from shared.errors import Fault, Invalid
from shared.http import PROBLEMS, Now, UnitOfWorkDep, may
from shared.nip import Nip, check_nip
from shared.texts import Name

router = APIRouter(tags=["employees"], prefix="/employees", responses=PROBLEMS)
Reads = Annotated[Caller, Depends(may("organisation.read"))]
Changes = Annotated[Caller, Depends(may("organisation.change"))]
LONGEST_HISTORY_DAYS = 3660


@router.get("")
async def employees(
    *,
    caller: Reads,
    uow: UnitOfWorkDep,
    now: Now,
    search: Annotated[Name | None, Query()] = None,
    unit_id: UUID | None = None,
    day: Annotated[Day | None, Query()] = None,
    after: Annotated[str | None, Query(max_length=1000)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> EmployeesTold:
    """By name: those the caller may see. `unit_id`: holders of posts in it and below on a day (default: today)."""
    asked = day or await today(uow, now)
    rows = await queries.employees(
        uow.session, caller, asked, search=search, unit_id=unit_id, after=_read(after), limit=limit
    )
    lines = [EmployeeLine.model_validate(row) for row in rows]
    return EmployeesTold(employees=lines, after=_written(lines[-1]) if len(lines) == limit else None)


@router.post("", status_code=201)
async def hire(given: NewEmployeeGiven, caller: Changes, uow: UnitOfWorkDep, now: Now) -> MadeTold:
    """Somebody new; assign a post afterwards."""
    employee_id = await commands.hire(uow, now, _nip(given.nip), given.status.term(), given.person())
    return MadeTold(id=employee_id)


@router.get("/{employee_id}")
async def employee(employee_id: UUID, caller: Reads, uow: UnitOfWorkDep, now: Now) -> EmployeeTold:
    """Full dated state: oneself, of one's units as kepegawaian, or of all."""
    row = await queries.employee(uow.session, caller, employee_id, await today(uow, now))
    return EmployeeTold.model_validate(row.state | {"version": row.version})


@router.put("/{employee_id}", status_code=204)
async def change_person(
    employee_id: UUID, given: PersonGiven, caller: Changes, uow: UnitOfWorkDep, now: Now
) -> Response:
    """Sets name, PTKP, NPWP, NIK and bank account."""
    await commands.change_person(uow, now, employee_id, given.person())
    return Response(status_code=204)


@router.post("/{employee_id}/nips", status_code=204)
async def renumber(employee_id: UUID, given: NipGiven, caller: Changes, uow: UnitOfWorkDep, now: Now) -> Response:
    """A new NIP from a day on; the old ones stay in the history, and the login follows the newest."""
    await commands.renumber(uow, now, employee_id, _nip(given.nip), given.valid_from)
    return Response(status_code=204)


@router.post("/{employee_id}/statuses", status_code=204)
async def set_status(employee_id: UUID, given: StatusGiven, caller: Changes, uow: UnitOfWorkDep, now: Now) -> Response:
    """Status ASN and golongan from a day on."""
    await commands.set_status(uow, now, employee_id, given.term())
    return Response(status_code=204)


@router.post("/{employee_id}/assignments", status_code=201)
async def assign(employee_id: UUID, given: AssignmentGiven, caller: Changes, uow: UnitOfWorkDep, now: Now) -> MadeTold:
    """A post. A definitive one ends the definitive post held before; Plt and Plh come beside it."""
    assignment_id = await commands.assign(
        uow,
        now,
        employee_id,
        given.position_id,
        kind=given.kind,
        valid_from=given.valid_from,
        valid_to=given.valid_to,
    )
    return MadeTold(id=assignment_id)


@router.post("/{employee_id}/assignments/{assignment_id}/end", status_code=204)
async def end_assignment(
    *, employee_id: UUID, assignment_id: UUID, given: LastDayGiven, caller: Changes, uow: UnitOfWorkDep, now: Now
) -> Response:
    await commands.end_assignment(uow, now, employee_id, assignment_id, given.last_day)
    return Response(status_code=204)


@router.post("/{employee_id}/departure", status_code=204)
async def depart(employee_id: UUID, given: DepartureGiven, caller: Changes, uow: UnitOfWorkDep, now: Now) -> Response:
    """No longer employed from a day on: posts end the day before, sessions when it has come."""
    await commands.depart(uow, now, employee_id, given.left_on, await today(uow, now))
    return Response(status_code=204)


@router.get("/{employee_id}/superiors")
async def superiors(
    *,
    employee_id: UUID,
    caller: Reads,
    uow: UnitOfWorkDep,
    now: Now,
    first_day: Annotated[Day | None, Query()] = None,
    last_day: Annotated[Day | None, Query()] = None,
) -> list[SuperiorsTold]:
    """Who could approve for an employee, by stretches of days (default: today), and in what capacity."""
    present = await today(uow, now)
    first, last = first_day or last_day or present, last_day or max(first_day or present, present)
    if not 0 <= (last - first).days <= LONGEST_HISTORY_DAYS:
        fault = Fault("last_day", "is before first_day, or more than ten years after it", "ask for a shorter stretch")
        raise Invalid("these days cannot be asked for", (fault,))
    await queries.employee(uow.session, caller, employee_id, present)
    found = await queries.superior_history(uow.session, caller.tenant_id, employee_id, first, last)
    return [SuperiorsTold.model_validate(one) for one in found]


def _nip(text: str) -> Nip:
    checked = check_nip(text)
    if isinstance(checked, Fault):
        raise Invalid("the NIP cannot be used", (checked,))
    return checked


def _written(line: EmployeeLine) -> str:
    return base64.urlsafe_b64encode(json.dumps([line.name, str(line.employee_id)]).encode()).decode()


def _read(cursor: str | None) -> tuple[str, UUID] | None:
    if cursor is None:
        return None
    try:
        name, employee_id = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        return str(name).replace("\0", ""), UUID(str(employee_id))
    except (ValueError, TypeError, binascii.Error) as error:
        fault = Fault("after", "is not a cursor this list gave", "give `after` as the last answer said it")
        raise Invalid("the list cannot be read on from there", (fault,)) from error
