"""XLSX with the same bytes every time: text stays text, money is a number, a header that stays, a row of totals."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple

import xlsxwriter

_STEADY = {
    "in_memory": True,
    # what people write is text: never a formula, a link or a number that loses its zeros
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_FORMATS = {"text": "@", "money": "#,##0", "whole": "0"}
_WIDEST = 60


class Column(NamedTuple):
    """`kind`: text is stored as text; money and whole as numbers. Money is summed in the row of totals."""

    name: str
    kind: Literal["text", "money", "whole"] = "text"
    width: int | None = None  # characters; None: as its longest cell


Cell = str | int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table under a few lines of title. `frozen`: columns that stay when one scrolls sideways."""

    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    title: Sequence[str] = ()
    totals: bool = False
    frozen: int = 0
    notes: Sequence[str] = ()
    landscape: bool = True


def workbook(sheets: Sequence[Sheet], *, made_at: datetime, title: str) -> bytes:
    """The sheets as XLSX. `made_at`: what the file says of itself, whenever it is written."""
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, _STEADY) as book:
        # openpyxl and Excel take the moment as UTC and want no zone
        book.set_properties({"title": title, "author": "Takar", "created": made_at.replace(tzinfo=None)})
        formats = _formats(book)
        for sheet in sheets:
            _write(book.add_worksheet(sheet.name), sheet, formats)
    return held.getvalue()


def _formats(book: Any) -> dict[str, Any]:
    cell = {"valign": "top", "border": 1, "border_color": "#B0B0B0"}
    total = {"bold": True, "top": 1, "bottom": 6}
    head = {"bold": True, "text_wrap": True, "align": "center", "valign": "vcenter", "border": 1, "bg_color": "#E8EEF4"}
    found = {"title": book.add_format({"bold": True, "font_size": 12}), "head": book.add_format(head)}
    found["note"] = book.add_format({"italic": True, "font_color": "#555555"})
    for kind, number in _FORMATS.items():
        found[kind] = book.add_format(cell | {"num_format": number})
        found[f"total {kind}"] = book.add_format(total | {"num_format": number})
    return found


def _write(page: Any, sheet: Sheet, formats: dict[str, Any]) -> None:
    for number, line in enumerate(sheet.title):
        page.write_string(number, 0, line, formats["title"])
    top = len(sheet.title) + bool(sheet.title)
    for at, column in enumerate(sheet.columns):
        page.write_string(top, at, column.name, formats["head"])
        page.set_column(at, at, column.width or _width(column, [row[at] for row in sheet.rows]))
    for number, row in enumerate(sheet.rows, start=top + 1):
        for at, (column, value) in enumerate(zip(sheet.columns, row, strict=True)):
            _put(page, number, at, value, formats[column.kind])
    after = top + 1 + len(sheet.rows)
    if sheet.totals:
        _write_totals(page, after, sheet, formats)
        after += 1
    for number, note in enumerate(sheet.notes, start=after + 1):
        page.write_string(number, 0, note, formats["note"])
    page.freeze_panes(top + 1, sheet.frozen)
    page.repeat_rows(top)
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    if sheet.landscape:
        page.set_landscape()
    page.set_footer("&L&A&RHalaman &P dari &N")


def _put(page: Any, row: int, column: int, value: Cell, form: Any) -> None:
    if isinstance(value, int):
        page.write_number(row, column, value, form)
    elif value:
        page.write_string(row, column, value, form)
    else:
        page.write_blank(row, column, None, form)


def _write_totals(page: Any, at: int, sheet: Sheet, formats: dict[str, Any]) -> None:
    """Sums as values, not as formulas: what a reader without a spreadsheet sees is what was summed here."""
    for column, of in enumerate(sheet.columns):
        if of.kind == "money":
            total = sum(int(row[column] or 0) for row in sheet.rows)
            page.write_number(at, column, total, formats["total money"])
        else:
            page.write_string(
                at, column, "Jumlah" if column == min(1, len(sheet.columns) - 1) else "", formats["total text"]
            )


def _width(column: Column, cells: Sequence[Cell]) -> int:
    longest = max([len(f"{cell:,}") if isinstance(cell, int) else len(cell) for cell in cells], default=0)
    if column.kind == "money":
        total = len(f"{sum(int(cell or 0) for cell in cells):,}")
        longest = max(longest, total)
    words = max(len(word) for word in column.name.split())
    return min(_WIDEST, max(longest, words, 4) + 2)
