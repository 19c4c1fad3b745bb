"""The demo from beginning to end: two regions, one month, side by side."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TypeVar

from deploy.demo import (
    adopting,
    afterwards,
    attendance,
    chain,
    closing,
    consumer,
    explaining,
    founding,
    killing,
    month,
    paying,
    planning,
    receipts,
    refusals,
    second_way,
    twice,
)
from deploy.demo.console import console, equal, heading, step, table
from deploy.demo.door import Door
from deploy.demo.office.model import Person
from deploy.demo.out import write_allowances
from deploy.demo.region import PERIOD, Region, region
from deploy.demo.regions import add_region
from deploy.demo.settling import Settling
from deploy.local.databases import SERVICES
from deploy.local.processes import REPO
from deploy.local.services import Services
from shared.money import digits

T = TypeVar("T")


@dataclass
class Demo:
    """Two regions on one deployment."""

    services: Services
    regions: Sequence[Region]
    settling: Settling

    @property
    def people(self) -> int:
        return sum(len(one.office.people) for one in self.regions)

    async def both(self, work: Callable[[Region], Awaitable[T]]) -> list[T]:
        """Side by side, as on one deployment."""
        return list(await asyncio.gather(*(work(one) for one in self.regions)))


async def play(services: Services) -> None:
    """Everything in order. Raises DemoError at the first thing that is not as it must be."""
    door = Door(services.base_url)
    regions = [region(tenant_id, door) for tenant_id in ("92", "19.05")]
    handlers = {name: import_module(f"services.{name}.worker").HANDLERS for name in SERVICES}
    try:
        async with Settling(twice.urls(services), handlers) as settling:
            demo = Demo(services, regions, settling)
            for part in (_found, _work, _close, _pay, _show, _prove, _afterwards):
                await part(demo)
    finally:
        await door.close()


async def _found(demo: Demo) -> None:
    heading("Two regions begin")
    one_times: dict[str, dict[str, str]] = {}

    async def begin(one: Region) -> None:
        admin = one.holder(one.roles.admin)
        await founding.let_admin_in(one, await add_region(demo.services, one.office, admin))
        one_times[one.tenant_id] = await founding.found(one)
        await founding.give_roles(one)

    with step("regions added, organisations imported from the offices' workbooks") as bar:
        await demo.both(begin)
        bar.describe(f"2 regions added, {demo.people} people imported from the offices' workbooks")
    with step("everybody logs in by one-time password and sets their own", demo.people) as bar:
        await demo.both(lambda one: founding.let_everybody_in(one, one_times[one.tenant_id], bar))
        await demo.settling()
    with step("calendars, fingerprint machines and whose their numbers are"):
        await demo.both(attendance.decide_calendar)
        await demo.both(attendance.install_machines)
    with step("SKP imported, and approved from the top down", demo.people) as bar:
        await demo.both(planning.import_plans)
        approved = await demo.both(lambda one: planning.approve_plans(one, bar))
        equal("SKP approved and people", sum(approved), demo.people)


async def _work(demo: Demo) -> None:
    heading("October 2026")
    with step("activities logged as offline backlogs", demo.people) as bar:
        logged = await demo.both(lambda one: month.log_work(one, bar))
        bar.describe(f"{digits(sum(logged))} activities logged as offline backlogs")
    with step("superiors decide in bulk", demo.people) as bar:
        decided = await demo.both(lambda one: month.decide_on_work(one, bar))
        approved, returned = (sum(one[what] for one in decided) for what in ("approved", "returned"))
        bar.describe(f"{digits(approved)} activities approved in bulk, {digits(returned)} returned with the reason")
    with step("returned activities corrected and approved") as bar:
        corrected = await demo.both(month.correct_work)
        bar.describe(f"{digits(sum(corrected))} of the returned corrected, and approved")
    with step("raw logs of the machines imported") as bar:
        logs = [report for reports in await demo.both(attendance.import_logs) for report in reports]
        bar.describe(
            f"{digits(sum(report['stored'] for report in logs))} punches imported from {len(logs)} machines; "
            f"{sum(report['known'] for report in logs)} were in the files twice, "
            f"{sum(report['refused'] for report in logs)} broken lines named"
        )
    with step("leave and duty travel recorded", sum(len(one.office.leaves) for one in demo.regions)) as bar:
        await demo.both(lambda one: attendance.record_leave(one, bar))
    with step("employee-days settled") as bar:
        settled = await demo.both(attendance.settle)
        bar.describe(f"{digits(sum(one['days'] for one in settled))} employee-days settled")


async def _close(demo: Demo) -> None:
    heading("The month closes")
    with step("activities closed; appraisal and payroll hold exactly what was closed"):
        await demo.both(closing.close_activities)
    with step("superiors rate work and behaviour", demo.people) as bar:
        rated = await demo.both(lambda one: closing.appraise(one, bar))
        bar.describe(f"{sum(rated)} appraisals final")
    with step("appraisals closed; payroll holds exactly what was closed"):
        await demo.both(closing.close_appraisals)


async def _pay(demo: Demo) -> None:
    heading("The allowance, and the payroll worker killed with -9 in the middle of it")
    await _adopt(demo)
    with step("salary files and tables of circumstances imported") as bar:
        await demo.both(paying.import_salaries)
        stated = await demo.both(paying.state_circumstances)
        bar.describe(f"salary files imported; {sum(stated)} circumstances stated by one and let count by another")
    with step("both runs started; the worker killed while it writes statements") as bar:
        killed = await killing.run_and_kill(demo.services, demo.regions)
        stored = len(killed.statements)
        each = ", ".join(f"{one.office.name} {killed.of(one.tenant_id)}" for one in demo.regions)
        bar.describe(
            f"both runs started; {stored} of {demo.people} statements were stored when the worker died ({each})"
        )
    with step("the worker started again; the runs calculated") as bar:
        await asyncio.to_thread(demo.services.restart, killing.WORKER)
        await demo.both(paying.calculated)
        await killing.require_untouched(demo.services, killed)
        bar.describe(f"the worker started again: the other {demo.people - stored} calculated, the {stored} untouched")
    with step("every rupiah right: recomputed byte by byte, and by plain arithmetic from the files") as bar:
        checked = await demo.both(second_way.compare)
        bar.describe(
            f"{sum(count for count, _ in checked)} statements, net Rp {digits(sum(net for _, net in checked))}: "
            "the same when recomputed, and by plain arithmetic from the offices' files"
        )
    with step("verified, approved, published; booked and acknowledged by each region's payroll system"):
        await demo.both(paying.approve_and_publish)
        await demo.both(lambda one: consumer.book_and_acknowledge(demo.services, one))
        await demo.both(paying.acknowledged)
    with step("everybody's receipt checked offline, by the one file that needs nothing of Takar", demo.people) as bar:
        accepted = await demo.both(lambda one: receipts.check(one, bar))
        equal("receipts accepted and people", sum(accepted), demo.people)
        bar.describe(f"{sum(accepted)} receipts accepted offline by takar_verify.py; with a rupiah more, refused")


async def _adopt(demo: Demo) -> None:
    """Whose rules each region adopts, tried on their own cases before anybody signs them."""
    policies = [adopting.adopted(one.folder) for one in demo.regions]
    with step("the adopted rules tried on their folders' cases") as bar:
        passed = await adopting.try_cases([policy.folder for policy in policies])
        bar.describe(f"the adopted rules tried: all {sum(passed.values())} cases of their folders pass")
    with step("policies drafted by one and approved by another"):
        await demo.both(paying.put_policy_in_force)
    for one, policy in zip(demo.regions, policies, strict=True):
        console.print(
            f"  policy of {policy.folder.relative_to(REPO)} ({passed[policy.folder]} cases), with the bases of "
            f"{one.tenant_id} {one.office.name}: {policy.amounts} amounts differ, and no rule"
        )


async def _show(demo: Demo) -> None:
    for one in demo.regions:
        heading(f"Chain of control totals: {one.office.name}")
        allowances = await chain.show(demo.services, one)
        paths = write_allowances(one.tenant_id, one.office.name, PERIOD, allowances)
        console.print("files: " + ", ".join(str(path) for path in paths))
    for one in demo.regions:
        heading(f"One allowance explained: {one.office.name}")
        await explaining.explain(one, _worth_explaining(one))


async def _prove(demo: Demo) -> None:
    heading("The whole month sent a second time")
    await demo.settling()
    before = await twice.books(demo.services)
    with step("every entry and every approval sent again", demo.people) as bar:
        again = await demo.both(lambda one: twice.send_work_again(one, bar))
        bar.describe(
            f"{digits(sum(entries for entries, _ in again))} entries and "
            f"{digits(sum(approvals for _, approvals in again))} approvals sent again: all were known"
        )
    with step("every file imported again: nothing changed"):
        await demo.both(twice.send_files_again)
    with step("every fact ever stated read again from Kafka") as bar:
        await demo.settling()
        facts = await twice.state_again(demo.services, demo.settling)
        bar.describe(f"{digits(facts)} facts stated and read again")
    with step("the payroll systems run again"):
        await demo.both(lambda one: consumer.book_and_acknowledge(demo.services, one))
    after = await twice.books(demo.services)
    twice.check_same(before, after)
    console.print(
        f"[green]✓[/green] {len(before.tables)} tables of four services, {digits(before.rows)} rows before, "
        f"{digits(after.rows)} after; their fingerprints are the same"
    )
    for one in demo.regions:
        heading(f"A head of office in {one.office.name} tries to change what is closed")
        for what, status, sentence in await refusals.try_all(one):
            console.print(f"  {what}\n    [red]{status}[/red] {sentence}")


async def _afterwards(demo: Demo) -> None:
    heading("What leaves the house, what another rule would cost, and a mistake put right")
    with step("every file of both runs, made twice to the same bytes") as bar:
        files = await demo.both(lambda one: afterwards.write_files(one, _worth_explaining(one)))
        bar.describe(
            f"{sum(map(len, files))} files of both runs, made twice to the same bytes: {files[0][0].parents[1]}/"
        )
    with step("a draft of other rules over the whole month"):
        rows = await demo.both(afterwards.what_if)
    table(("region", "the draft", "people", "gain", "lose", "Rp a month"), rows)
    with step("the month reopened for a letter that came late, closed anew, computed again beside what was paid"):
        people = await demo.both(afterwards.excuse_somebody)
        corrections = [
            await afterwards.correction_of(one, person) for one, person in zip(demo.regions, people, strict=True)
        ]
    with step("the difference paid by a run of its own; the paid run untouched"):
        runs = await demo.both(afterwards.pay_the_difference)
        await demo.both(lambda one: consumer.book_and_acknowledge(demo.services, one))
        await demo.both(paying.acknowledged)
    names = [one.office.name for one in demo.regions]
    afterwards.show(list(zip(names, corrections, runs, strict=True)))


def _worth_explaining(one: Region) -> Person:
    """Whoever has had the most kinds of things happen to them in the month, was appraised, and was paid."""
    counted = second_way.counted(one)

    def kinds(person: Person) -> int:
        month = counted[person.nip]
        happened = (month.late, month.early, month.absent, month.leave, month.duty, month.apel_missed, month.flags)
        return sum(map(bool, happened))

    paid = second_way.by_hand(one)
    found = [who for who in one.office.people if paid[who.nip].net and counted[who.nip].predikat]
    return max(found, key=kinds)
