"""Statements, the preview and the feed over the API."""

from datetime import date

import httpx
import pytest

from shared.db import Sessions
from shared.events.allowance import AllowanceFinalized, AllowanceRunFinalized
from shared.words import Apel, LeaveKind, Presence
from tests.support.payroll import (
    PERIOD,
    Desk,
    Month,
    a_month,
    changed_day,
    must,
    prepared,
    stated,
    work_all,
)
from tests.support.service import headers

DESK = Desk()


@pytest.fixture
async def month(client: httpx.AsyncClient, worker: Sessions) -> Month:
    """A reconciled month in which the staff member was late, ill and missed an apel."""
    month = a_month()
    staff = month.office.staff[0].employee_id
    changed_day(month, staff, date(2026, 10, 5), late_minutes=12)
    changed_day(month, staff, date(2026, 10, 8), presence=Presence.LEAVE, leave_kind=LeaveKind.SAKIT)
    changed_day(month, staff, date(2026, 10, 12), apel=Apel.MISSED)
    await prepared(worker, month)
    await DESK.adopt(client)
    return month


async def calculated(client: httpx.AsyncClient, worker: Sessions) -> str:
    run_id = await DESK.start(client)
    await work_all(worker)
    return run_id


async def test_an_employee_reads_why_each_rupiah_was_cut_and_what_is_behind_it(
    client: httpx.AsyncClient, worker: Sessions, month: Month
) -> None:
    await calculated(client, worker)
    staff = month.office.staff[0]
    own = headers(staff.token())
    (listed,) = must(await client.get("/statements", headers=own))
    statement = must(await client.get(f"/statements/{listed['statement_id']}", headers=own))
    cuts = {line["rule"]: line for line in statement["lines"] if line["kind"] == "deduction"}
    assert set(cuts) == {"terlambat", "sakit-cuti", "apel"}
    late = cuts["terlambat"]
    assert late["article"] == "contoh, Pasal 10 huruf a"
    assert late["formula"]
    assert late["behind"]["days"] == ["2026-10-05"]
    # kelas 7: BK 1.875.000 + PK 1.125.000; 0.5 % and 3 % on both parts, 2 % on discipline (40 %)
    assert [cuts[rule]["amount"] for rule in ("terlambat", "sakit-cuti", "apel")] == ["-15000", "-90000", "-24000"]
    assert statement["totals"]["tpp"] == "2871000"
    assert int(statement["totals"]["net"]) == sum(
        int(line["amount"]) for line in statement["lines"] if line["kind"] != "base"
    )


async def test_the_activities_behind_a_part_measured_by_minutes_are_named_by_their_ids(
    client: httpx.AsyncClient, worker: Sessions
) -> None:
    month = a_month()
    await prepared(worker, month)
    await DESK.adopt(client, "samarinda-kind")
    await calculated(client, worker)
    own = headers(month.office.staff[0].token())
    (listed,) = must(await client.get("/statements", headers=own))
    statement = must(await client.get(f"/statements/{listed['statement_id']}", headers=own))
    (result,) = statement["results"]
    staff = month.office.staff[0].employee_id
    approved = {str(one.activity_id) for one in month.activities if one.employee_id == staff}
    behind = result["behind"]["activities"]
    assert set(behind) == {str(one.work_date) for one in month.activities}
    assert {one for ids in behind.values() for one in ids} == approved


async def test_somebody_elses_statement_is_not_there_for_an_employee(
    client: httpx.AsyncClient, worker: Sessions, month: Month
) -> None:
    run_id = await calculated(client, worker)
    page = must(await client.get(f"/runs/{run_id}/statements", headers=DESK.auditor))
    staff = month.office.staff[0]
    foreign = next(one for one in page["statements"] if one["employee_id"] != str(staff.employee_id))
    path = f"/statements/{foreign['statement_id']}"
    assert (await client.get(path, headers=headers(staff.token()))).status_code == 404
    assert must(await client.get(path, headers=DESK.treasurer))["run_id"] == run_id


