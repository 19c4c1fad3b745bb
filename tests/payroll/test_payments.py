"""From an approved run to the bank and back: each person once, in sums that agree, and nothing twice."""

import csv
import hashlib
import io
from typing import Any

import httpx
import pytest

from services.payroll.exports.documents import shipped_templates
from shared.db import Sessions
from shared.events.identity import BankAccount, EmployeeChanged
from tests.support.payroll import Desk, Month, a_month, must, prepared, tell, work_all
from tests.support.service import TENANT

DESK = Desk()


@pytest.fixture
async def month(worker: Sessions) -> Month:
    month = a_month(staff=3)
    await prepared(worker, month)
    return month


@pytest.fixture
async def run_id(client: httpx.AsyncClient, worker: Sessions, month: Month) -> str:
    """A published run of five people, everybody with an account."""
    await DESK.adopt(client)
    return await DESK.publish_all(client, worker)


async def make(client: httpx.AsyncClient, run_id: str, **given: Any) -> httpx.Response:
    asked = {"template": "bpd-csv"} | given
    return await client.post(f"/runs/{run_id}/bank-files", json=asked, headers=DESK.treasurer)


async def file_of(client: httpx.AsyncClient, run_id: str, number: int = 1) -> bytes:
    answer = await client.get(f"/runs/{run_id}/bank-files/{number}", headers=DESK.treasurer)
    assert answer.status_code == 200, answer.text
    return answer.content


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode()), delimiter=";"))


