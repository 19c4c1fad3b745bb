"""A draft tried on a paid month over the API: nothing is kept but the report."""

import io
from uuid import uuid4
from xml.etree import ElementTree

import httpx
import psutil
import pytest
import python_calamine
from sqlalchemy import text

from services.payroll.inputs.evaluators import evaluators
from services.payroll.queries import what_if as queries
from shared.auth.policy import Role
from shared.db import Sessions
from shared.unit_of_work import unit_of_work
from tests.support.payroll import PERIOD, Desk, must, policy_text
from tests.support.service import OTHER_TENANT, TENANT, headers, token_for
from tests.support.what_if import CalculatedRun, calculated_run

DESK = Desk()
SIZE = 60
DRAFT = policy_text().replace("baik: 100 %", "baik: 95 %").replace("7: 1875000", "7: 2000000")


@pytest.fixture
async def run(worker: Sessions) -> CalculatedRun:
    return await calculated_run(worker, policy_text(), SIZE)


async def kept(worker: Sessions) -> dict[str, int]:
    """How many rows each of payroll's tables holds."""
    async with unit_of_work(worker, TENANT) as uow:
        return {
            table: await uow.session.scalar(text(f"SELECT count(*) FROM {table}")) or 0
            for table in ("policies", "runs", "run_inputs", "statements", "event_log", "what_ifs")
        }


async def test_a_draft_tells_winners_losers_and_cost_and_keeps_nothing_but_its_report(
    client: httpx.AsyncClient, worker: Sessions, run: CalculatedRun
) -> None:
    before = await kept(worker)
    told = must(await client.post("/what-ifs", json={"period": PERIOD, "document": DRAFT}, headers=DESK.treasurer))
    assert await kept(worker) == before | {"what_ifs": before["what_ifs"] + 1}
    total = told["total"]
    assert (total["people"], told["run_id"], told["blocked_count"]) == (SIZE, str(run.run_id), 0)
    assert total["winners"] > 0
    assert total["losers"] > 0
    assert int(told["difference"]) == int(total["after"]) - int(total["before"])
    assert sum(one["people"] for one in told["units"]) == sum(one["people"] for one in told["classes"]) == SIZE
    assert [one["name"] for one in told["units"]] == ["1.01.1 Sekretariat", "1.02.1 Sekretariat"]
    loser = told["losers"][0]
    assert loser["because"][0]["rule"] == "produktivitas"
    assert int(loser["after"]) < int(loser["before"])
    assert must(await client.get(f"/what-ifs/{told['what_if_id']}", headers=DESK.auditor)) == told
    (listed,) = must(await client.get("/what-ifs", headers=DESK.verifier))
    assert listed["what_if_id"] == told["what_if_id"]


async def test_the_policy_in_force_over_its_own_month_changes_nobody(
    client: httpx.AsyncClient, run: CalculatedRun
) -> None:
    given = {"period": PERIOD, "policy_hash": run.policy_hash}
    for _ in range(2):  # the second time from the facts that are kept
        told = must(await client.post("/what-ifs", json=given, headers=DESK.auditor))
        assert (told["difference"], told["total"]["winners"], told["total"]["losers"]) == ("0", 0, 0)
        assert told["total"]["net_before"] == told["total"]["net_after"]
        assert told["total"]["gross_before"] == told["total"]["gross_after"]


async def test_the_report_comes_as_workbook_and_as_chart(client: httpx.AsyncClient, run: CalculatedRun) -> None:
    told = must(await client.post("/what-ifs", json={"period": PERIOD, "document": DRAFT}, headers=DESK.admin))
    path = f"/what-ifs/{told['what_if_id']}"
    sheet = await client.get(f"{path}/report.xlsx", headers=DESK.admin)
    rows = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(sheet.content)).get_sheet_by_name("Pegawai")
    assert sum(str(row[0]).isdigit() for row in rows.to_python()) == SIZE
    drawn = await client.get(f"{path}/chart.svg", params={"language": "en"}, headers=DESK.admin)
    assert drawn.headers["content-type"] == "image/svg+xml"
    assert ElementTree.fromstring(drawn.content).get("role") == "img"


