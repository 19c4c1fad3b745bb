"""Circumstances: a table that one person imports and another approves, and what it makes of statements."""

from typing import Any

import httpx
import pytest

from services.payroll.commands.corrections import correct_round
from shared.db import Sessions
from tests.support.payroll import PERIOD, Desk, Month, a_month, changed_day, must, prepared
from tests.support.service import OTHER_TENANT, headers

DESK = Desk()
HEADER = "Jenis;NIP;Unit;Kode;Mulai;Sampai;Nilai;Bulanan;Hari;Penetap;Alasan"


@pytest.fixture
async def month(client: httpx.AsyncClient, worker: Sessions) -> Month:
    """A reconciled month in which the staff member was late once; a policy is in force."""
    month = a_month()
    changed_day(month, month.office.staff[0].employee_id, month.days[2].work_date, late_minutes=12)
    await prepared(worker, month)
    await DESK.adopt(client)
    return month


def table(*rows: str, header: str = HEADER) -> bytes:
    return "\r\n".join([header, *rows]).encode()


async def sent(client: httpx.AsyncClient, content: bytes, *, dry_run: bool = False) -> httpx.Response:
    return await client.post(
        "/circumstances",
        params={"dry_run": dry_run},
        files={"file": ("keadaan.csv", content)},
        headers=DESK.admin,
    )


async def approved(client: httpx.AsyncClient, *rows: str, header: str = HEADER) -> str:
    """A file in force, by two people; its id."""
    file_id = str(must(await sent(client, table(*rows, header=header)))["file"]["file_id"])
    must(await client.post(f"/circumstances/{file_id}/approval", headers=DESK.verifier))
    return file_id


async def statement_of(client: httpx.AsyncClient, person: Any) -> Any:
    own = headers(person.token())
    newest, *_ = must(await client.get("/statements", headers=own))
    return must(await client.get(f"/statements/{newest['statement_id']}", headers=own))


def amounts(statement: Any, kind: str) -> dict[str, str]:
    return {line["rule"]: line["amount"] for line in statement["lines"] if line["kind"] == kind}


async def test_what_two_people_said_reaches_the_statement_and_nothing_else_does(
    client: httpx.AsyncClient, worker: Sessions, month: Month
) -> None:
    staff, leader, head = month.office.staff[0], month.office.supervisor, month.office.head
    late_on = month.days[2].work_date
    await approved(
        client,
        f"pengecualian;{staff.nip};;late;{late_on};{late_on};;;;BKPSDM;mesin rusak",
        f"tanda;{leader.nip};;tugas_belajar;16-10-2026;;;;;BKPSDM;SK 12",
        f"hukuman;{head.nip};;sedang_6;2026-10-01;;;;;Bupati;SK 7",
    )
    draft = table(f"hukuman;{staff.nip};;sedang_6;2026-10-01;;;;;Bupati;belum disahkan")
    must(await sent(client, draft))
    await DESK.publish_all(client, worker)
    own = await statement_of(client, staff)
    assert own["totals"]["tpp"] == "3000000"
    assert amounts(own, "deduction") == {}
    punished = await statement_of(client, head)
    whole = sum(int(amount) for amount in amounts(punished, "base").values())
    assert int(punished["totals"]["tpp"]) == whole - whole // 4
    (base, *_) = [line for line in (await statement_of(client, leader))["lines"] if line["kind"] == "base"]
    spans = [(one["start"], one["end"], one["workdays"], one.get("factor")) for one in base["inputs"]["segments"]]
    assert spans == [("2026-10-01", "2026-10-15", 11, None), ("2026-10-16", "2026-10-31", 11, "0 %")]


async def test_tpp_held_until_cleared_is_paid_once_after_the_decision_that_clears_it(
    client: httpx.AsyncClient, worker: Sessions
) -> None:
    august = a_month(code="2026-08")
    staff = august.office.staff[0]
    await prepared(worker, august)
    await DESK.adopt(client)
    await approved(client, f"tanda;{staff.nip};;lhkpn_belum;2026-08-01;2026-08-31;;;;Inspektorat;LHKPN 2025")
    await DESK.publish_all(client, worker, august.code)
    held = await statement_of(client, staff)
    tpp = held["totals"]["tpp"]
    assert (held["totals"]["suspended"], held["totals"]["net"], held["suspended_until"]) == (tpp, "0", "cleared")
    await approved(client, f"pelepasan;{staff.nip};;lhkpn;2026-10-12;;;;;Inspektorat;tanda terima KPK")
    for code, released in (("2026-09", "0"), ("2026-10", tpp), ("2026-11", "0")):
        await prepared(worker, a_month(code=code))
        await DESK.publish_all(client, worker, code)
        paid = await statement_of(client, staff)
        assert (code, paid["totals"]["released"]) == (code, released)


