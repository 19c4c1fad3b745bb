"""A worker that does nothing but runs: payroll's own loop, and what each chunk took. Started by tests.bench.runs.

Says "ready", waits for a line, works until no run of the region waits for anything, then writes its record as JSON.
"""

import asyncio
import json
import os
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import uvloop
from sqlalchemy import text

from services.payroll import worker  # with all that a worker holds in memory
from services.payroll.commands import chunks
from services.payroll.tables import RunChunkRow, RunRow, Stage
from shared.db import Sessions, connect, disconnect
from shared.memory import settle_memory
from shared.unit_of_work import UnitOfWork
from tests.bench.region_month import TENANT

_LEFT = text("SELECT count(*) FROM run_chunks WHERE stage <> 'done'")
_PORT = text("SELECT inet_client_port()")


def _backend(port: int) -> psutil.Process:
    """Our PostgreSQL process, by the port in its title: one in a container has another number here than there."""
    for one in psutil.process_iter(["cmdline"]):
        title = " ".join(one.info["cmdline"] or ())
        if title.startswith("postgres: ") and f"({port})" in title:
            return one
    raise RuntimeError("PostgreSQL does not run on this machine: what it costs cannot be measured")


class Record:
    """Every chunk with its stage, people, moments, and processor seconds here and in our PostgreSQL process."""

    def __init__(self, backend: psutil.Process) -> None:
        self._here, self._backend = psutil.Process(), backend
        self._told: dict[str, Any] = {}
        self.chunks: list[dict[str, Any]] = []

    def noting(self, work: chunks.Work) -> chunks.Work:
        """The work of a stage, which says what it was done on."""

        async def noted(uow: UnitOfWork, run: RunRow, chunk: RunChunkRow) -> Stage:
            self._told = {"stage": chunk.stage, "people": len(chunk.employees)}
            return await work(uow, run, chunk)

        return noted

    @contextmanager
    def chunk(self) -> Iterator[None]:
        """Around one chunk with its commit."""
        self._told = {}
        began, cpu = time.time(), self._cpu()
        yield
        python, postgres = (now - before for now, before in zip(self._cpu(), cpu, strict=True))
        if self._told:
            self.chunks.append(
                self._told | {"began": began, "ended": time.time(), "python": python, "postgres": postgres}
            )

    def _cpu(self) -> tuple[float, float]:
        return time.process_time(), sum(self._backend.cpu_times()[:2])


async def work(sessions: Sessions) -> list[dict[str, Any]]:
    async with sessions() as session:
        record = Record(_backend((await session.execute(_PORT)).scalar_one()))
    chunks.STAGES = {stage: record.noting(one) for stage, one in chunks.STAGES.items()}
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    while await _left(sessions):
        with record.chunk():
            done = await chunks.work_one(sessions, TENANT)
        if not done:
            await asyncio.sleep(0.01)
    return record.chunks


async def _left(sessions: Sessions) -> int:
    async with sessions() as session:
        return int((await session.execute(_LEFT)).scalar_one())


def _peak_mb() -> float:
    """Of this program alone: getrusage also counts what its process was before it became this one."""
    [peak] = re.findall(r"^VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(), re.MULTILINE)
    return int(peak) / 1024


async def main() -> None:
    sessions = connect(os.environ["TAKAR_DATABASE_URL"], pool_size=1, name=f"takar-{worker.WORKER.service}-worker")
    try:
        done = await work(sessions)
    finally:
        await disconnect(sessions)
    print(json.dumps({"peak_mb": _peak_mb(), "chunks": done}), flush=True)


if __name__ == "__main__":
    settle_memory()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
