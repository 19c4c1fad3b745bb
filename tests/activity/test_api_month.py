"""A month from plan to closing through the API, and what it states."""

from uuid import UUID

from sqlalchemy import select

from shared.events import decode
from shared.events.activity import PeriodClosed
from shared.outbox import EventLogRow
from shared.unit_of_work import unit_of_work
from tests.support.activity import MONTH, Region, entry


async def stated(region: Region, kind: str) -> list[object]:
    """Facts of a type that were stated, oldest first."""
    async with unit_of_work(region.app, region.office.tenant_id) as uow:
        rows = await uow.session.scalars(
            select(EventLogRow)
            .where(EventLogRow.tenant_id == region.office.tenant_id, EventLogRow.type == kind)
            .order_by(EventLogRow.id)
        )
        return [decode(row.payload) for row in rows]


async def test_work_that_was_planned_logged_and_approved_is_in_the_closing(
    region: Region, results: dict[UUID, str]
) -> None:
    staff, supervisor = region.staff, region.office.supervisor
    ids = await region.logged(staff, [entry(results[staff.employee_id], minutes=m) for m in (60, 90, 30)])

    answer = await region.approve(supervisor, ids[:2])
    assert answer["done"] == 2

    detail = await region.done(region.admin_token(), "POST", f"/periods/{MONTH}/closing")
    assert detail["waiting"] == 1
    [closing] = detail["closings"]
    assert (closing["activities"], closing["minutes"], closing["employees"]) == (2, 150, 1)
    [fact] = await stated(region, PeriodClosed.type)
    assert isinstance(fact, PeriodClosed)
    assert (fact.close_seq, fact.totals.minutes, fact.root) == (1, 150, closing["root"])
