"""Rating, appraising and correcting over HTTP: what is answered, stated and refused."""

from datetime import date
from uuid import uuid4

import pytest

from shared.events.appraisal import AppraisalFinalized
from shared.ledger.leaves import leaf_of
from shared.words import AssignmentKind, Capacity, Predikat, Rating
from tests.support.appraisal import MARCH, Region, approved, closing, month_of, ratings
from tests.support.service import (
    Person,
    employee_changed,
    holds,
    position_changed,
)

ATAS, SESUAI, BAWAH = Rating.DI_ATAS, Rating.SESUAI, Rating.DI_BAWAH


def path(person: Person, rest: str = "") -> str:
    return f"/appraisals/{MARCH}/{person.employee_id}{rest}"


async def finalized(region: Region) -> list[AppraisalFinalized]:
    return [fact for fact in await region.stated() if isinstance(fact, AppraisalFinalized)]


async def test_a_draft_may_be_saved_before_activity_closes_and_suggests_the_whole(region: Region) -> None:
    office, staff = region.office, region.office.staff[0]
    draft = ratings(perilaku="di atas ekspektasi") | {"hasil_kerja": None}
    assert (await region.put(path(staff, "/draft"), office.supervisor.token(), draft)).status_code == 204
    found = (await region.get(path(staff), office.supervisor.token())).json()
    assert (found["state"], found["status"], found["versions"]) == (None, "open", [])
    assert found["draft"]["perilaku_kerja"] == "di_atas_ekspektasi"
    assert found["draft"]["suggested_perilaku"] == "sesuai_ekspektasi"
    assert found["draft"]["hasil_kerja"] is None
    assert (await region.get(path(staff), staff.token())).json()["draft"] is None
    waiting = (await region.get(f"/appraisals/{MARCH}/queue", office.supervisor.token())).json()["waiting"]
    assert waiting == []


async def test_the_last_draft_saved_is_the_one_that_becomes_final(region: Region) -> None:
    await region.month_closed()
    supervisor, staff = region.office.supervisor, region.office.staff[0]
    await region.put(path(staff, "/draft"), supervisor.token(), ratings())
    await region.put(path(staff, "/draft"), supervisor.token(), ratings(ATAS, ATAS))
    answer = await region.post(path(staff, "/finalization"), supervisor.token(), {})
    assert (answer.status_code, answer.json()["predikat"]) == (200, "sangat_baik")
    again = await region.post(path(staff, "/finalization"), supervisor.token(), {})
    assert (again.json()["status"], again.json()["version"]) == ("unchanged", 1)
    assert (await region.get(path(staff), supervisor.token())).json()["draft"] is None


async def test_a_draft_of_a_month_ahead_is_refused(region: Region) -> None:
    where = f"/appraisals/2099-01/{region.office.staff[0].employee_id}/draft"
    answer = await region.put(where, region.office.supervisor.token(), ratings())
    assert (answer.status_code, answer.json()["detail"]) == (
        409,
        "2099-01 has not begun: there is nothing to rate yet",
    )


async def test_finalizing_states_the_appraisal_with_its_leaf(region: Region) -> None:
    await region.month_closed()
    office, staff = region.office, region.office.staff[0]
    answer = await region.finalize(office.supervisor, staff, hasil=ATAS, perilaku=BAWAH)
    assert answer.json() == {
        "employee_id": str(staff.employee_id),
        "status": "finalized",
        "version": 1,
        "predikat": "kurang",
        "problem": None,
    }
    [event] = await finalized(region)
    assert (event.employee_id, event.period, event.predikat) == (staff.employee_id, MARCH, Predikat.KURANG)
    assert (event.evaluator_id, event.capacity, event.version) == (office.supervisor.employee_id, "definitif", 1)
    assert (event.supersedes, event.escalated_from) == (None, None)
    [version] = (await region.get(path(staff), staff.token())).json()["versions"]
    assert version["leaf"] == leaf_of(event).hex()
    assert version["matrix_from"] == "2022-02-18"


async def test_nothing_is_final_before_activity_closes(region: Region) -> None:
    await region.tell(*month_of(region.everyone))
    answer = await region.finalize(region.office.supervisor, region.office.staff[0])
    assert (answer.status_code, answer.json()["state"]) == (409, "open")
    assert "activity has not closed 2026-03 yet" in answer.json()["detail"]


async def test_nothing_is_final_on_an_announced_period_and_the_refusal_counts(region: Region) -> None:
    facts = month_of(region.everyone)
    await region.tell(closing(facts), *facts[:-2])
    answer = await region.finalize(region.office.supervisor, region.office.staff[0])
    assert (answer.status_code, answer.json()["state"]) == (409, "announced")
    assert "12 of 12 approved activities and 6 of 8 attendance days have arrived" in answer.json()["detail"]
    assert await finalized(region) == []


