"""One activity a request: in how many steps, what is seen of a request beside it, and when the calendar is read."""

import asyncio
from datetime import date, timedelta
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from deploy.local.databases import ServiceUrls
from services.activity.commands.logging import log_activity
from services.activity.rules.entries import Entry, Outcome
from services.activity.rules.filing import Limits, calendar_decides, filing_ends_on
from shared.auth.caller import Caller
from shared.brief import brief_unit_of_work
from shared.clock import local_date, now
from tests.support.activity import WORK_DATE, Region, entry
from tests.support.service import sessions_on

DAY = date(2026, 3, 2)


@given(window=st.integers(0, 30), passed=st.integers(0, 60), working=st.sets(st.integers(0, 61)))
def test_where_the_calendar_does_not_decide_no_calendar_refuses(window: int, passed: int, working: set[int]) -> None:
    today = DAY + timedelta(days=passed)
    if not calendar_decides([Limits(date.min, window, 1440)], [DAY], today):
        assert filing_ends_on(DAY, window, lambda day: (day - DAY).days in working, until=today) >= today


def test_the_calendar_decides_as_soon_as_it_can() -> None:
    limits = [Limits(date.min, 3, 1440)]
    assert not calendar_decides(limits, [DAY], DAY + timedelta(days=3))
    assert calendar_decides(limits, [DAY + timedelta(days=3), DAY], DAY + timedelta(days=4))
    assert not calendar_decides([Limits(date.min, None, 1440)], [DAY], DAY + timedelta(days=400))


async def test_an_activity_is_four_round_trips(
    activity_db: ServiceUrls, region: Region, results: dict[UUID, str]
) -> None:
    """Begin with region and lock, read, store, commit: each more would be a tenth of a request's time."""
    person, asked = region.staff, list[str]()
    caller = Caller(person.tenant_id, uuid4(), uuid4(), person.employee_id, person.name, (), now())
    async with sessions_on(activity_db.app, pool_size=1) as sessions:
        async with sessions.kw["bind"].connect() as connection:
            driver = (await connection.get_raw_connection()).driver_connection
        driver.add_query_logger(lambda record: asked.append(record.query.split()[0]))
        for text in ("the first, which opens the month", "the second"):
            one = Entry(uuid4(), WORK_DATE, 1, UUID(results[person.employee_id]), text)
            async with brief_unit_of_work(sessions, person.tenant_id) as uow:
                verdict = await log_activity(uow, caller, one, now())
            assert verdict.outcome is Outcome.STORED
    assert asked[-4:] == ["BEGIN;", "SELECT", "INSERT", "COMMIT"]
    assert asked.count("BEGIN;") == 2


async def test_two_requests_at_once_are_judged_one_after_the_other(region: Region, results: dict[UUID, str]) -> None:
    hours = [entry(results[region.staff.employee_id], start="08:00", end="10:00", minutes=None) for _ in range(6)]
    told = await asyncio.gather(*[region.post(region.staff, "/activities", one) for one in hours])
    assert sorted(answer.status_code for answer in told) == [201, 409, 409, 409, 409, 409]
    assert {answer.json()["detail"] for answer in told if answer.status_code == 409} == {
        "it overlaps in time with another activity of yours"
    }


async def test_the_same_entry_sent_many_times_at_once_is_stored_once(region: Region, results: dict[UUID, str]) -> None:
    sent = entry(results[region.staff.employee_id])
    told = await asyncio.gather(*[region.post(region.staff, "/activities", sent) for _ in range(6)])
    assert {answer.status_code for answer in told} == {201}
    assert len({answer.text for answer in told}) == 1


async def test_a_day_to_come_does_not_free_a_client_id_used_today(region: Region, results: dict[UUID, str]) -> None:
    today = local_date(now(), "Asia/Jakarta")
    first = entry(results[region.staff.employee_id], work_date=str(today))
    await region.done(region.staff, "POST", "/activities", first)
    later = await region.post(region.staff, "/activities", first | {"work_date": str(today + timedelta(days=20))})
    assert "another entry was stored under this client id" in later.json()["detail"]


async def test_the_months_and_results_of_a_backlog_are_its_own(region: Region, results: dict[UUID, str]) -> None:
    """Of several months at once, one of them closed, and a result that is nobody's."""
    await region.logged(region.staff, [entry(results[region.staff.employee_id])])
    await region.done(region.admin_token(), "POST", f"/periods/{WORK_DATE:%Y-%m}/closing")
    own = results[region.staff.employee_id]
    backlog = [entry(own), entry(own, work_date="2026-04-01"), entry(uuid4(), work_date="2026-05-04")]
    told = await region.done(region.staff, "POST", "/activities/batch", {"entries": backlog})
    assert [one["outcome"] for one in told["entries"]] == ["refused", "stored", "refused"]
    assert told["entries"][0]["reason"] == "the period 2026-03 is closed"
    assert "is not a result of your approved SKP" in told["entries"][2]["reason"]
