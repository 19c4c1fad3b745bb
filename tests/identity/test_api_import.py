"""Importing an office's lists: good rows go in, bad rows are named, the same again changes nothing."""

import time
from datetime import date
from typing import Any

import pytest

from shared.events.identity import EmployeeChanged, MasaKerja, PositionChanged, UnitChanged
from tests.support.identity import EMPLOYEE_HEADERS, Client, employee_rows, workbook
from tests.support.service import headers, nip_of, token_for

UNITS = [
    ("Kode Unit", "Nama Unit", "Jenis Unit", "Kode Induk"),
    ("1.1", "UPTD Sungailiat", "UPTD", "1"),
    ("1", "Dinas Kesehatan", "OPD", ""),
]
POSITIONS = [
    ("Kode Jabatan", "Nama Jabatan", "Jenis Jabatan", "Kelas Jabatan", "Kode Unit", "Kode Atasan"),
    ("STAF", "Pengelola Data", "pelaksana", 7, "1.1", "KADIS"),
    ("KADIS", "Kepala Dinas", "JPT Pratama", 14, "1", ""),
]
PEOPLE = [
    ("Nama", "NIP", "Status ASN", "Gol.", "Kode Jabatan", "PTKP", "Bank", "No. Rekening"),
    ("Sari", nip_of(1), "PNS", "IV.b", "KADIS", "K/1", "Bank Sumsel Babel", "4102098678210"),
    ("Budi", f"'{nip_of(2)}", "CPNS", "III/a", "STAF", "TK/0", "", ""),
]
WHOLE = {"Unit": UNITS, "Jabatan": POSITIONS, "Pegawai": PEOPLE}


async def told(client: Client, kind: str, content: bytes, **params: Any) -> dict[str, Any]:
    answer = await client.bring(kind, content, **params)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def people(*rows: tuple[Any, ...], head: tuple[str, ...] = EMPLOYEE_HEADERS) -> bytes:
    return workbook(Pegawai=[head, *rows])


async def test_an_office_comes_in_whole_from_one_workbook_in_any_order(client: Client) -> None:
    done = await told(client, "organisation", workbook(**WHOLE))
    assert done["faults"] == []
    assert {name: counts["added"] for name, counts in done["counts"].items()} == {
        "units": 2,
        "positions": 2,
        "employees": 2,
    }
    posts = {one["code"]: one for one in (await client.get("/positions", day="2026-06-01")).json()["positions"]}
    assert posts["STAF"]["reports_to"] == posts["KADIS"]["position_id"]
    assert [one["name"] for one in posts["STAF"]["holders"]] == ["Budi"]
    sari = next(one for one in await client.stated(EmployeeChanged) if one.name == "Sari")
    assert (sari.statuses[0].golongan, sari.ptkp, sari.nips[0].nip) == ("IV/b", "K/1", nip_of(1))
    assert sari.bank is not None
    assert sari.bank.number == "4102098678210"


async def test_the_same_file_again_changes_and_states_nothing(client: Client) -> None:
    content = workbook(**WHOLE)
    await told(client, "organisation", content)
    again = await told(client, "organisation", content)
    assert again["nothing_changed"]
    assert "nothing changed" in again["summary"]
    later = await told(client, "organisation", content, since="2026-09-01")
    assert later["nothing_changed"]
    for kind in (UnitChanged, PositionChanged, EmployeeChanged):
        assert {one.version for one in await client.stated(kind)} == {1}


async def test_a_dry_run_says_what_would_change_and_changes_nothing(client: Client) -> None:
    tried = await told(client, "organisation", workbook(**WHOLE), dry_run=True, accounts=True)
    assert tried["dry_run"]
    assert "2 employees would be added" in tried["summary"]
    assert tried["accounts"] == []
    assert (await client.get("/units")).json() == []
    done = await told(client, "organisation", workbook(**WHOLE))
    assert done["counts"] == tried["counts"]


