"""A table as an office sends it, XLSX or CSV, as rows of text by column; nothing is guessed about numbers."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from python_calamine import CalamineError, CalamineWorkbook

from shared.errors import Fault, Invalid

MOST_ROWS = 200_000
_ZIP = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Row:
    """Cells by column, "" where empty; `number` as a spreadsheet counts, the header being row 1."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its name in lower case; `also`: other names offices give it."""

    name: str
    required: bool = True
    also: tuple[str, ...] = ()


def read_table(content: bytes, columns: Sequence[Column]) -> list[Row]:
    """The file's rows; columns stand in any order, in any case, unknown ones are passed over.

    Raises Invalid for a file that is neither XLSX nor CSV text, or lacks a required column.
    """
    lines = _of_workbook(content) if content.startswith(_ZIP) else _of_text(content)
    if not lines:
        raise _unusable("file", "it is empty", "send the table with its header row")
    if len(lines) > MOST_ROWS:
        raise _unusable("file", f"it has more than {MOST_ROWS} rows", "send it in parts")
    known = {alias: column.name for column in columns for alias in (column.name, *column.also)}
    header = [known.get(" ".join(cell.lower().split()), "") for cell in lines[0]]
    missing = [column.name for column in columns if column.required and column.name not in header]
    if missing:
        raise _unusable("row 1", f"column {', '.join(missing)} is missing", "name the columns in the first row")
    return [
        Row(number, {column.name: "" for column in columns} | dict(zip(header, line, strict=False)))
        for number, line in enumerate(lines[1:], start=2)
        if any(line)
    ]


def _of_workbook(content: bytes) -> list[list[str]]:
    """Of the first sheet."""
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        return [[_cell(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    except (CalamineError, ValueError, OSError) as error:
        raise _unusable("file", f"it is no readable XLSX workbook: {error}", "save it again as XLSX or CSV") from None


def _cell(value: object) -> str:
    """A whole number without its decimal point: XLSX keeps every number as a binary fraction."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _of_text(content: bytes) -> list[list[str]]:
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