async def test_an_incomplete_appraisal_is_refused_with_every_fault(region: Region) -> None:
    await region.month_closed()
    body = {"ratings": {"hasil_kerja": "sesuai", "values": {"BP": {"rating": "di bawah"}}}}
    answer = await region.post(path(region.office.staff[0], "/finalization"), region.office.supervisor.token(), body)
    assert answer.status_code == 422
    places = [fault["place"] for fault in answer.json()["faults"]]
    assert places[:3] == ["perilaku_kerja", "reason", "values.AK"]
    assert places[-1] == "values.BP.feedback"


async def test_without_a_draft_there_is_nothing_to_finalize(region: Region) -> None:
    await region.month_closed()
    answer = await region.post(path(region.office.staff[0], "/finalization"), region.office.supervisor.token(), {})
    assert (answer.status_code, "there is no draft" in answer.json()["detail"]) == (409, True)


@pytest.mark.parametrize("number", [0, 1])
async def test_only_a_superior_appraises_never_oneself_nor_a_colleague(region: Region, number: int) -> None:
    await region.month_closed()
    answer = await region.finalize(region.office.staff[number], region.office.staff[0])
    assert answer.status_code == 403
    assert await finalized(region) == []


async def test_somebody_with_neither_plan_nor_records_is_not_appraised(region: Region) -> None:
    await region.month_closed(month_of([region.office.staff[1].employee_id]))
    answer = await region.finalize(region.office.supervisor, region.office.staff[0])
    assert (answer.status_code, "nothing to appraise" in answer.json()["detail"]) == (409, True)


async def test_a_sheet_that_shows_another_predikat_is_refused(region: Region) -> None:
    await region.month_closed()
    supervisor, staff = region.office.supervisor, region.office.staff[0]
    body = {"ratings": ratings(BAWAH, SESUAI), "predikat": "Baik"}
    answer = await region.post(path(staff, "/finalization"), supervisor.token(), body)
    assert answer.status_code == 409
    assert "the sheet says baik" in answer.json()["detail"]
    body["predikat"] = "Cukup/Butuh Perbaikan"
    answer = await region.post(path(staff, "/finalization"), supervisor.token(), body)
    assert (answer.status_code, answer.json()["predikat"]) == (200, "butuh_perbaikan")


async def test_a_list_is_answered_entry_by_entry(region: Region) -> None:
    await region.month_closed()
    office = region.office
    stranger = str(uuid4())
    first, second = (str(one.employee_id) for one in office.staff)
    entries = [
        {"employee_id": first, "ratings": ratings(ATAS, ATAS)},
        {"employee_id": stranger, "ratings": ratings()},
        {"employee_id": second, "ratings": {"hasil_kerja": "sesuai"}},
        {"employee_id": str(office.head.employee_id), "ratings": ratings()},
    ]
    answer = await region.post(f"/appraisals/{MARCH}/finalizations", office.supervisor.token(), {"entries": entries})
    found = answer.json()
    assert (found["finalized"], found["unchanged"], found["refused"]) == (1, 0, 3)
    assert [one["employee_id"] for one in found["entries"]] == [first, stranger, second, str(office.head.employee_id)]
    assert [one["problem"] and one["problem"]["status"] for one in found["entries"]] == [None, 404, 422, 403]
    assert [fact.predikat for fact in await finalized(region)] == [Predikat.SANGAT_BAIK]


async def test_a_list_sent_again_changes_nothing(region: Region) -> None:
    await region.month_closed()
    supervisor = region.office.supervisor
    entries = [{"employee_id": str(one.employee_id), "ratings": ratings()} for one in region.office.staff]
    where, body = f"/appraisals/{MARCH}/finalizations", {"entries": entries}
    await region.post(where, supervisor.token(), body)
    answer = (await region.post(where, supervisor.token(), body)).json()
    assert (answer["finalized"], answer["unchanged"]) == (0, 2)
    assert len(await finalized(region)) == 2
    entries[0]["ratings"] = ratings(ATAS, ATAS)
    answer = (await region.post(where, supervisor.token(), body)).json()
    assert (answer["refused"], answer["entries"][0]["problem"]["version"]) == (1, 1)


async def test_an_employee_twice_in_one_list_is_refused_both_times(region: Region) -> None:
    await region.month_closed()
    entry = {"employee_id": str(region.office.staff[0].employee_id), "ratings": ratings()}
    body = {"entries": [entry, entry | {"ratings": ratings(ATAS, ATAS)}]}
    answer = await region.post(f"/appraisals/{MARCH}/finalizations", region.office.supervisor.token(), body)
    assert answer.json()["refused"] == 2


