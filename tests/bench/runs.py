"""`python -m tests.bench.runs --people 10000 100000`: payroll's runs alone, by two worker processes, without Kafka.

PostgreSQL is real, fsync on; payroll's tables hold a region's month as its handlers leave it (region_month); the run is
started by the real command and worked on by payroll's own loop. Beside it, COPY of the same statements.
"""

import argparse
import asyncio
import json
import os
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
from rich.console import Console

from deploy.compile import compile_rules
from deploy.local.databases import ServiceUrls
from deploy.local.stack import Stack, start
from services.payroll.commands.policies import approve_policy, draft_policy
from services.payroll.commands.runs import CHUNK
from services.payroll.commands.starting import Wanted, create_run
from services.payroll.inputs.evaluators import evaluators
from services.payroll.queries.what_if import get_ready, run_to_compare, what_if
from shared.db import connect, disconnect
from shared.unit_of_work import unit_of_work
from shared.words import RunKind
from tests.bench import baselines
from tests.bench.region_month import PERIOD, TENANT, seed
from tests.bench.watching import Figure
from tests.support.payroll import policy_text
from tests.support.stack import Databases

SMALL, LARGE = 10_000, 100_000
WORKERS = 2
console = Console(width=130)


@dataclass(frozen=True)
class Stage:
    """A stage of a run: people, seconds by the clock, and processor seconds of workers and of their PostgreSQL."""

    people: int
    seconds: float
    python: float
    postgres: float

    @classmethod
    def of(cls, chunks: Sequence[dict[str, Any]]) -> "Stage":
        seconds = max(one["ended"] for one in chunks) - min(one["began"] for one in chunks)
        people, python, postgres = (sum(one[name] for one in chunks) for name in ("people", "python", "postgres"))
        return cls(people, seconds, python, postgres)

    @property
    def rate(self) -> float:
        """People a second."""
        return self.people / self.seconds

    @property
    def cost_us(self) -> float:
        """Processor time of a person, of workers and PostgreSQL."""
        return (self.python + self.postgres) / self.people * 1e6

    def __str__(self) -> str:
        python, postgres = self.python / self.people * 1e6, self.postgres / self.people * 1e6
        return f"{self.rate:,.0f} a second, {python:.0f} us python + {postgres:.0f} us PostgreSQL each"


@dataclass(frozen=True)
class Run:
    """A run of so many people. `copied`: statements of the same size a second by COPY; `size`: their bytes.

    what_ifs: seconds of drafts over it, one after the other; the first starts its processes and reads the facts, unless
    somebody has looked at the list of what-ifs before, as after `looked`.
    """

    people: int
    frozen: Stage
    calculated: Stage
    whole_s: float
    peak_mb: float
    copied: float
    size: float
    what_ifs: list[float]
    looked: float

    @property
    def cost_us(self) -> float:
        """Processor time of a person, frozen and calculated."""
        return self.frozen.cost_us + self.calculated.cost_us


def measure(stack: Stack, people: int, policy: str) -> Run:
    """Seed, start, work, close. Raises RuntimeError where anybody was set aside."""
    databases = Databases(stack)
    try:
        with databases.fresh("payroll") as urls:
            return asyncio.run(_measured(stack, urls, people, policy))
    finally:
        databases.close()


async def _measured(stack: Stack, urls: ServiceUrls, people: int, policy: str) -> Run:
    admin = stack.postgres_admin_url.rsplit("/", 1)[0] + urlsplit(urls.owner).path
    began = time.perf_counter()
    await seed(admin, people)
    console.print(f"{people:,} people seeded in {time.perf_counter() - began:.0f} s", highlight=False)
    workers = [await _worker(urls) for _ in range(WORKERS)]
    try:
        began = time.perf_counter()
        await _start_run(urls, policy_text(TENANT, policy))
        told = await asyncio.gather(*(one.communicate(b"go\n") for one in workers))
        whole_s = time.perf_counter() - began
    finally:
        for one in workers:
            if one.returncode is None:
                one.kill()
    if any(one.returncode for one in workers):
        raise RuntimeError("a worker failed; what it said stands above")
    records = [json.loads(said.splitlines()[-1]) for said, _ in told]
    chunks = [chunk for one in records for chunk in one["chunks"]]
    bodies = await _bodies(admin, people)
    return Run(
        people,
        Stage.of([one for one in chunks if one["stage"] == "freeze"]),
        Stage.of([one for one in chunks if one["stage"] == "calculate"]),
        whole_s,
        max(one["peak_mb"] for one in records),
        await baselines.copied(stack, [(uuid4(), body) for body in bodies], "bodies", 250),
        sum(map(len, bodies)) / len(bodies),
        *await _what_ifs(urls, policy_text(TENANT, policy)),
    )


async def _worker(urls: ServiceUrls) -> asyncio.subprocess.Process:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.run_worker"),
        env={**os.environ, "TAKAR_DATABASE_URL": urls.worker},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    if not await process.stdout.readline():
        raise RuntimeError("a worker did not start; what it said stands above")
    return process


