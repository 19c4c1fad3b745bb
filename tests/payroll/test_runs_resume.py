"""A run stopped by a crash, a refused chunk or a missing input goes on where it was; so do corrections."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from deploy.local.databases import ServiceUrls
from services.payroll.api import create_app
from services.payroll.commands.chunks import do_chunk, work_round
from services.payroll.commands.corrections import look_again
from shared.db import Sessions
from shared.unit_of_work import UnitOfWork, unit_of_work
from tests.support.corrections import Books
from tests.support.payroll import PERIOD, Desk, Month, a_month, activity_of, must, prepared, tell, work_all
from tests.support.service import TENANT, client_for, sessions_on

DESK = Desk()


@pytest.fixture
async def client(payroll_db: ServiceUrls) -> AsyncIterator[httpx.AsyncClient]:
    """Of a deployment that does runs two people at a time."""
    async with client_for(create_app, payroll_db, run_chunk=2) as client:
        yield client


@pytest.fixture
async def books(client: httpx.AsyncClient, worker: Sessions) -> Books:
    return Books(DESK, client, worker)


@pytest.fixture
async def month(books: Books, worker: Sessions) -> Month:
    month = a_month(staff=4, minutes=150)
    await DESK.adopt(books.client, "samarinda-kind")
    await prepared(worker, month)
    return month


async def crash(urls: ServiceUrls, times: int = 1) -> None:
    """A worker that does its work and dies before its commit."""
    async with sessions_on(urls.worker) as doomed:
        for _ in range(times):
            async with doomed() as session:
                uow = UnitOfWork(session, TENANT)
                await uow.enter_tenant()
                assert await do_chunk(uow)
                await uow.settle()
                await session.rollback()


@pytest.mark.parametrize("done_before", [0, 2, 4, 6])
async def test_a_run_whose_worker_dies_at_any_stage_comes_to_the_same(
    books: Books, worker: Sessions, payroll_db: ServiceUrls, month: Month, done_before: int
) -> None:
    run_id = must(await books.client.post("/runs", json={"period": PERIOD}, headers=DESK.treasurer))["run_id"]
    for _ in range(done_before):
        await work_round(worker)  # three chunks are frozen, then calculated, then the run is closed
    await crash(payroll_db)
    await work_all(worker)
    run = await DESK.run(books.client, run_id)
    assert (run["state"], run["complete"], run["totals"]["count"]) == ("calculated", True, 6)


async def chunk_of(owner: Sessions, run_id: str) -> list[UUID]:
    async with unit_of_work(owner, TENANT) as uow:
        found = await uow.session.scalar(
            text("SELECT employees FROM run_chunks WHERE run_id = :r AND chunk = 0"), {"r": run_id}
        )
        return list(found or [])


async def test_a_refused_chunk_lets_the_others_go_first_is_told_and_is_done_once_it_can_be(
    books: Books, worker: Sessions, payroll_db: ServiceUrls, month: Month
) -> None:
    run_id = must(await books.client.post("/runs", json={"period": PERIOD}, headers=DESK.treasurer))["run_id"]
    async with sessions_on(payroll_db.owner) as owner:
        (somebody, *_) = await chunk_of(owner, run_id)
        async with unit_of_work(owner, TENANT) as uow:
            await uow.session.execute(
                text(
                    "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
                    "$$ BEGIN IF NEW.employee_id = TG_ARGV[0]::uuid THEN RAISE EXCEPTION 'disk of the books'; "
                    "END IF; RETURN NEW; END $$"
                )
            )
            await uow.session.execute(
                text(
                    "CREATE TRIGGER refuse BEFORE INSERT ON statements FOR EACH ROW "
                    f"EXECUTE FUNCTION refuse('{somebody}')"
                )
            )
        for _ in range(12):
            await work_round(worker)
        run = await DESK.run(books.client, run_id)
        assert (run["state"], run["chunks_done"]) == ("reconciled", 2), "the other chunks are not held up"
        (refused,) = run["refused"]
        assert (refused["chunk"], refused["stage"]) == (0, "calculate")
        assert refused["failures"] > 1
        assert "disk of the books" in refused["failure"]
        async with unit_of_work(owner, TENANT) as uow:
            await uow.session.execute(text("DROP TRIGGER refuse ON statements"))
    await work_all(worker)
    run = await DESK.run(books.client, run_id)
    assert (run["state"], run["totals"]["count"], run["refused"]) == ("calculated", 6, [])


async def test_a_correction_whose_worker_dies_is_made_once(
    books: Books, worker: Sessions, payroll_db: ServiceUrls, month: Month
) -> None:
    await books.run(PERIOD)
    staff = month.office.staff[0].employee_id
    month.activities.append(activity_of(TENANT, staff, date(2026, 10, 5), 330, number=2))
    month.close_seq = 2
    await tell(worker, [month.activities[-1], month.closed, month.appraised])
    await prepared(worker, month)
    async with sessions_on(payroll_db.worker) as doomed:
        for _ in range(3):
            async with doomed() as session:
                uow = UnitOfWork(session, TENANT)
                await uow.enter_tenant()
                assert await look_again(uow, [])
                await uow.settle()
                await session.rollback()
    await books.correct()
    (found,) = await books.corrections(PERIOD)
    assert (found["employee_id"], found["difference"]) == (str(staff), "170000")


async def test_two_workers_correct_a_month_once(
    books: Books, worker: Sessions, payroll_db: ServiceUrls, month: Month
) -> None:
    await books.run(PERIOD)
    staff = month.office.staff[0].employee_id
    month.activities.append(activity_of(TENANT, staff, date(2026, 10, 5), 330, number=2))
    for close_seq in (2, 3):
        month.close_seq = close_seq
        await prepared(worker, month)
    async with sessions_on(payroll_db.worker) as second:
        other = Books(DESK, books.client, second)
        while sum(await asyncio.gather(books.correct(), other.correct())):
            pass
    (found,) = await books.corrections(PERIOD)
    assert found["difference"] == "170000"
    causes = (await books.page(PERIOD))["causes"]
    assert sorted((one["done"], one["differing"]) for one in causes) == [(True, 0), (True, 1)]
