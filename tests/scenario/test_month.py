"""A month of two regions at once, told as it happens: from the first report to the payroll system's books."""

import asyncio
from datetime import date
from pathlib import Path
from typing import Any

from deploy.demo.by_hand import RULES, Money, Month
from deploy.demo.office.model import Person
from deploy.demo.office.sheets import salaries
from shared.period import period
from tests.support.regency import Regency, workdays

SEPTEMBER = period("2026-09")  # 22 working days, and no holiday
FIRST, SECOND = date(2026, 9, 1), date(2026, 9, 2)


async def test_what_was_done_approved_and_attended_is_what_two_regions_pay(
    bangka_barat: Regency, papua_barat: Regency, tmp_path: Path
) -> None:
    # September: everybody reports, the superiors approve all but one; two come late
    waiting = {}
    for regency in (bangka_barat, papua_barat):
        waiting[regency.tenant_id] = await a_month_of_work(regency)

    # October: both regions close; appraisal and payroll hold exactly what was approved
    for regency, approved in ((bangka_barat, 6), (papua_barat, 5)):
        closing = await regency.closes(SEPTEMBER)
        assert (closing["activities"], closing["minutes"]) == (approved, approved * 300)
        held = await regency.is_reconciled(SEPTEMBER)
        assert held == {name: closing[name] for name in ("activities", "minutes", "attendance_days", "employees")}

    # the superiors rate; in Papua Barat the head of the bidang falls short
    await asyncio.gather(
        bangka_barat.appraises(SEPTEMBER), papua_barat.appraises(SEPTEMBER, KABID="di_bawah_ekspektasi")
    )

    # the runs, by three people each, and the regions' own payroll systems
    runs = await asyncio.gather(bangka_barat.pays(SEPTEMBER), papua_barat.pays(SEPTEMBER))
    ledgers = [tmp_path / f"{one.tenant_id}.sqlite" for one in (bangka_barat, papua_barat)]
    booked = await asyncio.gather(
        *(one.books(SEPTEMBER, ledger) for one, ledger in zip((bangka_barat, papua_barat), ledgers, strict=True))
    )

    # every rupiah, by hand
    for regency, run, lines in zip((bangka_barat, papua_barat), runs, booked, strict=True):
        expected = {one.nip: by_hand(regency, one) for one in regency.office.people}
        assert dict(lines) == {nip: money.net for nip, money in expected.items()}
        assert int(run["totals"]["net"]) == sum(money.net for money in expected.values())

    # and one who asks why is told: the line names the day they were late
    late = next(
        line
        for line in (await bangka_barat.statement_of(bangka_barat.staff[0], SEPTEMBER))["lines"]
        if line["rule"] == "terlambat"
    )
    assert late["behind"]["days"] == [FIRST.isoformat()]
    assert waiting["92"] != waiting["19.05"]


async def a_month_of_work(regency: Regency) -> str:
    """One report of 300 minutes each, and a second that nobody approves; the id of that one."""
    reports = {one.nip: await regency.reports(one, FIRST) for one in regency.office.people}
    left = await regency.reports(regency.staff[0], SECOND)
    await regency.approves(regency.boss, *(reports[one.nip] for one in regency.staff))
    await regency.approves(regency.head, *(reports[one.nip] for one in (regency.secretary, regency.boss)))
    await regency.does("admin", "activity", "POST", f"/activities/{reports[regency.head.nip]}/approval")
    await regency.attend(workdays(SEPTEMBER), late=[(regency.staff[0], FIRST, "08:04")])
    return left


def by_hand(regency: Regency, who: Person) -> Money:
    """What a payroll officer would compute: 34 minutes late once, 300 minutes of work in the month."""
    row = next(row for row in salaries(regency.office) if row[0] == who.nip)
    gross, tax, bpjs_base = (int(str(cell)) for cell in row[1:4])
    month = Month(
        kelas=who.post.kelas,
        status_asn=who.status_asn,
        golongan=who.golongan,
        ptkp=who.ptkp,
        salary_gross=gross,
        salary_tax=tax,
        salary_bpjs_base=bpjs_base,
        workdays=22,
        predikat=predikat_of(regency, who),
        reported=1,
        late=[34] if who.nip == regency.staff[0].nip else [],
    )
    return RULES[regency.tenant_id](month)


def predikat_of(regency: Regency, who: Person) -> Any:
    if who.nip == regency.head.nip:
        return None
    return "butuh_perbaikan" if (regency.tenant_id, who.post.code) == ("92", "KABID") else "baik"