async def _start_run(urls: ServiceUrls, document: str) -> None:
    """By the commands behind the API: a policy drafted and approved, the month's run created."""
    sessions, now = connect(urls.worker, pool_size=1), datetime.now(UTC)
    try:
        async with unit_of_work(sessions, TENANT) as uow:
            policy_hash = (await draft_policy(uow, document=document, by=uuid4(), now=now)).hash
        async with unit_of_work(sessions, TENANT) as uow:
            await approve_policy(uow, policy_hash=policy_hash, by=uuid4(), now=now)
        async with unit_of_work(sessions, TENANT) as uow:
            await create_run(uow, Wanted(PERIOD, RunKind.INDUK), by=uuid4(), now=now, chunk=CHUNK)
    finally:
        await disconnect(sessions)


async def _what_ifs(urls: ServiceUrls, document: str) -> tuple[list[float], float]:
    """Seconds of each of some drafts over the whole run, as the API computes them, without keeping the report.

    Then of one after a look at the list, with processes that were not there before.
    """
    sessions = connect(urls.app, pool_size=1)

    async def timed(percent: str) -> float:
        async with unit_of_work(sessions, TENANT) as uow:
            run = await run_to_compare(uow.session, TENANT, PERIOD, None)
            began = time.perf_counter()
            await what_if(uow.session, run, document.replace("cut: 2.5 %", f"cut: {percent} %"))
            return time.perf_counter() - began

    try:
        taken = [await timed(percent) for percent in ("1.1", "1.2", "1.3", "1.4")]
        for one in evaluators():
            one.stop()
        async with unit_of_work(sessions, TENANT) as uow:
            await get_ready(uow.session, TENANT)
        return taken, await timed("1.5")
    finally:
        await disconnect(sessions)
        for one in evaluators():
            one.stop()


_ACTIVITIES = """
    SELECT (SELECT count(*) FROM activity_records), (SELECT sum(length(activity_ids)) / 16 FROM run_inputs)
"""


async def _bodies(admin: str, people: int) -> list[bytes]:
    connection = await asyncpg.connect(admin)
    try:
        count = await connection.fetchval("SELECT count FROM runs WHERE state = 'calculated'")
        if count != people:
            raise RuntimeError(f"{count} of {people} people have a statement")
        done, frozen = await connection.fetchrow(_ACTIVITIES)
        if done != frozen:
            raise RuntimeError(f"{frozen} of {done} activities reached the run")
        return [row[0] for row in await connection.fetch("SELECT body FROM statements LIMIT 5000")]
    finally:
        await connection.close()


def measured(sizes: Sequence[int], policy: str) -> list[Run]:
    """A run of each size on a PostgreSQL of its own."""
    with start(kafka=False) as stack:
        return [measure(stack, people, policy) for people in sizes]


def figures(runs: Iterable[Run]) -> list[Figure]:
    """The rows of the report."""
    found, done = list[Figure](), {run.people: run for run in runs}
    for run in done.values():
        more = {
            "us of python": run.calculated.python / run.people * 1e6,
            "us of PostgreSQL": run.calculated.postgres / run.people * 1e6,
            "frozen/s": run.frozen.rate,
            "whole run, s": run.whole_s,
            "bytes a statement": run.size,
            "peak MB of a worker": run.peak_mb,
        }
        what = f"statements calculated, explained, stored (two workers, {run.people:,} people)"
        copy = "COPY of statements of the same size"
        found.append(Figure(what, run.calculated.rate, "statements/s", run.copied, copy, ">= 5,000", more))
        if run.people <= SMALL:
            again = sorted(run.what_ifs[1:])[1]
            first = {"the first time s": run.what_ifs[0], "the first after a look at the list s": run.looked}
            what, goal = f"what-if of a draft over {run.people:,} people", "<= 1 s for 10,000 people"
            found.append(Figure(what, again, "s", goal=goal, more=first))
    small, large = min(done), max(done)
    if small != large:
        what = f"cost per employee at {large:,} against {small:,}"
        ours, base = done[large].cost_us, done[small].cost_us
        found.append(Figure(what, ours, "us of processor", base, f"at {small:,}", "<= 1.1"))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, nargs="+", default=[SMALL])
    parser.add_argument("--policy", default="samarinda-kind", help="among the examples")
    asked = parser.parse_args()
    compile_rules()
    runs = measured(asked.people, asked.policy)
    for run in runs:
        console.print(f"{run.people:,}: frozen {run.frozen}; calculated {run.calculated}", highlight=False)
    for figure in figures(runs):
        beside = f", {figure.ratio:.2f} of {figure.baseline:,.0f} ({figure.baseline_is})" if figure.ratio else ""
        more = "".join(f"\n    {name}: {value:,.1f}" for name, value in figure.more.items())
        console.print(f"{figure.what}: {figure.ours:,.1f} {figure.unit}{beside}{more}", highlight=False)


if __name__ == "__main__":
    main()
