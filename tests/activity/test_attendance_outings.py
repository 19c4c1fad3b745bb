"""Who was away within the day, whose sickness has a letter, whose leave was refused: what a clerk notes of a day."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from deploy.local.databases import ServiceUrls
from services.activity.rules.attendance import Outing
from shared.words import LeaveKind, Presence
from tests.activity.test_attendance_rules import at, day
from tests.support.attendance import MONDAY, Attendance, attendance_on, full_days

ZONE = "+07:00"


@pytest.fixture
async def office(activity_db: ServiceUrls) -> AsyncIterator[Attendance]:
    async with attendance_on(activity_db) as made:
        await made.machine()
        yield made


def outing(start: str, end: str, permitted: bool = True) -> Outing:
    return Outing(at(start), at(end), permitted)


def out_form(office: Attendance, start: str = "10:00", end: str = "11:30", **given: Any) -> dict[str, Any]:
    return {
        "employee_id": str(office.staff.employee_id),
        "started_at": f"{MONDAY}T{start}:00{ZONE}",
        "ended_at": f"{MONDAY}T{end}:00{ZONE}",
        "permitted": False,
        "reason": "razia di pasar",
    } | given


def test_minutes_outside_are_told_apart_by_permission() -> None:
    outcome = day("07:30", "16:00", outings=[outing("09:00", "09:40"), outing("10:00", "11:30:59", permitted=False)])
    assert (outcome.permitted_out_minutes, outcome.out_minutes) == (40, 90)


def test_a_minute_outside_is_not_late_or_early_as_well_nor_counted_after_work() -> None:
    outcome = day("08:00", "15:00", outings=[outing("07:30", "08:10"), outing("14:50", "17:00")])
    assert (outcome.late_minutes, outcome.early_minutes, outcome.permitted_out_minutes) == (30, 60, 20)


def test_leave_duty_and_absence_have_no_minutes_outside() -> None:
    outside = [outing("09:00", "10:00")]
    for more in ({"away": LeaveKind.TAHUNAN}, {}):
        outcome = day(outings=outside, **more)
        assert (outcome.out_minutes, outcome.permitted_out_minutes) == (None, None)


def test_only_leave_says_whether_it_has_a_letter_and_only_absence_that_leave_was_refused() -> None:
    sick = day(away=LeaveKind.SAKIT, letter=False)
    inpatient = day(away=LeaveKind.SAKIT, inpatient=True)
    assert (sick.letter, sick.inpatient) == (False, None)
    assert (inpatient.letter, inpatient.inpatient) == (True, True)
    there, away = day("07:30", "16:00", refused=True), day(refused=True)
    assert (there.letter, there.leave_refused) == (None, None)
    assert (away.presence, away.leave_refused) == (Presence.ABSENT, True)


async def test_an_outing_restates_the_day_and_its_withdrawal_does_too(office: Attendance) -> None:
    await office.log(full_days(office.pin(office.staff), [MONDAY]))
    await office.settle(MONDAY, MONDAY)
    noted = (await office.ask(office.admin_token(), "POST", "/attendance/outings", out_form(office))).json()
    again = (await office.ask(office.admin_token(), "POST", "/attendance/outings", out_form(office))).json()
    assert noted["outing_id"] == again["outing_id"]
    await office.work()
    assert (await office.day(office.staff))["out_minutes"] == 90
    stated = [fact for fact in await office.facts() if fact.employee_id == office.staff.employee_id]
    assert [(fact.version, fact.out_minutes) for fact in stated] == [(1, None), (2, 90)]
    path = f"/attendance/outings/{noted['outing_id']}/withdrawal"
    await office.done(office.admin_token(), "POST", path, {"reason": "orang lain"})
    await office.work()
    assert (await office.day(office.staff))["out_minutes"] is None
    listed = await office.done(
        office.staff,
        "GET",
        f"/attendance/employees/{office.staff.employee_id}/outings?first_day={MONDAY}&last_day={MONDAY}",
    )
    assert [one["withdrawal_reason"] for one in listed] == ["orang lain"]


@pytest.mark.parametrize(
    ("change", "status", "said"),
    [
        ({"permitted": True}, 422, "number of its letter"),
        ({"ended_at": f"{MONDAY}T09:00:00{ZONE}"}, 422, "not after started_at"),
        ({"ended_at": "2099-04-06T11:00:00+07:00", "started_at": "2099-04-06T10:00:00+07:00"}, 409, "in the future"),
        ({"started_at": f"{MONDAY}T11:00:00{ZONE}", "reason": "lagi"}, 409, "another outing is noted"),
    ],
)
async def test_an_outing_that_does_not_fit_is_refused(office: Attendance, change, status, said) -> None:
    await office.done(office.admin_token(), "POST", "/attendance/outings", out_form(office))
    response = await office.ask(office.admin_token(), "POST", "/attendance/outings", out_form(office) | change)
    assert response.status_code == status, response.text
    assert said in response.text


async def test_nobody_notes_their_own_outing(office: Attendance) -> None:
    form = out_form(office) | {"employee_id": str(office.office.head.employee_id)}
    response = await office.ask(office.clerk, "POST", "/attendance/outings", form)
    assert response.status_code == 409
    assert "nobody decides on their own" in response.json()["detail"]


async def test_sickness_without_a_letter_is_recorded_as_such_and_with_one_once_it_is_there(office: Attendance) -> None:
    without = await office.leave(office.staff, kind="sakit", reference=None, letter=False)
    assert without.status_code == 201, without.text
    await office.settle(MONDAY, MONDAY)
    assert (await office.day(office.staff))["letter"] is False
    path = f"/attendance/decisions/{without.json()['decision_id']}/withdrawal"
    await office.done(office.admin_token(), "POST", path, {"reason": "surat menyusul"})
    with_one = await office.leave(office.staff, kind="sakit", reference="SKS 1", inpatient=True)
    assert with_one.status_code == 201, with_one.text
    await office.work()
    settled = await office.day(office.staff)
    assert (settled["letter"], settled["inpatient"]) == (True, True)


@pytest.mark.parametrize("given", [{"letter": False, "reference": None}, {"inpatient": True}])
async def test_only_sickness_is_without_a_letter_or_in_hospital(office: Attendance, given) -> None:
    response = await office.leave(office.staff, kind="tahunan", **given)
    assert response.status_code == 422
    assert "only sakit" in response.text


async def test_days_of_leave_that_was_refused_are_absent_by_another_name(office: Attendance) -> None:
    form = {
        "employee_id": str(office.staff.employee_id),
        "kind": "tahunan",
        "first_day": str(MONDAY),
        "last_day": str(MONDAY),
        "reason": "beban kerja",
    }
    refused = await office.done(office.admin_token(), "POST", "/attendance/leave-refusals", form)
    assert (refused["kind"], refused["detail"]) == ("refusal", "tahunan")
    await office.settle(MONDAY, MONDAY)
    settled = await office.day(office.staff)
    assert (settled["presence"], settled["leave_refused"]) == (Presence.ABSENT, True)
