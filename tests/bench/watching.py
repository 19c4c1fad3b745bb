"""What a benchmark looks at while it runs: databases, workers' memory, the time things take."""

import asyncio
import signal
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import quantiles
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import psutil

from deploy.local.services import Services


@dataclass
class Figure:
    """One line of the report: ours, its baseline, and what is wanted."""

    what: str
    ours: float
    unit: str
    baseline: float | None = None
    baseline_is: str = ""
    goal: str = ""
    more: dict[str, float] = field(default_factory=dict)

    @property
    def ratio(self) -> float | None:
        return self.ours / self.baseline if self.baseline else None


class Watch:
    """Over a running stack."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.stack = services.stack
        self.peak_mb: dict[str, float] = {}

    @contextmanager
    def resting(self, *services: str) -> Iterator[None]:
        """The workers of these services are stopped, and go on afterwards."""
        names = [name for name in self.services.pids if name.partition("-")[0] in services]
        for name in names:
            self.services.kill(name, signal.SIGSTOP)
        try:
            yield
        finally:
            for name in names:
                self.services.kill(name, signal.SIGCONT)

    async def fetch(self, service: str, query: str) -> list[asyncpg.Record]:
        connection = await asyncpg.connect(self.stack.postgres_admin_url.rsplit("/", 1)[0] + f"/{service}")
        try:
            return list(await connection.fetch(query))
        finally:
            await connection.close()

    async def watch_arrivals(self, tenant_id: str, many: int, sent: set[UUID]) -> dict[UUID, float]:
        """When each of so many activities is first seen in payroll's books, looked at fifty times a second by its key.

        It looks for those in `sent` only, which grows meanwhile: to look for all of them is a load of its own.
        """
        arrived: dict[UUID, float] = {}
        connection = await asyncpg.connect(self.stack.postgres_admin_url.rsplit("/", 1)[0] + "/payroll")
        query = "SELECT activity_id FROM activity_records WHERE tenant_id = $1 AND activity_id = ANY($2)"
        try:
            while len(arrived) < many:
                rows = await connection.fetch(query, tenant_id, list(sent - arrived.keys()))
                arrived.update(dict.fromkeys((UUID(str(row[0])) for row in rows), time.time()))
                await asyncio.sleep(0.02)
        finally:
            await connection.close()
        return arrived

    async def count(self, service: str, table: str) -> int:
        return int((await self.fetch(service, f"SELECT count(*) FROM {table}"))[0][0])

    async def until(self, ask: Callable[[], Awaitable[int]], wanted: int, *, exactly: bool = False) -> None:
        async with asyncio.timeout(1800):
            while (now := await ask()) < wanted or (exactly and now != wanted):
                await asyncio.sleep(0.25)  # counting is work too

    @contextmanager
    def memory(self) -> Iterator[None]:
        """The peak of each worker's resident memory, looked at twice a second."""
        stop = threading.Event()

        def look() -> None:
            while not stop.wait(0.5):
                for name, pid in self.services.pids.items():
                    if "-worker-" in name and psutil.pid_exists(pid):
                        used = psutil.Process(pid).memory_info().rss / 1e6
                        self.peak_mb[name] = max(self.peak_mb.get(name, 0), used)

        watcher = threading.Thread(target=look, daemon=True)
        watcher.start()
        try:
            yield
        finally:
            stop.set()
            watcher.join()


def centiles(delays_ms: list[float]) -> dict[str, float]:
    """What half of them, and all but one in a hundred, do not exceed."""
    cuts = quantiles(delays_ms, n=100)
    return {"p50 ms at half load": cuts[49], "p99 ms at half load": cuts[98]}


async def timed(work: Awaitable[Any]) -> float:
    began = time.perf_counter()
    await work
    return time.perf_counter() - began


async def answers(address: str) -> None:
    async with asyncio.timeout(30), httpx.AsyncClient() as http:
        while True:
            try:
                await http.get(f"{address}/docs")
                return
            except httpx.HTTPError:
                await asyncio.sleep(0.1)
