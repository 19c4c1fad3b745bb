"""A treasurer's table, as XLSX or CSV, read into rows of text by column, and what its cells say in rupiah."""

import re
from collections.abc import Sequence

from shared.money import parse_rupiah
from shared.sheets import Row, lines_of, plain_name, rows_under

# 6758500, 6.758.500, Rp 6.758.500, 6.758.500,00, 6758500.00
_AMOUNT = re.compile(r"(?:Rp\.?\s*)?([0-9]{1,15}|[0-9]{1,3}(?:\.[0-9]{3}){1,4})(?:[,.]00)?", re.ASCII)


def read_table(content: bytes, columns: Sequence[str], optional: Sequence[str] = ()) -> list[Row]:
    """The file's rows. `columns`: those it must have, in any order and any case; `optional`: those it may have.

    Raises Invalid for a file that is neither XLSX nor CSV text, or lacks a column.
    """
    lines = lines_of(content)
    known = {column.lower(): column for column in (*columns, *optional)}
    header = [known.get(plain_name(cell), plain_name(cell)) for cell in lines[0]]
    return rows_under(header, columns, lines)


def rupiah_in(cell: str) -> int | None:
    """The whole rupiah a cell says, as people and banks write them; None where it says none, or a part of one."""
    matched = _AMOUNT.fullmatch(cell.strip())
    return parse_rupiah(matched[1].replace(".", "")) if matched else None
