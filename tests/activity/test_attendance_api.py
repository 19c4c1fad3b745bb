"""Attendance over HTTP: who may do what, what is refused and told, and files in every state."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from deploy.local.databases import ServiceUrls
from shared.auth.policy import Role
from shared.unit_of_work import unit_of_work
from shared.words import Presence
from tests.support.attendance import MONDAY, SERIAL, Attendance, attendance_on, attlog, full_days
from tests.support.service import token_for


@pytest.fixture
async def office(activity_db: ServiceUrls) -> AsyncIterator[Attendance]:
    async with attendance_on(activity_db) as made:
        await made.machine()
        yield made


async def test_a_file_with_rubbish_stores_the_good_lines_and_names_the_others(office: Attendance) -> None:
    body = attlog((3, f"{MONDAY} 07:20:00")) + "rubbish\r\n" + attlog((99, f"{MONDAY} 07:21:00"))
    report = await office.log(body)
    assert (report["lines"], report["stored"], report["refused"]) == (3, 2, 1)
    assert report["unknown_pins"] == ["99"]
    [fault] = report["faults"]
    assert (fault["row"], fault["value"]) == (2, "rubbish")


async def test_the_same_file_again_changes_nothing(office: Attendance) -> None:
    body = full_days(3, [MONDAY, MONDAY + timedelta(days=1)])
    await office.log(body)
    again = await office.log(body.replace("\t", ","))
    assert (again["stored"], again["known"]) == (0, 4)
    async with unit_of_work(office.app, office.office.tenant_id) as uow:
        assert await uow.session.scalar(text("SELECT count(*) FROM attendance_punches")) == 4


async def test_a_punch_of_tomorrow_is_refused_by_its_line(office: Attendance) -> None:
    tomorrow = datetime.now(UTC).date() + timedelta(days=2)
    report = await office.log(attlog((3, f"{tomorrow} 07:20:00")))
    assert (report["stored"], report["refused"]) == (0, 1)
    assert "future" in report["faults"][0]["message"]


async def test_numbers_nobody_has_are_listed_with_their_punches(office: Attendance) -> None:
    await office.log(attlog((99, f"{MONDAY} 07:21:00"), (99, f"{MONDAY} 16:21:00"), (3, f"{MONDAY} 07:20:00")))
    path = f"/attendance/unknown-pins?first_day={MONDAY}&last_day={MONDAY}"
    [unknown] = await office.done(office.admin_token(), "GET", path)
    assert (unknown["pin"], unknown["punches"]) == ("99", 2)


async def test_a_list_of_numbers_goes_in_by_nip_and_tells_each_bad_row(office: Attendance) -> None:
    staff = office.staff
    body = (
        f"serial,pin,nip,valid_from\n{SERIAL},0071,{staff.nip},2026-01-01\n"
        f"{SERIAL},72,{'1' * 18},2026-01-01\nNONE,73,{staff.nip},2026-01-01\n{SERIAL},74,x,2026-01-01\n"
    )
    first = (await office.upload(body, "/attendance/pins/imports")).json()
    again = (await office.upload(body, "/attendance/pins/imports")).json()
    assert (first["mapped"], [(one["row"], one["place"]) for one in first["faults"]]) == (
        1,
        [(3, "nip"), (4, "serial"), (5, "nip")],
    )
    assert (again["mapped"], again["unchanged"]) == (0, 1)
    pins = await office.done(office.admin_token(), "GET", f"/attendance/machines/{SERIAL}/pins")
    assert {"serial": SERIAL, "pin": "71", "employee_id": str(staff.employee_id)}.items() <= pins[-1].items()


async def test_nobody_decides_on_their_own_leave(office: Attendance) -> None:
    head = office.office.head
    form = {
        "employee_id": str(head.employee_id),
        "kind": "tahunan",
        "first_day": str(MONDAY),
        "last_day": str(MONDAY),
        "reference": "850/1",
        "reason": "cuti",
    }
    response = await office.ask(office.clerk, "POST", "/attendance/leave", form)
    assert response.status_code == 409
    assert "nobody decides on their own" in response.json()["detail"]


async def test_sickness_needs_its_letter(office: Attendance) -> None:
    response = await office.leave(office.staff, kind="sakit", reference=None)
    assert response.status_code == 422
    assert response.json()["faults"][0]["place"] == "reference"


async def test_leave_over_decided_days_is_refused_and_the_same_sent_twice_is_one(office: Attendance) -> None:
    first = await office.leave(office.staff)
    again = await office.leave(office.staff)
    other = await office.leave(office.staff, kind="dinas_luar", reference="SPT 9")
    assert first.json() == again.json()
    assert other.status_code == 409
    assert "already decided" in other.json()["detail"]


@pytest.mark.parametrize("kind", ["dinas_luar", "wfh"])
async def test_duty_counts_as_present(office: Attendance, kind) -> None:
    assert (await office.leave(office.staff, kind=kind, reference="SPT 9")).json()["kind"] == "duty"
    await office.settle(MONDAY, MONDAY)
    assert (await office.day(office.staff))["presence"] == Presence.DUTY
    assert (await office.month(office.staff))["duty_days"] == 1


async def test_a_clerk_acts_on_their_own_units_only(office: Attendance) -> None:
    stranger = token_for(roles=[Role.PEGAWAI, Role.KEPEGAWAIAN], employee_id=uuid4(), unit_ids=[uuid4()])
    section = token_for(
        roles=[Role.PEGAWAI, Role.KEPEGAWAIAN], employee_id=uuid4(), unit_ids=[office.office.section_id]
    )
    assert (await office.upload(attlog((3, f"{MONDAY} 07:20:00")), token=stranger)).status_code == 403
    form = {"first_day": str(MONDAY), "last_day": str(MONDAY), "unit_id": str(office.office.unit_id)}
    assert (await office.ask(stranger, "POST", "/attendance/settlements", form)).status_code == 403
    del form["unit_id"]
    await office.done(section, "POST", "/attendance/settlements", form)
    await office.work()
    people = {person.employee_id for person in (office.office.supervisor, *office.office.staff)}
    assert {fact.employee_id for fact in await office.facts()} == people


async def test_an_employee_sees_their_own_month_and_their_superior_does_too(office: Attendance) -> None:
    first, second = office.office.staff
    await office.settle(MONDAY, MONDAY)
    path = f"/attendance/employees/{first.employee_id}/months/2026-04"
    assert (await office.ask(first, "GET", path)).status_code == 200
    assert (await office.ask(office.office.supervisor, "GET", path)).status_code == 200
    assert (await office.ask(second, "GET", path)).status_code == 403
    assert (await office.ask(first, "POST", "/attendance/settlements", {})).status_code == 403


async def test_a_units_day_names_everybody_settled_or_not(office: Attendance) -> None:
    await office.log(full_days(office.pin(office.staff), [MONDAY]))
    await office.settle(MONDAY, MONDAY)
    path = f"/attendance/units/{office.office.unit_id}/days/{MONDAY}"
    lines = await office.done(office.clerk, "GET", path)
    assert len(lines) == 4
    by_id = {line["employee_id"]: line["day"]["presence"] for line in lines}
    assert by_id.pop(str(office.staff.employee_id)) == Presence.PRESENT
    assert set(by_id.values()) == {Presence.ABSENT}
    sunday = await office.done(office.clerk, "GET", path.replace(str(MONDAY), "2026-04-05"))
    assert {line["day"] for line in sunday} == {None}


async def test_days_without_a_reason_are_counted_through_the_year_and_told(office: Attendance) -> None:
    there = office.office.staff[-1]
    await office.log(full_days(office.pin(there), [date(2026, 4, 6) + timedelta(days=n) for n in range(12)]))
    await office.settle(date(2026, 4, 6), date(2026, 4, 17))
    told = await office.done(office.clerk, "GET", "/attendance/absences/2026")
    assert len(told) == 3
    assert [alert["days"] for alert in told[0]["alerts"]] == [3, 4, 7, 10]
    assert [alert["in_a_row"] for alert in told[0]["alerts"]] == [False, False, False, True]
    path = f"/attendance/employees/{there.employee_id}/absences/2026"
    assert (await office.done(there, "GET", path))["days"] == []


async def test_an_outage_is_recorded_when_it_is_over(office: Attendance) -> None:
    form = {"started_at": "2026-04-06T07:00:00+07:00", "ended_at": "2098-04-06T07:00:00+07:00", "reason": "mati"}
    assert (await office.ask(office.admin_token(), "POST", "/attendance/incidents", form)).status_code == 422
    form["started_at"] = "2098-04-06T06:00:00+07:00"
    assert (await office.ask(office.admin_token(), "POST", "/attendance/incidents", form)).status_code == 409


async def test_a_roll_names_only_people_of_the_unit(office: Attendance) -> None:
    roll = {"day": str(MONDAY), "unit_id": str(office.office.section_id), "attended": [str(uuid4())]}
    response = await office.ask(office.admin_token(), "PUT", "/attendance/apel-rolls", roll)
    assert response.status_code == 422


async def test_the_zone_of_a_machine_does_not_change_under_its_punches(office: Attendance) -> None:
    await office.log(attlog((3, f"{MONDAY} 07:20:00")))
    form = {"unit_id": str(office.office.unit_id), "name": "Lobi", "zone": "Asia/Jayapura"}
    response = await office.ask(office.admin_token(), "PUT", f"/attendance/machines/{SERIAL}", form)
    assert response.status_code == 409
