"""What nobody acknowledged or paid in time is chased: by working days, over the API, in a gauge, in takar chain."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import REGISTRY
from sqlalchemy import text

from deploy.local.databases import ServiceUrls
from services.payroll.queries.payments import chases
from services.payroll.queries.watching import measure_chases
from services.payroll.rules.chasing import Missing, Standing, after_workdays, chase_of
from services.payroll.rules.payments import PaymentState, answered
from shared.db import Sessions
from shared.errors import Refused
from shared.unit_of_work import unit_of_work
from tests.payroll.test_payments import booked, file_of, make, returned, rows_of, send_back
from tests.support.payroll import Desk, a_month, must, prepared
from tests.support.service import TENANT, sessions_on

DESK = Desk()
FRIDAY = date(2026, 10, 30)
WEEKDAYS = {FRIDAY + timedelta(days=n): (FRIDAY + timedelta(days=n)).weekday() < 5 for n in range(60)}


def standing(state: str, **change: object) -> Standing:
    plain = {"run_id": uuid4(), "period": "2026-10", "kind": "induk", "count": 3, "net": 900, "paid": 0}
    return Standing(**plain | {"state": state, "by_bank": False, "since": FRIDAY} | change)


def test_three_working_days_after_a_friday_are_the_next_wednesday():
    assert after_workdays(FRIDAY, 3, WEEKDAYS) == date(2026, 11, 4)
    holiday = WEEKDAYS | {date(2026, 11, 3): False}
    assert after_workdays(FRIDAY, 3, holiday) == date(2026, 11, 5)
    assert after_workdays(FRIDAY, 0, WEEKDAYS) == FRIDAY


@pytest.mark.parametrize(
    ("today", "late_by"),
    [(date(2026, 10, 30), 0), (date(2026, 11, 4), 0), (date(2026, 11, 5), 1), (date(2026, 11, 9), 3)],
)
def test_a_run_is_late_from_the_first_working_day_after_the_due_one(today, late_by):
    chase = chase_of(standing("published"), today, WEEKDAYS, acknowledged=3, paid=5)
    assert (chase.missing, chase.due, chase.late_by) == (Missing.ACKNOWLEDGEMENT, date(2026, 11, 4), late_by)


@pytest.mark.parametrize(
    ("run", "missing"),
    [
        (standing("published"), Missing.ACKNOWLEDGEMENT),
        (standing("differs"), Missing.AGREEMENT),
        (standing("acknowledged"), Missing.PAYMENT),
        (standing("acknowledged", by_bank=True, paid=900), None),
        (standing("paid"), None),
        (standing("paid", by_bank=True, paid=600), Missing.PAYMENT),
        (standing("acknowledged", net=0), None),
    ],
)
def test_what_is_missing_of_a_run(run, missing):
    chase = chase_of(run, FRIDAY, WEEKDAYS, acknowledged=3, paid=5)
    assert (chase.missing if chase else None) == missing
    if chase and missing is Missing.PAYMENT:
        assert chase.open_net == run.net - run.paid


@given(st.lists(st.sampled_from([PaymentState.PAID, PaymentState.REJECTED, PaymentState.RETURNED]), max_size=6))
def test_a_payment_that_is_sent_again_can_never_become_paid_by_the_first_file(words):
    state = PaymentState.REJECTED
    for word in words:
        try:
            state = answered(state, word, sent_again=True)
        except Refused:
            continue
        assert state is not PaymentState.PAID


@pytest.fixture
async def run_id(client: httpx.AsyncClient, worker: Sessions) -> str:
    await prepared(worker, a_month())
    await DESK.adopt(client)
    return await DESK.publish_all(client, worker)


async def moved_back(urls: ServiceUrls, days: int) -> None:
    """Let what happened to runs have happened some days earlier."""
    async with sessions_on(urls.owner) as owner, unit_of_work(owner, TENANT) as uow:
        await uow.session.execute(text(f"UPDATE run_history SET at = at - interval '{days} days'"))


async def listed(client: httpx.AsyncClient, **params: object) -> list[dict[str, str]]:
    return must(await client.get("/chases", params=params, headers=DESK.auditor))


async def test_a_run_is_chased_until_it_is_acknowledged_and_then_until_all_of_it_is_paid(
    client: httpx.AsyncClient, worker: Sessions, payroll_db: ServiceUrls, run_id: str
) -> None:
    assert await listed(client) == []
    (waiting,) = await listed(client, waiting=True)
    assert (waiting["missing"], waiting["late_by"]) == ("acknowledgement", 0)
    await moved_back(payroll_db, 20)
    (chase,) = await listed(client)
    assert (chase["run_id"], chase["missing"]) == (run_id, "acknowledgement")
    assert int(chase["late_by"]) >= 8
    must(await make(client, run_id))
    rows = rows_of(await file_of(client, run_id))
    files = {"file": ("buku.csv", booked(rows))}
    path = f"/runs/{run_id}/acknowledgement"
    must(await client.post(path, files=files, data={"booked_by": "SIMGAJI"}, headers=DESK.treasurer))
    assert await listed(client) == []
    await moved_back(payroll_db, 20)
    must(await send_back(client, run_id, returned(rows, ("00", ""), ("00", ""), ("GAGAL", "tutup"))))
    (chase,) = await listed(client)
    assert (chase["missing"], chase["open_net"]) == ("payment", rows[2]["JUMLAH"])
    await measure_chases(worker)
    assert REGISTRY.get_sample_value("takar_chases", {"tenant": TENANT, "missing": "payment"}) == 1
    must(await make(client, run_id, resend_unchanged=True))
    must(await send_back(client, run_id, returned(rows[2:], ("00", "")), 2))
    assert await listed(client, waiting=True) == []
    await measure_chases(worker)
    assert REGISTRY.get_sample_value("takar_chases", {"tenant": TENANT, "missing": "payment"}) == 0


async def test_how_long_is_waited_is_the_regions_to_say(
    client: httpx.AsyncClient, worker: Sessions, run_id: str
) -> None:
    later = datetime.now(UTC) + timedelta(days=30)
    async with unit_of_work(worker, TENANT) as uow:
        (usual,) = await chases(uow.session, TENANT, later)
    document = "format: takar.exports/1\nchasing: {acknowledged_within: 10}\n"
    must(await client.post("/export-documents", json={"document": document}, headers=DESK.treasurer))
    async with unit_of_work(worker, TENANT) as uow:
        (patient,) = await chases(uow.session, TENANT, later)
    assert patient.late_by == usual.late_by - 7
    assert patient.due > usual.due
