"""What a region's payroll office runs: it books every line once, checks the run, and its answer closes the chain."""

import asyncio
import os
import sqlite3
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.examples import payroll_consumer
from deploy.examples.payroll_consumer import LINE, RUN, Figures, Ledger
from deploy.kafka.credentials import Credentials
from deploy.local.databases import ServiceUrls
from services.payroll.worker import WORKER
from shared.db import Sessions
from shared.events.allowance import AllowanceFinalized, AllowanceRunFinalized
from shared.kafka.worker import running
from shared.settings import Settings
from tests.support.payroll import Desk, a_month, prepared, stated
from tests.support.service import OTHER_TENANT, TENANT
from tests.support.stack import KafkaSide

DESK = Desk()


@pytest.fixture
async def published(client: httpx.AsyncClient, worker: Sessions) -> str:
    """A run whose allowances are all stated; its id."""
    await prepared(worker, a_month())
    await DESK.adopt(client)
    return await DESK.publish_all(client, worker)


async def facts_of(worker: Sessions) -> list[tuple[str, dict[str, Any]]]:
    """What the region's topic will carry, by type."""
    kinds = (AllowanceFinalized, AllowanceRunFinalized)
    return [(event.type, event.content) for event in await stated(worker) if isinstance(event, kinds)]


async def test_lines_are_booked_once_whatever_comes_first_or_twice(
    published: str, worker: Sessions, tmp_path: Path
) -> None:
    facts = await facts_of(worker)
    ledger = Ledger(tmp_path / "books.sqlite", TENANT)
    run = [fact for fact in facts if fact[0] == RUN]
    first, *others = [fact for fact in facts if fact[0] == LINE]
    ledger.book([*run, first])
    assert ledger.due() == [], "not before all lines are here"
    ledger.book([first, *others])
    ledger.book(facts)
    ((run_id, _, ours, theirs),) = ledger.due()
    assert run_id == published
    assert ours == theirs
    assert ours.count == 3


async def test_a_line_lost_and_another_changed_are_seen_in_the_figures(
    published: str, worker: Sessions, tmp_path: Path
) -> None:
    facts = await facts_of(worker)
    ledger = Ledger(tmp_path / "books.sqlite", TENANT)
    kind, data = next(fact for fact in facts if fact[0] == LINE)
    swapped = data | {"bank": data["bank"] | {"number": "999"}}
    ledger.book([(kind, swapped), *facts])
    ((_, _, ours, theirs),) = ledger.due()
    assert (ours.count, ours.net, ours.digest) == (theirs.count, theirs.net, theirs.digest)
    assert ours.hash_total != theirs.hash_total, "a swapped payee shows in the hash total alone"


async def test_a_place_is_kept_only_together_with_its_lines(published: str, worker: Sessions, tmp_path: Path) -> None:
    facts = await facts_of(worker)
    ledger = Ledger(tmp_path / "books.sqlite", TENANT)
    broken = (LINE, {"run_id": "x"})
    with pytest.raises(KeyError):
        ledger.book([*facts, broken], [("topic", 0, 7)])
    assert (ledger.last_sequence(), ledger.place("topic", 0)) == (0, None)


def test_an_allowance_that_does_not_add_up_is_refused() -> None:
    data = {"feed_sequence": 1, "gross": "10", "deductions": "3", "net": "7", "lines": [{"amount": "6"}]}
    with pytest.raises(ValueError, match="does not add up"):
        payroll_consumer.checked(LINE, data)


def test_another_regions_record_is_refused() -> None:
    with pytest.raises(ValueError, match="of region '92'"):
        payroll_consumer.read(TENANT, b'{"specversion":"1.0","type":"x","tenantid":"92","data":{}}')


def settings(kafka: KafkaSide, urls: ServiceUrls) -> Settings:
    login = kafka.services["payroll"]
    return Settings.model_validate(
        {
            "service": "payroll",
            "database_url": urls.worker,
            "kafka_bootstrap": kafka.bootstrap,
            "kafka_user": login.user,
            "kafka_password": login.password,
            "topic_prefix": kafka.prefix,
        }
    )


async def consumer(kafka: KafkaSide, login: Credentials, ledger: Path, *more: str) -> tuple[int, str]:
    """Run the office's program to its end; exit status and what it said."""
    arguments = ["--tenant", TENANT, "--bootstrap", kafka.bootstrap, "--user", login.user, "--prefix", kafka.prefix]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        payroll_consumer.__file__,
        *arguments,
        *("--ledger", str(ledger), "--once", *more),
        env={**os.environ, "PAYROLL_PASSWORD": login.password},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    return process.returncode or 0, said.decode()


async def until(ask: Callable[[], Awaitable[Any]], wanted: object, within_s: float = 90) -> None:
    async with asyncio.timeout(within_s):
        while await ask() != wanted:
            await asyncio.sleep(0.1)


async def test_the_office_books_the_run_from_its_topic_and_its_acknowledgement_is_heard(
    client: httpx.AsyncClient, published: str, payroll_db: ServiceUrls, kafka: KafkaSide, tmp_path: Path
) -> None:
    login = kafka.tenant(TENANT)
    other = kafka.tenant(OTHER_TENANT)
    books = tmp_path / "books.sqlite"
    async with running(WORKER, settings(kafka, payroll_db)):
        status, said = await consumer(kafka, login, books, "--within", "90")
        assert status == 0, said
        assert "equal" in said

        async def state() -> Any:
            return (await DESK.run(client, published))["state"]

        await until(state, "acknowledged")
        status, said = await consumer(kafka, login, books, "--within", "90")
        assert status == 0, said
        assert "equal" not in said, "what was acknowledged is not sent again"
        assert sqlite3.connect(books).execute("SELECT count(*), max(version) FROM lines, runs").fetchone() == (3, 1)

        status, said = await consumer(kafka, other, tmp_path / "spy.sqlite", "--within", "15")
        assert status != 0
        assert "Authorization" in said, "another region's login reads nothing here"
    run = await DESK.run(client, published)
    assert run["acknowledgement"]["agrees"]
    assert Figures(3, int(run["totals"]["net"]), run["totals"]["hash_total"], run["totals"]["digest"]) == Figures(
        run["acknowledgement"]["count"],
        int(run["acknowledgement"]["net"]),
        run["acknowledgement"]["hash_total"],
        run["acknowledgement"]["digest"],
    )
