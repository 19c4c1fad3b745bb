"""Who sees what: the form, the queue, the evidence behind a rating, results; and other regions nothing."""

from datetime import date
from uuid import uuid4

import pytest

from deploy.local.databases import ServiceUrls
from shared.events.appraisal import AppraisalFinalized
from shared.words import LeaveKind, Presence, Rating
from tests.support.appraisal import MARCH, Region, approved, plan, ratings, region_on, settled
from tests.support.service import (
    OTHER_TENANT,
    Person,
    token_for,
)

ATAS, SESUAI, BAWAH = Rating.DI_ATAS, Rating.SESUAI, Rating.DI_BAWAH


def path(person: Person, rest: str = "") -> str:
    return f"/appraisals/{MARCH}/{person.employee_id}{rest}"


async def finalized(region: Region) -> list[AppraisalFinalized]:
    return [fact for fact in await region.stated() if isinstance(fact, AppraisalFinalized)]


async def test_the_form_is_made_of_ratings_values_and_the_matrix_in_force(region: Region) -> None:
    found = (await region.get("/scales?on=2026-03-31", region.office.head.token())).json()
    assert [value["code"] for value in found["values"]] == ["BP", "AK", "KO", "HA", "LO", "AD", "KB"]
    assert len(found["matrix"]) == 9
    assert found["matrix_source"].startswith("PermenPANRB 6/2022")
    assert (await region.get("/scales?on=2021-01-01", region.office.head.token())).status_code == 409


async def test_the_queue_holds_whom_the_caller_still_has_to_appraise(region: Region) -> None:
    await region.month_closed()
    office = region.office
    queue = f"/appraisals/{MARCH}/queue"
    waiting = (await region.get(queue, office.supervisor.token())).json()["waiting"]
    assert [one["employee_id"] for one in waiting] == sorted(str(one.employee_id) for one in office.staff)
    assert {(one["activities"], one["minutes"], one["capacity"]) for one in waiting} == {(3, 360, "definitif")}
    of_head = (await region.get(queue, office.head.token())).json()["waiting"]
    assert [one["name"] for one in of_head] == [office.supervisor.name]
    assert (await region.get(queue, office.staff[0].token())).json()["waiting"] == []
    assert (await region.finalize(office.supervisor, office.staff[0])).status_code == 200
    waiting = (await region.get(queue, office.supervisor.token())).json()["waiting"]
    assert [one["employee_id"] for one in waiting] == [str(office.staff[1].employee_id)]


async def test_the_queue_comes_in_pages(region: Region) -> None:
    await region.month_closed()
    queue = f"/appraisals/{MARCH}/queue?limit=1"
    first = (await region.get(queue, region.office.supervisor.token())).json()
    second = (await region.get(f"{queue}&after={first['after']}", region.office.supervisor.token())).json()
    third = (await region.get(f"{queue}&after={second['after']}", region.office.supervisor.token())).json()
    seen = [one["employee_id"] for page in (first, second, third) for one in page["waiting"]]
    assert seen == sorted(str(one.employee_id) for one in region.office.staff)
    assert third == {"waiting": [], "after": None}


async def test_the_evidence_stands_on_the_same_answer(region: Region) -> None:
    staff = region.office.staff[0]
    facts = [
        plan(staff.employee_id, target="12"),
        approved(staff.employee_id, 1, minutes=90, quantity="2"),
        approved(staff.employee_id, 2, minutes=30, quantity="1.5"),
        approved(staff.employee_id, 3, minutes=45, result_id=uuid4()),
        settled(staff.employee_id, date(2026, 3, 2), late_minutes=7),
        settled(staff.employee_id, date(2026, 3, 3), presence=Presence.LEAVE, leave_kind=LeaveKind.SAKIT),
        settled(staff.employee_id, date(2026, 3, 4), presence=Presence.ABSENT),
    ]
    await region.month_closed(facts)
    found = (await region.get(path(staff), region.office.supervisor.token())).json()["evidence"]
    assert (found["activities"], found["minutes"]) == (3, 165)
    planned, foreign = found["results"]
    assert (planned["text"], planned["activities"], planned["minutes"], planned["quantity"]) == (
        "Laporan tersusun",
        2,
        120,
        "3.5000",
    )
    assert [(one["target"], one["unit"]) for one in planned["indicators"]] == [("12", "dokumen")]
    assert (foreign["text"], foreign["minutes"]) == (None, 45)
    attendance = found["attendance"]
    assert (attendance["scheduled"], attendance["present"], attendance["absent"]) == (3, 1, 1)
    assert (attendance["late_days"], attendance["late_minutes"], attendance["leave"]) == (1, 7, {"sakit": 1})
    assert [(day["work_date"], day["presence"], day["activities"]) for day in found["days"]] == [
        ("2026-03-02", "present", 3),
        ("2026-03-03", "leave", 0),
        ("2026-03-04", "absent", 0),
    ]


