"""The facts a run is frozen on: segments by date, acting posts, days, and what earlier months leave."""

from datetime import date
from uuid import UUID

import httpx

from services.payroll.inputs import Built, facts_of
from services.payroll.rules import Facts
from shared.db import Sessions
from shared.events import Event
from shared.events.identity import Assignment, EmployeeChanged, StatusTerm
from shared.period import period
from shared.unit_of_work import unit_of_work
from shared.words import AssignmentKind, JenisJabatan, LeaveKind, Presence, StatusAsn
from tests.support.payroll import (
    PERIOD,
    Desk,
    Month,
    a_month,
    changed_day,
    day_of,
    must,
    prepared,
    tell,
    work_all,
)
from tests.support.service import TENANT, an_id, headers, holds, position_changed

DESK = Desk()


async def built(worker: Sessions, *employees: UUID) -> Built:
    async with unit_of_work(worker, TENANT) as uow:
        return await facts_of(uow.session, TENANT, period(PERIOD), employees)


async def facts(worker: Sessions, employee_id: UUID) -> Facts:
    made = await built(worker, employee_id)
    assert not made.set_aside, made.set_aside
    return made.facts[employee_id][0]


def employee_of(month: Month, employee_id: UUID) -> EmployeeChanged:
    (found,) = [
        event
        for event in month.office.events
        if isinstance(event, EmployeeChanged) and event.employee_id == employee_id
    ]
    return found


def again(employee: EmployeeChanged, *assignments: Assignment, **change: object) -> Event:
    given = {"version": employee.version + 1, "assignments": assignments or employee.assignments, **change}
    return employee.model_copy(update=given)


async def test_a_transfer_within_the_month_gives_two_segments_with_their_workdays(worker: Sessions) -> None:
    month = a_month()
    staff = month.office.staff[0]
    higher = position_changed(code="P-9", name="Analis Kebijakan", kelas_jabatan=9, unit_id=month.office.unit_id)
    moved = again(
        employee_of(month, staff.employee_id),
        holds(staff.position_id, valid_to=date(2026, 10, 14)),
        holds(higher.position_id, valid_from=date(2026, 10, 15)),
    )
    await prepared(worker, month)
    await tell(worker, [higher, moved])
    found = await facts(worker, staff.employee_id)
    assert [(one.start.day, one.end.day, one.kelas, one.workdays) for one in found.segments] == [
        (1, 14, 7, 10),
        (15, 31, 9, 12),
    ]
    assert found.workdays == 22
    assert found.segments[1].unit == "Dinas Pendidikan"


async def test_who_came_or_left_within_the_month_has_fewer_workdays_than_the_month(worker: Sessions) -> None:
    month = a_month(staff=2)
    came, left = (person.employee_id for person in month.office.staff)
    for one in month.office.staff:
        month.days = [day for day in month.days if day.employee_id != one.employee_id]
    first = employee_of(month, came)
    await prepared(worker, month)
    await tell(
        worker,
        [
            again(first, first.assignments[0].model_copy(update={"valid_from": date(2026, 10, 19)})),
            again(employee_of(month, left), left_on=date(2026, 10, 19)),
        ],
    )
    joined, gone = await facts(worker, came), await facts(worker, left)
    assert (joined.workdays, joined.segments[0].workdays) == (22, 10)
    assert (gone.workdays, gone.segments[0].workdays, gone.segments[0].end) == (22, 12, date(2026, 10, 18))


async def test_a_post_held_as_plt_is_compared_with_ones_own(worker: Sessions) -> None:
    month = a_month()
    supervisor = month.office.supervisor
    same = position_changed(code="P-SAME", jenis_jabatan=JenisJabatan.ADMINISTRATOR, kelas_jabatan=12)
    acting = again(
        employee_of(month, supervisor.employee_id),
        *employee_of(month, supervisor.employee_id).assignments,
        holds(month.office.head.position_id, kind=AssignmentKind.PLT, valid_from=date(2026, 10, 5)),
        holds(same.position_id, kind=AssignmentKind.PLH, valid_to=date(2026, 10, 2)),
    )
    await prepared(worker, month)
    await tell(worker, [same, acting])
    found = await facts(worker, supervisor.employee_id)
    assert sorted((one.capacity, one.level, one.kelas, one.workdays) for one in found.acting) == [
        ("Plh", "same", 12, 2),
        ("Plt", "higher", 14, 20),
    ]


async def test_days_say_what_happened_and_duty_is_present(worker: Sessions) -> None:
    month = a_month()
    staff = month.office.staff[0].employee_id
    changed_day(month, staff, date(2026, 10, 5), presence=Presence.ABSENT)
    changed_day(month, staff, date(2026, 10, 6), presence=Presence.DUTY, late_minutes=90)
    changed_day(month, staff, date(2026, 10, 7), presence=Presence.LEAVE, leave_kind=LeaveKind.TAHUNAN)
    changed_day(month, staff, date(2026, 10, 14), presence=Presence.OFF, scheduled=False)
    changed_day(month, staff, date(2026, 10, 15), presence=Presence.ABSENT)
    await prepared(worker, month)
    found = await facts(worker, staff)
    days = {day.work_date.day: day for day in found.attendance}
    assert sorted(days) == [5, 6, 7, 15], "days without an event, and days off, are left out"
    assert days[5].absence == "tanpa_keterangan"
    assert (days[5].after_holiday, days[15].after_holiday) == (False, True)
    assert days[6].duty
    assert days[7].leave == "tahunan"
    assert found.workdays == 21


