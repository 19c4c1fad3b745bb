"""SKP through the API: drafted, linked, submitted, returned, approved, changed by a new version."""

from uuid import UUID, uuid4

from shared.events.activity import PlanApproved
from tests.activity.stating import stated
from tests.support.activity import Region, entry, indicator, plan, result


async def drafted(region: Region, **given: object) -> dict[str, object]:
    return dict(await region.done(region.staff, "POST", "/plans", plan(region.staff.position_id, **given)))


async def test_a_plan_can_be_drafted_and_submitted_before_the_superiors_exists(region: Region) -> None:
    made = await drafted(region)
    assert (made["state"], made["version"]) == ("draft", 1)

    shown = await region.done(region.staff, "POST", f"/plans/{made['plan_id']}/submission")
    assert shown["state"] == "submitted"


async def test_a_plan_derived_from_nothing_is_linked_before_it_is_approved(region: Region) -> None:
    head, supervisor = region.office.head, region.office.supervisor
    made = await drafted(region)
    path = f"/plans/{made['plan_id']}"
    await region.done(region.staff, "POST", f"{path}/submission")

    refused = await region.post(supervisor, f"{path}/approval")
    assert refused.status_code == 409
    assert "link it" in refused.json()["detail"]

    above = await region.approved_plan(head, region.admin_token())
    derived = [result(superior_result_id=above["results"][0]["result_id"])]
    own = await region.done(supervisor, "POST", "/plans", plan(supervisor.position_id, results=derived))
    [offered] = await region.done(region.staff, "GET", "/plans/superior-results?day=2026-03-02")
    assert offered["result_id"] == own["results"][0]["result_id"]
    link = {"result_id": made["results"][0]["result_id"], "superior_result_id": offered["result_id"]}  # type: ignore[index]
    await region.done(region.staff, "PUT", f"{path}/links", {"links": [link]})

    shown = await region.done(supervisor, "POST", f"{path}/approval")
    assert (shown["state"], shown["capacity"]) == ("approved", "definitif")


async def test_approving_states_the_whole_plan(region: Region, results: dict[UUID, str]) -> None:
    facts = [fact for fact in await stated(region, PlanApproved) if fact.employee_id == region.staff.employee_id]
    [fact] = facts
    assert (fact.version, fact.first_day.isoformat(), fact.approved_by) == (
        1,
        "2026-01-01",
        region.office.supervisor.employee_id,
    )
    [said] = fact.results
    assert str(said.result_id) == results[region.staff.employee_id]
    assert str(said.superior_result_id) == results[region.office.supervisor.employee_id]
    assert [(one.aspect, str(one.target), one.unit) for one in said.indicators] == [("kuantitas", "12", "dokumen")]


async def test_a_returned_plan_says_why_and_can_be_written_anew(region: Region) -> None:
    made = await drafted(region)
    path = f"/plans/{made['plan_id']}"
    await region.done(region.staff, "POST", f"{path}/submission")

    returned = await region.done(region.office.supervisor, "POST", f"{path}/return", {"reason": "target terlalu kecil"})
    assert (returned["state"], returned["reason"]) == ("returned", "target terlalu kecil")

    more = {"results": [result(indicators=[indicator(target="24")])]}
    shown = await region.done(region.staff, "PUT", path, more)
    assert shown["results"][0]["indicators"][0]["target"] == "24"
    assert (await region.done(region.staff, "POST", f"{path}/submission"))["reason"] is None


async def test_an_approved_plan_is_frozen_and_changes_by_a_new_dated_version(
    region: Region, results: dict[UUID, str]
) -> None:
    staff, supervisor = region.staff, region.office.supervisor
    [shown] = (await region.get(staff, "/plans", day="2026-03-02")).json()["plans"]
    path = f"/plans/{shown['plan_id']}"
    assert (await region.ask(staff, "PUT", path, {"results": [result()]})).status_code == 409

    version = await region.done(staff, "POST", f"{path}/versions", {"valid_from": "2026-03-10"})
    assert (version["version"], version["state"]) == (2, "draft")
    assert version["results"] == shown["results"]
    changed = result(text="Terlaksananya survei", superior_result_id=results[supervisor.employee_id])
    written = await region.done(staff, "PUT", path, {"results": [changed]})
    await region.done(staff, "POST", f"{path}/submission")
    await region.done(supervisor, "POST", f"{path}/approval")

    new = written["results"][0]["result_id"]
    old = results[staff.employee_id]
    days = [(old, "2026-03-09"), (old, "2026-03-10"), (new, "2026-03-09"), (new, "2026-03-10")]
    batch = {"entries": [entry(result_id, work_date=day) for result_id, day in days]}
    answer = await region.done(staff, "POST", "/activities/batch", batch)
    assert [one["outcome"] for one in answer["entries"]] == ["stored", "refused", "refused", "stored"]

    first = await region.done(staff, "GET", f"{path}?version=1")
    assert (first["state"], first["valid_to"]) == ("approved", "2026-03-09")
    facts = [fact for fact in await stated(region, PlanApproved) if fact.employee_id == staff.employee_id]
    assert [(fact.version, str(fact.valid_from)) for fact in facts] == [(1, "2026-01-01"), (2, "2026-03-10")]