async def test_each_role_sees_those_it_has_a_say_over(region: Region) -> None:
    await region.month_closed()
    await region.finalize_all()
    office, staff = region.office, region.office.staff[0]
    elsewhere = token_for(region.tenant_id, ["kepegawaian"], unit_ids=[uuid4()])
    of_section = token_for(region.tenant_id, ["kepegawaian"], unit_ids=[office.section_id])
    auditor = token_for(region.tenant_id, ["auditor"])
    may_see = [staff.token(), office.supervisor.token(), office.head.token(), of_section, auditor, region.admin()]
    for token in may_see:
        assert (await region.get(path(staff), token)).status_code == 200
    for token in (office.staff[1].token(), elsewhere):
        assert (await region.get(path(staff), token)).status_code == 403


async def test_the_list_of_results_holds_ones_units_or_the_region(region: Region) -> None:
    await region.month_closed()
    await region.finalize_all()
    office = region.office
    auditor = token_for(region.tenant_id, ["auditor"])
    of_section = token_for(region.tenant_id, ["kepegawaian"], unit_ids=[office.section_id])
    page = (await region.get(f"/appraisals/{MARCH}?limit=2", auditor)).json()
    rest = (await region.get(f"/appraisals/{MARCH}?limit=2&after={page['after']}", auditor)).json()
    ids = [one["employee_id"] for one in page["results"] + rest["results"]]
    assert ids == sorted(str(one.employee_id) for one in (office.supervisor, *office.staff))
    assert {one["predikat"] for one in page["results"]} == {"baik"}
    assert len((await region.get(f"/appraisals/{MARCH}", of_section)).json()["results"]) == 3
    elsewhere = token_for(region.tenant_id, ["kepegawaian"], unit_ids=[uuid4()])
    assert (await region.get(f"/appraisals/{MARCH}", elsewhere)).json() == {"results": [], "after": None}
    assert (await region.get(f"/appraisals/{MARCH}", office.staff[0].token())).status_code == 403


async def test_another_region_sees_and_changes_nothing(appraisal_db: ServiceUrls) -> None:
    async with region_on(appraisal_db) as bangka, region_on(appraisal_db, OTHER_TENANT) as papua:
        await bangka.month_closed()
        await papua.month_closed()
        await bangka.finalize_all()
        head, staff = papua.office.head, bangka.office.staff[0]
        assert (await papua.get(path(staff), papua.admin())).status_code == 404
        assert (await papua.finalize(head, staff)).status_code == 404
        assert (await papua.put(path(staff, "/draft"), head.token(), ratings())).status_code == 404
        body = {"ratings": ratings(ATAS, ATAS), "reason": "mencoba"}
        assert (await papua.post(path(staff, "/corrections"), head.token(), body)).status_code == 404
        assert (await papua.get(f"/appraisals/{MARCH}", papua.admin())).json()["results"] == []
        assert (await papua.get(f"/periods/{MARCH}", papua.admin())).json()["appraised"] == 0
        assert len(await finalized(bangka)) == 3
        assert await finalized(papua) == []


@pytest.mark.parametrize("month", ["2026-13", "0000-01", "9999-12", "2026-3", "２０２６-03"])
async def test_only_a_real_month_is_a_period(region: Region, month: str) -> None:
    answer = await region.get(f"/periods/{month}", region.admin())
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("method", "where"),
    [
        ("GET", "/scales"),
        ("GET", f"/appraisals/{MARCH}"),
        ("GET", f"/appraisals/{MARCH}/queue"),
        ("POST", f"/appraisals/{MARCH}/finalizations"),
        ("GET", f"/appraisals/{MARCH}/{uuid4()}"),
        ("PUT", f"/appraisals/{MARCH}/{uuid4()}/draft"),
        ("POST", f"/appraisals/{MARCH}/{uuid4()}/finalization"),
        ("POST", f"/appraisals/{MARCH}/{uuid4()}/corrections"),
        ("GET", f"/periods/{MARCH}"),
        ("POST", f"/periods/{MARCH}/closing"),
        ("POST", f"/periods/{MARCH}/reopening"),
        ("GET", "/settings"),
        ("PUT", "/settings"),
    ],
)
async def test_no_route_answers_without_a_token(region: Region, method: str, where: str) -> None:
    assert (await region.client.request(method, where, json={})).status_code == 401
