"""A table as an office sends it, XLSX or CSV, as lines of text; nothing is guessed about numbers."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from python_calamine import CalamineError, CalamineWorkbook

from shared.errors import Fault, Invalid

MOST_ROWS = 200_000
EXACT = 10**15  # from there on a spreadsheet has rounded: the digits are not what was typed
_ZIP = b"PK\x03\x04"

Lines = list[list[str]]


@dataclass(frozen=True, slots=True)
class Row:
    """A row's cells by their column's name; `number` as a spreadsheet counts, the header being row 1."""

    number: int
    cells: Mapping[str, str]


def lines_of(content: bytes) -> Lines:
    """The lines of a CSV or of a workbook's first sheet, the header first, each cell as text.

    Raises Invalid for a file that is neither XLSX nor CSV text, that is empty, and that has more than MOST_ROWS.
    """
    lines = _of_workbook(content) if content.startswith(_ZIP) else _of_text(content)
    if not lines:
        raise _unusable("file", "it is empty", "send the table with its header row")
    if len(lines) > MOST_ROWS:
        raise _unusable("file", f"it has more than {MOST_ROWS} rows", "send it in parts")
    return lines


def rows_under(header: Sequence[str], required: Sequence[str], lines: Lines) -> list[Row]:
    """The rows below the header's line under the names of `header`; empty lines are left out.

    Raises Invalid where a required column is missing.
    """
    missing = [name for name in required if name not in header]
    if missing:
        named = ", ".join(required)
        raise _unusable(
            "row 1", f"column {', '.join(missing)} is missing", f"name the columns {named} in the first row"
        )
    return [
        Row(number, dict(zip(header, line, strict=False)))
        for number, line in enumerate(lines[1:], start=2)
        if any(line)
    ]


def plain_name(cell: str) -> str:
    """A column's name as it is looked up: in lower case, with single blanks."""
    return " ".join(cell.lower().split())


def _of_workbook(content: bytes) -> Lines:
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        return [[_cell(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    except (CalamineError, ValueError, OSError) as error:
        raise _unusable("file", f"it is no readable XLSX workbook: {error}", "save it again as XLSX or CSV") from None


def _cell(value: object) -> str:
    """A whole number without its decimal point: XLSX keeps all numbers as binary fractions, exact to 15 digits."""
    if isinstance(value, float) and value.is_integer() and abs(value) < EXACT:
        return str(int(value))
    return str(value).strip()


def _of_text(content: bytes) -> Lines:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _unusable("file", "it is neither XLSX nor UTF-8 text", "save it as XLSX, or as CSV UTF-8") from None
    if "\0" in text:
        raise _unusable("file", "it holds zero bytes", "save it as XLSX, or as CSV UTF-8")
    delimiter = max(";,\t", key=text.partition("\n")[0].count)
    try:
        return [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text), delimiter=delimiter)]
    except csv.Error as error:
        raise _unusable("file", f"it is no CSV: {error}", "save it as XLSX, or as CSV UTF-8") from None


def _unusable(place: str, message: str, remedy: str) -> Invalid:
    return Invalid(f"the file cannot be used: {message}", (Fault(place, message, remedy),))
