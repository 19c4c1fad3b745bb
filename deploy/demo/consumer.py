"""The payroll system of each region: a process of its own, with its own credentials and its own books."""

import asyncio
import os
import sqlite3
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from deploy.demo.console import must
from deploy.demo.region import Region
from deploy.local.processes import REPO
from deploy.local.services import Services


@dataclass(frozen=True, slots=True)
class Booked:
    """What a ledger holds of a run."""

    count: int
    gross: int
    deductions: int
    net: int
    accounts: tuple[str, ...]
    hashes: tuple[str, ...]


def ledger_of(services: Services, region: Region) -> Path:
    return services.stack.folder / f"payroll-system-{region.tenant_id}.sqlite"


async def book_and_acknowledge(services: Services, region: Region) -> str:
    """Run the region's consumer until it has acknowledged what it booked; what it printed."""
    login = services.stack.credentials(f"ext-{region.tenant_id}")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(REPO / "deploy" / "examples" / "payroll_consumer.py")),
        *("--tenant", region.tenant_id, "--bootstrap", services.stack.kafka_bootstrap, "--user", login.user),
        *("--ledger", str(ledger_of(services, region)), "--once"),
        env={**os.environ, "PAYROLL_PASSWORD": login.password},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    printed = (await process.communicate())[0].decode().strip()
    must(process.returncode == 0, f"{region.office.name}: the payroll system ended: {printed[-500:]}")
    return printed


def booked(services: Services, region: Region) -> Booked:
    """The run as it stands in the region's own books."""
    with closing(sqlite3.connect(ledger_of(services, region))) as books:
        rows = books.execute(
            "SELECT gross, deductions, net, account, statement_hash FROM lines WHERE run_id = ? ORDER BY feed_sequence",
            (region.run_id,),
        ).fetchall()
    return Booked(
        count=len(rows),
        gross=sum(row[0] for row in rows),
        deductions=sum(row[1] for row in rows),
        net=sum(row[2] for row in rows),
        accounts=tuple(row[3] for row in rows),
        hashes=tuple(row[4] for row in rows),
    )
