"""After the month is paid: its files, what another rule would cost, and a mistake put right without touching it."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

from deploy.demo import attendance, closing, paying
from deploy.demo.adopting import adopted
from deploy.demo.console import DemoError, console, equal, must, table
from deploy.demo.office.model import Person
from deploy.demo.out import OUT
from deploy.demo.region import PERIOD, Region
from deploy.demo.waiting import until
from services.payroll.exports.files import FILES
from shared.money import digits

NEXT = "2026-11"
# what the what-if asks about: another weight in the one region, a higher class in the other
_DRAFTS = {
    "92": (("weight: 60 %", "weight: 50 %"), ("weight: 40 %", "weight: 50 %")),
    "19.05": (("7: 3400000", "7: 3570000"),),
}


async def write_files(region: Region, person: Person) -> list[Path]:
    """Every file of the run, and one person's statement on paper; SIPD's sheet is read back and adds up to the run."""
    folder = OUT / region.tenant_id
    folder.mkdir(parents=True, exist_ok=True)
    path = f"/payroll/runs/{region.run_id}/exports"
    paths = [await _kept(region, f"{path}/{kind}", folder / f"tpp-{PERIOD}-{kind}") for kind in FILES]
    own = await paying.own_statement(region, person)
    statement = f"/payroll/statements/{own['statement_id']}/pdf"
    paths.append(await _kept(region, statement, folder / f"tpp-{PERIOD}-{person.nip}.pdf"))
    run = await paying.run_of(region)
    sheet = CalamineWorkbook.from_filelike(BytesIO(paths[0].read_bytes())).get_sheet_by_index(0)
    nips = {cell for row in sheet.to_python() for cell in row if isinstance(cell, str) and cell in region.ids}
    equal(f"{region.office.name}: people in SIPD's sheet and in the run", len(nips), run["totals"]["count"])
    return paths


async def _kept(region: Region, path: str, file: Path) -> Path:
    """The file, asked for twice: the bytes are the same."""
    first, second = [(await region.treasurer.ask("GET", path)).content for _ in range(2)]
    must(first == second, f"{file.name}: made twice, it is not the same")
    file.write_bytes(first)
    return file


async def what_if(region: Region) -> Sequence[object]:
    """What a draft would have paid for the month; nothing is stored but the report. A row for the table."""
    document = adopted(region.folder).document
    for old, new in _DRAFTS[region.tenant_id]:
        must(old in document, f"the policy has no {old}")
        document = document.replace(old, new, 1)
    asked = {"period": PERIOD, "document": document}
    report = await region.treasurer.post("/payroll/what-ifs", asked)
    for name in ("chart.svg", "report.xlsx"):
        answer = await region.treasurer.ask("GET", f"/payroll/what-ifs/{report['what_if_id']}/{name}")
        (OUT / region.tenant_id / f"what-if-{PERIOD}-{name}").write_bytes(answer.content)
    total = report["total"]
    changed = "; ".join(f"{old} -> {new}" for old, new in _DRAFTS[region.tenant_id])
    difference = digits(int(report["difference"]))
    return (region.office.name, changed, total["people"], total["winners"], total["losers"], difference)


async def excuse_somebody(region: Region) -> Person:
    """The month is reopened with a reason, somebody's lateness excused by a letter, and all closed anew."""
    person, days = await _late_one(region)
    reason = {"reason": "mesin absensi rusak, surat keterangan menyusul"}
    await region.admin.post(f"/activity/periods/{PERIOD}/reopening", reason)
    excuse = {"first_day": min(days), "last_day": max(days), "employee_id": region.ids[person.nip], "excuses": ["late"]}
    await region.admin.post("/activity/attendance/excuses", {**excuse, "reference": "800/17/2026", **reason})
    await attendance.settle(region)
    await closing.close_activities(region)
    await closing.close_appraisals(region)
    return person


async def _late_one(region: Region) -> tuple[Person, list[str]]:
    """The first whose statement has a cut for lateness, and the days it is for."""
    for person in region.office.people:
        if person.nip == region.admin.nip:
            continue
        statement = await paying.own_statement(region, person)
        for line in statement["lines"]:
            days = sorted(line["behind"]["days"])
            if line["rule"].startswith("terlambat") and days and int(statement["totals"]["net"]) > 0:
                return person, days
    raise DemoError(f"{region.office.name}: nobody was late")


async def correction_of(region: Region, person: Person) -> Any:
    """What the paid month comes to now, once payroll has computed it again."""
    told = await until(
        lambda: region.auditor.get("/payroll/corrections", period=PERIOD),
        lambda told: len(told["corrections"]) == 1,
        f"{region.office.name}: the paid month is computed again",
    )
    [found] = told["corrections"]
    equal("who is corrected", found["nip"], person.nip)
    must(int(found["difference"]) > 0, f"{person.name} gets nothing more")
    return found


async def pay_the_difference(region: Region) -> Any:
    """A run of kind kekurangan, from hand to hand; the run of the month stays as it was paid."""
    paid = await paying.run_of(region)
    started = await region.treasurer.post("/payroll/runs", {"period": NEXT, "kind": "kekurangan"})
    region.run_id = started["run_id"]
    run = await until(
        lambda: paying.run_of(region), lambda run: run["state"] != "reconciled", "the difference is calculated"
    )
    must(run["state"] == "calculated" and run["totals"]["count"] == 1, f"the run of differences: {run['history'][-1:]}")
    await paying.approve_and_publish(region)
    again = await region.treasurer.get(f"/payroll/runs/{paid['run_id']}")
    equal("the paid run before and after", paid["totals"], again["totals"])
    return run


def show(corrections: Sequence[tuple[str, Any, Any]]) -> None:
    """Whose month was corrected, and what they were paid for it."""
    rows = [
        (
            f"{found['name']} ({office})",
            digits(int(found["tpp_before"])),
            digits(int(found["tpp_after"])),
            digits(int(found["difference"])),
            digits(int(run["totals"]["net"])),
        )
        for office, found, run in corrections
    ]
    table(("whose", "paid TPP", "TPP now", "difference", "paid after tax"), rows)
    for office, found, _ in corrections:
        console.print(f"  {office}: {found['cause']}")
