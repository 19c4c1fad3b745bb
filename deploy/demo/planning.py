"""SKP: the office's sheet imported, each result derived from one of the superior's, approved from the top down."""

from typing import Any

from deploy.demo.console import Bar, must
from deploy.demo.door import Login
from deploy.demo.founding import XLSX
from deploy.demo.office.model import FIRST_DAY, SINCE
from deploy.demo.region import Region

YEAR = {"first_day": SINCE.isoformat(), "last_day": "2026-12-31"}


async def import_plans(region: Region) -> Any:
    """The sheet, brought by the second admin, who leads nobody: nobody approves what they imported."""
    content = (region.folder / "skp.xlsx").read_bytes()
    told = await region.second.post("/activity/plans/import", files={"file": ("skp.xlsx", content, XLSX)}, params=YEAR)
    must(not told["faults"], f"{region.office.name}: SKP: {told['faults'][:1]}")
    must(not told["notices"], f"{region.office.name}: SKP: {told['notices'][:1]}")
    return told


async def approve_plans(region: Region, bar: Bar) -> int:
    """Superiors approve the SKP of their staff; the head's is recorded for the head of the region. How many."""
    approved = 0
    for login, staff in region.deciders():
        heads = [one for one in staff if one.post.reports_to is None]
        for whose in [{"employee_id": region.ids[one.nip]} for one in heads] or [{"of": "staff"}]:
            approved += await _approve(login, whose)
        bar.advance(len(staff))
    return approved


async def _approve(login: Login, whose: dict[str, str]) -> int:
    page = await login.get("/activity/plans", day=FIRST_DAY.isoformat(), state="submitted", limit=500, **whose)
    ids = [plan["plan_id"] for plan in page["plans"]]
    answer = await login.post("/activity/plans/approvals", {"ids": ids})
    reason = next((one["reason"] for one in answer["plans"] if not one["approved"]), "")
    must(answer["refused"] == 0, f"{login.name}: {reason}")
    return int(answer["approved"])