async def test_whom_the_draft_could_not_pay_is_named_and_not_summed(
    client: httpx.AsyncClient, run: CalculatedRun
) -> None:
    without = {"[1, 2, 3, 4, 5, 6": "[1, 2, 3, 4, 6", "5: 1500000, ": "", "5: 900000, ": ""}
    draft = policy_text()
    for said, instead in without.items():
        assert said in draft
        draft = draft.replace(said, instead)
    told = must(await client.post("/what-ifs", json={"period": PERIOD, "document": draft}, headers=DESK.admin))
    of_class_5 = sum(b'"kelas":5' in held for held in run.facts)
    assert (told["blocked_count"], told["total"]["people"]) == (of_class_5, SIZE - of_class_5)
    assert "has no base for kelas 5" in told["blocked"][0]["why"]
    assert {one["name"] for one in told["classes"]} == {"06", "07", "08", "09", "11"}


async def test_a_faulty_draft_is_refused_with_every_fault_and_another_regions_too(
    client: httpx.AsyncClient, run: CalculatedRun
) -> None:
    faulty = DRAFT.replace("weight: 60 %", "weight: 50 %")
    answer = await client.post("/what-ifs", json={"period": PERIOD, "document": faulty}, headers=DESK.admin)
    assert answer.status_code == 422
    assert answer.json()["faults"]
    foreign = {"period": PERIOD, "document": policy_text(OTHER_TENANT)}
    answer = await client.post("/what-ifs", json=foreign, headers=DESK.admin)
    assert answer.json()["faults"][0]["place"] == "region"
    both = {"period": PERIOD, "document": DRAFT, "policy_hash": run.policy_hash}
    assert (await client.post("/what-ifs", json=both, headers=DESK.admin)).status_code == 422


async def test_there_must_be_a_calculated_run_to_compare_with(client: httpx.AsyncClient, run: CalculatedRun) -> None:
    for given in (
        {"period": "2026-09"},
        {"period": "2026-09", "run_id": str(run.run_id)},
        {"period": PERIOD, "run_id": str(uuid4())},
    ):
        answer = await client.post("/what-ifs", json={"document": DRAFT} | given, headers=DESK.admin)
        assert answer.status_code == 404


async def test_an_employee_may_neither_ask_nor_read(client: httpx.AsyncClient, run: CalculatedRun) -> None:
    own = headers(token_for(TENANT, [Role.PEGAWAI], employee_id=uuid4()))
    assert (await client.post("/what-ifs", json={"period": PERIOD, "document": DRAFT}, headers=own)).status_code == 403
    assert (await client.get("/what-ifs", headers=own)).status_code == 403


async def test_processes_that_died_are_started_again(client: httpx.AsyncClient, run: CalculatedRun) -> None:
    given = {"period": PERIOD, "document": DRAFT}
    first = must(await client.post("/what-ifs", json=given, headers=DESK.admin))
    for child in psutil.Process().children(recursive=True):
        if child.pid in {one._process.pid for one in evaluators() if one._process}:
            child.kill()
            child.wait()
    again = must(await client.post("/what-ifs", json=given, headers=DESK.admin))
    assert again["total"] == first["total"]


async def test_who_has_looked_at_the_list_asks_processes_that_know_the_newest_month(
    client: httpx.AsyncClient, run: CalculatedRun
) -> None:
    given = {"period": PERIOD, "document": DRAFT}
    first = must(await client.post("/what-ifs", json=given, headers=DESK.admin))
    for one in evaluators():
        one.stop()
    must(await client.get("/what-ifs", headers=DESK.auditor))  # the answer's end is awaited, and what comes after it
    assert all(one.keeps((TENANT, run.run_id, 1)) for one in evaluators())
    assert must(await client.post("/what-ifs", json=given, headers=DESK.admin))["total"] == first["total"]


async def test_only_one_is_computed_at_a_time(client: httpx.AsyncClient, run: CalculatedRun) -> None:
    with queries._alone():
        answer = await client.post("/what-ifs", json={"period": PERIOD, "document": DRAFT}, headers=DESK.admin)
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "3"


async def test_of_a_region_a_hundred_reports_are_kept(
    client: httpx.AsyncClient, worker: Sessions, run: CalculatedRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.payroll.commands.what_if.MOST_KEPT", 2)
    given = {"period": PERIOD, "document": DRAFT}
    made = [must(await client.post("/what-ifs", json=given, headers=DESK.admin))["what_if_id"] for _ in range(3)]
    listed = must(await client.get("/what-ifs", headers=DESK.admin))
    assert [one["what_if_id"] for one in listed] == made[:0:-1]
