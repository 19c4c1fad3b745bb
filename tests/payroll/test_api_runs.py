"""Runs over the API: what they wait for, four eyes, those set aside, and what another region sees of them."""

from datetime import date

import httpx
import pytest

from services.payroll.worker import HANDLERS
from shared.db import Sessions
from shared.events.activity import PeriodReopened
from shared.events.identity import EmployeeChanged
from tests.support.payroll import (
    AT,
    PERIOD,
    Desk,
    Month,
    a_month,
    appraisal_of,
    must,
    prepared,
    reconciled,
    tell,
    work_all,
)
from tests.support.service import OTHER_TENANT, TENANT, an_id, hear, token_for

DESK = Desk()
UNSEEN = {"seen": "0" * 64}
START = {"period": PERIOD, "kind": "induk"}


@pytest.fixture
async def month(client: httpx.AsyncClient, worker: Sessions) -> Month:
    """A reconciled month with a policy in force."""
    month = a_month()
    await prepared(worker, month)
    await DESK.adopt(client)
    return month


async def refused(client: httpx.AsyncClient, given: dict[str, str] | None = None) -> str:
    answer = await client.post("/runs", json=given or START, headers=DESK.treasurer)
    assert answer.status_code == 409, answer.text
    return str(answer.json()["detail"])


def as_person(who: str, *roles: str) -> dict[str, str]:
    token = token_for(TENANT, roles, account_id=an_id("person", who))
    return {"Authorization": f"Bearer {token}"}


async def test_no_run_is_started_before_the_activities_are_closed(client: httpx.AsyncClient, worker: Sessions) -> None:
    await tell(worker, a_month().office.events)
    await DESK.adopt(client)
    assert "activities of 2026-10 are not closed" in await refused(client)


async def test_a_run_waits_for_missing_activities_and_says_how_many(
    client: httpx.AsyncClient, worker: Sessions
) -> None:
    month = a_month()
    await DESK.adopt(client)
    withheld, *others = month.activities
    await tell(worker, [*month.office.events, *month.plans, *others, *month.days, *month.appraisals])
    await tell(worker, [month.closed, month.appraised])
    await reconciled(worker)
    assert "activities 65 of 66" in await refused(client)
    await tell(worker, [withheld])
    await reconciled(worker)
    assert await DESK.start(client)


async def test_a_run_waits_for_missing_appraisals_and_says_how_many(
    client: httpx.AsyncClient, worker: Sessions
) -> None:
    month = a_month()
    await DESK.adopt(client)
    await tell(worker, [*month.office.events, *month.activities, *month.days, *month.appraisals[1:], month.closed])
    await reconciled(worker)
    assert "appraisals of 2026-10 are not closed" in await refused(client)
    await tell(worker, [month.appraised])
    await reconciled(worker)
    assert "appraisals 2 of 3" in await refused(client)
    await tell(worker, month.appraisals[:1])
    await reconciled(worker)
    assert await DESK.start(client)


async def test_an_appraisal_other_than_the_closed_one_stops_the_run(
    client: httpx.AsyncClient, worker: Sessions
) -> None:
    month = a_month()
    await DESK.adopt(client)
    extra = appraisal_of(TENANT, an_id("a stranger"), PERIOD)
    await tell(worker, [*month.events, extra])
    await reconciled(worker)
    assert "differ from closing 1" in await refused(client)
    standing = must(await client.get(f"/periods/{PERIOD}", headers=DESK.treasurer))
    assert standing["activity"]["state"] == "reconciled"
    assert standing["appraisal"]["state"] == "differs"
    assert (standing["appraisal"]["stated"]["appraisals"], standing["appraisal"]["held"]["appraisals"]) == (3, 4)


async def test_appraisals_of_an_older_closing_are_not_enough(client: httpx.AsyncClient, worker: Sessions) -> None:
    month = a_month()
    await DESK.adopt(client)
    await prepared(worker, month)
    reopened = PeriodReopened(
        tenant_id=TENANT, occurred_at=AT, period=PERIOD, close_seq=1, reason="lupa rekam", reopened_by=an_id("admin")
    )
    await tell(worker, [reopened])
    assert "were reopened" in await refused(client)
    month.close_seq = 2
    await tell(worker, [month.closed])
    await reconciled(worker)
    assert "closed on closing 1 of the activities, but closing 2 holds" in await refused(client)


async def test_no_run_without_a_policy_in_force(client: httpx.AsyncClient, worker: Sessions) -> None:
    await prepared(worker, a_month())
    assert "no policy is in force on 2026-10-01" in await refused(client)


async def test_a_second_induk_run_of_a_period_is_refused_with_the_reason(
    client: httpx.AsyncClient, worker: Sessions, month: Month
) -> None:
    first = await DESK.publish_all(client, worker)
    answer = await client.post("/runs", json=START, headers=DESK.treasurer)
    assert answer.status_code == 409
    assert "what was paid stays" in answer.json()["detail"]
    assert answer.json()["run_id"] == first


