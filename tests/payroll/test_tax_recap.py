"""The year from the database: months, a leaver's settlement, unpaid tax taken up, recaps for A2 and BPJS."""

import json
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from services.payroll.inputs import facts_of
from services.payroll.queries.contribution_recap import bpjs_recap
from services.payroll.queries.tax_recap import tax_recap
from shared.db import Sessions
from shared.period import period
from shared.unit_of_work import unit_of_work
from tests.support.payroll import PERIOD, Desk, Month, a_month, must, prepared
from tests.support.service import TENANT

DESK = Desk()
HEADER = "NIP;Gaji Kotor;PPh Gaji;Dasar BPJS;Gaji Pokok;Dasar Pensiun;Iuran Pensiun;TPP Lain;PPh TPP Lain;Status PTKP"
CELLS = "5200000;1000;4900000;4000000;4560000;364800;3000000;50000;"


@pytest.fixture
async def month(worker: Sessions) -> Month:
    month = a_month()
    await prepared(worker, month)
    return month


async def salary(client: httpx.AsyncClient, month: Month, code: str, cells: str) -> dict[str, Any]:
    """The salary file of everybody for a month, with the same cells behind the NIP."""
    rows = [f"{person.nip};{cells}" for person in month.office.everyone]
    file = {"file": ("gaji.csv", "\r\n".join([HEADER, *rows]).encode())}
    told = must(await client.post(f"/periods/{code}/salaries", files=file, headers=DESK.treasurer))
    assert told["faults"] == []
    return told


async def test_december_knows_the_year_and_names_the_months_that_nothing_is_known_of(
    client: httpx.AsyncClient, worker: Sessions, month: Month
) -> None:
    for number in (1, 2, 3, 4, 5, 6, 7, 8, 9, 11):
        await salary(client, month, f"2026-{number:02d}", CELLS + "K/1")
    whose = month.office.staff[0].employee_id
    async with unit_of_work(worker, TENANT) as uow:
        built = await facts_of(uow.session, TENANT, period("2026-12"), [whose])
        october = await facts_of(uow.session, TENANT, period(PERIOD), [whose])
    facts, _ = built.facts[whose]
    year = facts.tax_year
    assert year is not None
    assert (year.gross_before, year.tax_before, year.tpp_tax_before) == (82_000_000, 510_000, 500_000)
    assert year.pension == 3_648_000
    assert year.missing[-2:] == ("2026-10", "2026-12")
    assert facts.employee.ptkp == "K/1"
    assert len(facts.tables) == 8
    assert october.facts[whose][0].tax_year is None


async def test_tpp_paid_elsewhere_in_the_month_fills_brackets_too(
    client: httpx.AsyncClient, worker: Sessions, month: Month
) -> None:
    await salary(client, month, PERIOD, CELLS)
    whose = month.office.staff[0].employee_id
    async with unit_of_work(worker, TENANT) as uow:
        facts, _ = (await facts_of(uow.session, TENANT, period(PERIOD), [whose])).facts[whose]
    assert (facts.earlier.gross, facts.earlier.tax, facts.earlier.bpjs_base) == (3_000_000, 50_000, 0)
    assert (facts.salary.pension_base, facts.salary.pension) == (4_560_000, 364_800)