async def test_every_bad_cell_is_named_and_the_good_rows_go_in(client: Client) -> None:
    content = people(
        *employee_rows(2),
        (1.98609e17, "Rusak", "PNS", "III/c", "K/1"),
        ("198613262015051001", "Bulan", "PNS", "III/c", "K/1"),
        (nip_of(5), "Golongan", "PPPK", "III/c", "K/7"),
        (nip_of(1), "Dua Kali", "PNS", "III/c", "K/1"),
        (nip_of(7), "", "PNS", "III/c", "K/1"),
    )
    done = await told(client, "employees", content)
    named = [(one["row"], one["place"], one["value"]) for one in done["faults"]]
    assert named == [
        (4, "NIP", "1.98609E+17"),
        (5, "NIP", "198613262015051001"),
        (6, "Golongan", "III/c"),
        (6, "PTKP", "K/7"),
        (7, "NIP", nip_of(1)),
        (8, "Nama", None),
    ]
    assert "format the column as text" in done["faults"][0]["remedy"]
    assert all(one["remedy"] for one in done["faults"])
    assert done["counts"]["employees"] == {"rows": 7, "added": 2, "changed": 0, "unchanged": 0, "refused": 5}
    assert {one.nips[0].nip for one in await client.stated(EmployeeChanged)} == {nip_of(1), nip_of(2)}


async def test_a_warning_refuses_nothing(client: Client) -> None:
    done = await told(client, "employees", people(("200501012015051001", "Muda", "PNS", "II/a", "TK/0")))
    assert (done["faults"], done["counts"]["employees"]["added"]) == ([], 1)
    assert "age 10" in done["notices"][0]["message"]


async def test_a_changed_cell_is_one_new_version_of_one_employee(client: Client) -> None:
    await told(client, "employees", people(*employee_rows(3)))
    rows = employee_rows(3)
    rows[1] = (*rows[1][:4], "K/3")
    done = await told(client, "employees", people(*rows))
    assert done["counts"]["employees"] | {"rows": 3} == {
        "rows": 3,
        "added": 0,
        "changed": 1,
        "unchanged": 2,
        "refused": 0,
    }
    last = (await client.stated(EmployeeChanged))[-1]
    assert (last.nips[0].nip, last.ptkp, last.version) == (nip_of(2), "K/3", 2)


async def test_a_promotion_is_a_term_from_its_day_and_the_old_one_stays(client: Client) -> None:
    head = (*EMPLOYEE_HEADERS, "TMT Golongan")
    old = (*employee_rows(1)[0], date(2024, 4, 1))
    new = (nip_of(1), "Pegawai 1", "PNS", "III/d", "K/1", "01-04-2026")
    await told(client, "employees", people(old, head=head))
    for _ in range(2):
        await told(client, "employees", people(new, head=head))
    assert (await told(client, "employees", people(old, head=head)))["nothing_changed"]
    last = (await client.stated(EmployeeChanged))[-1]
    assert [(str(one.valid_from), one.golongan) for one in last.statuses] == [
        ("2024-04-01", "III/c"),
        ("2026-04-01", "III/d"),
    ]
    assert last.version == 2


async def test_a_list_without_codes_makes_the_posts_from_name_unit_class_and_superior(client: Client) -> None:
    await told(client, "units", workbook(Unit=UNITS))
    head = ("NIP", "Nama", "Status", "Golongan", "Unit", "Jabatan", "Jenis Jabatan", "Kelas", "Atasan")
    rows = (
        (nip_of(3), "Staf", "PNS", "III/a", "UPTD Sungailiat", "Pengelola", "Pelaksana", 7, nip_of(2)),
        (nip_of(4), "Staf", "PPPK", "IX", "1.1", "Pengelola", "Pelaksana", 7, nip_of(2)),
        (nip_of(2), "Kasubbag", "PNS", "III/d", "1.1", "Kepala Subbagian", "Pengawas", 9, nip_of(1)),
        (nip_of(1), "Kadis", "PNS", "IV/b", "Dinas Kesehatan", "Kepala Dinas", "JPT Pratama", 14, ""),
    )
    content = people(*rows, head=head)
    done = await told(client, "employees", content)
    assert done["faults"] == []
    assert (await told(client, "employees", content))["nothing_changed"]
    posts = (await client.get("/positions", day="2026-06-01")).json()["positions"]
    holders = {one["name"]: len(one["holders"]) for one in posts}
    assert holders == {"Pengelola": 2, "Kepala Subbagian": 1, "Kepala Dinas": 1}
    staff = next(one["holders"][0]["employee_id"] for one in posts if one["name"] == "Pengelola")
    superiors = (
        await client.get(f"/employees/{staff}/superiors", first_day="2026-06-01", last_day="2026-06-01")
    ).json()
    assert len(superiors[0]["superiors"]) == 1


