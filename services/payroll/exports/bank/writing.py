"""Writing a bank file by its template: every payment once, with count, sum and hash total."""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from services.payroll.exports.bank.template import (
    NUMERIC,
    BankTemplate,
    CsvFile,
    FileField,
    FixedFile,
    Written,
    XlsxFile,
)
from services.payroll.exports.records import Account
from services.payroll.exports.workbook import Cell, Column, Sheet, workbook
from shared.control import hash_total
from shared.errors import Fault, Invalid

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_FORMULA = "=+-@\t\r"
_NEWLINES = {"crlf": "\r\n", "lf": "\n"}
_MEDIA = {
    "csv": "text/csv",
    "fixed": "text/plain",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class Instruction(NamedTuple):
    """One payment to one account; `number` counts them in a file from 1. Amount in whole rupiah."""

    number: int
    reference: str
    nip: str
    name: str
    unit: str
    account: Account
    amount: int


@dataclass(frozen=True, slots=True)
class BankFile:
    """The file's bytes, and its control totals as they stand in it or go with it."""

    content: bytes
    extension: str
    media_type: str
    count: int
    sum: int
    hash_total: str


class About(NamedTuple):
    """What the file says of itself: `words` fill the braces of the template's texts."""

    file_number: int
    words: Mapping[str, str]
    made_at: datetime


def write_bank_file(template: BankTemplate, payments: Sequence[Instruction], about: About) -> BankFile:
    """The file. Raises Invalid where a number does not fit its width, naming the payment and the column."""
    count, total = len(payments), sum(one.amount for one in payments)
    hashed = hash_total(one.account.number for one in payments)
    whole = {"count": str(count), "sum": str(total), "hash_total": hashed, "file_number": str(about.file_number)}
    before = [_file_value(field, whole, about) for field in template.before]
    after = [_file_value(field, whole, about) for field in template.after]
    rows = [[_row_value(column, one, about) for column in template.columns] for one in payments]
    file = template.file
    if isinstance(file, CsvFile):
        content, extension = _csv(file, template, [before, *rows, after]), file.extension
    elif isinstance(file, FixedFile):
        content, extension = _fixed(file, template, before, rows, after), file.extension
    else:
        content, extension = _xlsx(file, template, (before, rows, after), whole, about), "xlsx"
    return BankFile(content, extension, _MEDIA[file.kind], count, total, hashed)


_VALUES: Mapping[str, Callable[[Instruction], str]] = {
    "number": lambda one: str(one.number),
    "nip": lambda one: one.nip,
    "name": lambda one: one.name,
    "holder": lambda one: one.account.holder,
    "account": lambda one: one.account.number,
    "bank_code": lambda one: one.account.bank_code,
    "bank_name": lambda one: one.account.bank_name,
    "amount": lambda one: str(one.amount),
    "unit": lambda one: one.unit,
    "reference": lambda one: one.reference,
}


def _row_value(column: Written, one: Instruction, about: About) -> str:
    value = getattr(column, "value", "text")
    if value == "text":
        return _text(column, about)
    return _shown(column, value, _plain(_VALUES[value](one)))


def _file_value(field: FileField, whole: Mapping[str, str], about: About) -> str:
    return _text(field, about) if field.value == "text" else _shown(field, field.value, whole[field.value])


def _shown(field: Written, value: str, text: str) -> str:
    return f"{text}{field.cents}00" if field.cents and value in {"amount", "sum"} else text


def _text(field: Written, about: About) -> str:
    """The template's words, filled; a brace that names nothing stays as it is."""
    text = field.text or ""
    for name, word in about.words.items():
        text = text.replace(f"{{{name}}}", word)
    return _plain(text)


def _plain(text: str) -> str:
    """One line of text that no spreadsheet takes for a formula."""
    return " ".join(_CONTROLS.sub(" ", text).split()).lstrip(_FORMULA).strip()


def _csv(file: CsvFile, template: BankTemplate, records: Sequence[Sequence[str]]) -> bytes:
    held = io.StringIO()
    writer = csv.writer(held, delimiter=file.delimiter, lineterminator=_NEWLINES[file.newline])
    first, *rows, last = records
    if first:
        writer.writerow(first)
    if file.header:
        writer.writerow([column.name for column in template.columns])
    writer.writerows(rows)
    if last:
        writer.writerow(last)
    text = held.getvalue()
    return _ascii(text).encode("ascii") if file.encoding == "ascii" else text.encode(file.encoding)


def _ascii(text: str) -> str:
    """Letters without their marks; what has no letter in ASCII becomes a question mark."""
    return (
        unicodedata.normalize("NFKD", text).encode("ascii", "replace").decode("ascii") if not text.isascii() else text
    )


def _fixed(
    file: FixedFile,
    template: BankTemplate,
    before: Sequence[str],
    rows: Sequence[Sequence[str]],
    after: Sequence[str],
) -> bytes:
    faults: list[Fault] = []

    def record(fields: Sequence[Written], cells: Sequence[str], number: int | None) -> str:
        return "".join(_sized(field, cell, number, faults) for field, cell in zip(fields, cells, strict=True))

    lines = [record(template.before, before, None)] if template.before else []
    lines += [record(template.columns, row, number) for number, row in enumerate(rows, start=1)]
    lines += [record(template.after, after, None)] if template.after else []
    if faults:
        raise Invalid("some values do not fit the bank's file", tuple(faults[:100]))
    newline = _NEWLINES[file.newline]
    return "".join(line + newline for line in lines).encode("ascii")


def _sized(field: Written, cell: str, number: int | None, faults: list[Fault]) -> str:
    value, width = getattr(field, "value", "text"), field.width or 0
    text = "".join(letter for letter in _ascii(cell) if letter.isprintable())
    exact = value in NUMERIC or value in {"account", "nip", "hash_total", "reference", "bank_code"}
    if exact and len(text) > width:
        place = getattr(field, "name", value)
        faults.append(
            Fault(
                place, f"it is longer than {width} characters", "widen the field in the bank's template", text, number
            )
        )
    align = field.align or ("right" if value in NUMERIC else "left")
    cut = text[:width]
    return cut.rjust(width, field.pad) if align == "right" else cut.ljust(width, field.pad)


def _xlsx(
    file: XlsxFile,
    template: BankTemplate,
    records: tuple[Sequence[str], Sequence[Sequence[str]], Sequence[str]],
    whole: Mapping[str, str],
    about: About,
) -> bytes:
    before, rows, after = records
    columns = [
        Column(one.name, "whole" if one.value == "number" else "money" if one.value == "amount" else "text")
        for one in template.columns
    ]
    cells: list[list[Cell]] = [
        [
            int(cell) if column.kind != "text" and not field.cents else cell
            for column, field, cell in zip(columns, template.columns, row, strict=True)
        ]
        for row in rows
    ]
    title = [" ".join(before)] if before else []
    sheets = [Sheet(file.sheet, columns, cells, title=title, notes=[" ".join(after)] if after else ())]
    if file.control_sheet:
        named: list[tuple[str, Cell]] = [
            ("Jumlah penerima", int(whole["count"])),
            ("Jumlah rupiah", int(whole["sum"])),
            ("Hash total rekening", whole["hash_total"]),
            ("Nomor berkas", about.file_number),
        ]
        sheets.append(Sheet("Kendali", (Column("Kendali"), Column("Nilai", "money", 24)), named, landscape=False))
    return workbook(sheets, made_at=about.made_at, title=template.name)
