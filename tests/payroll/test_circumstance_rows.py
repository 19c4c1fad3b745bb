"""A row of the office's table of circumstances: what it means, and what is said of a cell that cannot be read."""

from datetime import date

import pytest

from services.payroll.rules.circumstances import Circumstance, CircumstanceKind, circumstance_in

DECIDED = {"author": "BKPSDM", "reason": "SK 12"}


def row(kind: str, code: str = "x", start: str = "2026-10-05", **cells: str) -> dict[str, str]:
    """A row with everything that every row has."""
    told = {"Jenis": kind, "Kode": code, "Mulai": start, "Penetap": "BKPSDM", "Alasan": "SK 12", "NIP": "1986"}
    return told | cells


def content(cells: dict[str, str]) -> dict[str, object]:
    found = circumstance_in(cells)
    assert isinstance(found, Circumstance), found
    return found.content


def wrong(cells: dict[str, str]) -> list[tuple[str, str]]:
    """Column and message of everything wrong; there is a remedy for each."""
    found = circumstance_in(cells)
    assert not isinstance(found, Circumstance), found
    assert all(len(one.remedy) > 5 and one.remedy == one.remedy.replace("XX", "") for one in found)
    return [(one.column, one.message) for one in found]


MEANINGS = [
    (
        row("pengecualian", "late, apel", Sampai="2026-10-09"),
        {"covers": ["late", "apel"], "start": "2026-10-05", "end": "2026-10-09"} | DECIDED,
    ),
    (
        row("pengecualian", "part:disiplin", Sampai="2026-10-09", Hari="3", NIP="", Unit="1.01"),
        {"covers": ["part:disiplin"], "start": "2026-10-05", "end": "2026-10-09", "workdays": 3} | DECIDED,
    ),
    (
        row("pengecualian", "late", Sampai="2026-10-09", Hari="3"),
        {"covers": ["late"], "start": "2026-10-05", "end": "2026-10-09", "workdays": 3} | DECIDED,
    ),
    (row("hukuman", "sedang_6"), {"kind": "sedang_6", "effective_from": "2026-10-05"}),
    (
        row("hukuman", "sedang_6", Sampai="2026-12-31"),
        {"kind": "sedang_6", "effective_from": "2026-10-05", "effective_to": "2026-12-31"},
    ),
    (row("kejadian", "razia"), {"kind": "razia", "on": "2026-10-05"}),
    (row("kejadian", "razia", Hari="2"), {"kind": "razia", "on": "2026-10-05", "times": 2}),
    (row("kejadian", "razia", Nilai="2,5 %"), {"kind": "razia", "on": "2026-10-05", "percent": "2.5 %"}),
    (row("kejadian", "tgr", Nilai="Rp 250.000"), {"kind": "tgr", "on": "2026-10-05", "rupiah": "250000"}),
    (
        row("angsuran", "tgr", Bulanan="500000", Nilai="Rp6.000.000,00"),
        {"kind": "tgr", "start": "2026-10-05", "monthly": "500000", "total": "6000000"} | DECIDED,
    ),
    (row("pelepasan", "lhkpn"), {"rule": "lhkpn", "on": "2026-10-05"} | DECIDED),
    (row("skor", "sakip", Nilai="1/3", NIP=""), {"name": "sakip", "share": "1/3"}),
    (row("skor", "sakip", Nilai=" 80 % "), {"name": "sakip", "share": "80 %"}),
    (row("jumlah", " prestasi ", Nilai="Rp. 1.234.567"), {"name": "prestasi", "rupiah": "1234567"}),
    (row("jumlah", "prestasi", Nilai="0"), {"name": "prestasi", "rupiah": "0"}),
    (row("tanda", "tugas_belajar"), {"name": "tugas_belajar"}),
    (row("nilai_jabatan", "J-12", Nilai="1735", NIP=""), {"name": "J-12", "points": 1735}),
    (row(" Nilai Jabatan ", "J-12", Nilai="1735", NIP=""), {"name": "J-12", "points": 1735}),
]


@pytest.mark.parametrize(("cells", "meaning"), MEANINGS)
def test_a_row_means_what_its_kind_says(cells, meaning):
    assert content(cells) == meaning


def test_a_row_keeps_its_days_who_decided_and_why():
    found = circumstance_in(row("Hukuman", Sampai="31-12-2026"))
    assert (found.kind, found.valid_from, found.valid_to) == ("hukuman", date(2026, 10, 5), date(2026, 12, 31))
    assert (found.author, found.reason) == ("BKPSDM", "SK 12")
    assert circumstance_in(row("tanda")).valid_to is None


@pytest.mark.parametrize(
    "day", ["2026-10-05", "5-10-2026", "05/10/2026", "2026-10-05 00:00:00", " 2026-10-05T00:00:00 "]
)
def test_a_day_may_be_written_as_spreadsheets_and_people_write_it(day):
    assert circumstance_in(row("tanda", start=day)).valid_from == date(2026, 10, 5)


