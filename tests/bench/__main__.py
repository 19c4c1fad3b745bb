"""`python -m tests.bench --sizes 1000,10000`: prints ratios, writes docs/benchmarks.md and out/bench.json."""

import argparse
import asyncio
import json
import platform
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import httpx
import psutil
from rich.console import Console

from deploy.compile import compile_rules
from deploy.local.services import Services
from deploy.local.stack import start
from tests.bench import runs
from tests.bench.measures import Bench
from tests.bench.watching import Figure
from tests.support.population import Region, signing_key

console = Console(width=130)
DOCUMENT = Path(__file__).parents[2] / "docs/benchmarks.md"
UNBOUNDED = {"TAKAR_REQUESTS_PER_SECOND": "100000"}
HEAD = """# Benchmarks

Written by `make bench`; do not edit. Design 10's table, each figure beside its baseline in the same run, on one machine
that runs everything at once: clients, four APIs in one process, five workers, PostgreSQL (fsync on) and Kafka. Ratios
carry over to other machines, absolute figures do not.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1000,10000", help="employees, by comma")
    parser.add_argument("--runs", default=f"{runs.SMALL},{runs.LARGE}", help="employees of payroll's runs alone")
    asked = parser.parse_args()
    compile_rules()  # however the bench is started: what is measured is what is installed
    report: dict[int, list[Figure]] = {}
    for size in filter(None, asked.sizes.split(",")):
        report[int(size)] = bench(int(size))
        write(report)
    if alone := [int(size) for size in asked.runs.split(",") if size]:
        report[0] = runs.figures(runs.measured(alone, "samarinda-kind"))
        write(report)


def write(report: dict[int, list[Figure]]) -> None:
    """What is measured so far: a run of many minutes that is stopped leaves what it has."""
    out = Path("out")
    out.mkdir(exist_ok=True)
    figures = {size: [asdict(one) | {"ratio": one.ratio} for one in found] for size, found in report.items()}
    (out / "bench.json").write_text(json.dumps({"machine": machine(), "figures": figures}, indent=1))
    DOCUMENT.write_text(document(report))
    console.print(f"written: {DOCUMENT.name}, out/bench.json")


def bench(size: int) -> list[Figure]:
    console.rule(f"{size} employees")
    with start() as stack, Services(stack, ["19.05"], environment=UNBOUNDED) as services:
        return asyncio.run(measure(services, size))


async def measure(services: Services, size: int) -> list[Figure]:
    region = Region("19.05", size, services.base_url, signing_key(services.stack.folder))
    limits = httpx.Limits(max_connections=24)
    async with httpx.AsyncClient(base_url=services.base_url, timeout=600, limits=limits) as http:
        return await Bench(services, region, http, lambda line: console.print(line, highlight=False)).run()


def machine() -> str:
    memory = psutil.virtual_memory().total / 2**30
    return f"{psutil.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}, Python {platform.python_version()}"


def document(report: dict[int, list[Figure]]) -> str:
    parts = [HEAD, f"\nMeasured on {datetime.now(UTC):%Y-%m-%d}: {machine()}.\n"]
    for size, figures in report.items():
        title = f"{size:,} employees" if size else "Payroll's runs alone: two workers, PostgreSQL, nothing else"
        parts.append(f"\n## {title}\n\n| what | ours | baseline | ratio | goal |\n|---|---|---|---|---|\n")
        parts += [_row(figure) for figure in figures]
    return "".join(parts)


def _row(figure: Figure) -> str:
    more = "".join(f"<br>{name}: {value:,.1f}" for name, value in figure.more.items())
    baseline = f"{figure.baseline:,.0f} ({figure.baseline_is})" if figure.baseline else ""
    ratio = f"{figure.ratio:.2f}" if figure.ratio else ""
    return f"| {figure.what} | {figure.ours:,.1f} {figure.unit}{more} | {baseline} | {ratio} | {figure.goal} |\n"


if __name__ == "__main__":
    main()
