"""An import over HTTP: which lists a file holds, and what came of them."""

from enum import StrEnum

from pydantic import Field

from services.identity.rules.columns import EMPLOYEE_COLUMNS, POSITION_COLUMNS, UNIT_COLUMNS, Row
from services.identity.schemas import sheets
from services.identity.schemas.accounts import OneTimeTold
from services.identity.schemas.sheets import Columns, Grid
from services.identity.schemas.values import Told
from shared.errors import Fault, Invalid


class ImportKind(StrEnum):
    UNITS = "units"
    POSITIONS = "positions"
    EMPLOYEES = "employees"
    ORGANISATION = "organisation"  # a workbook with the sheets Unit, Jabatan and Pegawai, or some of them


class CountsTold(Told):
    rows: int
    added: int
    changed: int
    unchanged: int
    refused: int


class FaultTold(Told):
    """A cell that cannot be used: row and column as the file has them, its value, and what to do."""

    row: int | None
    place: str = Field(description="the column's name in the file")
    value: str | None
    message: str
    remedy: str


class ImportTold(Told):
    dry_run: bool
    nothing_changed: bool
    summary: str
    counts: dict[str, CountsTold]
    faults: list[FaultTold]
    notices: list[FaultTold]
    accounts: list[OneTimeTold] = Field(description="new accounts; their passwords are shown here alone")


_SHEETS = {ImportKind.UNITS: "unit", ImportKind.POSITIONS: "jabatan", ImportKind.EMPLOYEES: "pegawai"}
_COLUMNS: dict[ImportKind, tuple[Columns, tuple[str, ...]]] = {
    ImportKind.UNITS: (UNIT_COLUMNS, ("code", "name")),
    ImportKind.POSITIONS: (POSITION_COLUMNS, ("code", "name", "kelas")),
    ImportKind.EMPLOYEES: (EMPLOYEE_COLUMNS, ("nip",)),
}


def lists_in(kind: ImportKind, content: bytes, filename: str) -> dict[str, list[Row]]:
    """The rows of each list the file is read for. Raises Invalid where it does not hold them."""
    grids = sheets.sheets(content, filename)
    if kind is not ImportKind.ORGANISATION:
        return {kind: _read(kind, _one(kind, grids))}
    found = {one: grid for one in _SHEETS if (grid := _named(one, grids)) is not None}
    if not found:
        fault = Fault("file", "has none of the sheets Unit, Jabatan, Pegawai", "name the sheets so")
        raise Invalid("the workbook does not hold the lists of an organisation", (fault,))
    return {one: _read(one, grid) for one, grid in found.items()}


def _one(kind: ImportKind, grids: dict[str, Grid]) -> Grid:
    """The sheet of that name, or the only sheet, or the first."""
    named = _named(kind, grids)
    return named if named is not None else next(iter(grids.values()), [])


def _named(kind: ImportKind, grids: dict[str, Grid]) -> Grid | None:
    return next((grid for name, grid in grids.items() if name.strip().casefold() == _SHEETS[kind]), None)


def _read(kind: ImportKind, grid: Grid) -> list[Row]:
    columns, needed = _COLUMNS[kind]
    return sheets.rows(grid, columns, needed)