@pytest.mark.parametrize("day", ["1990-01-01", "2199-12-31"])
def test_the_first_and_the_last_day_that_can_be_meant_are_taken(day):
    assert circumstance_in(row("tanda", start=day)).valid_from == date.fromisoformat(day)


@pytest.mark.parametrize(
    "day", ["1989-12-31", "2200-01-01", "2026-02-30", "10-2026", "besok", "", "2026-10-05 08:00:00"]
)
def test_what_is_no_day_is_said_to_be_none(day):
    assert wrong(row("tanda", start=day)) == [("Mulai", "this is not a date")]


FAULTS = [
    (row("hukumann"), [("Jenis", "there is no such kind")]),
    (row("tanda", Sampai="2026-13-01"), [("Sampai", "this is not a date")]),
    (row("pengecualian", "late"), [("Sampai", "this is not a date")]),
    (row("tanda", Sampai="2026-10-04"), [("Sampai", "it ends before it begins")]),
    (row("tanda", code=""), [("Kode", "it is blank")]),
    (row("tanda", Penetap=""), [("Penetap", "it is blank")]),
    (row("tanda", Alasan=""), [("Alasan", "it is blank")]),
    (row("tanda", NIP=""), [("NIP", "tanda is about one person")]),
    (row("hukuman", NIP=""), [("NIP", "hukuman is about one person")]),
    (row("skor", Nilai="80"), [("Nilai", "this is not a percentage")]),
    (row("skor"), [("Nilai", "this is not a percentage")]),
    (row("kejadian", Nilai="lima %"), [("Nilai", "this is not a percentage")]),
    (row("kejadian", Nilai="banyak"), [("Nilai", "this is not an amount in rupiah")]),
    (row("kejadian", Hari="1.5"), [("Hari", "this is not a whole number")]),
    (row("jumlah", Nilai="1.23"), [("Nilai", "this is not an amount in rupiah")]),
    (row("jumlah"), [("Nilai", "this is not an amount in rupiah")]),
    (row("angsuran", Nilai="100"), [("Bulanan", "this is not an amount in rupiah")]),
    (row("angsuran", Bulanan="100"), [("Nilai", "this is not an amount in rupiah")]),
    (row("nilai_jabatan"), [("Nilai", "the points are missing")]),
    (
        row("nilai_jabatan", Nilai="1234567890"),
        [("Nilai", "this is not a whole number"), ("Nilai", "the points are missing")],
    ),
    (
        row("pengecualian", "part:disiplin", Sampai="2026-10-09"),
        [("Hari", "how many workdays of the part are exempted is not said")],
    ),
]


@pytest.mark.parametrize(("cells", "said"), FAULTS)
def test_a_cell_that_cannot_be_read_is_named(cells, said):
    assert wrong(cells) == said


def test_everything_wrong_with_a_row_is_said_at_once():
    columns = [column for column, _ in wrong({"Jenis": "hukuman", "Mulai": "x", "Sampai": "y"})]
    assert columns == ["Mulai", "Sampai", "Kode", "Penetap", "Alasan", "NIP"]
    assert [column for column, _ in wrong({})] == ["Jenis", "Mulai", "Kode", "Penetap", "Alasan"]


def test_the_remedy_says_what_may_be_written():
    (kinds,) = circumstance_in(row("hukumann"))
    assert kinds.remedy == f"write one of {', '.join(CircumstanceKind)}"
    (day,) = circumstance_in(row("tanda", start="x"))
    assert day.remedy == "write 2026-10-31 or 31-10-2026"
    (share,) = circumstance_in(row("skor", Nilai="80"))
    assert share.remedy == "write it with its sign, such as 80 %"
    (amount,) = circumstance_in(row("jumlah", Nilai="x"))
    assert amount.remedy == "write whole rupiah, such as 500000"


def test_a_code_that_the_facts_cannot_hold_is_refused_at_its_column():
    (only,) = circumstance_in(row("pengecualian", "terlambat", Sampai="2026-10-09"))
    assert only.column == "Kode"
    assert only.message.startswith("it does not fit: ")
    (only,) = circumstance_in(row("hukuman", "x" * 400))
    assert only.column == "Kode"
    (only,) = circumstance_in(row("pelepasan", "x" * 400))
    assert only.column == "Kode"
    (only,) = circumstance_in(row("angsuran", "x" * 400, Bulanan="1", Nilai="2"))
    assert only.column == "Kode"
    (only,) = circumstance_in(row("kejadian", "x" * 400))
    assert only.column == "Kode"


def test_only_the_first_300_letters_of_author_and_reason_are_kept():
    found = circumstance_in(row("tanda", Penetap="a" * 400, Alasan="b" * 400))
    assert (found.author, found.reason) == ("a" * 300, "b" * 300)


def test_it_may_end_on_the_day_it_begins():
    assert circumstance_in(row("tanda", Sampai="2026-10-05")).valid_to == date(2026, 10, 5)
