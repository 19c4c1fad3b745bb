"""The demo from beginning to end: two regions, one month, side by side."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from deploy.demo import attendance, closing, founding, month, paying, planning
from deploy.demo.console import Bar, heading, step
from deploy.demo.door import Door
from deploy.demo.region import Region, region
from deploy.demo.regions import add_region
from deploy.local.services import Services

T = TypeVar("T")


async def play(services: Services) -> None:
    """Everything in order. Raises DemoError at the first thing that is not as it must be."""
    door = Door(services.base_url)
    regions = [region(tenant_id, door) for tenant_id in ("92", "19.05")]
    try:
        await _found(services, regions)
        await _month(regions)
        await _close(regions)
    finally:
        await door.close()


async def _both(regions: Sequence[Region], work: Callable[[Region], Awaitable[T]]) -> list[T]:
    return list(await asyncio.gather(*(work(one) for one in regions)))


async def _found(services: Services, regions: Sequence[Region]) -> None:
    heading("Two regions begin")
    people = sum(len(one.office.people) for one in regions)
    one_times: dict[str, dict[str, str]] = {}
    with step("regions added, organisations imported"):
        for one in regions:
            admin = one.holder(one.roles.admin)
            await founding.let_admin_in(one, await add_region(services, one.office, admin))
            one_times[one.tenant_id] = await founding.found(one)
            await founding.give_roles(one)
    with step("everybody logs in and sets a password", people) as bar:
        await _both(regions, lambda one: founding.let_everybody_in(one, one_times[one.tenant_id], bar))
        await _both(regions, founding.known_to_activity)
    with step("calendars, machines and their numbers"):
        await _both(regions, attendance.decide_calendar)
        await _both(regions, attendance.install_machines)
    with step("SKP written and approved from the top down", people) as bar:
        await _both(regions, lambda one: planning.agree_on_plans(one, bar))


async def _month(regions: Sequence[Region]) -> None:
    heading("October 2026")
    people = sum(len(one.office.people) for one in regions)
    with step("activities logged", people) as bar:
        logged = await _both(regions, lambda one: month.log_work(one, bar))
        bar.describe(f"{sum(logged)} activities logged as offline backlogs")
    with step("decided in bulk", people) as bar:
        await _both(regions, lambda one: month.decide_on_work(one, bar))
    with step("returned activities corrected and approved"):
        await _both(regions, month.correct_work)
    with step("raw logs of the machines imported"):
        await _both(regions, attendance.import_logs)
    with step("leave and duty travel recorded", sum(len(one.office.leaves) for one in regions)) as bar:
        await _both(regions, lambda one: attendance.record_leave(one, bar))
    with step("employee-days settled"):
        await _both(regions, attendance.settle)


async def _close(regions: Sequence[Region]) -> None:
    heading("Closing")
    with step("activities closed; appraisal and payroll hold the same"):
        await _both(regions, closing.close_activities)
    with step("appraised", sum(len(one.office.people) for one in regions)) as bar:
        await _both(regions, lambda one: closing.appraise(one, bar))
    with step("appraisals closed; payroll holds the same"):
        await _both(regions, closing.close_appraisals)
    with step("policies in force, salaries imported"):
        await _both(regions, paying.put_policy_in_force)
        await _both(regions, paying.import_salaries)
    with step("run"):
        await _both(regions, paying.start_run)
        await _both(regions, paying.calculated)
        await _both(regions, paying.approve_and_publish)


def unused(bar: Bar) -> None:
    bar.advance()
