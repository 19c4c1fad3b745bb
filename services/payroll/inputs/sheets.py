"""A treasurer's table, as XLSX or CSV, read into rows of text by column; nothing is guessed about numbers."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from python_calamine import CalamineError, CalamineWorkbook

from shared.errors import Fault, Invalid
from shared.money import parse_rupiah

MOST_ROWS = 200_000
EXACT = 10**15  # above it a spreadsheet has rounded: the digits are not what was typed
_ZIP = b"PK\x03\x04"
# 6758500, 6.758.500, Rp 6.758.500, 6.758.500,00, 6758500.00
_AMOUNT = re.compile(r"(?:Rp\.?\s*)?([0-9]{1,15}|[0-9]{1,3}(?:\.[0-9]{3}){1,4})(?:[,.]00)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Row:
    """A row's cells by their column's name; `number` as a spreadsheet counts, the header being row 1."""

    number: int
    cells: Mapping[str, str]


def read_table(content: bytes, columns: Sequence[str], optional: Sequence[str] = ()) -> list[Row]:
    """The file's rows. `columns`: those it must have, in any order and any case; `optional`: those it may have.

    Raises Invalid for a file that is neither XLSX nor CSV text, or lacks a column.
    """
    lines = _of_workbook(content) if content.startswith(_ZIP) else _of_text(content)
    if not lines:
        raise _refused("file", "it is empty", "export the table again")
    if len(lines) > MOST_ROWS:
        raise _refused("file", f"it has more than {MOST_ROWS} rows", "send it in parts")
    header = [_known(name, (*columns, *optional)) for name in lines[0]]
    missing = [name for name in columns if name not in header]
    if missing:
        raise _refused("row 1", f"column {', '.join(missing)} is missing", f"name the columns {', '.join(columns)}")
    return [
        Row(number, dict(zip(header, line, strict=False)))
        for number, line in enumerate(lines[1:], start=2)
        if any(cell for cell in line)
    ]


def _known(name: str, columns: Sequence[str]) -> str:
    plain = " ".join(name.lower().split())
    return next((column for column in columns if column.lower() == plain), plain)


def _of_workbook(content: bytes) -> list[list[str]]:
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheet = workbook.get_sheet_by_index(0)
        return [[_cell(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    except (CalamineError, ValueError, OSError) as error:
        raise _refused("file", f"it is not a readable XLSX workbook: {error}", "save it again as XLSX or CSV") from None


def _cell(value: object) -> str:
    """A whole number without its decimal point: XLSX keeps all numbers as binary fractions, exact to 15 digits."""
    if isinstance(value, float) and value.is_integer() and abs(value) < EXACT:
        return str(int(value))
    return str(value).strip()


def _of_text(content: bytes) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _refused("file", "it is neither XLSX nor UTF-8 text", "save it as XLSX, or as CSV UTF-8") from None
    if "\0" in text:
        raise _refused("file", "it holds zero bytes", "save it as XLSX, or as CSV UTF-8")
    first = text.partition("\n")[0]
    delimiter = max(";,\t", key=first.count)
    try:
        return [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text), delimiter=delimiter)]
    except csv.Error as error:
        raise _refused("file", f"it is not CSV: {error}", "save it as XLSX, or as CSV UTF-8") from None


def rupiah_in(cell: str) -> int | None:
    """The whole rupiah a cell says, as people and banks write them; None where it says none, or a part of one."""
    matched = _AMOUNT.fullmatch(cell.strip())
    return parse_rupiah(matched[1].replace(".", "")) if matched else None


def _refused(place: str, message: str, remedy: str) -> Invalid:
    return Invalid(f"the file cannot be used: {message}", (Fault(place, message, remedy),))