@pytest.mark.parametrize("kind", ["terusan", "thr", "tpp13"])
async def test_a_run_that_the_policy_does_not_grant_is_refused(
    client: httpx.AsyncClient, month: Month, kind: str
) -> None:
    assert f"says nothing of {kind}" in await refused(client, {"period": PERIOD, "kind": kind})


@pytest.mark.parametrize("code", ["0000-01", "9999-12", "2026-13", "2026-1", "٢٠٢٦-١٠", ""])
async def test_a_month_that_no_calendar_has_is_refused_at_the_door(client: httpx.AsyncClient, code: str) -> None:
    answer = await client.post("/runs", json={"period": code, "kind": "induk"}, headers=DESK.treasurer)
    assert answer.status_code == 422


async def test_each_step_takes_another_person(client: httpx.AsyncClient, worker: Sessions, month: Month) -> None:
    maker = as_person("maker", "bendahara", "verifikator", "admin")
    second = as_person("second", "verifikator", "admin")
    run_id = must(await client.post("/runs", json=START, headers=maker))["run_id"]
    await work_all(worker)
    own = await client.post(f"/runs/{run_id}/verification", json={}, headers=maker)
    assert own.status_code == 409
    assert "you have started this run" in own.json()["detail"]
    must(await client.post(f"/runs/{run_id}/verification", json={}, headers=second))
    for who, did in ((maker, "started"), (second, "verified")):
        refusal = await DESK.try_to_approve(client, run_id, who)
        assert refusal.status_code == 409
        assert f"you have {did} this run" in refusal.json()["detail"]
    must(await DESK.try_to_approve(client, run_id, as_person("third", "admin")))
    history = (await DESK.run(client, run_id))["history"]
    people = [step["by"] for step in history if step["by"]]
    assert len(set(people)) == 3


@pytest.mark.parametrize(
    ("act", "body"),
    [("verification", {}), ("approval", UNSEEN), ("publication", None), ("payment", {"reference": "SP2D 1"})],
)
async def test_steps_out_of_turn_are_refused_with_the_state(
    client: httpx.AsyncClient, month: Month, act: str, body: dict[str, str] | None
) -> None:
    run_id = await DESK.start(client)
    by = {"verification": DESK.verifier, "approval": DESK.admin}.get(act, DESK.treasurer)
    answer = await client.post(f"/runs/{run_id}/{act}", json=body, headers=by)
    assert answer.status_code == 409
    assert "the run is reconciled" in answer.json()["detail"]


async def test_every_route_refuses_a_caller_without_the_role(client: httpx.AsyncClient, month: Month) -> None:
    run_id = await DESK.start(client)
    pegawai = DESK.headers("pegawai")
    for method, path, body in (
        ("POST", "/runs", START),
        ("GET", "/runs", None),
        ("GET", f"/runs/{run_id}", None),
        ("GET", f"/runs/{run_id}/statements", None),
        ("POST", f"/runs/{run_id}/resumption", None),
        ("POST", f"/runs/{run_id}/verification", {}),
        ("POST", f"/runs/{run_id}/approval", UNSEEN),
        ("GET", f"/runs/{run_id}/comparison", None),
        ("GET", "/limits", None),
        ("POST", f"/runs/{run_id}/publication", None),
        ("POST", f"/runs/{run_id}/payment", {"reference": "x"}),
        ("POST", f"/runs/{run_id}/cancellation", {"reason": "salah"}),
        ("POST", f"/runs/{run_id}/recomputation", {}),
        ("GET", "/allowances", None),
    ):
        answer = await client.request(method, path, json=body, headers=pegawai)
        assert answer.status_code == 403, path
        assert (await client.request(method, path, json=body)).status_code == 401, path


async def test_another_region_sees_and_touches_nothing_of_a_run(
    client: httpx.AsyncClient, worker: Sessions, month: Month
) -> None:
    run_id = await DESK.publish_all(client, worker)
    page = must(await client.get(f"/runs/{run_id}/statements", headers=DESK.auditor))
    statement_id = page["statements"][0]["statement_id"]
    other = Desk(OTHER_TENANT)
    assert must(await client.get("/runs", headers=other.auditor)) == []
    for path in (f"/runs/{run_id}", f"/runs/{run_id}/statements", f"/statements/{statement_id}"):
        assert (await client.get(path, headers=other.auditor)).status_code == 404, path
    assert (await client.post(f"/runs/{run_id}/approval", json=UNSEEN, headers=other.admin)).status_code == 404
    assert (await client.get(f"/runs/{run_id}/comparison", headers=other.auditor)).status_code == 404
    assert (await client.post(f"/runs/{run_id}/recomputation", json={}, headers=other.auditor)).status_code == 404
    assert must(await client.get("/allowances", headers=other.auditor))["allowances"] == []
    standing = must(await client.get(f"/periods/{PERIOD}", headers=other.treasurer))
    assert standing["activity"]["held"]["activities"] == 0


