"""The payroll system's acknowledgement as a file: every row compared with its statement, the whole with the run."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import RowMapping, text

from services.payroll.commands.acknowledgements import difference_of, note_booked, require_stated
from services.payroll.commands.history import lock_run
from services.payroll.commands.payments.answers import keep_answer
from services.payroll.exports.settings import AcknowledgementFile
from services.payroll.inputs.export_documents import settings_of
from services.payroll.inputs.sheets import read_table, rupiah_in
from services.payroll.tables import AnswerFileRow, RunRow
from shared.control import hash_total
from shared.errors import Fault, Refused
from shared.events.allowance import AllowanceAcknowledged
from shared.inbox.waiting import NotYet
from shared.sheets import Row
from shared.unit_of_work import UnitOfWork

NO_BANK_FILE = 0
_BLANKS = re.compile(r"[\s\u00a0']+")


@dataclass(frozen=True, slots=True)
class Booked:
    """What a payroll system's file says it booked of a run, beside the run. `difference`: in words, None where equal.

    recorded: whether the run now stands as the file says; not where a row cannot be read, nor in a dry run.
    """

    rows: int
    booked: Mapping[str, Any]
    stated: Mapping[str, Any]
    difference: str | None
    recorded: bool
    again: bool
    state: str
    faults: tuple[Fault, ...]


class _Line(NamedTuple):
    row: Row
    nip: str
    account: str
    net: int
    statement_hash: str | None


_STATEMENTS = text(
    """
    SELECT s.employee_id, s.net, s.statement_hash, i.payee ->> 'nip' AS nip,
           coalesce(i.payee -> 'bank' ->> 'number', '') AS account
    FROM statements s
    JOIN run_inputs i ON i.tenant_id = s.tenant_id AND i.run_id = s.run_id AND i.employee_id = s.employee_id
    WHERE s.tenant_id = :tenant_id AND s.run_id = :run_id ORDER BY s.employee_id
    """
)


async def import_acknowledgement(
    uow: UnitOfWork, *, run_id: UUID, content: bytes, booked_by: str, dry_run: bool, by: UUID, now: datetime
) -> Booked:
    """Take the file in as the system's word on the run: equal in count, sum and hash total, it is acknowledged.

    A file without a version of its own is the newest word when it is brought; a later version on the topic comes
    after it. The same file again changes nothing. Raises NotFound, Refused, Invalid.
    """
    run = await lock_run(uow, run_id)
    try:
        require_stated(run)
    except NotYet as waiting:
        raise Refused(str(waiting)) from None
    columns = (await settings_of(uow.session, uow.tenant_id)).settings.acknowledgement
    rows = read_table(content, columns.columns)
    sha256 = hashlib.sha256(content).hexdigest()
    again = await uow.session.get(AnswerFileRow, (uow.tenant_id, run_id, NO_BANK_FILE, sha256)) is not None
    unreadable: list[Fault] = []
    lines = _lines(rows, columns, unreadable)
    statements = await _statements(uow, run_id)
    agreeing, differing = _compared(lines, statements, columns)
    fact = _fact(run, lines, agreeing=agreeing, booked_by=booked_by, now=now)
    difference = difference_of(run, fact)
    recorded = not (dry_run or again or unreadable)
    if recorded:
        await note_booked(uow, run, fact, by=by)
        outcome = {"rows": len(rows), "difference": difference}
        await keep_answer(uow, run_id, NO_BANK_FILE, sha256=sha256, outcome=outcome, by=by, now=now)
    names = ("count", "net", "hash_total", "digest")
    return Booked(
        rows=len(rows),
        booked={name: getattr(fact, name) for name in names},
        stated={name: getattr(run, name) for name in names},
        difference=difference,
        recorded=recorded,
        again=again,
        state=run.state,
        faults=tuple(sorted([*unreadable, *differing], key=lambda fault: fault.row or 0)),
    )


def _lines(rows: Sequence[Row], columns: AcknowledgementFile, faults: list[Fault]) -> list[_Line]:
    found: list[_Line] = []
    seen: dict[str, int] = {}
    for row in rows:
        nip = _BLANKS.sub("", row.cells.get(columns.nip, ""))
        net = rupiah_in(row.cells.get(columns.net, ""))
        if net is None:
            cell = row.cells.get(columns.net, "")[:80]
            remedy = "write whole rupiah, such as 6758500"
            faults.append(Fault(columns.net, "this is not an amount in rupiah", remedy, cell, row.number))
        elif nip in seen:
            said = f"this NIP stands in row {seen[nip]} already"
            faults.append(Fault(columns.nip, said, "keep one row a person", nip[:80], row.number))
        else:
            seen[nip] = row.number
            said_hash = row.cells.get(columns.statement_hash, "").lower() if columns.statement_hash else None
            account = _BLANKS.sub("", row.cells.get(columns.account, ""))
            found.append(_Line(row, nip, account, net, said_hash))
    return found


async def _statements(uow: UnitOfWork, run_id: UUID) -> Sequence[RowMapping]:
    given = {"tenant_id": uow.tenant_id, "run_id": run_id}
    return (await uow.session.execute(_STATEMENTS, given)).mappings().all()


def _compared(
    lines: Sequence[_Line], statements: Sequence[RowMapping], columns: AcknowledgementFile
) -> tuple[list[str], list[Fault]]:
    """The hashes of the statements that are booked as stated, in the feed's order; and what is not, row by row."""
    by_nip = {line.nip: line for line in lines}
    agreeing: list[str] = []
    faults: list[Fault] = []
    for one in statements:
        line = by_nip.pop(one["nip"], None)
        if line is None:
            message = f"Rp {one['net']} of this employee was not booked"
            faults.append(Fault(columns.nip, message, "find out why the payroll system left it out", one["nip"]))
        elif (fault := _difference(line, one, columns)) is None:
            agreeing.append(one["statement_hash"])
        else:
            faults.append(fault)
    for line in by_nip.values():
        message = "this run pays nobody of this NIP"
        remedy = "find out what was booked here"
        faults.append(Fault(columns.nip, message, remedy, line.nip[:80], line.row.number))
    return agreeing, faults


def _difference(line: _Line, one: RowMapping, columns: AcknowledgementFile) -> Fault | None:
    remedy = "the payroll system corrects its books and sends the file again"
    if line.net != one["net"]:
        return Fault(columns.net, f"the run pays {one['net']}", remedy, str(line.net), line.row.number)
    if line.account != _BLANKS.sub("", one["account"]):
        message = f"the run pays to {one['account'] or 'no account'}"
        return Fault(columns.account, message, remedy, line.account[:80], line.row.number)
    if line.statement_hash is not None and line.statement_hash != one["statement_hash"]:
        place = columns.statement_hash or ""
        return Fault(place, "it is not the hash of this statement", remedy, line.statement_hash[:80], line.row.number)
    return None


def _fact(
    run: RunRow, lines: Sequence[_Line], *, agreeing: Sequence[str], booked_by: str, now: datetime
) -> AllowanceAcknowledged:
    """The file's figures. Its digest is over the statements that its rows agree with: equal where all of them do."""
    return AllowanceAcknowledged(
        tenant_id=run.tenant_id,
        occurred_at=now,
        run_id=run.run_id,
        period=run.period,
        count=len(lines),
        net=sum(line.net for line in lines),
        hash_total=hash_total(line.account for line in lines),
        digest=hashlib.sha256("".join(agreeing).encode()).hexdigest(),
        booked_by=booked_by,
    )
