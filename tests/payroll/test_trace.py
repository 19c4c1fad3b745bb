"""From an activity to the rupiah it moved: statement, lines, run, acknowledgement."""

from datetime import date
from uuid import uuid4

import httpx
import pytest

from services.payroll.queries.trace import trace_activity, trace_day
from shared.db import Sessions
from shared.errors import Refused
from shared.events.activity import ActivityApproved
from shared.events.allowance import AllowanceAcknowledged, AllowanceRunFinalized
from shared.unit_of_work import unit_of_work
from tests.support.payroll import AT, PERIOD, Desk, Month, a_month, activity_of, must, prepared, stated, tell
from tests.support.service import TENANT, headers

DESK = Desk()
DAY = date(2026, 10, 5)


def activity_on(month: Month, day: date, number: int = 0) -> ActivityApproved:
    staff = month.office.staff[0].employee_id
    return [one for one in month.activities if one.employee_id == staff and one.work_date == day][number]


@pytest.fixture
async def month(client: httpx.AsyncClient, worker: Sessions) -> Month:
    """A month paid by minutes, on one day of which the staff member has two activities; 21 x 300 minutes are wanted."""
    month = a_month(minutes=200)
    staff = month.office.staff[0].employee_id
    month.activities.append(activity_of(TENANT, staff, DAY, 70, number=2))
    await prepared(worker, month)
    await DESK.adopt(client, "samarinda-kind")
    await DESK.publish_all(client, worker)
    return month


async def acknowledged(worker: Sessions) -> None:
    (said,) = [event for event in await stated(worker) if isinstance(event, AllowanceRunFinalized)]
    booked = {"count": 3, "net": said.totals.net, "hash_total": said.totals.hash_total, "digest": said.digest}
    answer = AllowanceAcknowledged(
        tenant_id=TENANT, occurred_at=AT, run_id=said.run_id, period=PERIOD, booked_by="SIMGAJI", **booked
    )
    await tell(worker, [answer])


async def test_an_activity_leads_to_the_statement_and_the_lines_it_moved(
    client: httpx.AsyncClient, worker: Sessions, month: Month
) -> None:
    await acknowledged(worker)
    small = activity_on(month, DAY, 1)
    own = headers(month.office.staff[0].token())
    told = must(await client.get(f"/statements/by-activity/{small.activity_id}", headers=own))
    assert (told["minutes"], told["work_date"], told["withdrawn"]) == (70, "2026-10-05", False)
    (statement,) = told["statements"]
    part = next(line for line in statement["moved"] if line["kind"] == "part")
    workdays = len({one.work_date for one in month.activities})
    # kelas 7 has Rp 3.400.000; 70 minutes of workdays x 300
    worth = 3_400_000 * 70 / (workdays * 300)
    assert abs(int(part["amount"]) - int(part["would_be"]) - worth) <= 1
    assert int(statement["difference"]) == sum(int(one["amount"]) - int(one["would_be"]) for one in statement["moved"])
    assert statement["acknowledged"]["agrees"] is True
    assert statement["acknowledged"]["booked_by"] == "SIMGAJI"
    assert statement["feed_sequence"] in (1, 2, 3)
    (listed,) = must(await client.get("/statements", headers=own))
    assert listed["statement_id"] == statement["statement_id"]


async def test_all_activities_of_a_day_move_what_the_day_moves(
    client: httpx.AsyncClient, worker: Sessions, month: Month
) -> None:
    staff = month.office.staff[0]
    async with unit_of_work(worker, TENANT) as uow:
        (day,) = await trace_day(uow.session, TENANT, staff.employee_id, DAY)
        one, two = [
            (await trace_activity(uow.session, TENANT, activity_on(month, DAY, number).activity_id)).statements[0]
            for number in (0, 1)
        ]
    apart = [sum(line.amount - line.would_be for line in found.moved if line.kind == "part") for found in (one, two)]
    together = sum(line.amount - line.would_be for line in day.moved if line.kind == "part")
    assert abs(sum(apart) - together) <= 1


async def test_an_activity_approved_after_the_run_is_known_but_in_no_statement(
    client: httpx.AsyncClient, worker: Sessions, month: Month
) -> None:
    late = activity_of(TENANT, month.office.staff[0].employee_id, date(2026, 10, 6), 60, number=9)
    await tell(worker, [late])
    told = must(await client.get(f"/statements/by-activity/{late.activity_id}", headers=DESK.auditor))
    assert (told["minutes"], told["statements"]) == (60, [])


async def test_minutes_that_changed_after_the_run_are_said_and_not_guessed(
    client: httpx.AsyncClient, worker: Sessions, month: Month
) -> None:
    small = activity_on(month, DAY, 1)
    await tell(worker, [small.model_copy(update={"minutes": 71, "version": 2, "event_id": uuid4()})])
    async with unit_of_work(worker, TENANT) as uow:
        with pytest.raises(Refused, match="other minutes of 2026-10-05"):
            await trace_activity(uow.session, TENANT, small.activity_id)


async def test_somebody_elses_activity_and_an_unknown_one_are_answered_alike(
    client: httpx.AsyncClient, month: Month
) -> None:
    head = headers(month.office.head.token())
    theirs, nobodys = activity_on(month, DAY).activity_id, uuid4()
    answers = [await client.get(f"/statements/by-activity/{one}", headers=head) for one in (theirs, nobodys)]
    assert [one.status_code for one in answers] == [404, 404]
    assert answers[0].json()["detail"].replace(str(theirs), "") == answers[1].json()["detail"].replace(str(nobodys), "")
