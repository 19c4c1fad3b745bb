"""The treasurer's salary file: good rows go in, bad ones are named, the same file changes nothing."""

import io

import httpx
import pytest
import xlsxwriter

from shared.db import Sessions
from tests.support.payroll import PERIOD, Desk, Month, a_month, must, tell

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
