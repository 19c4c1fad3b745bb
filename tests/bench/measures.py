"""The flow of a month, measured: capture, approval to payroll's books, month's end, the run, memory."""

import asyncio
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import httpx

from deploy.local.processes import free_port
from deploy.local.services import Services
from services.payroll.commands.runs import CHUNK
from tests.bench import baselines
from tests.bench.client import Load, request, send_all
from tests.bench.punching import punch
from tests.bench.watching import Figure, Watch, answers, centiles, timed
from tests.bench.what_if import what_if
from tests.fault import month
from tests.fault.journal import Journal
from tests.fault.load import Client
from tests.support.population import Hand, Region, agree_on_plans, entries, found, in_turns

DAYS = [date(2026, 10, day) for day in range(1, 31) if date(2026, 10, day).weekday() < 5][:22]
A_DAY = 5
SINGLES = 3000
CHUNKS_TO_TELL = 8  # of a run: with fewer, the first ones are most of it, and when they began is not known
WATCHED = 500  # of the approvals at half load, whose way is timed one by one
FACT_BYTES = 800  # of an ActivityApproved as it is sent


class Bench(Watch):
    """A region of `size` employees on a running stack."""

    def __init__(self, services: Services, region: Region, http: httpx.AsyncClient, say: Callable[[str], None]) -> None:
        super().__init__(services)
        self.region, self.say = region, say
        self.hand = Hand(http, region)
        self.client = Client(http, region, Journal())
        self.figures: list[Figure] = []

    def add(self, figure: Figure) -> None:
        self.figures.append(figure)
        beside = f", {figure.ratio:.2f} of {figure.baseline:,.0f}" if figure.ratio else ""
        self.say(f"{figure.what}: {figure.ours:,.1f} {figure.unit}{beside}")

    async def run(self) -> list[Figure]:
        with self.memory():
            began = time.perf_counter()
            await found(self.hand)
            self.say(f"{self.region.size} people founded in {time.perf_counter() - began:.0f} s")
            await agree_on_plans(self.hand)
            self.say(f"plans agreed on after {time.perf_counter() - began:.0f} s")
            await self.capture_one_by_one()
            ids = await self.capture_backlogs()
            await self.approve_to_payroll(ids)
            self.services.start_worker("payroll")  # the run's stage is told for two
            await self.month_end()
            self.add(await what_if(self.hand))
        for name, peak in sorted(self.peak_mb.items()):
            self.figures.append(Figure(f"peak memory of {name}", peak, "MB", goal="<= 200 MB"))
        return self.figures

    async def capture_one_by_one(self) -> None:
        """One activity a request, over 16 connections; beside bare FastAPI with one insert."""
        address = self.services.base_url
        people = [self.region.size - 1 - n % min(50, self.region.size - 1) for n in range(SINGLES)]
        tokens = {number: self.region.token(number) for number in set(people)}
        ours = [
            request(f"{address}/activity/activities", "POST", tokens[number], body)
            for number, body in zip(people, self._singles(people), strict=True)
        ]
        load = await send_all(address, ours)
        bare = await self._bare(self._singles(people))
        if load.failed:
            raise RuntimeError(f"{load.failed} of {SINGLES} single captures failed")
        self.add(
            Figure(
                "durable capture, one activity a request",
                load.rate,
                "requests/s",
                bare.rate,
                "bare FastAPI + asyncpg, one insert",
                ">= 0.80; p99 <= 1.5x",
                {"p99 ms": load.p99_ms, "baseline p99 ms": bare.p99_ms, "p99 ratio": load.p99_ms / bare.p99_ms},
            )
        )

    def _singles(self, people: list[int]) -> list[bytes]:
        return [json.dumps(self._single(number, n)).encode() for n, number in enumerate(people)]

    def _single(self, number: int, n: int) -> dict[str, Any]:
        """A minute's work of September, so that October stays as the flow has it."""
        minute = n // 50 * 2
        start = f"{minute // 60:02}:{minute % 60:02}"
        end = f"{(minute + 1) // 60:02}:{(minute + 1) % 60:02}"
        return {
            "client_id": str(uuid4()),
            "work_date": "2026-09-15",
            "start": start,
            "end": end,
            "result_id": str(self.region.results[self.region.nips[number]]),
            "text": "Menyusun laporan kegiatan harian",
        }

    async def _bare(self, bodies: list[bytes]) -> Load:
        await (await baselines.database(self.stack)).close()
        port = free_port()
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "uvicorn", "tests.bench.bare:app", "--port", str(port), "--no-access-log"),
            env={**os.environ, "BARE_DATABASE_URL": baselines.url(self.stack)},
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            await answers(address)
            return await send_all(address, [request(f"{address}/entries", "POST", "x", body) for body in bodies])
        finally:
            process.terminate()
            await process.wait()

    async def capture_backlogs(self) -> dict[int, list[str]]:
        """Every employee's month as one request; beside COPY of the same rows."""
        sent = {number: entries(self.region, number, DAYS, A_DAY) for number in range(1, self.region.size)}
        stored: dict[int, list[str]] = {}

        async def send(number: int) -> None:
            told = await self.hand.ask(number, "POST", "/activity/activities/batch", json={"entries": sent[number]})
            if told["stored"] != len(sent[number]):
                raise RuntimeError(f"backlog of {number}: {told['entries'][:1]}")
            stored[number] = [one["activity_id"] for one in told["entries"]]

        seconds = await timed(in_turns(sent, send, at_once=8))
        count = sum(map(len, stored.values()))
        rows = [
            ("19.05", uuid4(), uuid4(), one["work_date"], one["start"], one["end"], one["result_id"], one["text"])
            for some in list(sent.values())[:900]
            for one in some
        ]
        baseline = await baselines.copied(self.stack, rows, "bare", len(DAYS) * A_DAY)
        self.add(
            Figure(
                "durable capture, a month's backlog a request",
                count / seconds,
                "activities/s",
                baseline,
                "COPY of the same rows, as many a transaction",
                ">= 10,000 activities/s",
            )
        )
        return stored

    async def approve_to_payroll(self, ids: dict[int, list[str]]) -> None:
        """Superiors approve most of the month in bulk, as fast as they can, until payroll's books hold it; the rest at
        half that rate, for the delay.

        The other readers rest meanwhile, as the raw loop has one reader too; they catch up afterwards.
        """
        asked = self._approvals({number: some[:-A_DAY] for number, some in ids.items()}, 2000)
        total = sum(len(part) for _, part in asked)
        payloads = [b"x" * FACT_BYTES] * total  # as many: what lasts has checkpoints in it
        keys = [b"19.05:%d" % (n % 997) for n in range(len(payloads))]
        baseline = await baselines.raw_loop(self.stack, payloads, keys)
        address = self.services.base_url
        url = f"{address}/activity/activities/approvals"
        prepared = [
            request(url, "POST", self.region.token(leader), json.dumps({"ids": part}).encode())
            for leader, part in asked
        ]
        with self.resting("identity", "appraisal"):
            began = time.perf_counter()
            load = await send_all(address, prepared, 4)
            await self.until(lambda: self.count("payroll", "activity_records"), total)
            rate = total / (time.perf_counter() - began)
            if load.failed:
                raise RuntimeError(f"{load.failed} requests to approve failed")
            self.say(f"{rate:,.0f} approvals/s; now at half of that")
            delays = await self._delays(self._approvals({n: some[-A_DAY:] for n, some in ids.items()}, 100), rate / 2)
        self.add(
            Figure(
                "approved -> in payroll's books",
                rate,
                "activities/s",
                baseline,
                "COPY, aiokafka produce, consume, COPY",
                ">= 0.60 (now >= 0.40); p99 <= 500 ms at half load",
                {
                    "activities": total,
                    "approved by the API alone, activities/s": load.rate * total / len(asked),
                    **delays,
                },
            )
        )

    def _approvals(self, ids: dict[int, list[str]], at_once: int) -> list[tuple[int, list[str]]]:
        """Who approves what, in requests of so many."""
        staff = {leader: self.region.staff_of(leader) for leader in range(self.region.superiors + 1)}
        return [
            (leader, part[place : place + at_once])
            for leader, group in staff.items()
            if (part := [one for number in group for one in ids.get(number, [])])
            for place in range(0, len(part), at_once)
        ]

    async def _approve(self, one: tuple[int, list[str]]) -> None:
        told = await self.hand.ask(one[0], "POST", "/activity/activities/approvals", json={"ids": one[1]})
        if told["refused"]:
            raise RuntimeError(f"approvals refused: {told['activities'][:1]}")

    async def _delays(self, asked: list[tuple[int, list[str]]], rate: float) -> dict[str, float]:
        """From the commit of an approval to its row in payroll's books, while so many a second are approved."""
        ids = [UUID(one) for _, part in asked for one in part]
        watched = _some(ids)
        sent: set[UUID] = set()

        async def pace() -> None:
            due = time.perf_counter()
            async with asyncio.TaskGroup() as group:
                for one in asked:
                    await asyncio.sleep(max(0.0, due - time.perf_counter()))
                    sent.update(watched.intersection(map(UUID, one[1])))
                    group.create_task(self._approve(one))
                    due += len(one[1]) / rate

        async with asyncio.timeout(600):
            arrived, _ = await asyncio.gather(self.watch_arrivals(self.region.tenant_id, len(watched), sent), pace())
        stated = await self.fetch(
            "activity",
            "SELECT convert_from(payload, 'UTF8')::jsonb ->> 'subject', extract(epoch FROM recorded_at)::float8 "
            f"FROM event_log WHERE type = 'activity.approved.v1' ORDER BY id DESC LIMIT {len(ids)}",
        )
        moments = {UUID(subject): moment for subject, moment in stated}
        return centiles([(arrived[one] - moments[one]) * 1000 for one in watched])

    async def month_end(self) -> None:
        """From the closing click to final allowances on the region's topic; and the run within it."""
        await punch(self.hand, DAYS)
        await month.settle_attendance(self.client)
        await month.prepare_pay(self.client)
        await self._all_heard()
        began = time.perf_counter()
        await month.close_activities(self.client)
        self.say(f"closed and reconciled after {time.perf_counter() - began:.1f} s")
        await month.appraise(self.client)
        self.say(f"appraised after {time.perf_counter() - began:.1f} s")
        await month.pay(self.client)
        await self.until(lambda: self.count("payroll", "outbox"), 0, exactly=True)
        seconds = time.perf_counter() - began
        self.add(
            Figure(
                "month's end, from the closing click to final allowances",
                seconds,
                "s",
                goal="<= 180 s for 10,000 employees",
                more={"ms an employee": seconds * 1000 / self.region.size},
            )
        )
        await self._the_run()

    async def _all_heard(self) -> None:
        """Readers that rested while approvals were measured have caught up: no month ends with one so far behind."""
        days, approved = (
            await self.count("activity", "attendance_days"),
            await self.count("payroll", "activity_records"),
        )
        for service in ("payroll", "appraisal"):
            await self.until(partial(self.count, service, "activity_days"), days)
            await self.until(partial(self.count, service, "activity_records"), approved)

    async def _the_run(self) -> None:
        whole = await self.fetch(
            "payroll",
            "SELECT extract(epoch FROM (SELECT min(at) FROM run_history WHERE state = 'calculated') - min(created_at)) "
            "FROM runs",
        )
        # each chunk's facts are recorded as it commits: the first chunk's time is not known, so it does not count
        [stage] = await self.fetch(
            "payroll",
            "SELECT extract(epoch FROM max(recorded_at) - min(recorded_at)), "
            "count(*) FILTER (WHERE recorded_at > (SELECT min(recorded_at) + interval '20 ms' FROM event_log "
            "WHERE type = 'payroll.allowance-calculated.v1')) "
            "FROM event_log WHERE type = 'payroll.allowance-calculated.v1'",
        )
        bodies = await self.fetch("payroll", "SELECT body FROM statements LIMIT 5000")
        baseline = await baselines.copied(self.stack, [(uuid4(), row[0]) for row in bodies], "bodies", 250)
        size = sum(len(row[0]) for row in bodies) / len(bodies)
        if self.region.size < CHUNKS_TO_TELL * CHUNK:
            self.say("too few chunks to tell the stage of calculating by itself")
        else:
            self.add(
                Figure(
                    "payroll run: calculated, explained, stored, by two workers",
                    stage[1] / float(stage[0]),
                    "statements/s",
                    baseline,
                    "COPY of statements of the same size",
                    ">= 5,000 (now >= 2,000)",
                    {"bytes a statement": size},
                )
            )
        self.add(
            Figure(
                "payroll run whole: started, inputs frozen, calculated, closed",
                self.region.size / float(whole[0][0]),
                "employees/s",
                baseline,
                "COPY of statements of the same size",
            )
        )


def _some(ids: Sequence[UUID]) -> set[UUID]:
    """A few hundred of them, from the first to the last: to look at all would be work beside the work."""
    return {*ids[:: max(1, len(ids) // WATCHED)], *ids[-1:]}
