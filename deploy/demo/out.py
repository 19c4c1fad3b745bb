"""What the demo leaves behind: each region's allowances as CSV and as a workbook, with their control totals."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

OUT = Path("out")
_HEAD = ("No", "NIP", "Nama", "Unit Kerja", "Kode Bank", "Bank", "Nomor Rekening", "Bruto", "Potongan", "Bersih")
_MONEY = (7, 8, 9)

Allowance = Mapping[str, Any]  # as the feed gives it


def write_allowances(tenant_id: str, region: str, period: str, allowances: Sequence[Allowance]) -> list[Path]:
    """Both files of one region; amounts are whole rupiah, NIP and account are text."""
    OUT.mkdir(exist_ok=True)
    stem = f"tpp-{tenant_id}-{period}"
    rows = list(_rows(allowances))
    paths = [OUT / f"{stem}.csv", OUT / f"{stem}.xlsx"]
    with paths[0].open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=";", lineterminator="\r\n").writerows([_HEAD, *rows])
    _write_workbook(paths[1], f"TPP {region} {period}", rows, allowances)
    return paths


def _rows(allowances: Sequence[Allowance]) -> Iterator[tuple[Any, ...]]:
    for number, one in enumerate(allowances, start=1):
        bank = one.get("bank") or {}
        who = (number, one["nip"], one["name"], one["unit"])
        account = (bank.get("bank_code", ""), bank.get("bank_name", ""), bank.get("number", ""))
        yield (*who, *account, int(one["gross"]), int(one["deductions"]), int(one["net"]))


def _write_workbook(path: Path, title: str, rows: Sequence[tuple[Any, ...]], allowances: Sequence[Allowance]) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0"})
        total = book.add_format({"num_format": "#,##0", "bold": True, "top": 1})
        sheet = book.add_worksheet("TPP")
        sheet.write(0, 0, title, bold)
        sheet.write_row(2, 0, _HEAD, bold)
        for number, row in enumerate(rows, start=3):
            for column, cell in enumerate(row):
                if column in _MONEY:
                    sheet.write_number(number, column, cell, money)
                else:
                    sheet.write(number, column, cell)
        last = len(rows) + 3
        sheet.write(last, 2, "Jumlah", bold)
        for column in _MONEY:
            sheet.write_number(last, column, sum(row[column] for row in rows), total)
        sheet.freeze_panes(3, 3)
        sheet.autofit()
        _write_lines(book, bold, money, allowances)


def _write_lines(book: xlsxwriter.Workbook, bold: Any, money: Any, allowances: Sequence[Allowance]) -> None:
    """The second sheet: every line of every statement."""
    sheet = book.add_worksheet("Rincian")
    sheet.write_row(0, 0, ("NIP", "Nama", "Kode", "Uraian", "Jumlah"), bold)
    number = 0
    for one in allowances:
        for line in one["lines"]:
            number += 1
            for column, cell in enumerate((one["nip"], one["name"], line["code"], line["text"])):
                sheet.write_string(number, column, cell)
            sheet.write_number(number, 4, int(line["amount"]), money)
    sheet.freeze_panes(1, 0)
    sheet.autofit()
