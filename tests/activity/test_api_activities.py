"""Logging and approving through the API, and who may not."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from shared.clock import local_date
from shared.events.activity import ActivityApproved, ApprovalWithdrawn
from shared.ledger.leaves import leaf_of
from tests.activity.stating import stated
from tests.support.activity import MONTH, Region, entry
from tests.support.service import employee_changed, holds


async def test_the_same_entry_sent_again_counts_once_and_gets_the_same_answer(
    region: Region, results: dict[UUID, str]
) -> None:
    one = entry(results[region.staff.employee_id], start="08:00", end="09:30", minutes=None)
    first = await region.post(region.staff, "/activities", one)
    again = await region.post(region.staff, "/activities", one)

    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert (first.json()["minutes"], first.json()["start"], first.json()["end"]) == (90, "08:00", "09:30")
    batch = await region.done(region.staff, "POST", "/activities/batch", {"entries": [one, one]})
    assert (batch["stored"], batch["already_stored"]) == (0, 2)
    assert batch["entries"][0]["activity_id"] == first.json()["activity_id"]


async def test_a_backlog_is_answered_entry_by_entry(region: Region, results: dict[UUID, str]) -> None:
    own, foreign = results[region.staff.employee_id], results[region.office.head.employee_id]
    tomorrow = local_date(datetime.now(UTC), "Asia/Jakarta") + timedelta(days=1)
    answer = await region.done(
        region.staff,
        "POST",
        "/activities/batch",
        {
            "entries": [
                entry(own, start="08:00", end="10:00", minutes=None, quantity="2.5", quantity_unit="dokumen"),
                entry(own, start="09:00", end="11:00", minutes=None),
                entry(foreign),
                entry(own, work_date=str(tomorrow)),
                entry(own, work_date="2026-03-03"),
            ]
        },
    )
    assert [one["outcome"] for one in answer["entries"]] == ["stored", "refused", "refused", "refused", "stored"]
    assert [
        word in (one["reason"] or "")
        for one, word in zip(answer["entries"], ["", "overlaps", "not a result", "still to come", ""], strict=True)
    ] == [True] * 5
    listed = (await region.get(region.staff, "/activities", first_day="2026-03-01", last_day="2026-03-31")).json()
    assert [one["work_date"] for one in listed["activities"]] == ["2026-03-02", "2026-03-03"]
    assert listed["activities"][0]["quantity"] == "2.5"


async def test_the_regions_settings_bound_the_day_and_the_filing(region: Region, results: dict[UUID, str]) -> None:
    own = results[region.staff.employee_id]
    decided = {"daily_cap_minutes": 300, "filing_window_days": 3}
    await region.done(region.admin_token(), "PUT", "/settings/2026-03-02", decided)
    assert (await region.ask(region.staff, "PUT", "/settings/2026-03-02", decided)).status_code == 403
    listed = await region.done(region.staff, "GET", "/settings")
    assert [one["filing_window_days"] for one in listed] == [None, 3]

    entries = [entry(own, minutes=301, work_date="2026-03-01"), entry(own)]
    answer = await region.done(region.staff, "POST", "/activities/batch", {"entries": entries})
    assert [one["outcome"] for one in answer["entries"]] == ["stored", "refused"]
    assert "could be filed until 2026-03-05 (3 working days)" in answer["entries"][1]["reason"]

    await region.done(region.admin_token(), "PUT", "/settings/2026-03-02", {"daily_cap_minutes": 300})
    entries = [entry(own, minutes=300), entry(own, minutes=1)]
    answer = await region.done(region.staff, "POST", "/activities/batch", {"entries": entries})
    assert [one["outcome"] for one in answer["entries"]] == ["stored", "refused"]


async def test_approving_in_bulk_answers_each_and_states_each_once(region: Region, results: dict[UUID, str]) -> None:
    supervisor, colleague = region.office.supervisor, region.office.staff[1]
    ids = await region.logged(region.staff, [entry(results[region.staff.employee_id]) for _ in range(3)])
    ids += await region.logged(colleague, [entry(results[colleague.employee_id])])
    own = await region.logged(supervisor, [entry(results[supervisor.employee_id])])
    unknown = str(uuid4())

    first = await region.approve(supervisor, [*ids, *own, unknown])
    again = await region.approve(supervisor, ids)

    assert (first["done"], first["refused"]) == (4, 2)
    assert [one["decision"] for one in first["activities"]] == ["approved"] * 4 + ["refused"] * 2
    assert [one["reason"] for one in first["activities"][4:]] == [
        "nobody decides on their own activity",
        "there is no such activity",
    ]
    assert {one["decision"] for one in again["activities"]} == {"already_approved"}
    facts = await stated(region, ActivityApproved)
    assert sorted(str(fact.activity_id) for fact in facts) == sorted(ids)
    assert {(fact.version, fact.capacity, fact.approved_by) for fact in facts} == {
        (1, "definitif", supervisor.employee_id)
    }
    assert len({leaf_of(fact) for fact in facts}) == 4


async def test_the_queue_is_oldest_first_and_goes_on_where_the_page_ended(
    region: Region, results: dict[UUID, str]
) -> None:
    days = ["2026-03-05", "2026-03-02", "2026-03-04"]
    await region.logged(region.staff, [entry(results[region.staff.employee_id], work_date=day) for day in days])

    first = (await region.get(region.office.supervisor, "/activities/waiting", limit=2)).json()
    rest = (await region.get(region.office.supervisor, "/activities/waiting", limit=2, after=first["next"])).json()

    assert [one["work_date"] for one in first["activities"] + rest["activities"]] == sorted(days)
    assert rest["next"] is None
    assert (await region.get(region.office.head, "/activities/waiting")).json()["activities"] == []
    assert (await region.get(region.office.head, "/activities/waiting", after="2026-99-99_x")).status_code == 422


async def test_a_returned_activity_is_corrected_and_waits_again(region: Region, results: dict[UUID, str]) -> None:
    one = entry(results[region.staff.employee_id])
    [activity_id] = await region.logged(region.staff, [one])
    path = f"/activities/{activity_id}"
    await region.done(region.office.supervisor, "POST", f"{path}/return", {"reason": "hasil belum jelas"})
    assert (await region.post(region.office.supervisor, f"{path}/approval")).status_code == 409

    shown = await region.done(region.staff, "PUT", path, one | {"minutes": 45, "text": "Menyusun laporan rinci"})
    assert (shown["state"], shown["minutes"], shown["reason"]) == ("waiting", 45, None)
    resent = await region.done(region.staff, "POST", "/activities/batch", {"entries": [one]})
    assert resent["already_stored"] == 1
    await region.done(region.office.supervisor, "POST", f"{path}/approval")
    assert (await region.ask(region.staff, "PUT", path, one)).status_code == 409
    assert (await region.ask(region.office.staff[1], "PUT", path, one)).status_code == 403


async def test_a_withdrawn_approval_counts_no_more_and_can_be_given_again(
    region: Region, results: dict[UUID, str]
) -> None:
    [activity_id] = await region.logged(region.staff, [entry(results[region.staff.employee_id])])
    path, supervisor = f"/activities/{activity_id}", region.office.supervisor
    await region.done(supervisor, "POST", f"{path}/approval")
    withdrawn = await region.done(supervisor, "POST", f"{path}/withdrawal", {"reason": "salah pilih"})
    assert withdrawn["decision"] == "withdrawn"
    assert (await region.post(supervisor, f"{path}/withdrawal", {"reason": "lagi"})).status_code == 409
    await region.done(supervisor, "POST", f"{path}/approval")

    [fact] = await stated(region, ApprovalWithdrawn)
    assert (fact.version, fact.reason, fact.withdrawn_by) == (2, "salah pilih", supervisor.employee_id)
    assert [fact.version for fact in await stated(region, ActivityApproved)] == [1, 3]
    detail = await region.done(region.admin_token(), "POST", f"/periods/{MONTH}/closing")
    assert detail["closings"][0]["activities"] == 1


async def test_approval_is_the_work_dates_superiors_and_is_recorded_as_such(
    region: Region, results: dict[UUID, str]
) -> None:
    head, supervisor, colleague = region.office.head, region.office.supervisor, region.office.staff[1]
    own = results[region.staff.employee_id]
    plt = holds(supervisor.position_id, kind="plt", valid_from=date(2026, 3, 4), valid_to=date(2026, 3, 5))  # type: ignore[arg-type]
    post = holds(colleague.position_id)
    await region.tell(
        employee_changed(
            employee_id=colleague.employee_id, number=4, assignments=[post, plt], version=2, nip=colleague.nip
        )
    )
    days = ["2026-03-03", "2026-03-04", "2026-03-06"]
    ids = await region.logged(region.staff, [entry(own, work_date=day) for day in days])

    acting = await region.approve(colleague, ids)
    assert [one["decision"] for one in acting["activities"]] == ["refused", "approved", "refused"]

    given = {
        "delegate_id": str(head.employee_id),
        "first_day": "2026-03-06",
        "last_day": "2026-03-08",
        "reason": "cuti",
    }
    delegation = await region.done(supervisor, "POST", "/delegations", given | {"reason": "cuti"})
    delegated = await region.approve(head, ids)
    assert [one["decision"] for one in delegated["activities"]] == ["refused", "refused", "approved"]
    await region.done(supervisor, "DELETE", f"/delegations/{delegation['delegation_id']}")
    assert (await region.post(head, f"/activities/{ids[2]}/withdrawal", {"reason": "keliru"})).status_code == 409

    await region.approve(supervisor, ids)
    capacities = {str(fact.activity_id): fact.capacity for fact in await stated(region, ActivityApproved)}
    assert [capacities[one] for one in ids] == ["definitif", "plt", "delegate"]


async def test_delegations_are_the_superiors_own_or_an_admins(region: Region) -> None:
    supervisor, staff = region.office.supervisor, region.staff
    given = {
        "superior_id": str(supervisor.employee_id),
        "delegate_id": str(staff.employee_id),
        "first_day": "2026-03-01",
        "last_day": "2026-03-31",
        "reason": "sakit",
    }
    assert (await region.post(staff, "/delegations", given)).status_code == 403
    made = await region.done(region.admin_token(), "POST", "/delegations", given)
    assert (await region.ask(staff, "DELETE", f"/delegations/{made['delegation_id']}")).status_code == 403
    assert [one["delegation_id"] for one in await region.done(staff, "GET", "/delegations")] == [made["delegation_id"]]
    for wrong in (
        {"delegate_id": str(supervisor.employee_id)},
        {"delegate_id": str(uuid4())},
        {"last_day": "2026-02-01"},
    ):
        assert (await region.post(supervisor, "/delegations", given | wrong)).status_code == 422


async def test_a_days_targets_are_planned_and_replaced(region: Region, results: dict[UUID, str]) -> None:
    target = {"result_id": results[region.staff.employee_id], "text": "Dua dokumen"}
    measured = target | {"quantity": "2", "quantity_unit": "dokumen"}
    await region.done(region.staff, "PUT", "/targets/2026-03-02", {"targets": [target, target]})
    shown = await region.done(region.staff, "PUT", "/targets/2026-03-02", {"targets": [measured]})
    assert [(one["quantity"], one["quantity_unit"]) for one in shown] == [("2", "dokumen")]

    days = {"first_day": "2026-03-01", "last_day": "2026-03-31"}
    seen = await region.get(region.office.supervisor, "/targets", employee_id=str(region.staff.employee_id), **days)
    assert seen.json() == shown
    foreign = {"targets": [target | {"result_id": results[region.office.head.employee_id]}]}
    assert (await region.ask(region.staff, "PUT", "/targets/2026-03-02", foreign)).status_code == 422


async def test_activities_are_seen_by_those_over_the_employee_only(region: Region, results: dict[UUID, str]) -> None:
    [activity_id] = await region.logged(region.staff, [entry(results[region.staff.employee_id])])
    who = {"employee_id": str(region.staff.employee_id), "first_day": "2026-03-01", "last_day": "2026-03-31"}
    for reader, status in (
        (region.office.supervisor, 200),
        (region.staff.token("kepegawaian"), 200),
        (region.admin_token(), 200),
        (region.office.staff[1], 403),
    ):
        assert (await region.get(reader, f"/activities/{activity_id}")).status_code == status
        assert (await region.get(reader, "/activities", **who)).status_code == status
    too_long = who | {"last_day": "2027-04-01"}
    assert (await region.get(region.staff, "/activities", **too_long)).status_code == 422


async def test_another_region_neither_sees_nor_decides(
    region: Region, other_region: Region, results: dict[UUID, str]
) -> None:
    [activity_id] = await region.logged(region.staff, [entry(results[region.staff.employee_id])])
    stranger = other_region.office.supervisor
    assert (await region.get(stranger, f"/activities/{activity_id}")).status_code == 404
    assert (await region.post(stranger, f"/activities/{activity_id}/approval")).status_code == 404
    assert (await region.approve(stranger, [activity_id]))["refused"] == 1
    assert (await region.get(stranger, "/activities/waiting")).json()["activities"] == []
    answer = await region.done(
        stranger, "POST", "/activities/batch", {"entries": [entry(results[region.staff.employee_id])]}
    )
    assert answer["refused"] == 1
    assert (await region.get(other_region.admin_token(), f"/periods/{MONTH}")).status_code == 200


async def test_what_cannot_be_an_entry_is_told_field_by_field(region: Region) -> None:
    for wrong in (
        {"start": "08:00"},
        {"minutes": None},
        {"start": "08:00", "end": "08:30", "minutes": 31},
        {"quantity": "1"},
        {"quantity": "1e400", "quantity_unit": "x"},
        {"work_date": "0001-01-01"},
        {"evidence_link": "javascript:alert(1)"},
        {"text": "a\x00b"},
        {"more": 1},
    ):
        refused = await region.post(region.staff, "/activities", entry(uuid4()) | wrong)
        assert refused.status_code == 422, wrong
        assert refused.json()["faults"]
