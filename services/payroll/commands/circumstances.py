"""The office's table of circumstances: taken in by one person, approved by another, withdrawn whole."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select

from services.payroll.commands.causes import Cause, note_causes
from services.payroll.inputs.beside import paying
from services.payroll.inputs.sheets import read_table
from services.payroll.rules.circumstances import COLUMNS, OPTIONAL, Circumstance, circumstance_in
from services.payroll.tables import CauseKind, CircumstanceFileRow, CircumstanceRow, CircumstanceState
from shared.directory.queries import employees_by_nip
from shared.errors import Fault, Invalid, NotFound, Refused
from shared.sheets import Row
from shared.unit_of_work import UnitOfWork

_BLANKS = re.compile(r"[\s\u00a0']+")
MOST_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class Taken:
    """What a file brought, or would bring: the draft (None in a dry run), good rows, and what is wrong with others."""

    file: CircumstanceFileRow | None
    rows: int
    added: int
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class _Good:
    number: int
    nip: str
    unit: str
    said: Circumstance


async def import_circumstances(
    uow: UnitOfWork, *, name: str, content: bytes, dry_run: bool, by: UUID, now: datetime
) -> Taken:
    """Keep a file's good rows as a draft; bad ones are named by row and column.

    Raises Invalid where no row is good or the file is no table, Refused where the same file is here already.
    """
    rows = read_table(content, COLUMNS, OPTIONAL)
    if len(rows) > MOST_ROWS:
        fault = Fault("file", f"it has more than {MOST_ROWS} rows", "send it in parts")
        raise Invalid("the file cannot be used", (fault,))
    faults: list[Fault] = []
    good = [one for row in rows if (one := _good(row, faults)) is not None]
    ids = await employees_by_nip(uow.session, uow.tenant_id, [one.nip for one in good if one.nip])
    for one in good:
        if one.nip and one.nip not in ids:
            remedy = "correct it, or register the employee first"
            faults.append(Fault("NIP", "nobody here has this NIP", remedy, one.nip, one.number))
    kept = [one for one in good if not one.nip or one.nip in ids]
    faults.sort(key=lambda fault: fault.row or 0)
    if dry_run or not kept:
        if not dry_run:
            raise Invalid("no row of the file can be used; nothing was stored", tuple(faults))
        return Taken(None, len(rows), len(kept), tuple(faults))
    file = await _new_file(uow, name, content, rows=len(kept), by=by, now=now)
    values = [_values(uow.tenant_id, file.file_id, one, ids.get(one.nip)) for one in kept]
    await uow.session.execute(insert(CircumstanceRow), values)
    return Taken(file, len(rows), len(kept), tuple(faults))


def _good(row: Row, faults: list[Fault]) -> _Good | None:
    nip = _BLANKS.sub("", row.cells.get("NIP", ""))
    said = circumstance_in({column: cell for column, cell in row.cells.items() if cell} | ({"NIP": nip} if nip else {}))
    if nip and not re.fullmatch(r"[0-9]{18}", nip, re.ASCII):
        remedy = "a NIP has 18 digits; format the column as text, because a spreadsheet rounds long numbers"
        faults.append(Fault("NIP", "this is not a NIP", remedy, nip[:80], row.number))
        return None
    if isinstance(said, Circumstance):
        return _Good(row.number, nip, row.cells.get("Unit", "")[:100], said)
    faults += [
        Fault(one.column, one.message, one.remedy, row.cells.get(one.column, "")[:80], row.number) for one in said
    ]
    return None


def _values(tenant_id: str, file_id: UUID, one: _Good, employee_id: UUID | None) -> dict[str, Any]:
    return {
        "tenant_id": tenant_id,
        "circumstance_id": uuid4(),
        "file_id": file_id,
        "row": one.number,
        "kind": one.said.kind.value,
        "employee_id": employee_id,
        "unit_code": None if employee_id or not one.unit else one.unit,
        "valid_from": one.said.valid_from,
        "valid_to": one.said.valid_to,
        "author": one.said.author,
        "reason": one.said.reason,
        "content": one.said.content,
    }


async def _new_file(
    uow: UnitOfWork, name: str, content: bytes, *, rows: int, by: UUID, now: datetime
) -> CircumstanceFileRow:
    digest = hashlib.sha256(content).hexdigest()
    held = await uow.session.scalar(
        select(CircumstanceFileRow).where(
            CircumstanceFileRow.tenant_id == uow.tenant_id,
            CircumstanceFileRow.sha256 == digest,
            CircumstanceFileRow.state != CircumstanceState.WITHDRAWN,
        )
    )
    if held is not None:
        raise Refused(f"this very file is here already, as {held.state}", file_id=str(held.file_id))
    file = CircumstanceFileRow(
        tenant_id=uow.tenant_id,
        file_id=uuid4(),
        name=name[:300],
        sha256=digest,
        rows=rows,
        state=CircumstanceState.DRAFT,
        imported_by=by,
        imported_at=now,
    )
    uow.session.add(file)
    await uow.session.flush()
    return file


async def approve_circumstances(uow: UnitOfWork, *, file_id: UUID, by: UUID, now: datetime) -> CircumstanceFileRow:
    """Let a draft reach the facts, not by its importer; paid months that it changes are looked at again."""
    file = await _locked(uow, file_id)
    if file.state != CircumstanceState.DRAFT:
        raise Refused(f"this file is {file.state}, not a draft")
    if file.imported_by == by:
        raise Refused("you have imported this file; somebody else must approve it")
    file.state, file.approved_by, file.approved_at = CircumstanceState.APPROVED, by, now
    await uow.session.flush()
    await _look_again(uow, file)
    return file


async def withdraw_circumstances(
    uow: UnitOfWork, *, file_id: UUID, reason: str, by: UUID, now: datetime
) -> CircumstanceFileRow:
    """Take a file back whole, with the reason: it reaches no facts any more; statements that rest on it stay."""
    file = await _locked(uow, file_id)
    if file.state == CircumstanceState.WITHDRAWN:
        raise Refused("this file is withdrawn already")
    in_force = file.state == CircumstanceState.APPROVED
    file.state, file.withdrawn_because = CircumstanceState.WITHDRAWN, reason
    file.withdrawn_by, file.withdrawn_at = by, now
    await uow.session.flush()
    if in_force:
        await _look_again(uow, file)
    return file


async def _locked(uow: UnitOfWork, file_id: UUID) -> CircumstanceFileRow:
    file = await uow.session.get(CircumstanceFileRow, (uow.tenant_id, file_id), with_for_update=True)
    if file is None:
        raise NotFound(f"there is no file of circumstances {file_id}")
    return file


async def _look_again(uow: UnitOfWork, file: CircumstanceFileRow) -> None:
    """A cause to look at the paid months that its rows reach into, for those they are about."""
    rows = (
        await uow.session.execute(
            select(CircumstanceRow.employee_id, CircumstanceRow.valid_from, CircumstanceRow.valid_to).where(
                CircumstanceRow.tenant_id == uow.tenant_id, CircumstanceRow.file_id == file.file_id
            )
        )
    ).all()
    first = f"{min(start for _, start, _ in rows):%Y-%m}"
    last = None if any(end is None for _, _, end in rows) else f"{max(end for _, _, end in rows if end):%Y-%m}"
    runs = await paying(uow.session, uow.tenant_id)
    months = list(dict.fromkeys(one.paid for one in runs if one.reached(first, last)))
    if not months:
        return
    everybody = any(employee is None for employee, _, _ in rows)
    employees = None if everybody else sorted({employee for employee, _, _ in rows if employee})
    reference = {"file_id": str(file.file_id), "name": file.name, "state": file.state}
    key = f"{file.file_id}/{file.state}"
    await note_causes(uow, [Cause(CauseKind.CIRCUMSTANCE, key, reference, months, employees)])
