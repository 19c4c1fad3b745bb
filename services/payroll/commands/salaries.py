"""Importing the salary side (gaji) of a period: good rows go in, bad ones are named, the same file changes nothing."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from services.payroll.inputs.sheets import read_table, rupiah_in
from services.payroll.tables import SalaryRow
from shared.directory.queries import employees_by_nip
from shared.errors import Fault
from shared.sheets import Row
from shared.unit_of_work import UnitOfWork

NIP = "NIP"
AMOUNTS = {"Gaji Kotor": "gross", "PPh Gaji": "tax", "Dasar BPJS": "bpjs_base", "Gaji Pokok": "gaji_pokok"}
COLUMNS = (NIP, *AMOUNTS)
# what the year's settlement and the schemes on salary need beside; a file without a column leaves it as it was
MORE = {
    "Dasar Pensiun": "pension_base",
    "Iuran Pensiun": "pension",
    "Zakat Gaji": "zakat",
    "TPP Lain": "tpp_elsewhere",
    "PPh TPP Lain": "tpp_elsewhere_tax",
}
PTKP = "Status PTKP"
STATUSES = tuple(f"{status}/{dependants}" for status in ("TK", "K") for dependants in range(4))
_NAMES = (*AMOUNTS.values(), *MORE.values())

Given = dict[str, int | str | None]

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
    rows = read_table(content, COLUMNS, (*MORE, PTKP))
    faults: list[Fault] = []
    given = _amounts(rows, faults)
    ids = await employees_by_nip(uow.session, uow.tenant_id, [nip for nip, _, _ in given])
    wanted: dict[UUID, Given] = {}
    for nip, amounts, number in given:
        if nip in ids:
            wanted[ids[nip]] = amounts
        else:
            faults.append(
                Fault(NIP, "nobody here has this NIP", "correct it, or import the employee first", nip, number)
            )
    held = await _held(uow, code, list(wanted))
    wanted = {one: held.get(one, _NOTHING) | amounts for one, amounts in wanted.items()}
    added = [one for one in wanted if one not in held]
    changed = [one for one in wanted if one in held and held[one] != wanted[one]]
    if not dry_run and (added or changed):
        await _write(uow, code, {one: wanted[one] for one in sorted([*added, *changed])}, by, now)
    faults.sort(key=lambda fault: fault.row or 0)
    unchanged = len(wanted) - len(added) - len(changed)
    return Imported(len(rows), len(added), len(changed), unchanged, tuple(faults))


_NOTHING: Given = dict.fromkeys(_NAMES, 0) | {"ptkp": None}


def _amounts(rows: Sequence[Row], faults: list[Fault]) -> list[tuple[str, Given, int]]:
    """NIP, what is said and row number of the rows without a fault."""
    good: list[tuple[str, Given, int]] = []
    first_seen: dict[str, int] = {}
    columns = AMOUNTS | {column: name for column, name in MORE.items() if any(column in row.cells for row in rows)}
    has_ptkp = any(PTKP in row.cells for row in rows)
    for row in rows:
        nip = _BLANKS.sub("", row.cells.get(NIP, ""))
        found = _faults_of_nip(nip, row.number, first_seen)
        amounts: Given = {}
        for column, name in columns.items():
            cell = row.cells.get(column, "")
            amount = rupiah_in(cell or "0")
            if amount is None:
                remedy = "write whole rupiah, such as 6758500"
                found.append(Fault(column, "this is not an amount in rupiah", remedy, cell[:80], row.number))
            else:
                amounts[name] = amount
        if has_ptkp:
            amounts["ptkp"] = _ptkp(row, found)
        if not found:
            found += _above(amounts, row.number)
        faults.extend(found)
        if not found:
            good.append((nip, amounts, row.number))
    return good


def _ptkp(row: Row, found: list[Fault]) -> str | None:
    """The status as the law writes it ("K/1"); blank says nothing."""
    cell = _BLANKS.sub("", row.cells.get(PTKP, "")).upper()
    if not cell or cell in STATUSES:
        return cell or None
    remedy = f"write one of {', '.join(STATUSES)}: dependants above three do not count"
    found.append(Fault(PTKP, "this is not a PTKP status", remedy, cell[:80], row.number))
    return None


# a part and what it cannot be above
_WITHIN = (
    ("PPh Gaji", "tax", "gross", "the tax is above the salary"),
    ("Iuran Pensiun", "pension", "gross", "the contribution is above the salary"),
    ("PPh TPP Lain", "tpp_elsewhere_tax", "tpp_elsewhere", "the tax is above the TPP"),
)


def _above(amounts: Given, number: int) -> list[Fault]:
    return [
        Fault(column, message, "check both columns", str(amounts[part]), number)
        for column, part, whole, message in _WITHIN
        if part in amounts and int(amounts[part] or 0) > int(amounts.get(whole) or 0)
    ]


def _faults_of_nip(nip: str, number: int, first_seen: dict[str, int]) -> list[Fault]:
    if not re.fullmatch(r"[0-9]{18}", nip, re.ASCII):
        remedy = "a NIP has 18 digits; format the column as text, because a spreadsheet rounds long numbers"
        return [Fault(NIP, "this is not a NIP", remedy, nip[:80], number)]
    if nip in first_seen:
        return [Fault(NIP, f"this NIP stands in row {first_seen[nip]} already", "keep one row a person", nip, number)]
    first_seen[nip] = number
    return []


async def _held(uow: UnitOfWork, code: str, employees: Sequence[UUID]) -> dict[UUID, Given]:
    rows = await uow.session.scalars(
        select(SalaryRow).where(
            SalaryRow.tenant_id == uow.tenant_id, SalaryRow.period == code, SalaryRow.employee_id.in_(employees)
        )
    )
    return {row.employee_id: {name: getattr(row, name) for name in (*_NAMES, "ptkp")} for row in rows}


_WRITE = text(
    f"""
    INSERT INTO salaries (tenant_id, period, employee_id, {", ".join(_NAMES)}, ptkp, imported_by, imported_at)
    SELECT :tenant_id, :period, given.*, :by, :now FROM unnest(
        CAST(:employees AS uuid[]), {", ".join(f"CAST(:{name} AS bigint[])" for name in _NAMES)},
        CAST(:ptkp AS text[])) AS given
    ON CONFLICT (tenant_id, period, employee_id) DO UPDATE SET
        {", ".join(f"{name} = excluded.{name}" for name in (*_NAMES, "ptkp"))},
        imported_by = excluded.imported_by, imported_at = excluded.imported_at
    """
)


async def _write(uow: UnitOfWork, code: str, wanted: Mapping[UUID, Given], by: UUID, now: datetime) -> None:
    lists: dict[str, Any] = {name: [given[name] for given in wanted.values()] for name in (*_NAMES, "ptkp")}
    of = {"tenant_id": uow.tenant_id, "period": code, "employees": list(wanted), "by": by, "now": now}
    await uow.session.execute(_WRITE, of | lists)