async def test_rows_above_each_other_in_a_circle_are_refused(client: Client) -> None:
    await told(client, "units", workbook(Unit=UNITS))
    head = ("NIP", "Nama", "Status", "Golongan", "Unit", "Jabatan", "Jenis Jabatan", "Kelas", "Atasan")
    rows = [
        (nip_of(1), "A", "PNS", "III/a", "1", "Satu", "Pelaksana", 7, nip_of(2)),
        (nip_of(2), "B", "PNS", "III/a", "1", "Dua", "Pelaksana", 7, nip_of(1)),
    ]
    done = await told(client, "employees", people(*rows, head=head))
    assert done["counts"]["employees"]["refused"] == 2
    assert {one["place"] for one in done["faults"]} == {"Atasan"}
    circle = [("Kode", "Nama", "Jenis", "Induk"), ("8", "A", "OPD", "9"), ("9", "B", "OPD", "8")]
    assert (await told(client, "units", workbook(Unit=circle)))["counts"]["units"]["refused"] == 2


async def test_a_row_may_add_plt_beside_the_definitive_post(client: Client) -> None:
    await told(client, "organisation", workbook(**WHOLE))
    head = ("NIP", "Kode Jabatan", "Jenis Penugasan", "Berlaku Sejak", "Berlaku Sampai")
    content = people((nip_of(2), "KADIS", "Plt.", "01-05-2026", "31-07-2026"), head=head)
    assert (await told(client, "employees", content))["counts"]["employees"]["changed"] == 1
    assert (await told(client, "employees", content))["nothing_changed"]
    last = (await client.stated(EmployeeChanged))[-1]
    assert [one.kind for one in last.assignments] == ["definitif", "plt"]


async def test_a_second_definitive_holder_of_a_leading_post_is_refused(client: Client) -> None:
    await told(client, "organisation", workbook(**WHOLE))
    head = ("NIP", "Nama", "Status", "Golongan", "Kode Jabatan")
    done = await told(client, "employees", people((nip_of(9), "Lain", "PNS", "IV/a", "KADIS"), head=head))
    assert "definitive holder" in done["faults"][0]["message"]
    assert done["counts"]["employees"]["refused"] == 1


async def test_a_new_nip_is_joined_to_its_person_by_the_old_one(client: Client) -> None:
    await told(client, "employees", people(*employee_rows(1)))
    new = nip_of(1)[:8] + "202605" + "1001"
    head = ("NIP", "NIP Sebelumnya", "Nama", "Status", "Golongan")
    content = people((new, nip_of(1), "Pegawai 1", "CPNS", "III/a"), head=head)
    for changed in (1, 0):
        done = await told(client, "employees", content, since="2026-05-01")
        assert done["counts"]["employees"]["changed"] == changed
    stated = await client.stated(EmployeeChanged)
    assert len({one.employee_id for one in stated}) == 1
    assert [term.nip for term in stated[-1].nips] == [nip_of(1), new]


async def test_accounts_come_with_one_time_passwords_shown_once(client: Client) -> None:
    content = people(*employee_rows(3))
    done = await told(client, "employees", content, accounts=True)
    assert [one["login"] for one in done["accounts"]] == [nip_of(1), nip_of(2), nip_of(3)]
    first = done["accounts"][0]
    assert (await client.log_in(first["login"], first["password"])).status_code == 200
    assert (await told(client, "employees", content, accounts=True))["accounts"] == []


