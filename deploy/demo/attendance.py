"""Attendance: the calendar, the machines and their logs, leave and duty, and the settled days."""

from typing import Any

from deploy.demo.console import Bar, must
from deploy.demo.door import Login, each
from deploy.demo.office.model import FIRST_DAY, LAST_DAY, SINCE, Leave
from deploy.demo.region import Region
from deploy.demo.waiting import until

APEL_AT = "07:45"
_MACHINES = {  # whose a machine is
    "kantor-manokwari": "92.01",
    "uptd-bintuni": "92.01.06",
    "korwil-fakfak": "92.01.07",
    "kantor-terpadu": "05.01",
    "kecamatan": "05.09",
}


async def decide_calendar(region: Region) -> None:
    """Monday's apel, the region's own holidays, and how much of a day may be logged."""
    await region.admin.post(
        "/activity/calendar/decisions",
        {
            "kind": "apel",
            "weekday": "mon",
            "at": APEL_AT,
            "name": "Apel Senin",
            "first_day": SINCE.isoformat(),
            "reason": "contoh keputusan jam kerja",
        },
    )
    for day, name in region.office.holidays:
        holiday = {"kind": "holiday", "effect": "add", "name": name, "first_day": day.isoformat()}
        await region.admin.post("/activity/calendar/decisions", {**holiday, "reason": "contoh keputusan kepala daerah"})
    await region.admin.put(f"/activity/settings/{SINCE}", {"daily_cap_minutes": 510})


async def install_machines(region: Region) -> None:
    """The fingerprint machines and whose their numbers are."""
    for site in dict.fromkeys(unit.site for unit in region.office.units):
        machine = {"unit_id": region.units[_MACHINES[site]], "name": f"Mesin {site}"}
        await region.admin.put(f"/activity/attendance/machines/{site}", machine)
    done = await import_pins(region)
    must(done["mapped"] == len(region.office.people), f"{region.office.name}: numbers mapped: {done}")


async def import_pins(region: Region) -> Any:
    content = (region.folder / "pin.csv").read_bytes()
    return await region.admin.post("/activity/attendance/pins/imports", files={"file": ("pin.csv", content)})


async def import_logs(region: Region) -> list[Any]:
    """Each machine's raw log; one line of each is broken, and named."""
    return [await _import_log(region, file) for file in sorted(region.folder.glob("*_attlog.dat"))]


async def _import_log(region: Region, file: Any) -> Any:
    serial = file.name.removesuffix("_attlog.dat")
    told = await region.admin.ask(
        "POST",
        "/activity/attendance/logs",
        files={"file": (file.name, file.read_bytes())},
        data={"serial": serial},
    )
    report = told.json()
    must(report["refused"] == 1, f"{file.name}: the broken line is named, and nothing else: {report['faults'][:2]}")
    must(not report["unknown_pins"], f"{file.name}: every number is somebody's: {report['unknown_pins']}")
    return report


async def record_leave(region: Region, bar: Bar | None = None) -> set[str]:
    """Leave and duty travel as the office's list has it, nobody's by themselves; the decisions' ids."""

    async def record(leave: Leave) -> str:
        told = await _recorder(region, leave).post(
            "/activity/attendance/leave",
            {
                "employee_id": region.ids[leave.nip],
                "kind": leave.kind,
                "first_day": leave.first_day.isoformat(),
                "last_day": leave.last_day.isoformat(),
                "reference": leave.letter,
                "reason": "sesuai surat",
            },
        )
        return str(told["decision_id"])

    return set(await each(region.office.leaves, record, bar))


def _recorder(region: Region, leave: Leave) -> Login:
    return region.second if leave.nip == region.admin.nip else region.admin


async def settle(region: Region) -> Any:
    """Have the month's days settled; what the settlement came to."""
    asked = {"first_day": FIRST_DAY.isoformat(), "last_day": LAST_DAY.isoformat()}
    settlement = await region.admin.post("/activity/attendance/settlements", asked)
    done = await until(
        lambda: region.admin.get(f"/activity/attendance/settlements/{settlement['settlement_id']}"),
        lambda told: told["state"] != "waiting",
        f"{region.office.name}: the month's days are settled",
    )
    must(done["state"] == "done", f"{region.office.name}: settling {done['state']}: {done['told']}")
    return done
