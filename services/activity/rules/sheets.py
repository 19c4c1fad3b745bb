"""A table's columns by the names offices give them, and its rows as text."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from shared.sheets import Row, lines_of, plain_name, rows_under


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its name in lower case; `also`: other names offices give it."""

    name: str
    required: bool = True
    also: tuple[str, ...] = ()


def read_table(content: bytes, columns: Sequence[Column]) -> list[Row]:
    """The file's rows, "" where a cell is empty; columns stand in any order, in any case, unknown ones are passed over.

    Raises Invalid for a file that is neither XLSX nor CSV text, or lacks a required column.
    """
    lines = lines_of(content)
    known = {alias: column.name for column in columns for alias in (column.name, *column.also)}
    header = [known.get(plain_name(cell), "") for cell in lines[0]]
    rows = rows_under(header, [column.name for column in columns if column.required], lines)
    empty = {column.name: "" for column in columns}
    return [replace(row, cells=empty | dict(row.cells)) for row in rows]
