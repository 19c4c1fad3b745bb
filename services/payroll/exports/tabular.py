"""Recaps as workbooks: contributions of a month, and taxes of a month; NIP and account as text, amounts as numbers."""

from collections.abc import Sequence

from services.payroll.exports.records import Exported, Item, Paid
from services.payroll.exports.sipd import control_sheet
from services.payroll.exports.wording import KINDS, month
from services.payroll.exports.workbook import Cell, Column, Sheet, workbook

_WHO = (Column("No", "whole", 5), Column("NIP"), Column("Nama"), Column("NIK"), Column("Unit kerja"))
BPJS = "bpjs_kesehatan"


def bpjs_workbook(run: Exported) -> bytes:
    """BPJS Kesehatan by employee: base on salary and on TPP, 4 % and 1 %; other contributions on a second sheet."""
    columns = [
        *_WHO,
        Column("Dasar terpakai pada gaji", "money"),
        Column("Dasar TPP", "money"),
        Column("Pemberi kerja (4 %)", "money"),
        Column("Pegawai (1 %)", "money"),
        Column("Jumlah iuran", "money"),
    ]
    rows = [_bpjs_row(number, one) for number, one in enumerate(run.paid, start=1)]
    sheets = [
        Sheet("BPJS Kesehatan", columns, rows, title=_title("Rekap iuran BPJS Kesehatan", run), totals=True, frozen=3),
        Sheet("Iuran lain", *_others(run), title=_title("Rekap iuran lain", run), totals=True, frozen=3),
        control_sheet(run),
    ]
    return workbook(sheets, made_at=run.made_at, title=f"Iuran TPP {run.region} {month(run.period)}")


def _bpjs_row(number: int, one: Paid) -> list[Cell]:
    of = [item for item in one.items if item.scheme == BPJS]
    employer, employee = one.taken("contribution", payer="employer", scheme=BPJS), _own(one)
    base, used = max([item.base for item in of], default=0), max([item.used for item in of], default=0)
    return [*_who(number, one), used, base, employer, employee, employer + employee]


def _own(one: Paid) -> int:
    return one.taken("contribution", payer="employee", scheme=BPJS)


def _others(run: Exported) -> tuple[Sequence[Column], Sequence[Sequence[Cell]]]:
    """A column a contribution that is not BPJS Kesehatan, by the id of its rule."""
    named = {
        (item.rule, item.payer): f"{item.name} ({'pemberi kerja' if item.payer == 'employer' else 'pegawai'})"
        for one in run.paid
        for item in one.items
        if _is_other(item)
    }
    rules = sorted(named)
    rows = [
        [
            *_who(number, one),
            *(
                -sum(item.amount for item in one.items if _is_other(item) and (item.rule, item.payer) == rule)
                for rule in rules
            ),
        ]
        for number, one in enumerate(run.paid, start=1)
        if any(map(_is_other, one.items))
    ]
    return [*_WHO, *(Column(named[rule], "money") for rule in rules)], rows


def _is_other(item: Item) -> bool:
    return item.kind == "contribution" and item.scheme != BPJS and item.amount < 0


def tax_workbook(run: Exported) -> bytes:
    """PPh 21 on the run's TPP by employee: what it was taken of and how it was borne."""
    columns = [
        *_WHO,
        Column("NPWP"),
        Column("Status"),
        Column("Golongan"),
        Column("PTKP"),
        Column("TPP dibayar", "money"),
        Column("Tunjangan PPh", "money"),
        Column("PPh 21", "money"),
        Column("Bersih", "money"),
    ]
    rows: list[Sequence[Cell]] = [
        [
            *_who(number, one),
            one.npwp,
            one.status_asn.replace("_", " "),
            one.golongan,
            one.ptkp,
            one.payable,
            one.tax_allowance,
            one.tax,
            one.net,
        ]
        for number, one in enumerate(run.paid, start=1)
    ]
    sheets = [
        Sheet("PPh 21", columns, rows, title=_title("Rekap PPh 21 atas TPP", run), totals=True, frozen=3),
        control_sheet(run),
    ]
    return workbook(sheets, made_at=run.made_at, title=f"PPh 21 TPP {run.region} {month(run.period)}")


def _who(number: int, one: Paid) -> list[Cell]:
    return [number, one.nip, one.name, one.nik, one.unit]


def _title(what: str, run: Exported) -> list[str]:
    return [what, f"{run.region}, {month(run.period)}, TPP {KINDS.get(run.kind, run.kind)}"]
