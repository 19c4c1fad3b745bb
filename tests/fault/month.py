"""The rest of the month: closed, appraised, paid, booked outside; each step insists until it is done."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from deploy.local.services import Services
from shared.auth.policy import Role
from tests.fault.load import Client
from tests.support.population import MONTH, POLICIES

CONSUMER = Path(__file__).parents[2] / "deploy/examples/payroll_consumer.py"
VERIFIER, APPROVER, TREASURER, DRAFTER = -1, -2, -3, -4  # the last of the staff, each another person


async def until(
    ask: Callable[[], Awaitable[Any]], good: Callable[[Any], bool], what: str, within_s: float = 300
) -> Any:
    """The first answer that is good; AssertionError with the last one when time is up."""
    answer: Any = None
    try:
        async with asyncio.timeout(within_s):
            while True:
                answer = await ask()
                if good(answer):
                    return answer
                await asyncio.sleep(0.3)
    except TimeoutError:
        raise AssertionError(f"{what} did not come about; the last answer was {answer}") from None


async def settle_attendance(client: Client) -> None:
    """Every day of the month settled; of who never punched every workday is an absence, and costs."""
    asked = {"first_day": f"{MONTH}-01", "last_day": f"{MONTH}-31"}
    job = await client.json(None, "POST", "/activity/attendance/settlements", Role.ADMIN, json=asked)
    await until(
        lambda: client.json(None, "GET", f"/activity/attendance/settlements/{job['settlement_id']}", Role.ADMIN),
        lambda shown: shown["state"] == "done",
        "the month's days are settled",
    )


async def close_activities(client: Client) -> Any:
    path = f"/activity/periods/{MONTH}"
    shown = await client.json(None, "GET", path, Role.ADMIN)
    if shown["state"] != "closed":
        await client.insist(None, "POST", f"{path}/closing", Role.ADMIN)  # refused where an earlier try has closed it
    closed = await client.json(None, "GET", path, Role.ADMIN)
    assert closed["state"] == "closed", closed
    for service, read in (
        ("appraisal", lambda shown: shown["activity_state"]),
        ("payroll", lambda shown: shown["activity"]["state"]),
    ):
        await until(
            lambda service=service: client.insist(None, "GET", f"/{service}/periods/{MONTH}", Role.ADMIN),
            lambda answer, read=read: answer.is_success and read(answer.json()) == "reconciled",
            f"{service} holds what activity closed",
        )
    return closed


async def appraise(client: Client) -> None:
    """Everybody as expected, but one in seven above; the head by nobody, which the closing says."""
    region = client.region
    for leader in range(region.superiors + 1):
        entries = []
        for number in region.staff_of(leader):
            rating = "di_atas_ekspektasi" if number % 7 == 0 else "sesuai_ekspektasi"
            values = {name: {"rating": rating} for name in ("BP", "AK", "KO", "HA", "LO", "AD", "KB")}
            ratings = {"hasil_kerja": rating, "perilaku_kerja": rating, "values": values, "reason": "sesuai laporan"}
            entries.append({"employee_id": str(region.ids[region.nips[number]]), "ratings": ratings})
        path = f"/appraisal/appraisals/{MONTH}/finalizations"
        await client.json(leader, "POST", path, json={"entries": entries})
    path = f"/appraisal/periods/{MONTH}"
    await client.insist(None, "POST", f"{path}/closing", Role.ADMIN, json={"reason": "kepala dinilai di luar"})
    await until(
        lambda: client.insist(None, "GET", f"/payroll/periods/{MONTH}", Role.ADMIN),
        lambda answer: answer.is_success and (answer.json()["appraisal"] or {}).get("state") == "reconciled",
        "payroll holds what appraisal closed",
    )


async def prepare_pay(client: Client) -> None:
    """A policy in force, drafted and approved by two; the salary file."""
    region = client.region
    document = (POLICIES / region.policy).read_text()
    answer = await client.insist(DRAFTER, "POST", "/payroll/policies", Role.BENDAHARA, json={"document": document})
    policy = answer.json()
    await client.insist(VERIFIER, "POST", f"/payroll/policies/{policy['hash']}/approval", Role.VERIFIKATOR)
    rows = [
        "NIP,Gaji Pokok,Gaji Kotor,PPh Gaji,Dasar BPJS",
        *(f"{nip},3500000,4200000,0,3900000" for nip in region.nips),
    ]
    file = ("gaji.csv", "\n".join(rows).encode())
    path = f"/payroll/periods/{MONTH}/salaries"
    told = await client.json(TREASURER, "POST", path, Role.BENDAHARA, files={"file": file})
    assert not told["faults"], told["faults"][:1]


async def pay(client: Client) -> str:
    """A run from hand to hand until it is published; its id."""
    treasurer, runs = TREASURER, "/payroll/runs"
    await client.insist(treasurer, "POST", runs, Role.BENDAHARA, json={"period": MONTH})
    [run] = await client.json(treasurer, "GET", runs, Role.BENDAHARA, params={"period": MONTH})
    path = f"{runs}/{run['run_id']}"

    def shown() -> Awaitable[Any]:
        return client.json(treasurer, "GET", path, Role.BENDAHARA)

    calculated = await until(shown, lambda run: run["state"] != "reconciled", "the run is calculated")
    assert calculated["set_aside_count"] == 0, calculated["set_aside"][:1]
    for who, step, role, state in (
        (VERIFIER, "verification", Role.VERIFIKATOR, "verified"),
        (APPROVER, "approval", Role.ADMIN, "approved"),
        (treasurer, "publication", Role.BENDAHARA, "publishing"),
    ):
        body: dict[str, Any] = {"json": {}} if step == "verification" else {}
        if step == "approval":
            seen = await client.json(who, "GET", f"{path}/comparison", role)
            body = {"json": {"seen": seen["digest"]}}
        await client.insist(who, "POST", f"{path}/{step}", role, **body)  # refused where an earlier try has done it
        after = await shown()
        assert after["state"] in {state, "published", "acknowledged"}, after["state"]
    await until(shown, lambda run: run["state"] in {"published", "acknowledged"}, "the run is published")
    return str(run["run_id"])


async def book(client: Client, services: Services, run_id: str, ledger: Path) -> None:
    """The region's payroll office books the run and acknowledges it."""
    tenant = client.region.tenant_id
    login = services.stack.credentials(f"ext-{tenant}")
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(CONSUMER),
        *("--tenant", tenant, "--bootstrap", services.stack.kafka_bootstrap, "--user", login.user),
        *("--ledger", str(ledger), "--once"),
        env={**os.environ, "PAYROLL_PASSWORD": login.password},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await asyncio.wait_for(process.communicate(), 300)
    assert process.returncode == 0, said.decode()[-2000:]
    await until(
        lambda: client.json(TREASURER, "GET", f"/payroll/runs/{run_id}", Role.BENDAHARA),
        lambda run: run["state"] == "acknowledged",
        "the run is acknowledged",
    )
