"""One employee's allowance, line by line, down to the days and activities behind it."""

from typing import Any

from deploy.demo import paying
from deploy.demo.console import console, must, table
from deploy.demo.office.model import Person
from deploy.demo.region import PERIOD, Region
from shared.money import digits

SHOWN = 3  # activities printed of a line


async def explain(region: Region, person: Person) -> None:
    """As the employee sees it, with their own login."""
    statement = await paying.own_statement(region, person)
    net = int(statement["totals"]["net"])
    total = sum(int(line["amount"]) for line in statement["lines"] if line["kind"] != "base")
    must(total == net, f"{person.name}: the lines add up to {total}, the net is {net}")
    console.print(f"[bold]{person.name}[/bold], {person.post.name}, {person.unit.name}, {PERIOD}")
    for result in statement["results"]:
        console.print(f"  {result['part']}: {result['formula']} [dim]({result['article']})[/dim]")
    rows = [
        (line["name"], line["formula"], line["article"], _behind(line), digits(int(line["amount"])))
        for line in statement["lines"]
        if line["amount"] != "0"  # criteria that somebody does not have
    ]
    rows.append(("[bold]net[/bold]", "", "", "", f"[bold]{digits(net)}[/bold]"))
    table(("line", "how", "article", "rests on", "Rp"), rows)
    await _show_work(region, region.logins[person.nip], statement)


async def _show_work(region: Region, login: Any, statement: Any) -> None:
    """Some of the activities a part rests on, as they were written and approved."""
    behind: dict[str, list[str]] = next(
        (one["behind"]["activities"] for one in statement["results"] if one["behind"]["activities"]), {}
    )
    ids = [activity_id for day in sorted(behind) for activity_id in behind[day]]
    if not ids:
        await _show_rating(region, login, statement)
        return
    console.print(f"  behind them: {len(ids)} activities on {len(behind)} days, such as")
    shown = [await login.get(f"/activity/activities/{activity_id}") for activity_id in behind[min(behind)]]
    for one in sorted(shown, key=lambda activity: str(activity["start"]))[:SHOWN]:
        names = {employee: nip for nip, employee in region.ids.items()}
        approver = next(p.name for p in region.office.people if p.nip == names[one["decided_by"]])
        console.print(
            f"    {one['work_date']} {one['start']}-{one['end']}, {one['minutes']} minutes: {one['text']}, "
            f"{one['quantity']} {one['quantity_unit']}; approved by {approver}"
        )


async def _show_rating(region: Region, login: Any, statement: Any) -> None:
    """The appraisal a predikat comes from, and the approved work and attendance it rests on."""
    shown = await login.get(f"/appraisal/appraisals/{PERIOD}/{statement['employee_id']}")
    [rating], evidence = shown["versions"], shown["evidence"]
    evaluator = next(one.name for one in region.office.people if region.ids[one.nip] == rating["evaluator_id"])
    axes = f"hasil kerja {_words(rating['hasil_kerja'])}, perilaku {_words(rating['perilaku_kerja'])}"
    console.print(f"  behind the predikat: {axes}, by {evaluator}: {rating['reason']}")
    for result in evidence["results"]:
        console.print(f"    {result['activities']} activities, {result['minutes']} minutes: {result['text']}")
    must(
        sum(result["minutes"] for result in evidence["results"]) == evidence["minutes"],
        f"the evidence's results do not add up to its {evidence['minutes']} minutes",
    )
    days = evidence["attendance"]
    console.print(
        f"    {days['scheduled']} days: present {days['present']}, late {days['late_days']} "
        f"({days['late_minutes']} minutes), absent {days['absent']}, on leave {sum(days['leave'].values())}"
    )


def _words(code: str) -> str:
    return code.replace("_", " ")


def _behind(line: Any) -> str:
    days = line["behind"]["days"]
    activities = sum(len(ids) for ids in line["behind"]["activities"].values())
    parts = (
        [", ".join(day[8:] + "/" + day[5:7] for day in days[:6]) + (" ..." if len(days) > 6 else "")] if days else []
    )
    return "; ".join([*parts, *([f"{activities} activities"] if activities else [])])