async def test_more_than_a_thousand_at_once_are_refused(region: Region) -> None:
    body = {"entries": [{"employee_id": str(uuid4())}] * 1001}
    answer = await region.post(f"/appraisals/{MARCH}/finalizations", region.office.supervisor.token(), body)
    assert answer.status_code == 422


async def test_a_correction_supersedes_and_both_versions_stay_to_be_seen(region: Region) -> None:
    await region.month_closed()
    supervisor, staff = region.office.supervisor, region.office.staff[0]
    await region.finalize(supervisor, staff, hasil=BAWAH)
    body = {"ratings": ratings(SESUAI, ATAS), "reason": "laporan Maret ternyata lengkap"}
    answer = await region.post(path(staff, "/corrections"), supervisor.token(), body)
    assert (answer.json()["version"], answer.json()["predikat"]) == (2, "baik")
    event = (await finalized(region))[-1]
    assert (event.version, event.supersedes, event.reason) == (2, 1, "laporan Maret ternyata lengkap")
    versions = (await region.get(path(staff), staff.token())).json()["versions"]
    assert [(one["version"], one["predikat"]) for one in versions] == [(2, "baik"), (1, "butuh_perbaikan")]
    again = await region.post(path(staff, "/corrections"), supervisor.token(), body)
    assert again.json()["status"] == "unchanged"


async def test_there_must_be_something_to_correct_and_a_reason(region: Region) -> None:
    await region.month_closed()
    supervisor, staff = region.office.supervisor, region.office.staff[0]
    body = {"ratings": ratings(), "reason": "keliru"}
    assert (await region.post(path(staff, "/corrections"), supervisor.token(), body)).status_code == 404
    assert (
        await region.post(path(staff, "/corrections"), supervisor.token(), {"ratings": ratings()})
    ).status_code == 422


async def test_the_next_superior_appraises_for_a_silent_evaluator_after_their_days(region: Region) -> None:
    await region.month_closed()
    office, staff = region.office, region.office.staff[0]
    queue = f"/appraisals/{MARCH}/queue"
    early = await region.finalize(office.head, staff)
    assert (early.status_code, "alone may appraise" in early.json()["detail"]) == (409, True)
    decided = {"valid_from": "2026-01-01", "evaluator_days": 0}
    assert (await region.put("/settings", region.admin(), decided)).status_code == 204
    waiting = (await region.get(queue, office.head.token())).json()["waiting"]
    assert {one["escalated_from"] for one in waiting} == {None, str(office.supervisor.employee_id)}
    assert (await region.finalize(office.head, staff)).status_code == 200
    [event] = await finalized(region)
    assert (event.evaluator_id, event.escalated_from) == (office.head.employee_id, office.supervisor.employee_id)


async def test_the_next_superior_does_not_correct_what_the_evaluator_said(region: Region) -> None:
    await region.month_closed()
    office, staff = region.office, region.office.staff[0]
    await region.put("/settings", region.admin(), {"valid_from": "2026-01-01", "evaluator_days": 0})
    await region.finalize(office.supervisor, staff)
    body = {"ratings": ratings(ATAS, ATAS), "reason": "saya lebih tahu"}
    answer = await region.post(path(staff, "/corrections"), office.head.token(), body)
    assert (answer.status_code, "only they may correct it" in answer.json()["detail"]) == (409, True)


async def test_a_plt_on_the_last_day_appraises_and_is_recorded_as_such(region: Region) -> None:
    office = region.office
    acting = employee_changed(
        number=9,
        name="Rahmat",
        assignments=[
            holds(office.supervisor.position_id, kind=AssignmentKind.PLT, valid_from=date(2026, 3, 20)),
        ],
    )
    await region.tell(acting)
    await region.month_closed()
    who = Person(region.tenant_id, acting.employee_id, "", "Rahmat", office.supervisor.position_id, office.section_id)
    assert (await region.finalize(who, office.staff[0])).status_code == 200
    [event] = await finalized(region)
    assert (event.evaluator_id, event.capacity) == (acting.employee_id, Capacity.PLT)


async def test_whoever_left_in_the_month_is_appraised_by_their_last_superior(region: Region) -> None:
    office = region.office
    post = position_changed(code="STAF-9", unit_id=office.section_id, reports_to=office.supervisor.position_id)
    leaver = employee_changed(
        number=9,
        assignments=[holds(post.position_id, valid_to=date(2026, 3, 13))],
        left_on=date(2026, 3, 14),
    )
    await region.tell(post, leaver)
    await region.month_closed([approved(leaver.employee_id, 1)])
    who = Person(region.tenant_id, leaver.employee_id, "", leaver.name, post.position_id, office.section_id)
    waiting = (await region.get(f"/appraisals/{MARCH}/queue", office.supervisor.token())).json()["waiting"]
    assert [one["employee_id"] for one in waiting] == [str(leaver.employee_id)]
    assert (await region.finalize(office.supervisor, who)).status_code == 200