async def test_rows_that_cannot_be_used_are_named_and_the_others_kept(client: httpx.AsyncClient, month: Month) -> None:
    nip = month.office.staff[0].nip
    told = must(
        await sent(
            client,
            table(
                f"hukumann;{nip};;x;2026-10-01;;;;;A;b",
                f"hukuman;{nip};;x;2026-02-30;;;;;A;b",
                "hukuman;;;x;2026-10-01;;;;;A;b",
                f"hukuman;{nip};;x;2026-10-01;;;;;;b",
                "hukuman;199001012020011999;;x;2026-10-01;;;;;A;b",
                f"pengecualian;{nip};;terlambat;2026-10-01;2026-10-02;;;;A;b",
                f"pengecualian;{nip};;part:disiplin;2026-10-01;2026-10-02;;;;A;b",
                f"angsuran;{nip};;tgr;2026-10-01;;banyak;100;;A;b",
                "skor;;1.01;sakip;2026-01-01;2026-12-31;80;;;A;b",
                "skor;;1.01;sakip;2026-01-01;2026-12-31;80 %;;;A;b",
            ),
        )
    )
    assert (told["rows"], told["added"], told["file"]["state"]) == (10, 1, "draft")
    assert [(fault["row"], fault["place"]) for fault in told["faults"]] == [
        (2, "Jenis"),
        (3, "Mulai"),
        (4, "NIP"),
        (5, "Penetap"),
        (6, "NIP"),
        (7, "Kode"),
        (8, "Hari"),
        (9, "Nilai"),
        (10, "Nilai"),
    ]
    assert all(fault["remedy"] for fault in told["faults"])
    nothing = await sent(client, table(f"hukuman;{nip};;;2026-10-01;;;;;A;b"))
    assert (nothing.status_code, "Kode" in nothing.text) == (422, True)


async def test_a_dry_run_keeps_nothing_and_the_same_file_stands_once(client: httpx.AsyncClient, month: Month) -> None:
    content = table(f"tanda;{month.office.staff[0].nip};;mpp;2026-10-01;;;;;A;b")
    assert must(await sent(client, content, dry_run=True))["file"] is None
    assert must(await client.get("/circumstances", headers=DESK.auditor)) == []
    file_id = must(await sent(client, content))["file"]["file_id"]
    again = await sent(client, content)
    assert (again.status_code, again.json()["file_id"]) == (409, file_id)
    withdrawal = {"reason": "salah orang"}
    must(await client.post(f"/circumstances/{file_id}/withdrawal", json=withdrawal, headers=DESK.verifier))
    must(await sent(client, content))
    states = [file["state"] for file in must(await client.get("/circumstances", headers=DESK.auditor))]
    assert sorted(states) == ["draft", "withdrawn"]


async def test_nobody_approves_their_own_table_nor_sees_another_regions(
    client: httpx.AsyncClient, month: Month
) -> None:
    row = f"tanda;{month.office.staff[0].nip};;mpp;2026-10-01;;;;;A;b"
    file_id = must(await sent(client, table(row)))["file"]["file_id"]
    assert (await client.post(f"/circumstances/{file_id}/approval", headers=DESK.admin)).status_code == 403
    other = Desk(OTHER_TENANT)
    assert (await client.post(f"/circumstances/{file_id}/approval", headers=other.verifier)).status_code == 404
    assert (await client.get(f"/circumstances/{file_id}", headers=other.auditor)).status_code == 404
    kept = must(await client.get(f"/circumstances/{file_id}", headers=DESK.auditor))
    assert [(one["kind"], one["content"]) for one in kept["circumstances"]] == [("tanda", {"name": "mpp"})]
    must(await client.post(f"/circumstances/{file_id}/approval", headers=DESK.verifier))
    assert (await client.post(f"/circumstances/{file_id}/approval", headers=DESK.verifier)).status_code == 409


async def test_a_penalty_approved_after_the_month_was_paid_is_a_cause_to_look_again(
    client: httpx.AsyncClient, worker: Sessions, month: Month
) -> None:
    staff = month.office.staff[0]
    await DESK.publish_all(client, worker)
    await approved(client, f"hukuman;{staff.nip};;sedang_6;2026-10-01;;;;;Bupati;SK 9")
    while await correct_round(worker):
        pass
    found = must(await client.get("/corrections", params={"period": PERIOD}, headers=DESK.auditor))
    assert [one["difference"] for one in found["corrections"]] == ["-746250"]
    assert [cause["kind"] for cause in found["causes"]] == ["circumstance"]
