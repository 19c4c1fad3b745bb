"""The month's end: activities closed on exact totals, appraisals given by the superiors and closed on theirs."""

from typing import Any

from deploy.demo.console import Bar, must
from deploy.demo.door import each
from deploy.demo.office.model import Person
from deploy.demo.ratings import SILENT, predikat_of, ratings_of
from deploy.demo.region import PERIOD, Region
from deploy.demo.waiting import until


async def close_activities(region: Region) -> Any:
    """The closing, once appraisal and payroll hold the same."""
    closed = (await region.admin.post(f"/activity/periods/{PERIOD}/closing"))["closings"][-1]
    await until(
        lambda: region.admin.get(f"/appraisal/periods/{PERIOD}"),
        lambda shown: shown["activity_state"] == "reconciled",
        f"{region.office.name}: appraisal holds what activity closed",
    )
    await until(
        lambda: region.admin.get(f"/payroll/periods/{PERIOD}"),
        lambda shown: shown["activity"]["state"] == "reconciled",
        f"{region.office.name}: payroll holds what activity closed",
    )
    return closed


async def appraise(region: Region, bar: Bar) -> int:
    """Every superior rates their staff in one request; how many appraisals became final."""

    async def rate(led: tuple[Person, list[Person]]) -> int:
        leader, staff = led
        entries = [
            {"employee_id": region.ids[one.nip], "ratings": ratings_of(one.nip), "predikat": predikat_of(one.nip)}
            for one in staff
            if one.nip not in silent_over(region)
        ]
        path = f"/appraisal/appraisals/{PERIOD}/finalizations"
        answer = await region.logins[leader.nip].post(path, {"entries": entries})
        refused = next((one["problem"]["detail"] for one in answer["entries"] if one["status"] == "refused"), "")
        must(answer["refused"] == 0, f"{leader.name}: {refused}")
        bar.advance(len(staff))
        return int(answer["finalized"])

    return sum(await each(region.leaders(), rate))


async def close_appraisals(region: Region) -> Any:
    """The closing, once payroll holds the same. Those without an appraisal are named with the reason."""
    reason = "Satu atasan belum menilai; kepala dinilai oleh pimpinan daerah di luar aplikasi."
    closed = await region.admin.post(f"/appraisal/periods/{PERIOD}/closing", {"reason": reason})
    await until(
        lambda: region.admin.get(f"/payroll/periods/{PERIOD}"),
        lambda shown: shown["appraisal"]["state"] == "reconciled",
        f"{region.office.name}: payroll holds what appraisal closed",
    )
    return closed


def silent_over(region: Region) -> set[str]:
    """NIPs of those whose superior stayed silent."""
    if region.tenant_id not in SILENT:
        return set()
    return {region.holder(SILENT[region.tenant_id][1]).nip}


def in_default(region: Region) -> set[str]:
    """NIPs of the superiors who stayed silent."""
    return {region.holder(SILENT[region.tenant_id][0]).nip} if region.tenant_id in SILENT else set()


def predikat_given(region: Region) -> dict[str, str]:
    """Who was appraised, and with what."""
    return {
        one.nip: predikat_of(one.nip)
        for one in region.office.people
        if one.post.reports_to and one.nip not in silent_over(region)
    }