async def test_the_recap_of_the_year_adds_salary_and_tpp_and_says_what_is_still_due(
    client: httpx.AsyncClient, worker: Sessions, month: Month
) -> None:
    await salary(client, month, "2026-09", CELLS + "TK/0")
    await salary(client, month, PERIOD, "5200000;1000;4900000;4000000;4560000;364800;0;0;TK/0")
    await DESK.adopt(client)
    run_id = await DESK.publish_all(client, worker)
    whose = month.office.staff[0]
    async with unit_of_work(worker, TENANT) as uow:
        recaps = await tax_recap(uow.session, TENANT, 2026)
        (own,) = await tax_recap(uow.session, TENANT, 2026, [whose.employee_id])
        nobody = await tax_recap(uow.session, TENANT, 2027)
        contributions = await bpjs_recap(uow.session, TENANT, PERIOD)
        bodies = (
            await uow.session.execute(
                text("SELECT employee_id, body FROM statements WHERE tenant_id = :t AND run_id = :r"),
                {"t": TENANT, "r": run_id},
            )
        ).all()
    assert nobody == []
    assert own in recaps
    assert len(recaps) == len(month.office.everyone)
    totals = {employee_id: json.loads(body)["totals"] for employee_id, body in bodies}
    paid = totals[whose.employee_id]
    assert [one.period for one in own.months] == ["2026-09", PERIOD]
    assert (own.gross_salary, own.withheld_salary, own.pension) == (10_400_000, 2_000, 729_600)
    assert own.gross_tpp == 3_000_000 + int(paid["taxable"])
    assert own.withheld_tpp == 50_000 + int(paid["year_tax"])
    assert own.net_income == own.gross - own.biaya_jabatan - own.pension - own.zakat
    assert (own.ptkp, own.ptkp_amount, own.settled) == ("TK/0", 54_000_000, False)
    assert own.difference == own.tax_due - own.withheld
    assert (own.nip, own.name) == (whose.nip, whose.name)
    assert len(own.table_hash) == 64
    (mine,) = (one for one in contributions if one.employee_id == whose.employee_id)
    assert sum(share.amount for share in mine.shares) == int(paid["contributions"])
    assert {(share.scheme, share.payer) for share in mine.shares} == {
        ("bpjs_kesehatan", "employer"),
        ("bpjs_kesehatan", "employee"),
    }
    assert mine.shares[0].used_on_salary == 4_900_000


async def test_a_settled_year_has_no_difference_left(client: httpx.AsyncClient, worker: Sessions) -> None:
    december = a_month(code="2026-12")
    await prepared(worker, december)
    for number in range(1, 13):
        await salary(client, december, f"2026-{number:02d}", "5200000;0;4900000;0;0;364800;3000000;150000;K/0")
    await DESK.adopt(client)
    await DESK.publish_all(client, worker, "2026-12")
    async with unit_of_work(worker, TENANT) as uow:
        recaps = await tax_recap(uow.session, TENANT, 2026)
    assert recaps
    for one in recaps:
        assert one.settled
        assert one.difference == 0
        assert one.withheld == one.tax_due


async def test_who_leaves_within_the_month_is_settled_in_it(
    client: httpx.AsyncClient, worker: Sessions, month: Month
) -> None:
    whose = month.office.staff[0].employee_id
    async with unit_of_work(worker, TENANT) as uow:
        await uow.session.execute(
            text("UPDATE identity_employees SET left_on = '2026-11-01' WHERE employee_id = :e"), {"e": whose}
        )
        facts, _ = (await facts_of(uow.session, TENANT, period(PERIOD), [whose])).facts[whose]
        before = await facts_of(uow.session, TENANT, period("2026-09"), [whose])
    assert facts.tax_year is not None
    assert 1 <= facts.tax_year.months <= 10
    assert all(built.tax_year is None for built, _ in before.facts.values())


async def test_tax_that_october_could_not_take_is_novembers_as_tax_and_next_januarys_as_a_debt(
    client: httpx.AsyncClient, worker: Sessions, month: Month
) -> None:
    await salary(client, month, PERIOD, "90000000;0;12000000;4000000;4560000;364800;0;0;TK/0")
    await DESK.adopt(client)
    await DESK.publish_all(client, worker)
    whose = month.office.staff[0].employee_id
    async with unit_of_work(worker, TENANT) as uow:
        told = await uow.session.execute(
            text("SELECT net, unrecovered, year_tax FROM statements WHERE employee_id = :e"), {"e": whose}
        )
        net, unrecovered, year_tax = told.one()
        november = (await facts_of(uow.session, TENANT, period("2026-11"), [whose])).facts[whose][0]
        january = (await facts_of(uow.session, TENANT, period("2027-01"), [whose])).facts[whose][0]
    assert net == 0
    assert unrecovered > 0 < year_tax
    assert [(one.kind, one.amount) for one in november.recoveries] == [("tax", unrecovered)]
    assert [(one.kind, one.amount) for one in january.recoveries] == [("debt", unrecovered)]
