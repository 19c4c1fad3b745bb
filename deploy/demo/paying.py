"""The allowance: policy by two people, salaries, a run from hand to hand, and what reaches the region's payroll."""

from typing import Any

import httpx

from deploy.demo.adopting import adopted
from deploy.demo.console import must
from deploy.demo.office.model import Person
from deploy.demo.region import PERIOD, Region
from deploy.demo.waiting import until

CIRCUMSTANCES = "keadaan.csv"


async def put_policy_in_force(region: Region) -> Any:
    """Drafted by the treasurer, approved by the verifier."""
    draft = await region.treasurer.post("/payroll/policies", {"document": adopted(region.folder).document})
    return await region.verifier.post(f"/payroll/policies/{draft['hash']}/approval")


async def state_circumstances(region: Region) -> int:
    """The office's table of what no service states, imported by one and approved by another; how many rows."""
    if not (region.folder / CIRCUMSTANCES).exists():
        return 0
    told = (await import_circumstances(region)).json()
    must(not told["faults"], f"{region.office.name}: circumstances: {told['faults'][:1]}")
    await region.verifier.post(f"/payroll/circumstances/{told['file']['file_id']}/approval")
    return int(told["added"])


async def import_circumstances(region: Region) -> httpx.Response:
    content = (region.folder / CIRCUMSTANCES).read_bytes()
    return await region.treasurer.attempt("POST", "/payroll/circumstances", files={"file": (CIRCUMSTANCES, content)})


async def import_salaries(region: Region) -> Any:
    content = (region.folder / "gaji.csv").read_bytes()
    told = await region.treasurer.post(f"/payroll/periods/{PERIOD}/salaries", files={"file": ("gaji.csv", content)})
    must(not told["faults"], f"{region.office.name}: salaries: {told['faults'][:1]}")
    return told


async def start_run(region: Region) -> None:
    run = await region.treasurer.post("/payroll/runs", {"period": PERIOD})
    region.run_id = run["run_id"]


async def run_of(region: Region) -> Any:
    return await region.treasurer.get(f"/payroll/runs/{region.run_id}")


async def calculated(region: Region) -> Any:
    """The run, once the workers have calculated everybody."""
    run = await until(lambda: run_of(region), lambda run: run["state"] != "reconciled", "the run is calculated")
    must(run["state"] == "calculated", f"{region.office.name}: the run is {run['state']}: {run['history'][-1:]}")
    aside = run["set_aside"][:1]
    must(run["set_aside_count"] == 0, f"{region.office.name}: {run['set_aside_count']} were set aside: {aside}")
    must(run["totals"]["count"] == len(region.office.people), f"{region.office.name}: statements: {run['totals']}")
    return run


async def approve_and_publish(region: Region) -> None:
    """Verified by one, approved by another, put on the feed by the treasurer."""
    path = f"/payroll/runs/{region.run_id}"
    await region.verifier.post(f"{path}/verification", {})
    seen = await region.admin.get(f"{path}/comparison")
    await region.admin.post(f"{path}/approval", {"seen": seen["digest"]})
    await region.treasurer.post(f"{path}/publication")
    await until(lambda: run_of(region), lambda run: run["state"] != "publishing", "the run is published")


async def acknowledged(region: Region) -> Any:
    """The run, once the region's own payroll system has said what it booked."""
    run = await until(lambda: run_of(region), lambda run: run["state"] != "published", "the run is acknowledged")
    must(run["state"] == "acknowledged", f"{region.office.name}: the run is {run['state']}: {run['acknowledgement']}")
    return run


async def feed(region: Region) -> list[dict[str, Any]]:
    """The region's final allowances by cursor, as a payroll system without Kafka reads them."""
    found: list[dict[str, Any]] = []
    after = 0
    while True:
        page = await region.treasurer.get("/payroll/allowances", after=after, limit=500)
        found += [one["data"] for one in page["allowances"]]
        if not page["allowances"]:
            return found
        after = page["next_after"]


async def own_statement(region: Region, person: Person) -> Any:
    """The month's one statement of somebody, whole, by their own login."""
    login = region.logins[person.nip]
    [own] = await login.get("/payroll/statements")
    return await login.get(f"/payroll/statements/{own['statement_id']}")


async def recomputed(region: Region) -> tuple[int, int]:
    """How many statements come out the same, byte by byte, and how many do not."""
    equal = different = 0
    after: str | None = None
    while True:
        ask = {"limit": 1000} | ({"after": after} if after else {})
        page = await region.auditor.post(f"/payroll/runs/{region.run_id}/recomputation", ask)
        equal, different, after = equal + page["equal"], different + page["different"], page["next_after"]
        if after is None:
            return equal, different
