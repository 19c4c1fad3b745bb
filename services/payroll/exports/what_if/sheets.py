"""A what-if as XLSX: the sums, units, classes, distribution, and everybody by name."""

from collections.abc import Sequence
from datetime import datetime

from services.payroll.exports.what_if.wording import band_name, told
from services.payroll.exports.workbook import Cell, Column, Sheet, workbook
from services.payroll.rules.what_if import Group, WhatIf

_OF_GROUP = (
    Column("Pegawai", "whole"),
    Column("Naik", "whole"),
    Column("Turun", "whole"),
    Column("TPP sebelum", "money"),
    Column("TPP sesudah", "money"),
    Column("Selisih TPP", "money"),
    Column("Bruto sebelum", "money"),
    Column("Bruto sesudah", "money"),
    Column("Selisih bruto", "money"),
    Column("Diterima sebelum", "money"),
    Column("Diterima sesudah", "money"),
)
_OF_PERSON = (
    Column("NIP"),
    Column("Nama"),
    Column("Unit kerja"),
    Column("Kelas", "whole"),
    Column("TPP sebelum", "money"),
    Column("TPP sesudah", "money"),
    Column("Selisih", "money"),
    Column("Diterima sebelum", "money"),
    Column("Diterima sesudah", "money"),
)


def what_if_workbook(found: WhatIf, *, made_at: datetime) -> bytes:
    """The report with everybody by name. `made_at`: what the file says of itself; the same report, the same bytes."""
    words = told(found)
    title = (words.title.id, *(line.id for line in words.lines))
    sheets = [
        Sheet(
            "Kelas",
            (Column("Kelas", "whole"), *_OF_GROUP),
            _groups(found.report.classes, of_class=True),
            title,
            True,
            1,
        ),
        Sheet("Unit", (Column("Unit kerja"), *_OF_GROUP), _groups(found.report.units), title, True, 1),
        Sheet("Sebaran", _BANDS, [_band(found, at) for at in range(len(found.report.bands))], title, True),
        Sheet("Pegawai", _OF_PERSON, _people(found), title, True, 2),
    ]
    if found.blocked:
        columns = (Column("NIP"), Column("Nama"), Column("Unit kerja"), Column("Sebab"))
        sheets.append(Sheet("Tidak dihitung", columns, [tuple(one) for one in found.blocked], title))
    return workbook(sheets, made_at=made_at, title=words.title.id)


def _groups(groups: Sequence[Group], *, of_class: bool = False) -> list[tuple[Cell, ...]]:
    return [
        (
            int(one.name) if of_class else one.name,
            *(one.people, one.winners, one.losers),
            *(one.before, one.after, one.after - one.before),
            *(one.gross_before, one.gross_after, one.gross_after - one.gross_before),
            *(one.net_before, one.net_after),
        )
        for one in groups
    ]


_BANDS = (Column("Perubahan"), Column("Pegawai", "whole"), Column("Selisih TPP", "money"))


def _band(found: WhatIf, at: int) -> tuple[Cell, ...]:
    band = found.report.bands[at]
    return (band_name(band).id, band.people, band.difference)


def _people(found: WhatIf) -> list[tuple[Cell, ...]]:
    """Those who lose most come first."""
    return [
        (
            *(one.nip, one.name, one.unit, one.kelas),
            *(one.before, one.after, one.difference, one.net_before, one.net_after),
        )
        for one in sorted(found.people, key=lambda one: (one.difference, one.nip))
    ]
