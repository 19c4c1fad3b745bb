"""The worker's side of a run: chunks that are taken again, fair turns, publication, acknowledgements."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from deploy.local.databases import ServiceUrls
from services.payroll.api import create_app
from services.payroll.commands.chunks import do_chunk, work_one, work_round
from services.payroll.worker import HANDLERS
from shared.db import Sessions
from shared.events import Event
from shared.events.allowance import AllowanceAcknowledged, AllowanceFinalized, AllowanceRunFinalized
from shared.events.payroll import AllowanceCalculated, RunClosed
from shared.unit_of_work import UnitOfWork, unit_of_work
from tests.support.payroll import (
    AT,
    PERIOD,
    Desk,
    Month,
    a_month,
    must,
    prepared,
    stated,
    tell,
    work_all,
)
from tests.support.service import OTHER_TENANT, TENANT, client_for, hear, sessions_on

DESK = Desk()


@pytest.fixture
async def client(payroll_db: ServiceUrls) -> AsyncIterator[httpx.AsyncClient]:
    """Of a deployment that does runs two people at a time."""
    async with client_for(create_app, payroll_db, run_chunk=2) as client:
        yield client


@pytest.fixture
async def month(client: httpx.AsyncClient, worker: Sessions) -> Month:
    month = a_month(staff=4)
    await prepared(worker, month)
    await DESK.adopt(client)
    return month


async def bodies(sessions: Sessions, run_id: str) -> dict[UUID, bytes]:
    async with unit_of_work(sessions, TENANT) as uow:
        rows = await uow.session.execute(
            text("SELECT employee_id, body FROM statements WHERE tenant_id = :t AND run_id = :r"),
            {"t": TENANT, "r": run_id},
        )
        return {employee_id: body for employee_id, body in rows.all()}


def of_type(events: list[Event], kind: type[Event]) -> list[Event]:
    return [event for event in events if isinstance(event, kind)]


async def test_a_chunk_whose_worker_dies_is_taken_again_and_nobody_is_paid_twice(
    client: httpx.AsyncClient, worker: Sessions, payroll_db: ServiceUrls, month: Month
) -> None:
    run_id = await DESK.start(client)
    for _ in range(3):
        await work_one(worker, TENANT)  # all is frozen
    async with sessions_on(payroll_db.worker) as doomed:
        session = doomed()
        uow = UnitOfWork(session, TENANT)
        await uow.enter_tenant()
        assert await do_chunk(uow)
        await uow.settle()  # calculated and stated, not committed: now its connection is cut
        assert await work_one(worker, TENANT), "another worker goes on with the other chunks meanwhile"
        pid = await session.scalar(text("SELECT pg_backend_pid()"))
        async with worker() as killer:
            await killer.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
        with pytest.raises(DBAPIError):
            await session.commit()
        await session.invalidate()
    await work_all(worker)
    run = await DESK.run(client, run_id)
    assert (run["state"], run["totals"]["count"]) == ("calculated", 6)
    events = of_type(await stated(worker), AllowanceCalculated)
    assert len(events) == len({event.event_id for event in events}) == 6
    again = must(await client.post(f"/runs/{run_id}/recomputation", json={}, headers=DESK.auditor))
    assert (again["equal"], again["different"]) == (6, 0)


async def test_two_workers_share_the_chunks_and_come_to_the_bytes_of_one(
    client: httpx.AsyncClient, worker: Sessions, payroll_db: ServiceUrls, month: Month
) -> None:
    alone = await DESK.start(client)
    await work_all(worker)
    must(await client.post(f"/runs/{alone}/cancellation", json={"reason": "once more"}, headers=DESK.treasurer))
    together = await DESK.start(client)
    async with sessions_on(payroll_db.worker) as second:
        while any(await asyncio.gather(work_one(worker, TENANT), work_one(second, TENANT))):
            pass
    assert await bodies(worker, together) == await bodies(worker, alone)
    first, again = await DESK.run(client, alone), await DESK.run(client, together)
    assert {k: v for k, v in first["totals"].items() if k != "root"} == {
        k: v for k, v in again["totals"].items() if k != "root"
    }, "the root differs: every statement has a salt of its own"


async def test_the_root_covers_every_statement_and_the_totals_are_their_sums(
    client: httpx.AsyncClient, worker: Sessions, month: Month
) -> None:
    run_id = await DESK.start(client)
    await work_all(worker)
    (closed,) = of_type(await stated(worker), RunClosed)
    assert isinstance(closed, RunClosed)
    lines = [event for event in await stated(worker) if isinstance(event, AllowanceCalculated)]
    assert (closed.totals.count, closed.totals.net) == (6, sum(line.net for line in lines))
    accounts = [event.bank.number for event in month.office.events if hasattr(event, "bank")]
    assert closed.totals.hash_total == str(sum(int(number) for number in accounts))
    assert closed.root == (await DESK.run(client, run_id))["totals"]["root"]


async def test_recomputation_finds_a_statement_that_was_changed_behind_the_record(
    client: httpx.AsyncClient, worker: Sessions, payroll_db: ServiceUrls, month: Month
) -> None:
    run_id = await DESK.start(client)
    await work_all(worker)
    async with sessions_on(payroll_db.owner) as owner, unit_of_work(owner, TENANT) as uow:
        changed = (
            await uow.session.execute(
                text(
                    "UPDATE statements SET gross = gross + 1000000, net = net + 1000000 WHERE tenant_id = :t AND "
                    "employee_id = (SELECT min(employee_id::text)::uuid FROM statements) RETURNING employee_id"
                ),
                {"t": TENANT},
            )
        ).scalar_one()
    told = must(await client.post(f"/runs/{run_id}/recomputation", json={}, headers=DESK.auditor))
    (different,) = [one for one in told["employees"] if not one["equal"]]
    assert different["employee_id"] == str(changed)
    assert different["differing"] == ["amounts"]
    assert int(different["net"]) - int(different["net_again"]) == 1_000_000


@pytest.mark.parametrize("role", ["app", "worker"])
@pytest.mark.parametrize("table", ["statements", "allowances", "run_history"])
async def test_what_was_computed_and_decided_cannot_be_changed_by_our_own_processes(
    payroll_db: ServiceUrls, role: str, table: str
) -> None:
    async with sessions_on(getattr(payroll_db, role)) as sessions, sessions() as session:
        with pytest.raises(Exception, match="permission denied"):
            await session.execute(text(f"DELETE FROM {table}"))


async def test_regions_take_turns_whatever_the_size_of_the_others_run(
    client: httpx.AsyncClient, worker: Sessions, month: Month
) -> None:
    other = Desk(OTHER_TENANT)
    await prepared(worker, a_month(OTHER_TENANT, staff=0))
    await other.adopt(client)
    large, small = await DESK.start(client), await other.start(client)
    rounds = 0
    while (await other.run(client, small))["state"] != "calculated":
        assert await work_round(worker)
        rounds += 1
    assert rounds <= 3  # freeze, calculate, close
    assert (await DESK.run(client, large))["state"] == "reconciled"


def acknowledged(said: AllowanceRunFinalized, version: int = 1, **change: object) -> AllowanceAcknowledged:
    booked = AllowanceAcknowledged(
        tenant_id=said.tenant_id,
        occurred_at=AT,
        version=version,
        run_id=said.run_id,
        period=said.period,
        count=said.totals.count,
        net=said.totals.net,
        hash_total=said.totals.hash_total,
        digest=said.digest,
        booked_by="SIMGAJI",
    )
    return booked.model_copy(update=change)


async def finalized(worker: Sessions) -> AllowanceRunFinalized:
    (said,) = of_type(await stated(worker), AllowanceRunFinalized)
    assert isinstance(said, AllowanceRunFinalized)
    return said


async def test_an_acknowledgement_that_differs_is_an_alert_with_both_figures_until_it_is_corrected(
    client: httpx.AsyncClient, worker: Sessions, month: Month
) -> None:
    run_id = await DESK.publish_all(client, worker)
    said = await finalized(worker)
    await tell(worker, [acknowledged(said, net=said.totals.net - 1)])
    run = await DESK.run(client, run_id)
    assert run["state"] == "differs"
    assert f"net {said.totals.net - 1}, ours {said.totals.net}" in run["history"][-1]["note"]
    refused = await client.post(f"/runs/{run_id}/payment", json={"reference": "SP2D 1"}, headers=DESK.treasurer)
    assert refused.status_code == 409
    await tell(worker, [acknowledged(said, version=2)])
    run = await DESK.run(client, run_id)
    assert run["state"] == "acknowledged"
    assert run["acknowledgement"]["agrees"]


async def test_an_acknowledgement_heard_twice_or_late_changes_nothing(
    client: httpx.AsyncClient, worker: Sessions, month: Month
) -> None:
    run_id = await DESK.publish_all(client, worker)
    said = await finalized(worker)
    await tell(worker, [acknowledged(said, version=2)])
    before = await DESK.run(client, run_id)
    hearing = hear(worker, HANDLERS)
    await hearing(acknowledged(said, version=2))
    await hearing(acknowledged(said, version=1, count=0))
    assert await DESK.run(client, run_id) == before


async def test_an_acknowledgement_of_no_run_of_ours_is_kept_in_quarantine(
    worker: Sessions, client: httpx.AsyncClient, month: Month
) -> None:
    await DESK.publish_all(client, worker)
    await tell(worker, [acknowledged(await finalized(worker), run_id=uuid4())])
    async with worker() as session:
        assert "there is no run" in str(await session.scalar(text("SELECT reason FROM quarantine")))


async def test_the_whole_month_heard_a_second_time_changes_nothing(
    client: httpx.AsyncClient, worker: Sessions, month: Month
) -> None:
    run_id = await DESK.publish_all(client, worker)
    before, events = await DESK.run(client, run_id), await stated(worker)
    async with worker.begin() as session:
        await session.execute(text("DELETE FROM inbox"))  # a pruned inbox: the business keys alone must hold
    await tell(worker, month.events)
    await work_all(worker)
    assert await DESK.run(client, run_id) == before
    assert await stated(worker) == events
    standing = must(await client.get(f"/periods/{PERIOD}", headers=DESK.treasurer))
    assert (standing["activity"]["state"], standing["appraisal"]["state"]) == ("reconciled", "reconciled")


async def test_publication_goes_on_where_a_worker_stopped(
    client: httpx.AsyncClient, worker: Sessions, month: Month
) -> None:
    run_id = await DESK.start(client)
    await work_all(worker)
    await DESK.verify(client, run_id)
    await DESK.approve(client, run_id)
    await DESK.publish(client, run_id)
    await work_one(worker, TENANT)
    assert len(of_type(await stated(worker), AllowanceFinalized)) == 2
    assert (await DESK.run(client, run_id))["state"] == "publishing"
    await work_all(worker)
    lines = [event for event in await stated(worker) if isinstance(event, AllowanceFinalized)]
    assert [line.feed_sequence for line in lines] == [1, 2, 3, 4, 5, 6]
    assert (await DESK.run(client, run_id))["state"] == "published"
