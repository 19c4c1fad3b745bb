"""`python -m tests.fault --faults 100 --seed 7`: a month of two regions, with faults all the way; then the oracle."""

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import httpx
from rich.console import Console
from rich.table import Table

from deploy.local.services import Services
from deploy.local.stack import start
from tests.fault import month
from tests.fault.faults import KINDS, Rig, schedule
from tests.fault.journal import Journal
from tests.fault.load import Client, work
from tests.fault.oracle import Oracle, Verdict
from tests.support.population import Hand, Region, agree_on_plans, found, signing_key

console = Console(width=120)
QUICK_GROUP = {"TAKAR_KAFKA_SESSION_TIMEOUT_MS": "6000", "TAKAR_REQUESTS_PER_SECOND": "2000"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--faults", type=int, default=100)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--employees", type=int, default=60, help="of each region")
    parser.add_argument("--report", type=Path, default=Path("out/fault.json"))
    asked = parser.parse_args()
    console.print(f"seed {asked.seed}, {asked.faults} faults, 2 regions of {asked.employees}")
    with (
        tempfile.TemporaryDirectory(prefix="takar-fault-") as name,
        start(Path(name) / "stack") as stack,
        Services(stack, ["19.05", "92"], workers=2, environment=QUICK_GROUP) as services,
    ):
        verdict = asyncio.run(run(asked, services, Path(name)))
    asked.report.parent.mkdir(exist_ok=True)
    asked.report.write_text(json.dumps({"figures": verdict.figures, "wrong": verdict.wrong}, indent=1, default=str))
    show(verdict)
    sys.exit(1 if verdict.wrong else 0)


async def run(asked: argparse.Namespace, services: Services, folder: Path) -> Verdict:
    stack, key, journal = services.stack, signing_key(services.stack.folder), Journal()
    regions = [
        Region("19.05", asked.employees, services.base_url, key),
        Region("92", asked.employees, services.base_url, key, "Asia/Jayapura", "jambi-kind.yaml"),
    ]
    limits = httpx.Limits(max_connections=24)
    async with httpx.AsyncClient(base_url=services.base_url, timeout=60, limits=limits) as http:
        for region in regions:
            hand = Hand(http, region)
            await found(hand)
            await agree_on_plans(hand)
            console.print(f"{region.tenant_id} founded")
        clients = [Client(http, region, journal) for region in regions]
        rig = Rig(stack, services, random.Random(asked.seed))
        told = await play(rig, clients, asked.faults, folder)
    ledgers = {region.tenant_id: folder / f"{region.tenant_id}.sqlite" for region in regions}
    verdict = await Oracle(stack, regions, journal).judge(ledgers)
    verdict.figures = told | {"answers": journal.answered, "tries repeated": journal.retried} | verdict.figures
    return verdict


async def play(rig: Rig, clients: list[Client], count: int, folder: Path) -> dict[str, object]:
    """The month, with two thirds of the faults during the work and the rest until it is paid."""
    planned = schedule(count, rig.dice)
    during, after = planned[: count * 2 // 3], planned[count * 2 // 3 :]
    done: Counter[str] = Counter()
    began = time.monotonic()

    breaking = asyncio.create_task(break_things(rig, during, done))
    await asyncio.gather(*[work(client, rig.dice, 3, lambda: not breaking.done()) for client in clients])
    await breaking
    breaking = asyncio.create_task(break_things(rig, after, done))
    await asyncio.gather(*[finish(client, rig.services, folder) for client in clients])
    await breaking
    await at_rest(rig)
    seconds = time.monotonic() - began
    return {"faults": done.total(), "kinds of fault": len(done), "seconds": round(seconds)} | {
        f"fault: {name}": number for name, number in sorted(done.items())
    }


async def finish(client: Client, services: Services, folder: Path) -> None:
    await month.settle_attendance(client)
    await month.close_activities(client)
    await month.appraise(client)
    await month.prepare_pay(client)
    run_id = await month.pay(client)
    await month.book(client, services, run_id, folder / f"{client.region.tenant_id}.sqlite")


async def break_things(rig: Rig, names: list[str], done: Counter[str]) -> None:
    for name in names:
        began = time.monotonic()
        what = await KINDS[name][0](rig)
        done[name] += 1
        console.print(f"{done.total():4} {name}: {what} [dim]{time.monotonic() - began:.1f} s[/dim]", highlight=False)
        await asyncio.sleep(rig.dice.uniform(0.1, 1.0))


async def at_rest(rig: Rig) -> None:
    """All workers up, every outbox empty."""
    for name in rig.services.dead():
        await asyncio.to_thread(rig.services.restart, name)
    oracle = Oracle(rig.stack, [], Journal())
    for service in ("identity", "activity", "appraisal", "payroll"):
        await month.until(
            lambda service=service: oracle.count_outbox(service), lambda left: left == 0, f"{service}'s outbox is empty"
        )


def show(verdict: Verdict) -> None:
    table = Table(show_header=False, box=None)
    for name, figure in verdict.figures.items():
        table.add_row(name, str(figure))
    console.print(table)
    for wrong in verdict.wrong:
        console.print(f"[red]✗[/red] {wrong}", highlight=False)
    if not verdict.wrong:
        console.print("[green]✓[/green] nothing lost, doubled or reordered; 0 rupiah of difference")


if __name__ == "__main__":
    main()
