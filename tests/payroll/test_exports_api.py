"""A run's files over the API: their totals are the run's, their bytes are the same whenever they are asked for."""

import io
from typing import Any

import httpx
import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook
from sqlalchemy import text

from deploy.local.databases import ServiceUrls
from shared.db import Sessions
from shared.unit_of_work import unit_of_work
from tests.support.payroll import Desk, Month, a_month, must, prepared, work_all
from tests.support.service import TENANT, headers, sessions_on

DESK = Desk()
KINDS = ("sipd.xlsx", "nominative.pdf", "recap.pdf", "tax.xlsx", "bpjs.xlsx")


@pytest.fixture
async def month(client: httpx.AsyncClient, worker: Sessions) -> Month:
    month = a_month(staff=2)
    await prepared(worker, month)
    await DESK.adopt(client)
    return month


@pytest.fixture
async def run_id(client: httpx.AsyncClient, worker: Sessions, month: Month) -> str:
    return await DESK.publish_all(client, worker)


async def export(client: httpx.AsyncClient, run_id: str, kind: str, **params: Any) -> httpx.Response:
    return await client.get(f"/runs/{run_id}/exports/{kind}", params=params, headers=DESK.treasurer)


def sheet(content: bytes, name: str) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(name).to_python()


def words(content: bytes) -> str:
    """All text of a PDF, without the blanks that its lines are broken at."""
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    return "".join(text.replace("\u200b", "").split())


def spoken(amount: str) -> str:
    return f"Rp{int(amount):,}".replace(",", ".")


@pytest.mark.parametrize("kind", KINDS)
async def test_a_file_has_the_same_bytes_whenever_it_is_asked_for(
    client: httpx.AsyncClient, run_id: str, kind: str
) -> None:
    first, second = await export(client, run_id, kind), await export(client, run_id, kind)
    assert first.status_code == 200, first.text
    assert first.content == second.content
    assert first.headers["content-disposition"].endswith(f'-2026-10-induk-{kind}"')
    used = first.headers["x-takar-settings"]
    settings = {"document": "format: takar.exports/1\nplace: Muntok\nsipd: {money: number}\n"}
    must(await client.post("/export-documents", json=settings, headers=DESK.treasurer))
    assert (await export(client, run_id, kind, settings=used)).content == first.content
    assert (await export(client, run_id, kind, settings="0" * 64)).status_code == 404


async def test_the_sipd_sheet_adds_up_row_by_row_and_to_the_run(
    client: httpx.AsyncClient, run_id: str, month: Month
) -> None:
    content = (await export(client, run_id, "sipd.xlsx")).content
    head, *rows = sheet(content, "TPP")
    totals = (await DESK.run(client, run_id))["totals"]
    assert len(head) == 34
    assert {row[2] for row in rows} == {person.nip for person in month.office.everyone}
    assert all(isinstance(cell, str) for row in rows for cell in row[1:])
    amounts = [[int(cell[:-3].replace(".", "")) for cell in row[15:]] for row in rows]
    for one in amounts:
        assert sum(one[:12]) == one[16]
        assert sum(one[6:12]) + sum(one[12:16]) == one[17]
        assert one[16] - one[17] == one[18]
    sums = [str(sum(column)) for column in list(zip(*amounts, strict=True))[16:]]
    assert sums == [totals["gross"], totals["deductions"], totals["net"]]
    said = dict(sheet(content, "Kendali")[1:])
    assert (said["Jumlah pegawai"], said["Jumlah bersih"]) == (totals["count"], int(totals["net"]))
    assert said["Hash total rekening"] == totals["hash_total"]


async def test_lists_for_signature_say_the_runs_totals_in_figures_and_words(
    client: httpx.AsyncClient, run_id: str, month: Month
) -> None:
    totals = (await DESK.run(client, run_id))["totals"]
    for kind in ("nominative.pdf", "recap.pdf"):
        said = words((await export(client, run_id, kind)).content)
        assert spoken(totals["net"]) in said
        assert spoken(totals["gross"]) in said
        assert totals["hash_total"] in said
        assert "Bendahara" in said
        assert "Terbilang" in said
        assert "KONSEP" not in said
    listed = words((await export(client, run_id, "nominative.pdf")).content)
    assert all(person.nip in listed for person in month.office.everyone)


async def test_one_office_has_a_list_of_its_own(client: httpx.AsyncClient, run_id: str) -> None:
    assert (await export(client, run_id, "nominative.pdf", office="1.01")).status_code == 200
    assert (await export(client, run_id, "nominative.pdf", office="9.99")).status_code == 404


async def test_a_list_of_a_run_that_nobody_approved_is_a_draft(
    client: httpx.AsyncClient, worker: Sessions, month: Month
) -> None:
    run_id = await DESK.start(client)
    early = await export(client, run_id, "recap.pdf")
    assert (early.status_code, early.json()["state"]) == (409, "reconciled")
    await work_all(worker)
    assert "KONSEP" in words((await export(client, run_id, "recap.pdf")).content)


async def test_nothing_is_exported_of_a_run_whose_statements_do_not_add_up(
    client: httpx.AsyncClient, run_id: str, payroll_db: ServiceUrls
) -> None:
    async with sessions_on(payroll_db.owner) as owner, unit_of_work(owner, TENANT) as uow:
        more = "UPDATE statements SET net = net + 1, gross = gross + 1 WHERE tenant_id = :t"
        await uow.session.execute(text(more), {"t": TENANT})
    refused = await export(client, run_id, "sipd.xlsx")
    assert refused.status_code == 409
    assert "does not add up" in refused.json()["detail"]


async def test_a_statement_on_paper_explains_itself_and_is_for_its_owner_alone(
    client: httpx.AsyncClient, run_id: str, month: Month
) -> None:
    one, other = month.office.staff
    own = headers(one.token())
    (listed,) = must(await client.get("/statements", headers=own))
    path = f"/statements/{listed['statement_id']}/pdf"
    answer = await client.get(path, headers=own)
    assert answer.status_code == 200, answer.text
    assert answer.content == (await client.get(path, headers=DESK.auditor)).content
    said = words(answer.content)
    statement = must(await client.get(f"/statements/{listed['statement_id']}", headers=own))
    assert spoken(listed["net"]) in said
    assert one.nip in said
    assert "TAKAR1/19.05/2026-10/" in said
    assert statement["statement_hash"] in said
    for line in statement["lines"]:
        assert "".join(line["name"].split()) in said
        assert "".join(line["article"].split()) in said
    assert (await client.get(path, headers=headers(other.token()))).status_code == 404


async def test_the_years_taxes_are_those_of_its_runs(client: httpx.AsyncClient, run_id: str, month: Month) -> None:
    path = "/years/2026/tax.xlsx"
    answer = await client.get(path, headers=DESK.treasurer)
    assert answer.status_code == 200, answer.text
    assert answer.content == (await client.get(path, headers=DESK.auditor)).content
    rows = sheet(answer.content, "A2")[3:]
    head, people, totals = rows[0], rows[1 : 1 + len(month.office.everyone)], rows[1 + len(month.office.everyone)]
    assert {row[1] for row in people} == {person.nip for person in month.office.everyone}
    monthly = sheet((await export(client, run_id, "tax.xlsx")).content, "PPh 21")
    withheld = head.index("Dipotong dari TPP")
    taken = next(row for row in monthly if "Jumlah" in row)
    assert sum(int(row[withheld]) for row in people) == int(totals[withheld]) == int(taken[11])
    own = headers(month.office.staff[0].token())
    assert (await client.get(path, headers=own)).status_code == 403
