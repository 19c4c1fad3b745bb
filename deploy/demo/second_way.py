"""Every rupiah a second time: the run's own recomputation, and the office's files by plain arithmetic."""

from datetime import time
from typing import Any

from deploy.demo import paying
from deploy.demo.attendance import APEL_AT
from deploy.demo.by_hand import RULES, Money, Month
from deploy.demo.closing import in_default, predikat_given
from deploy.demo.console import equal, must
from deploy.demo.counting import months
from deploy.demo.month import days_with_approved_work
from deploy.demo.region import Region


async def compare(region: Region) -> tuple[int, int]:
    """How many statements were checked both ways, and their net sum. Raises DemoError at the first rupiah."""
    same, different = await paying.recomputed(region)
    must(different == 0, f"{region.office.name}: {different} statements come out otherwise when computed again")
    paid = {one["nip"]: one for one in await _statements(region)}
    equal(f"{region.office.name}: statements and recomputed", len(paid), same, len(region.office.people))
    expected = by_hand(region)
    for person in region.office.people:
        got = Money(*(int(paid[person.nip][name]) for name in ("gross", "deductions", "net")))
        equal(
            f"{person.name} ({person.nip}): the run's and the second computation's amounts", got, expected[person.nip]
        )
    return same, sum(money.net for money in expected.values())


def by_hand(region: Region) -> dict[str, Money]:
    """By NIP, from the office's files."""
    return {nip: RULES[region.tenant_id](month) for nip, month in counted(region).items()}


def counted(region: Region) -> dict[str, Month]:
    """By NIP: what everybody's month came to."""
    found = months(region.office, region.folder, apel_by=time.fromisoformat(APEL_AT))
    given, silent = predikat_given(region), in_default(region)
    for nip, month in found.items():
        month.predikat, month.in_default = given.get(nip), nip in silent
        month.reported = days_with_approved_work(region, nip)
    return found


async def _statements(region: Region) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    after: str | None = None
    while True:
        page = await region.auditor.get(
            f"/payroll/runs/{region.run_id}/statements", limit=1000, **({"after": after} if after else {})
        )
        found += page["statements"]
        after = page["next_after"]
        if after is None:
            return found
