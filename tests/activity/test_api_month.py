"""A month from plan to closing through the API, and what it states."""

from uuid import UUID

from shared.events.activity import PeriodClosed
from tests.activity.stating import stated
from tests.support.activity import MONTH, Region, entry


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
    [fact] = await stated(region, PeriodClosed)
    assert (fact.close_seq, fact.totals.minutes, fact.root) == (1, 150, closing["root"])