async def test_a_supervisor_who_rated_nobody_is_known_and_why_a_predikat_is_missing(worker: Sessions) -> None:
    month = a_month(staff=2)
    supervisor, (first, second) = month.office.supervisor, month.office.staff
    month.in_default = (supervisor.employee_id,)
    staff = {first.employee_id, second.employee_id}
    month.appraisals = [one for one in month.appraisals if one.employee_id not in staff]
    month.plans = [one for one in month.plans if one.employee_id != second.employee_id]
    await prepared(worker, month)
    over = (await facts(worker, supervisor.employee_id)).employee
    assert (over.is_supervisor, over.assessed_staff) == (True, False)
    assert (await facts(worker, first.employee_id)).predikat_missing == "supervisor_silent"
    assert (await facts(worker, second.employee_id)).predikat_missing == "no_plan"
    assert not (await facts(worker, first.employee_id)).employee.is_supervisor


async def test_status_and_golongan_are_those_of_the_periods_last_day(worker: Sessions) -> None:
    month = a_month()
    staff = month.office.staff[0].employee_id
    terms = (
        StatusTerm(valid_from=date(2026, 3, 1), status_asn=StatusAsn.CPNS, golongan="III/a"),
        StatusTerm(valid_from=date(2026, 10, 20), status_asn=StatusAsn.PNS, golongan="III/a"),
        StatusTerm(valid_from=date(2026, 11, 1), status_asn=StatusAsn.PNS, golongan="III/b"),
    )
    await prepared(worker, month)
    await tell(worker, [again(employee_of(month, staff), statuses=terms)])
    employee = (await facts(worker, staff)).employee
    assert (employee.status_asn, employee.golongan, employee.appointed_on) == ("PNS", "III/a", date(2026, 10, 20))


async def test_who_has_no_post_or_is_unknown_is_set_aside_with_what_to_do(worker: Sessions) -> None:
    month = a_month()
    staff = month.office.staff[0].employee_id
    await prepared(worker, month)
    ended = employee_of(month, staff).assignments[0].model_copy(update={"valid_to": date(2026, 9, 30)})
    await tell(worker, [again(employee_of(month, staff), ended)])
    made = await built(worker, staff, an_id("stranger"))
    assert "no definitive position" in made.set_aside[staff].reason
    assert "not known here" in made.set_aside[an_id("stranger")].reason
    assert all(one.remedy for one in made.set_aside.values())


async def test_what_one_month_suspends_is_paid_once_by_the_next(client: httpx.AsyncClient, worker: Sessions) -> None:
    month = a_month()
    staff = month.office.staff[0]
    for day in (5, 6, 7):
        changed_day(month, staff.employee_id, date(2026, 10, day), late_minutes=300)
    await prepared(worker, month)
    await DESK.adopt(client, "samarinda-kind")
    october = await DESK.start(client)
    await work_all(worker)

    november, december = a_month(code="2026-11"), a_month(code="2026-12")
    await prepared(worker, november)
    early = await client.post("/runs", json={"period": "2026-11", "kind": "induk"}, headers=DESK.treasurer)
    assert early.status_code == 409
    assert "what it carries over" in early.json()["detail"]
    await DESK.verify(client, october)
    await DESK.approve(client, october)
    for code in ("2026-11", "2026-12"):
        if code == "2026-12":
            await prepared(worker, december)
        run_id = await DESK.start(client, code)
        await work_all(worker)
        await DESK.verify(client, run_id)
        await DESK.approve(client, run_id)

    own = headers(staff.token())
    listed = must(await client.get("/statements", headers=own))
    totals = {
        one["period"]: must(await client.get(f"/statements/{one['statement_id']}", headers=own))["totals"]
        for one in listed
    }
    assert int(totals["2026-10"]["suspended"]) > 0
    assert totals["2026-11"]["released"] == totals["2026-10"]["suspended"]
    assert totals["2026-12"]["released"] == "0"


async def test_earlier_months_of_the_year_are_counted_by_event(worker: Sessions) -> None:
    month = a_month()
    staff = month.office.staff[0].employee_id
    before = [
        day_of(TENANT, staff, date(2026, 9, 1), presence=Presence.ABSENT),
        day_of(TENANT, staff, date(2026, 9, 2), presence=Presence.ABSENT),
        day_of(TENANT, staff, date(2026, 8, 3), late=5),
        day_of(TENANT, staff, date(2025, 12, 1), presence=Presence.ABSENT),
    ]
    await prepared(worker, month)
    await tell(worker, before)
    expected = {"absent": 2, "absent:tanpa_keterangan": 2, "late": 1, "late.minutes": 5}
    assert (await facts(worker, staff)).ytd == expected