def without_a_post(month: Month) -> EmployeeChanged:
    """The staff member, whose record says no position."""
    (employee,) = [
        event
        for event in month.office.events
        if isinstance(event, EmployeeChanged) and event.employee_id == month.office.staff[0].employee_id
    ]
    return employee


async def test_who_cannot_be_calculated_is_set_aside_and_paid_after_a_resumption(
    client: httpx.AsyncClient, worker: Sessions, month: Month
) -> None:
    employee = without_a_post(month)
    doubled = (*employee.assignments, employee.assignments[0].model_copy(update={"assignment_id": an_id("twice")}))
    await tell(worker, [employee.model_copy(update={"version": 2, "assignments": doubled})])
    run_id = await DESK.start(client)
    await work_all(worker)
    run = await DESK.run(client, run_id)
    assert (run["state"], run["complete"], run["totals"]["count"]) == ("calculated", False, 2)
    (aside,) = run["set_aside"]
    assert "two definitive positions" in aside["reason"]
    assert aside["remedy"]

    incomplete = await client.post(f"/runs/{run_id}/verification", json={}, headers=DESK.verifier)
    assert incomplete.status_code == 409
    assert "1 of 3 employees were set aside" in incomplete.json()["detail"]
    await tell(worker, [employee.model_copy(update={"version": 3})])
    must(await client.post(f"/runs/{run_id}/resumption", headers=DESK.treasurer))
    await work_all(worker)
    run = await DESK.run(client, run_id)
    assert (run["complete"], run["totals"]["count"], run["set_aside"]) == (True, 3, [])
    again = must(await client.post(f"/runs/{run_id}/recomputation", json={}, headers=DESK.auditor))
    assert (again["equal"], again["different"]) == (3, 0)


async def test_who_was_left_out_is_paid_by_a_run_of_kind_susulan(
    client: httpx.AsyncClient, worker: Sessions, month: Month
) -> None:
    assert "there is no induk run yet" in await refused(client, {"period": PERIOD, "kind": "susulan"})
    employee = without_a_post(month)
    doubled = (*employee.assignments, employee.assignments[0].model_copy(update={"assignment_id": an_id("twice")}))
    await tell(worker, [employee.model_copy(update={"version": 2, "assignments": doubled})])
    run_id = await DESK.start(client)
    await work_all(worker)
    await DESK.verify(client, run_id, accept_incomplete=True)
    await DESK.approve(client, run_id)
    await tell(worker, [employee.model_copy(update={"version": 3})])
    late = await DESK.start(client, kind="susulan")
    await work_all(worker)
    page = must(await client.get(f"/runs/{late}/statements", headers=DESK.auditor))
    assert [one["employee_id"] for one in page["statements"]] == [str(employee.employee_id)]


async def test_a_cancelled_run_makes_room_for_another_and_its_chunks_are_left(
    client: httpx.AsyncClient, worker: Sessions, month: Month
) -> None:
    run_id = await DESK.start(client)
    cancelled = await client.post(
        f"/runs/{run_id}/cancellation", json={"reason": "kebijakan belum berlaku"}, headers=DESK.verifier
    )
    assert must(cancelled)["state"] == "cancelled"
    await work_all(worker)
    assert must(await client.get(f"/runs/{run_id}/statements", headers=DESK.auditor))["statements"] == []
    second = await DESK.start(client)
    assert second != run_id


async def test_a_period_closed_anew_stops_a_run_that_is_not_approved(
    client: httpx.AsyncClient, worker: Sessions, month: Month
) -> None:
    run_id = await DESK.start(client)
    await work_all(worker)
    month.close_seq = 2
    await tell(worker, [month.closed, month.appraised])
    await reconciled(worker)
    answer = await client.post(f"/runs/{run_id}/verification", json={}, headers=DESK.verifier)
    assert answer.status_code == 409
    assert "closed anew" in answer.json()["detail"]


async def test_a_period_reopened_while_a_run_is_frozen_cancels_the_run(
    client: httpx.AsyncClient, worker: Sessions, month: Month
) -> None:
    run_id = await DESK.start(client)
    reopened = PeriodReopened(
        tenant_id=TENANT, occurred_at=AT, period=PERIOD, close_seq=1, reason="lupa rekam", reopened_by=an_id("admin")
    )
    await hear(worker, HANDLERS)(reopened)
    await work_all(worker)
    run = await DESK.run(client, run_id)
    assert run["state"] == "cancelled"
    assert "reopened" in run["history"][-1]["note"]


async def test_who_left_before_the_period_is_not_paid(
    client: httpx.AsyncClient, worker: Sessions, month: Month
) -> None:
    employee = without_a_post(month)
    await tell(worker, [employee.model_copy(update={"version": 2, "left_on": date(2026, 10, 1)})])
    run_id = await DESK.start(client)
    assert (await DESK.run(client, run_id))["employees"] == 2