@pytest.mark.parametrize(
    ("content", "filename"),
    [
        (b"NIP;Nama;Status;Golongan\r\n%s;Sari;PNS;III/c\r\n", "pegawai.csv"),
        (b"\xef\xbb\xbfnama,nip,golongan,status\nSari,'%s,III.c,pns\n", "pegawai.csv"),
        (b"Daftar Pegawai\tper Januari\n\nNama\tNIP\tStatus\tGol\nS\xe9ri\t%s\tPNS\tIIIc\n", "pegawai.txt"),
    ],
)
async def test_a_csv_is_read_whatever_a_spreadsheet_made_of_it(client: Client, content: bytes, filename: str) -> None:
    done = await told(client, "employees", content % nip_of(1).encode(), filename=filename)
    assert (done["faults"], done["counts"]["employees"]["added"]) == ([], 1)


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"", "names the columns"),
        (b"\x00\x01\x02", "neither a workbook nor a CSV"),
        (b"PK\x03\x04 no zip", "no workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "old .xls"),
        (b"Judul\nlain\n", "names the columns nip"),
    ],
)
async def test_a_file_that_is_no_list_is_refused_with_what_to_do(client: Client, content: bytes, part: str) -> None:
    answer = await client.bring("employees", content)
    assert answer.status_code == 422
    assert part in answer.json()["detail"]


async def test_a_workbook_without_the_sheets_of_an_organisation_is_refused(client: Client) -> None:
    assert (await client.bring("organisation", workbook(Lain=[("a",)]))).status_code == 422


async def test_only_an_administrator_imports(client: Client) -> None:
    who = headers(token_for(client.tenant_id, ["kepegawaian", "auditor"]))
    assert (await client.bring("employees", people(*employee_rows(1)), who=who)).status_code == 403


async def test_an_import_never_touches_another_regions_people(client: Client, other: Client) -> None:
    await told(client, "employees", people(*employee_rows(2)))
    done = await told(other, "employees", people(*employee_rows(2)))
    assert done["counts"]["employees"]["added"] == 2
    assert len(await client.stated(EmployeeChanged)) == 2


async def test_ten_thousand_employees_come_in_within_a_minute_however_busy_the_machine(client: Client) -> None:
    content = people(*employee_rows(10_000))
    started = time.perf_counter()
    done = await told(client, "employees", content, accounts=True)
    assert done["counts"]["employees"]["added"] == len(done["accounts"]) == 10_000
    assert time.perf_counter() - started < 60


SERVED = (*EMPLOYEE_HEADERS, "Alamat", "Masa Kerja Golongan", "Tanggal MKG")


async def test_address_and_masa_kerja_come_with_the_list_where_it_has_them(client: Client) -> None:
    one, other = employee_rows(2)
    rows = [(*one, "Jl. Merdeka 1, Muntok", "10 tahun 3 bulan", "2026-03-01"), (*other, "", "4/11", "")]
    await told(client, "employees", people(*rows, head=SERVED), since="2026-06-01")
    first, second = sorted(await client.stated(EmployeeChanged), key=lambda stated: stated.nips[0].nip != one[0])
    assert (first.address, first.masa_kerja) == (
        "Jl. Merdeka 1, Muntok",
        MasaKerja(years=10, months=3, on=date(2026, 3, 1)),
    )
    assert (second.address, second.masa_kerja) == (None, MasaKerja(years=4, months=11, on=date(2026, 6, 1)))
    again = await told(client, "employees", people(*rows, head=SERVED), since="2026-09-01")
    assert again["nothing_changed"], "without a day, what is stated already stays as it is"
    assert (await told(client, "employees", people(one, other)))["nothing_changed"], "a list without them keeps them"


async def test_a_masa_kerja_that_cannot_be_read_is_named_with_its_cell_and_what_to_write(client: Client) -> None:
    one, other = employee_rows(2)
    rows = [(*one, "", "10 tahun 14 bulan", ""), (*other, "", "5/0", "")]
    done = await told(client, "employees", people(*rows, head=SERVED))
    (fault,) = done["faults"]
    assert (fault["row"], fault["place"], fault["value"]) == (2, "Masa Kerja Golongan", "10 tahun 14 bulan")
    assert "write it as 10 tahun 3 bulan" in fault["remedy"]
    assert done["counts"]["employees"]["added"] == 1, "the good row goes in"