async def test_plans_of_a_whole_staff_are_approved_in_one_request(region: Region) -> None:
    head, supervisor = region.office.head, region.office.supervisor
    above = await region.approved_plan(head, region.admin_token())
    derived = [result(superior_result_id=above["results"][0]["result_id"])]
    own = await region.approved_plan(supervisor, head, results=derived)
    derived = [result(superior_result_id=own["results"][0]["result_id"])]
    ids = []
    for person in region.office.staff:
        made = await region.done(person, "POST", "/plans", plan(person.position_id, results=derived))
        await region.done(person, "POST", f"/plans/{made['plan_id']}/submission")
        ids.append(made["plan_id"])
    unknown = str(uuid4())

    [waiting, other] = (await region.get(supervisor, "/plans", of="staff", state="submitted", day="2026-03-02")).json()[
        "plans"
    ]
    assert {waiting["plan_id"], other["plan_id"]} == set(ids)
    answer = await region.done(supervisor, "POST", "/plans/approvals", {"ids": [*ids, unknown]})

    assert (answer["approved"], answer["refused"]) == (2, 1)
    assert answer["plans"][2] == {"plan_id": unknown, "approved": False, "reason": "there is no such plan"}


async def test_nobody_approves_their_own_plan_nor_that_of_others_staff(region: Region) -> None:
    made = await drafted(region)
    await region.done(region.staff, "POST", f"/plans/{made['plan_id']}/submission")
    for person, why in (
        (region.staff, "own SKP"),
        (region.office.staff[1], "superior"),
        (region.office.head, "superior"),
    ):
        refused = await region.post(person, f"/plans/{made['plan_id']}/approval")
        assert refused.status_code == 409
        assert why in refused.json()["detail"]


async def test_an_admin_approves_only_for_those_directly_under_the_head_of_the_region(region: Region) -> None:
    made = await drafted(region)
    await region.done(region.staff, "POST", f"/plans/{made['plan_id']}/submission")
    refused = await region.post(region.admin_token(), f"/plans/{made['plan_id']}/approval")
    assert refused.status_code == 409

    head = await region.approved_plan(region.office.head, region.admin_token())
    assert head["capacity"] == "delegate"


async def test_a_plan_that_is_not_whole_names_every_fault(region: Region) -> None:
    made = await drafted(region, results=[result(indicators=[]), result(weight="40")])
    refused = await region.post(region.staff, f"/plans/{made['plan_id']}/submission")
    assert refused.status_code == 422
    assert [fault["place"] for fault in refused.json()["faults"]] == ["results.0.indicators", "results.0.weight"]


async def test_a_second_plan_for_the_same_days_is_refused(region: Region) -> None:
    await drafted(region)
    refused = await region.post(region.staff, "/plans", plan(region.staff.position_id, first_day="2026-06-01"))
    assert refused.status_code == 409


async def test_a_plan_is_for_a_position_one_holds_and_for_a_year_at_most(region: Region) -> None:
    foreign = plan(region.office.head.position_id)
    assert (await region.post(region.staff, "/plans", foreign)).status_code == 409
    for last_day in ("2025-12-31", "2027-02-01"):
        refused = await region.post(region.staff, "/plans", plan(region.staff.position_id, last_day=last_day))
        assert refused.status_code == 422


async def test_results_are_derived_from_ones_own_superior_only(region: Region) -> None:
    other = await region.done(region.office.staff[1], "POST", "/plans", plan(region.office.staff[1].position_id))
    derived = [result(superior_result_id=other["results"][0]["result_id"])]
    refused = await region.post(region.staff, "/plans", plan(region.staff.position_id, results=derived))
    assert refused.status_code == 422
    assert refused.json()["faults"][0]["place"] == "results.0.superior_result_id"


async def test_a_result_of_another_plan_is_not_taken_over(region: Region) -> None:
    other = await region.done(region.office.staff[1], "POST", "/plans", plan(region.office.staff[1].position_id))
    taken = [result(result_id=other["results"][0]["result_id"])]
    refused = await region.post(region.staff, "/plans", plan(region.staff.position_id, results=taken))
    assert refused.status_code == 422
    assert refused.json()["faults"][0]["place"] == "results.0.result_id"


async def test_plans_are_seen_by_the_employee_superiors_and_admins_but_not_by_colleagues(region: Region) -> None:
    made = await drafted(region)
    path = f"/plans/{made['plan_id']}"
    for reader in (region.staff, region.office.supervisor, region.admin_token()):
        assert (await region.get(reader, path)).status_code == 200
    assert (await region.get(region.office.staff[1], path)).status_code == 403


async def test_a_plan_is_written_by_its_employee_alone(region: Region) -> None:
    made = await drafted(region)
    path = f"/plans/{made['plan_id']}"
    for method, route, body in (
        ("PUT", path, {"results": [result()]}),
        ("POST", f"{path}/submission", None),
        ("POST", f"{path}/versions", {"valid_from": "2026-03-02"}),
    ):
        assert (await region.ask(region.office.supervisor, method, route, body)).status_code == 403


async def test_another_region_does_not_see_a_plan(region: Region, other_region: Region) -> None:
    made = await drafted(region)
    path = f"/plans/{made['plan_id']}"
    assert (await region.get(other_region.admin_token(), path)).status_code == 404
    answer = await region.done(other_region.admin_token(), "POST", "/plans/approvals", {"ids": [made["plan_id"]]})
    assert answer["plans"][0]["reason"] == "there is no such plan"
