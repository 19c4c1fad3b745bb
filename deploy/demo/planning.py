"""SKP: written from the top down, each result derived from one of the superior's, and approved in bulk."""

from typing import Any

from deploy.demo.console import Bar, must
from deploy.demo.door import each
from deploy.demo.office.model import Person, PlannedResult
from deploy.demo.region import Region

YEAR = ("2026-01-02", "2026-12-31")


async def agree_on_plans(region: Region, bar: Bar) -> int:
    """Everybody's SKP of the year, approved; how many."""
    positions = await region.admin.get("/identity/positions", limit=1000)
    position_ids = {one["code"]: one["position_id"] for one in positions["positions"]}
    results: dict[str, dict[str, str]] = {}
    approved = 0

    async def write(person: Person) -> str:
        above = region.superior_of(person)
        plan = await region.logins[person.nip].post(
            "/activity/plans",
            {
                "position_id": position_ids[person.post.code],
                "first_day": YEAR[0],
                "last_day": YEAR[1],
                "results": _results(region.office.plans[person.nip], results[above.nip] if above else {}),
            },
        )
        results[person.nip] = {one["text"]: one["result_id"] for one in plan["results"]}
        await region.logins[person.nip].post(f"/activity/plans/{plan['plan_id']}/submission")
        bar.advance()
        return str(plan["plan_id"])

    heads = [person for person in region.office.people if person.post.reports_to is None]
    approved += await _approve(region.admin, await each(heads, write))
    for leader, staff in region.leaders():
        approved += await _approve(region.logins[leader.nip], await each(staff, write))
    return approved


def _results(plan: tuple[PlannedResult, ...], above: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "text": one.text,
            "superior_result_id": above[one.superior_text] if one.superior_text else None,
            "indicators": [{"aspect": "kuantitas", "text": one.indicator, "target": str(one.target), "unit": one.unit}],
        }
        for one in plan
    ]


async def _approve(login: Any, plan_ids: list[str]) -> int:
    answer = await login.post("/activity/plans/approvals", {"ids": plan_ids})
    reason = next((one["reason"] for one in answer["plans"] if not one["approved"]), "")
    must(answer["refused"] == 0, f"{login.name}: {reason}")
    return int(answer["approved"])
