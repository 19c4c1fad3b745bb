"""Receipts: everybody checks their own statement offline, with the one file that needs nothing of Takar."""

import asyncio
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from deploy.demo import paying
from deploy.demo.console import Bar, must
from deploy.demo.door import each
from deploy.demo.office.model import Person
from deploy.demo.region import Region
from deploy.local.processes import REPO

VERIFIER = REPO / "deploy" / "verify" / "takar_verify.py"


async def check(region: Region, bar: Bar) -> int:
    """Everybody's receipt is accepted, every tenth with another net amount refused, and the whole log holds."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)  # out of the repo: the verifier finds nothing of ours beside it
        shutil.copy(VERIFIER, folder)
        (folder / "keys.json").write_bytes((await region.auditor.ask("GET", "/payroll/receipt-keys")).content)
        (folder / "log.json").write_bytes((await region.auditor.ask("GET", "/payroll/checkpoints")).content)
        must(await _verdict(folder, "log.json") == 0, f"{region.office.name}: the log of runs is refused")

        forged = set(region.office.people[::10])  # a process each: all of them would take half a minute

        async def one(person: Person) -> None:
            await _check_one(region, person, folder, forge=person in forged)

        return len(await each(region.office.people, one, bar))


async def _check_one(region: Region, person: Person, folder: Path, *, forge: bool) -> None:
    own = await paying.own_statement(region, person)
    path, net = f"/payroll/statements/{own['statement_id']}/receipt", int(own["totals"]["net"])
    receipt = (await region.logins[person.nip].ask("GET", path)).content
    (folder / person.nip).write_bytes(receipt)
    accepted = await _verdict(folder, person.nip, "--nip", person.nip, "--tenant", region.tenant_id)
    must(accepted == 0, f"{person.name}: the receipt is refused")
    if forge:
        more = receipt.replace(f'"net":"{net}"'.encode(), f'"net":"{net + 1}"'.encode())
        (folder / f"{person.nip}-forged").write_bytes(more)
        must(await _verdict(folder, f"{person.nip}-forged") == 1, f"{person.name}: a rupiah more is not noticed")


async def _verdict(folder: Path, document: str, *options: str) -> int:
    """The verifier's exit status, run as an employee runs it: isolated, on the standard library alone."""
    command = [sys.executable, "-I", "-S", "takar_verify.py", document, "--key", "keys.json", *options]
    done = await asyncio.to_thread(subprocess.run, command, cwd=folder, capture_output=True, check=False)
    return done.returncode
