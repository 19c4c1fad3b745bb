"""Importing the salary side (gaji) of a period: good rows go in, bad ones are named, the same file changes nothing."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from services.payroll.inputs.sheets import Row, read_table, rupiah_in
from services.payroll.tables import SalaryRow
from shared.directory.queries import employees_by_nip
from shared.errors import Fault
from shared.unit_of_work import UnitOfWork

NIP = "NIP"
AMOUNTS = {"Gaji Kotor": "gross", "PPh Gaji": "tax", "Dasar BPJS": "bpjs_base", "Gaji Pokok": "gaji_pokok"}
COLUMNS = (NIP, *AMOUNTS)

_BLANKS = re.compile(r"[\s\u00a0']+")


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file did, or would do. Rows are counted once each; `faults` say what is wrong with the others."""

    rows: int
    added: int
    changed: int
    unchanged: int
    faults: tuple[Fault, ...]


async def import_salaries(
    uow: UnitOfWork, *, code: str, content: bytes, dry_run: bool, by: UUID, now: datetime
) -> Imported:
    """Take a period's salary file in. Raises Invalid only for a file that cannot be read as a table."""
    rows = read_table(content, COLUMNS)
    faults: list[Fault] = []
    given = _amounts(rows, faults)
    ids = await employees_by_nip(uow.session, uow.tenant_id, [nip for nip, _, _ in given])
    wanted: dict[UUID, dict[str, int]] = {}
    for nip, amounts, number in given:
        if nip in ids:
            wanted[ids[nip]] = amounts
        else:
            faults.append(
                Fault(NIP, "nobody here has this NIP", "correct it, or import the employee first", nip, number)
            )
    held = await _held(uow, code, list(wanted))
    added = [one for one in wanted if one not in held]
    changed = [one for one in wanted if one in held and held[one] != wanted[one]]
    if not dry_run and (added or changed):
        await _write(uow, code, {one: wanted[one] for one in sorted([*added, *changed])}, by, now)
    faults.sort(key=lambda fault: fault.row or 0)
    unchanged = len(wanted) - len(added) - len(changed)
    return Imported(len(rows), len(added), len(changed), unchanged, tuple(faults))


def _amounts(rows: Sequence[Row], faults: list[Fault]) -> list[tuple[str, dict[str, int], int]]:
    """NIP, amounts and row number of the rows without a fault."""
    good: list[tuple[str, dict[str, int], int]] = []
    first_seen: dict[str, int] = {}
    for row in rows:
        nip = _BLANKS.sub("", row.cells.get(NIP, ""))
        found = _faults_of_nip(nip, row.number, first_seen)
        amounts: dict[str, int] = {}
        for column, name in AMOUNTS.items():
            cell = row.cells.get(column, "")
            amount = rupiah_in(cell or "0")
            if amount is None:
                remedy = "write whole rupiah, such as 6758500"
                found.append(Fault(column, "this is not an amount in rupiah", remedy, cell[:80], row.number))
            else:
                amounts[name] = amount
        if not found and amounts["tax"] > amounts["gross"]:
            remedy = "check both columns"
            found.append(Fault("PPh Gaji", "the tax is above the salary", remedy, str(amounts["tax"]), row.number))
        faults.extend(found)
        if not found:
            good.append((nip, amounts, row.number))
    return good


def _faults_of_nip(nip: str, number: int, first_seen: dict[str, int]) -> list[Fault]:
    if not re.fullmatch(r"[0-9]{18}", nip, re.ASCII):
        remedy = "a NIP has 18 digits; format the column as text, because a spreadsheet rounds long numbers"
        return [Fault(NIP, "this is not a NIP", remedy, nip[:80], number)]
    if nip in first_seen:
        return [Fault(NIP, f"this NIP stands in row {first_seen[nip]} already", "keep one row a person", nip, number)]
    first_seen[nip] = number
    return []


async def _held(uow: UnitOfWork, code: str, employees: Sequence[UUID]) -> dict[UUID, dict[str, int]]:
    rows = await uow.session.scalars(
        select(SalaryRow).where(
            SalaryRow.tenant_id == uow.tenant_id, SalaryRow.period == code, SalaryRow.employee_id.in_(employees)
        )
    )
    return {row.employee_id: {name: getattr(row, name) for name in AMOUNTS.values()} for row in rows}


_WRITE = text(
    """
    INSERT INTO salaries (tenant_id, period, employee_id, gross, tax, bpjs_base, gaji_pokok, imported_by, imported_at)
    SELECT :tenant_id, :period, given.*, :by, :now FROM unnest(
        CAST(:employees AS uuid[]), CAST(:gross AS bigint[]), CAST(:tax AS bigint[]), CAST(:bpjs_base AS bigint[]),
        CAST(:gaji_pokok AS bigint[])) AS given
    ON CONFLICT (tenant_id, period, employee_id) DO UPDATE SET
        gross = excluded.gross, tax = excluded.tax, bpjs_base = excluded.bpjs_base,
        gaji_pokok = excluded.gaji_pokok, imported_by = excluded.imported_by, imported_at = excluded.imported_at
    """
)


async def _write(uow: UnitOfWork, code: str, wanted: Mapping[UUID, Mapping[str, int]], by: UUID, now: datetime) -> None:
    lists: dict[str, Any] = {name: [amounts[name] for amounts in wanted.values()] for name in AMOUNTS.values()}
    of = {"tenant_id": uow.tenant_id, "period": code, "employees": list(wanted), "by": by, "now": now}
    await uow.session.execute(_WRITE, of | lists)
