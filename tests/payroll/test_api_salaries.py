"""The treasurer's salary file: good rows go in, bad ones are named, the same file changes nothing."""

import io

import httpx
import pytest
import xlsxwriter

from services.payroll.tables import SalaryRow
from shared.db import Sessions
from shared.unit_of_work import unit_of_work
from tests.support.payroll import PERIOD, Desk, Month, a_month, must, tell
from tests.support.service import TENANT

DESK = Desk()
HEADER = "NIP;Gaji Kotor;PPh Gaji;Dasar BPJS;Gaji Pokok"


@pytest.fixture
async def month(worker: Sessions) -> Month:
    month = a_month()
    await tell(worker, month.office.events)
    return month


def as_csv(*rows: str) -> bytes:
    return ("\ufeff" + "\r\n".join([HEADER, *rows])).encode()


def as_xlsx(*rows: tuple[object, ...]) -> bytes:
    kept = io.BytesIO()
    book = xlsxwriter.Workbook(kept)
    sheet = book.add_worksheet()
    for number, row in enumerate([tuple(HEADER.split(";")), *rows]):
        for column, cell in enumerate(row):
            sheet.write(number, column, cell)
    book.close()
    return kept.getvalue()


async def imported(client: httpx.AsyncClient, content: bytes, *, dry_run: bool = False) -> httpx.Response:
    return await client.post(
        f"/periods/{PERIOD}/salaries",
        params={"dry_run": dry_run},
        files={"file": ("gaji.csv", content)},
        headers=DESK.treasurer,
    )


async def test_good_rows_go_in_and_bad_ones_are_named_by_row_and_column(
    client: httpx.AsyncClient, month: Month
) -> None:
    nips = [person.nip for person in month.office.everyone]
    file = as_csv(
        f"{nips[0]};6.758.500;0;5.780.500;5.255.000",
        f"{nips[1]};Rp 6239800,00;12000;5398800;4908000",
        f"{nips[2]};enam juta;0;0;0",
        "12345;1;0;0;0",
        "199001012020011999;1;0;0;0",
        f"{nips[0]};1;0;0;0",
    )
    told = must(await imported(client, file))
    assert (told["rows"], told["added"], told["changed"], told["unchanged"]) == (6, 2, 0, 0)
    assert [(fault["row"], fault["place"]) for fault in told["faults"]] == [
        (4, "Gaji Kotor"),
        (5, "NIP"),
        (6, "NIP"),
        (7, "NIP"),
    ]
    assert told["faults"][0]["value"] == "enam juta"
    assert all(fault["remedy"] for fault in told["faults"])
    assert must(await client.get(f"/periods/{PERIOD}", headers=DESK.treasurer))["salaries"] == 2


async def test_the_same_file_again_changes_nothing_and_a_corrected_one_changes_what_differs(
    client: httpx.AsyncClient, month: Month
) -> None:
    first, second = (person.nip for person in month.office.everyone[:2])
    file = as_csv(f"{first};100;0;0;0", f"{second};200;0;0;0")
    must(await imported(client, file))
    again = must(await imported(client, file))
    assert (again["added"], again["changed"], again["unchanged"]) == (0, 0, 2)
    corrected = must(await imported(client, as_csv(f"{first};100;0;0;0", f"{second};250;0;0;0")))
    assert (corrected["added"], corrected["changed"], corrected["unchanged"]) == (0, 1, 1)


async def test_a_dry_run_says_what_would_change_and_changes_nothing(client: httpx.AsyncClient, month: Month) -> None:
    file = as_csv(f"{month.office.head.nip};100;0;0;0")
    assert must(await imported(client, file, dry_run=True))["added"] == 1
    assert must(await client.get(f"/periods/{PERIOD}", headers=DESK.treasurer))["salaries"] == 0


async def test_a_workbook_is_read_as_well_and_a_nip_kept_as_a_number_is_refused(
    client: httpx.AsyncClient, month: Month
) -> None:
    nips = [person.nip for person in month.office.everyone]
    told = must(await imported(client, as_xlsx((nips[0], 6758500, 0, 0, 0), (float(nips[1]), 1, 0, 0, 0))))
    assert told["added"] == 1
    (fault,) = told["faults"]
    assert fault["row"] == 3
    assert "as text" in fault["remedy"]


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n", b"PK\x03\x04rubbish", b"a;b\n1;2", b"\x00\x01", b'"open'])
async def test_a_file_that_is_no_table_is_refused_with_what_to_do(client: httpx.AsyncClient, content: bytes) -> None:
    answer = await imported(client, content)
    assert answer.status_code == 422, answer.text
    assert answer.json()["faults"][0]["remedy"]


async def test_only_the_treasurer_imports_salaries(client: httpx.AsyncClient) -> None:
    file = {"file": ("gaji.csv", as_csv())}
    answer = await client.post(f"/periods/{PERIOD}/salaries", files=file, headers=DESK.verifier)
    assert answer.status_code == 403


MORE = f"{HEADER};Dasar Pensiun;Iuran Pensiun;Zakat Gaji;TPP Lain;PPh TPP Lain;Status PTKP"


async def test_a_file_may_say_more_and_a_file_that_does_not_leaves_it_as_it_was(
    client: httpx.AsyncClient, worker: Sessions, month: Month
) -> None:
    nip = month.office.head.nip
    wide = "\r\n".join([MORE, f"{nip};5200000;1000;4900000;4000000;4560000;364.800;100000;3000000;50000;k/1"])
    assert must(await imported(client, wide.encode()))["added"] == 1
    assert must(await imported(client, as_csv(f"{nip};5200000;1000;4900000;4000000")))["unchanged"] == 1
    assert must(await imported(client, as_csv(f"{nip};5300000;1000;4900000;4000000")))["changed"] == 1
    async with unit_of_work(worker, TENANT) as uow:
        row = await uow.session.get_one(SalaryRow, (TENANT, PERIOD, month.office.head.employee_id))
    assert (row.gross, row.pension_base, row.pension, row.zakat) == (5_300_000, 4_560_000, 364_800, 100_000)
    assert (row.tpp_elsewhere, row.tpp_elsewhere_tax, row.ptkp) == (3_000_000, 50_000, "K/1")


@pytest.mark.parametrize(
    ("cells", "place"),
    [
        ("5200000;0;0;0;0;5200001;0;0;0;", "Iuran Pensiun"),
        ("5200000;0;0;0;0;0;0;100;101;", "PPh TPP Lain"),
        ("5200000;0;0;0;0;0;0;0;0;K/4", "Status PTKP"),
        ("5200000;0;0;0;sebagian;0;0;0;0;", "Dasar Pensiun"),
    ],
)
async def test_what_cannot_be_in_the_further_columns_is_named(
    client: httpx.AsyncClient, month: Month, cells: str, place: str
) -> None:
    told = must(await imported(client, "\r\n".join([MORE, f"{month.office.head.nip};{cells}"]).encode()))
    assert told["added"] == 0
    assert [(fault["row"], fault["place"]) for fault in told["faults"]] == [(2, place)]