def returned(rows: list[dict[str, str]], *said: tuple[str, str]) -> bytes:
    """A bank's return file: the rows of our file, each with its status and reason."""
    held = io.StringIO()
    writer = csv.DictWriter(held, [*rows[0], "STATUS", "KETERANGAN"], delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    for row, (status, reason) in zip(rows, said, strict=True):
        writer.writerow(row | {"STATUS": status, "KETERANGAN": reason})
    return held.getvalue().encode()


async def send_back(
    client: httpx.AsyncClient, run_id: str, content: bytes, number: int = 1, **params: Any
) -> httpx.Response:
    path = f"/runs/{run_id}/bank-files/{number}/answer"
    return await client.post(path, files={"file": ("retur.csv", content)}, params=params, headers=DESK.treasurer)


async def payments(client: httpx.AsyncClient, run_id: str) -> Any:
    return must(await client.get(f"/runs/{run_id}/payments", headers=DESK.auditor))


def with_account(month: Month, nip: str, number: str) -> EmployeeChanged:
    """The fact that somebody's account was corrected."""
    events = [one for one in month.office.events if isinstance(one, EmployeeChanged)]
    old = next(one for one in events if one.nips[-1].nip == nip)
    bank = BankAccount(bank_code="120", bank_name="BPD Sumsel Babel", number=number, holder=old.name)
    return old.model_copy(update={"bank": bank, "version": 2})


async def test_a_bank_file_pays_everybody_of_the_run_once_in_equal_totals(
    client: httpx.AsyncClient, run_id: str
) -> None:
    run = await DESK.run(client, run_id)
    made = must(await make(client, run_id))
    named = ("count", "net", "hash_total")
    assert [made[name] for name in named] == [run["totals"][name] for name in named]
    assert made["left_out"] == []
    content = await file_of(client, run_id)
    assert hashlib.sha256(content).hexdigest() == made["sha256"]
    assert content == await file_of(client, run_id)
    rows = rows_of(content)
    assert len({row["NIP"] for row in rows}) == len(rows) == 5
    assert sum(int(row["JUMLAH"]) for row in rows) == int(run["totals"]["net"])
    assert all(row["BERITA"] == "TPP Oktober 2026 Induk" for row in rows)
    again = await make(client, run_id)
    assert again.status_code == 409
    assert "already" in again.json()["detail"]


async def test_only_an_approved_run_is_paid(client: httpx.AsyncClient, worker: Sessions, month: Month) -> None:
    await DESK.adopt(client)
    run_id = await DESK.start(client)
    await work_all(worker)
    refused = await make(client, run_id)
    assert (refused.status_code, refused.json()["state"]) == (409, "calculated")


async def test_what_the_bank_refused_is_paid_by_the_next_file_once_the_account_is_corrected(
    client: httpx.AsyncClient, worker: Sessions, run_id: str, month: Month
) -> None:
    must(await make(client, run_id))
    rows = rows_of(await file_of(client, run_id))
    answer = returned(rows, *[("SUKSES", "")] * 3, ("GAGAL", "rekening tutup"), ("RETUR", "nama tidak sesuai"))
    told = must(await send_back(client, run_id, answer))
    assert told["states"] == {"paid": 3, "rejected": 1, "returned": 1}
    assert told["reconciled"] is True
    assert told["stated"] == told["answered"]
    refused = await make(client, run_id)
    assert refused.status_code == 409
    assert "not corrected" in refused.json()["detail"]
    await tell(worker, [with_account(month, rows[3]["NIP"], "1500099999")])
    second = must(await make(client, run_id))
    assert (second["number"], second["count"], second["net"]) == (2, 1, rows[3]["JUMLAH"])
    assert [(one["nip"], one["amount"]) for one in second["left_out"]] == [(rows[4]["NIP"], rows[4]["JUMLAH"])]
    (resent,) = rows_of(await file_of(client, run_id, 2))
    assert resent["REKENING"] == "1500099999"
    third = must(await make(client, run_id, resend_unchanged=True))
    assert (third["number"], third["count"], third["left_out"]) == (3, 1, [])
    for number in (2, 3):
        must(
            await send_back(
                client, run_id, returned(rows_of(await file_of(client, run_id, number)), ("00", "")), number
            )
        )
    standing = await payments(client, run_id)
    assert standing["wholly_paid"] is True
    assert standing["states"] == {"paid": 5}
    assert standing["sums"]["paid"] == standing["net"]


async def test_the_first_file_as_it_went_out_stays_as_it_was_after_the_account_is_corrected(
    client: httpx.AsyncClient, worker: Sessions, run_id: str, month: Month
) -> None:
    must(await make(client, run_id))
    before = await file_of(client, run_id)
    await tell(worker, [with_account(month, rows_of(before)[0]["NIP"], "1500099999")])
    document = shipped_templates()["bpd-csv"].replace("NAMA", "PENERIMA")
    must(await client.post("/export-documents", json={"document": document}, headers=DESK.treasurer))
    assert await file_of(client, run_id) == before


async def test_the_same_return_file_again_changes_nothing(client: httpx.AsyncClient, run_id: str) -> None:
    must(await make(client, run_id))
    rows = rows_of(await file_of(client, run_id))
    first = returned(rows, *[("SUKSES", "")] * 4, ("GAGAL", "rekening tutup"))
    mended = returned(rows, *[("SUKSES", "")] * 5)
    assert must(await send_back(client, run_id, first, dry_run=True))["changed"] == 5
    assert (await payments(client, run_id))["states"] == {"sent": 5}
    assert must(await send_back(client, run_id, first))["changed"] == 5
    again = must(await send_back(client, run_id, first))
    assert (again["again"], again["changed"]) == (True, 0)
    assert must(await send_back(client, run_id, mended))["changed"] == 1
    must(await send_back(client, run_id, first))
    assert (await payments(client, run_id))["states"] == {"paid": 5}


async def test_bad_rows_of_a_return_file_are_named_and_the_good_ones_count(
    client: httpx.AsyncClient, run_id: str
) -> None:
    must(await make(client, run_id))
    rows = rows_of(await file_of(client, run_id))
    rows[0]["JUMLAH"] = "1"
    rows[1]["REKENING"] = "77"
    rows[2]["NIP"] = rows[3]["NIP"]
    answer = returned(rows, *[("SUKSES", "")] * 4, ("???", ""))
    told = must(await send_back(client, run_id, answer))
    assert [(fault["row"], fault["place"]) for fault in told["faults"]] == [
        (2, "JUMLAH"),
        (3, "REKENING"),
        (4, "NIP"),
        (6, "STATUS"),
    ]
    assert told["states"] == {"sent": 4, "paid": 1}
    assert told["reconciled"] is False
    page = must(
        await client.get(f"/runs/{run_id}/payments/statements", params={"state": "paid"}, headers=DESK.treasurer)
    )
    assert [one["nip"] for one in page["payments"]] == [rows[3]["NIP"]]


async def test_what_is_sent_again_cannot_be_declared_paid_in_the_first_file(
    client: httpx.AsyncClient, run_id: str
) -> None:
    must(await make(client, run_id))
    rows = rows_of(await file_of(client, run_id))
    must(await send_back(client, run_id, returned(rows, *[("SUKSES", "")] * 4, ("GAGAL", "x"))))
    must(await make(client, run_id, resend_unchanged=True))
    told = must(await send_back(client, run_id, returned(rows, *[("BERHASIL", "")] * 5)))
    (fault,) = told["faults"]
    assert fault["value"] == rows[4]["NIP"]
    assert "twice" in fault["message"]
    assert (await payments(client, run_id))["states"] == {"paid": 4, "sent": 1}


async def test_a_bank_that_lists_failures_only_pays_the_others(client: httpx.AsyncClient, run_id: str) -> None:
    must(await make(client, run_id, template="bpd-xlsx"))
    page = must(await client.get(f"/runs/{run_id}/payments/statements", headers=DESK.treasurer))
    one = page["payments"][0]
    head = "Nomor Rekening;Jumlah;NIP;Status;Alasan\n"
    wrong = f"{head}{one['account']};{one['net']};{one['nip']};Entah;\n".encode()
    told = must(await send_back(client, run_id, wrong))
    assert told["states"] == {"sent": 5}, "who is not listed may be the one whose row cannot be read"
    right = f"{head}{one['account']};{one['net']};{one['nip']};Ditolak;rekening pasif\n".encode()
    told = must(await send_back(client, run_id, right))
    assert told["states"] == {"paid": 4, "rejected": 1}
    rejected = must(
        await client.get(f"/runs/{run_id}/payments/statements", params={"state": "rejected"}, headers=DESK.treasurer)
    )
    assert rejected["payments"][0]["reason"] == "rekening pasif"


async def test_a_template_for_some_banks_names_those_it_leaves_out(client: httpx.AsyncClient, run_id: str) -> None:
    document = shipped_templates()["bpd-csv"].replace("name: bpd-csv", 'name: lain\nbanks: ["110"]')
    must(await client.post("/export-documents", json={"document": document}, headers=DESK.treasurer))
    refused = await make(client, run_id, template="lain")
    assert (refused.status_code, refused.json()["left_out"]) == (409, 5)
    unknown = await make(client, run_id, template="tidak-ada")
    assert unknown.status_code == 404
    assert "bpd-csv" in unknown.json()["detail"]
    assert "lain" in unknown.json()["detail"]


async def test_a_template_with_faults_is_refused_and_each_is_named(client: httpx.AsyncClient, run_id: str) -> None:
    document = "format: takar.bank/1\nname: x\nfile: {kind: csv, delimiter: '#'}\ncolumns:\n  - {name: A, value: nip}\n"
    refused = await client.post("/export-documents", json={"document": document}, headers=DESK.treasurer)
    assert refused.status_code == 422
    assert "line 3" in str(refused.json()["faults"])
    nothing = await client.post("/export-documents", json={"document": "- x"}, headers=DESK.treasurer)
    assert nothing.status_code == 422


def booked(rows: list[dict[str, str]]) -> bytes:
    lines = [f"{row['NIP']};{row['REKENING']};{row['JUMLAH']}" for row in rows]
    return "\n".join(["NIP;Nomor Rekening;Bersih", *lines]).encode()


async def acknowledge(client: httpx.AsyncClient, run_id: str, content: bytes, **params: Any) -> httpx.Response:
    files, data = {"file": ("buku.csv", content)}, {"booked_by": "SIMGAJI"}
    path = f"/runs/{run_id}/acknowledgement"
    return await client.post(path, files=files, data=data, params=params, headers=DESK.treasurer)


async def test_the_payroll_systems_file_closes_the_chain_when_every_row_agrees(
    client: httpx.AsyncClient, run_id: str
) -> None:
    must(await make(client, run_id))
    rows = rows_of(await file_of(client, run_id))
    told = must(await acknowledge(client, run_id, booked(rows), dry_run=True))
    assert (told["difference"], told["recorded"], told["state"]) == (None, False, "published")
    told = must(await acknowledge(client, run_id, booked(rows)))
    assert told["booked"] == told["stated"]
    assert (told["recorded"], told["state"], told["faults"]) == (True, "acknowledged", [])
    again = must(await acknowledge(client, run_id, booked(rows)))
    assert (again["again"], again["recorded"]) == (True, False)
    run = await DESK.run(client, run_id)
    assert run["acknowledgement"]["agrees"] is True
    assert [act["act"] for act in run["history"]].count("acknowledged") == 1


async def test_a_file_with_a_swapped_account_or_a_missing_row_differs_until_it_is_mended(
    client: httpx.AsyncClient, run_id: str
) -> None:
    must(await make(client, run_id))
    rows = rows_of(await file_of(client, run_id))
    swapped = [dict(row) for row in rows[:-1]]
    swapped[0]["REKENING"], swapped[1]["REKENING"] = swapped[1]["REKENING"], swapped[0]["REKENING"]
    told = must(await acknowledge(client, run_id, booked(swapped)))
    assert told["state"] == "differs"
    assert "count 4, ours 5" in told["difference"]
    assert [(fault["row"], fault["place"]) for fault in told["faults"]] == [
        (None, "NIP"),
        (2, "Nomor Rekening"),
        (3, "Nomor Rekening"),
    ]
    assert must(await acknowledge(client, run_id, booked(rows)))["state"] == "acknowledged"


async def test_a_row_that_cannot_be_read_records_nothing(client: httpx.AsyncClient, run_id: str) -> None:
    must(await make(client, run_id))
    rows = rows_of(await file_of(client, run_id))
    rows[2]["JUMLAH"] = "1,5 juta"
    told = must(await acknowledge(client, run_id, booked(rows)))
    assert (told["recorded"], told["state"]) == (False, "published")
    assert ("Bersih", 4) in {(fault["place"], fault["row"]) for fault in told["faults"]}


async def test_an_employee_cannot_see_or_make_bank_files(client: httpx.AsyncClient, run_id: str, month: Month) -> None:
    own = {"Authorization": f"Bearer {month.office.staff[0].token()}"}
    assert (await client.post(f"/runs/{run_id}/bank-files", json={"template": "x"}, headers=own)).status_code == 403
    assert (await client.get(f"/runs/{run_id}/payments", headers=own)).status_code == 403
    other = Desk("92")
    assert (await client.get(f"/runs/{run_id}/payments", headers=other.treasurer)).status_code == 404
    assert other.tenant_id != TENANT
