"""Decisions on the same activities at the same time: each stands on what is there when it is written."""

import asyncio
from datetime import UTC, datetime
from uuid import UUID, uuid4

from sqlalchemy import text

from services.activity.commands.approvals import approve_activities, return_activities
from services.activity.commands.cases import Decided, Decision
from shared.auth.caller import Caller, Grant
from shared.auth.policy import Role
from shared.events.activity import ActivityApproved
from shared.unit_of_work import unit_of_work
from tests.activity.stating import stated
from tests.support.activity import Region, entry
from tests.support.locks import until_it_waits


def supervisor(region: Region) -> Caller:
    return Caller(
        tenant_id=region.office.tenant_id,
        account_id=uuid4(),
        session_id=uuid4(),
        employee_id=region.office.supervisor.employee_id,
        name="Sari Dewi",
        grants=(Grant(Role.PEGAWAI),),
        issued_at=datetime.now(UTC),
    )


async def approve(region: Region, ids: list[UUID]) -> list[Decided]:
    async with unit_of_work(region.app, region.office.tenant_id) as uow:
        return await approve_activities(uow, supervisor(region), ids, datetime.now(UTC))


async def test_what_is_changed_while_it_is_approved_is_approved_as_it_then_is(
    region: Region, results: dict[UUID, str]
) -> None:
    """Never with minutes that the activity no longer has; what nobody touched goes with it in the same request."""
    own = results[region.staff.employee_id]
    ids = [UUID(one) for one in await region.logged(region.staff, [entry(own), entry(own)])]
    async with unit_of_work(region.app, region.office.tenant_id) as uow:
        changed = text("UPDATE activities SET minutes = 11 WHERE tenant_id = :tenant_id AND activity_id = :id")
        await uow.session.execute(changed, {"tenant_id": region.office.tenant_id, "id": ids[0]})
        working = asyncio.create_task(approve(region, ids))
        await until_it_waits(uow.session, working)
    assert [one.decision for one in await working] == ["approved", "approved"]
    facts = {fact.activity_id: fact for fact in await stated(region, ActivityApproved)}
    assert (len(facts), facts[ids[0]].minutes) == (2, 11)


async def test_of_two_who_decide_at_once_the_second_finds_what_the_first_decided(
    region: Region, results: dict[UUID, str]
) -> None:
    own = results[region.staff.employee_id]
    approved, returned = map(UUID, await region.logged(region.staff, [entry(own), entry(own)]))
    async with unit_of_work(region.app, region.office.tenant_id) as uow:
        caller, now = supervisor(region), datetime.now(UTC)
        await approve_activities(uow, caller, [approved], now)
        await return_activities(uow, caller, [returned], "lampirkan bukti", now)
        working = asyncio.create_task(approve(region, [approved, returned]))
        await until_it_waits(uow.session, working)
    first, second = await working
    assert first.decision == "already_approved"
    assert second.decision == "refused"
    assert len(await stated(region, ActivityApproved)) == 1


async def test_requests_that_cross_do_not_wait_in_a_circle(region: Region, results: dict[UUID, str]) -> None:
    own = results[region.staff.employee_id]
    ids = [UUID(one) for one in await region.logged(region.staff, [entry(own, minutes=5) for _ in range(60)])]
    answers = await asyncio.gather(*[approve(region, ids[:: 1 - 2 * (n % 2)]) for n in range(8)])
    decisions = [one.decision for answer in answers for one in answer]
    assert (decisions.count(Decision.APPROVED), decisions.count(Decision.ALREADY_APPROVED)) == (60, 420)
    assert len(await stated(region, ActivityApproved)) == 60