async def test_the_preview_equals_what_the_run_then_pays(
    client: httpx.AsyncClient, worker: Sessions, month: Month
) -> None:
    staff = month.office.staff[0]
    asked = {"as_of": "2026-10-31"}
    before = must(await client.get("/preview", params=asked, headers=headers(staff.token())))
    run_id = await calculated(client, worker)
    page = must(await client.get(f"/runs/{run_id}/statements", headers=DESK.auditor))
    paid = next(one for one in page["statements"] if one["employee_id"] == str(staff.employee_id))
    assert before["totals"]["net"] == paid["net"]
    assert before["as_of"] == "2026-10-31"


async def test_the_preview_of_an_earlier_day_knows_only_what_had_happened_by_then(
    client: httpx.AsyncClient, month: Month
) -> None:
    staff = month.office.staff[0]
    given = {"employee": str(staff.employee_id)}

    async def cuts(as_of: str) -> set[str]:
        told = must(await client.get("/preview", params=given | {"as_of": as_of}, headers=DESK.treasurer))
        return {line["rule"] for line in told["lines"] if line["kind"] == "deduction"}

    assert await cuts("2026-10-04") == set()
    assert await cuts("2026-10-05") == {"terlambat"}
    assert await cuts("2026-10-12") == {"terlambat", "sakit-cuti", "apel"}


async def test_the_preview_of_others_and_of_tomorrow_is_refused(client: httpx.AsyncClient, month: Month) -> None:
    own = headers(month.office.staff[0].token())
    other = await client.get("/preview", params={"employee": str(month.office.head.employee_id)}, headers=own)
    assert other.status_code == 403
    future = await client.get("/preview", params={"as_of": "2099-01-01"}, headers=own)
    assert future.status_code == 409


async def test_the_feed_says_what_the_topic_says_page_by_page(
    client: httpx.AsyncClient, worker: Sessions, month: Month
) -> None:
    run_id = await DESK.publish_all(client, worker)
    events = await stated(worker)
    on_topic = [event for event in events if isinstance(event, AllowanceFinalized)]
    (totals,) = [event for event in events if isinstance(event, AllowanceRunFinalized)]
    after, read = 0, []
    while True:
        page = must(await client.get("/allowances", params={"after": after, "limit": 2}, headers=DESK.treasurer))
        assert page["upto"] == 3
        if not page["allowances"]:
            break
        read += page["allowances"]
        (run,) = page["runs"]
        after = page["next_after"]
    assert [(one["id"], one["data"]) for one in read] == [(str(one.event_id), one.content) for one in on_topic]
    assert run["run_id"] == run_id
    assert (run["net"], run["digest"], run["hash_total"]) == (
        str(totals.totals.net),
        totals.digest,
        totals.totals.hash_total,
    )


async def test_the_feed_shows_nothing_of_a_run_until_all_of_it_is_stated(
    client: httpx.AsyncClient, worker: Sessions, month: Month
) -> None:
    run_id = await calculated(client, worker)
    await DESK.verify(client, run_id)
    await DESK.approve(client, run_id)
    await DESK.publish(client, run_id)
    page = must(await client.get("/allowances", headers=DESK.treasurer))
    assert (page["allowances"], page["upto"]) == ([], 0)
    await work_all(worker)
    assert must(await client.get("/allowances", headers=DESK.treasurer))["upto"] == 3


async def test_sequences_of_two_months_follow_each_other_without_a_gap(
    client: httpx.AsyncClient, worker: Sessions, month: Month
) -> None:
    await DESK.publish_all(client, worker)
    await prepared(worker, a_month(code="2026-11"))
    await DESK.publish_all(client, worker, "2026-11")
    page = must(await client.get("/allowances", headers=DESK.treasurer))
    assert [one["data"]["feed_sequence"] for one in page["allowances"]] == [1, 2, 3, 4, 5, 6]
    assert [one["data"]["period"] for one in page["allowances"]] == [PERIOD] * 3 + ["2026-11"] * 3
