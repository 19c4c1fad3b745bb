"""An office's file, XLSX or CSV, as rows of text under the columns we know."""

import csv
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineWorkbook

from services.identity.rules.columns import Row
from shared.errors import Fault, Invalid

MOST_BYTES = 16 * 1024 * 1024
MOST_UNPACKED = 200 * 1024 * 1024  # a workbook of a few kilobytes may unpack to gigabytes
MOST_ROWS = 60_000
_EXACT = 10**15  # a spreadsheet keeps 15 digits of a number, and makes up the rest

Grid = list[list[str]]
Columns = Mapping[str, tuple[str, ...]]


def sheets(content: bytes, filename: str) -> dict[str, Grid]:
    """The tables of a file by name; a CSV has one. Raises Invalid for what is no such file."""
    if len(content) > MOST_BYTES:
        raise _unusable(f"the file has more than {MOST_BYTES // 1024 // 1024} MiB", "send it in parts")
    if content[:4] == b"PK\x03\x04":
        return _workbook(content)
    if content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise _unusable("this is an old .xls file, or one with a password", "save it as .xlsx without a password")
    return {filename: _csv(content)}


def rows(grid: Grid, columns: Columns, needed: Sequence[str]) -> list[Row]:
    """The rows under the first line that names the needed columns. Raises Invalid where there is none."""
    for at, line in enumerate(grid[:20]):
        known = _known(line, columns)
        if set(needed) <= set(known):
            headers = {name: line[place].strip() for name, place in known.items()}
            return _rows(grid[at + 1 :], at + 2, known, headers)
    wanted = ", ".join(columns[name][0] for name in needed)
    raise _unusable(f"no line within the first 20 names the columns {wanted}", "put the names of the columns on top")


def _known(line: Sequence[str], columns: Columns) -> dict[str, int]:
    """Field by place in the line; of two columns for one field, the one whose name is meant most."""
    bare = [re.sub(r"[^a-z0-9]", "", cell.casefold()) for cell in line]
    return {
        name: bare.index(alias)
        for name, aliases in columns.items()
        for alias in [next((alias for alias in aliases if alias in bare), None)]
        if alias is not None
    }


def _rows(lines: Grid, first: int, known: Mapping[str, int], headers: Mapping[str, str]) -> list[Row]:
    found = []
    for number, line in enumerate(lines, start=first):
        cells = {name: line[place].strip() for name, place in known.items() if place < len(line)}
        filled = {name: text for name, text in cells.items() if text and text not in ("-", "–")}
        if filled:
            found.append(Row(number, filled, headers))
    if len(found) > MOST_ROWS:
        raise _unusable(f"there are more than {MOST_ROWS} rows", "send them in parts")
    return found


def _workbook(content: bytes) -> dict[str, Grid]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(info.file_size for info in packed.infolist())
        if unpacked > MOST_UNPACKED:
            raise _unusable("the workbook unpacks to more than 200 MiB", "send the sheets one by one")
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return {name: _grid(workbook, name) for name in workbook.sheet_names}
    except (CalamineError, zipfile.BadZipFile, ValueError, OSError) as error:
        raise _unusable("the file is no workbook that can be read", "save it anew as .xlsx") from error


def _grid(workbook: CalamineWorkbook, name: str) -> Grid:
    cells = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False, nrows=MOST_ROWS + 50)
    return [[_text(cell) for cell in line] for line in cells]


def _text(cell: "int | float | str | bool | date | datetime | time | timedelta") -> str:
    """As the office reads it. A number too long for a spreadsheet is shown as what it has become."""
    if isinstance(cell, bool | str):
        return _clean(str(cell))
    if isinstance(cell, float | int):
        if abs(cell) >= _EXACT:
            return f"{cell:.5E}"
        return str(int(cell)) if cell == int(cell) else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time(0) else cell.isoformat(sep=" ")
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)


def _csv(content: bytes) -> Grid:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")  # what a spreadsheet in Windows writes
    if "\0" in text:
        raise _unusable("the file is neither a workbook nor a CSV", "send .xlsx or .csv")
    first = text.partition("\n")[0]
    delimiter = max(";,\t", key=first.count)
    try:
        lines = csv.reader(io.StringIO(text), delimiter=delimiter)
        grid = [[_clean(cell) for cell in line] for line in lines]
    except csv.Error as error:
        raise _unusable(f"the CSV cannot be read: {error}", "save it anew as .csv or .xlsx") from error
    if len(grid) > MOST_ROWS + 50:
        raise _unusable(f"there are more than {MOST_ROWS} rows", "send them in parts")
    return grid


def _clean(text: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f\ud800-\udfff]+", " ", text)


def _unusable(message: str, remedy: str) -> Invalid:
    return Invalid(f"{message}: {remedy}", (Fault("file", message, remedy),))
