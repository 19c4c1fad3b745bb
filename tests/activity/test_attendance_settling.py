"""Days are settled once, stated again only where they differ, and never in a closed month."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from deploy.local.databases import ServiceUrls
from services.activity.commands.attendance_jobs import settle_waiting
from services.activity.commands.attendance_settling import settle_days
from services.activity.rules.calendar import is_working_day
from services.activity.tables.calendar_reading import calendar_of
from shared.ledger.leaves import leaf_of
from shared.merkle import leaf
from shared.unit_of_work import unit_of_work
from shared.words import Apel, AssignmentKind, LeaveKind, Presence
from tests.support.attendance import (
    APRIL,
    MONDAY,
    SERIAL,
    Attendance,
    attendance_on,
    attlog,
    full_days,
    working_april,
)
from tests.support.locks import until_it_waits
from tests.support.service import OTHER_TENANT, employee_changed, holds

EARLY = datetime(2026, 4, 6, 9, 0, tzinfo=UTC)  # Monday, 16:00 WIB: the exit window is open until 20:00


@pytest.fixture
async def office(activity_db: ServiceUrls) -> AsyncIterator[Attendance]:
    async with attendance_on(activity_db) as made:
        await made.machine()
        yield made


@pytest.fixture
async def month(office: Attendance) -> Attendance:
    """April is settled; everybody was there every day, but the last of staff was late on Monday the 6th."""
    late = office.office.staff[-1]
    days = working_april()
    for person in office.pins:
        whole = [day for day in days if (person, day) != (late, MONDAY)]
        await office.log(full_days(office.pin(person), whole))
    await office.log(attlog((office.pin(late), f"{MONDAY} 08:00:00"), (office.pin(late), f"{MONDAY} 16:30:00")))
    await office.settle()
    return office


async def test_every_working_day_of_everybody_is_stated_once(month: Attendance) -> None:
    facts = await month.facts()
    assert len(facts) == len({fact.event_id for fact in facts}) == 4 * 21
    assert {fact.presence for fact in facts} == {Presence.PRESENT}
    assert sum(fact.late_minutes for fact in facts) == 30
    assert {fact.period for fact in facts} == {"2026-04"}


async def test_the_moments_are_those_of_the_regions_zone(month: Attendance) -> None:
    fact = next(fact for fact in await month.facts() if fact.late_minutes)
    assert fact.expected_in_at == datetime(2026, 4, 6, 0, 30, tzinfo=UTC)
    assert fact.actual_in_at == datetime(2026, 4, 6, 1, 0, tzinfo=UTC)


async def test_settling_again_states_nothing(month: Attendance) -> None:
    before = len(await month.facts())
    again = await month.settle()
    assert (again["state"], again["days"], again["changed"]) == ("done", 84, 0)
    assert len(await month.facts()) == before


async def test_the_row_keeps_the_leaf_of_the_fact_it_stated(month: Attendance) -> None:
    fact = (await month.facts())[0]
    async with unit_of_work(month.app, month.office.tenant_id) as uow:
        held = await uow.session.scalar(
            text("SELECT leaf FROM attendance_days WHERE tenant_id = :t AND employee_id = :e AND work_date = :d"),
            {"t": month.office.tenant_id, "e": fact.employee_id, "d": fact.work_date},
        )
    record = {name: value for name, value in fact.content.items() if name != "salt" and value is not None}
    assert held == leaf_of(fact) == leaf(fact.salt, record)


async def test_a_late_import_restates_just_the_day_it_changes(month: Attendance) -> None:
    late = month.office.staff[-1]
    before = len(await month.facts())
    await month.log(attlog((month.pin(late), f"{MONDAY} 07:29:00")))
    await month.work()
    assert await month.restated(before) == {(late.employee_id, str(MONDAY))}
    newest = (await month.facts())[-1]
    assert (newest.version, newest.late_minutes) == (2, 0)


async def test_leave_restates_its_day_and_its_withdrawal_restates_it_back(month: Attendance) -> None:
    person, before = month.staff, len(await month.facts())
    decided = (await month.leave(person)).json()
    await month.work()
    assert await month.restated(before) == {(person.employee_id, str(MONDAY))}
    assert (await month.day(person))["leave_kind"] == LeaveKind.TAHUNAN
    path = f"/attendance/decisions/{decided['decision_id']}/withdrawal"
    await month.done(month.admin_token(), "POST", path, {"reason": "batal cuti"})
    await month.work()
    newest = (await month.facts())[-1]
    assert (newest.version, newest.presence) == (3, Presence.PRESENT)


async def test_a_holiday_decided_later_turns_its_day_off_for_everybody(month: Attendance) -> None:
    before = len(await month.facts())
    await month.decide("holiday", effect="add", name="HUT Kabupaten", first_day=str(MONDAY), last_day=str(MONDAY))
    await month.work()
    assert len(await month.restated(before)) == 4
    assert {fact.presence for fact in (await month.facts())[before:]} == {Presence.OFF}
    assert not (await month.day(month.staff))["scheduled"]


async def test_hours_of_one_unit_change_its_people_alone(month: Attendance) -> None:
    before = len(await month.facts())
    early = {"start": "07:00", "end": "15:30"}
    await month.decide(
        "special_hours",
        first_day=str(MONDAY),
        last_day=str(MONDAY),
        hours=early,
        unit_id=str(month.office.section_id),
        reason="acara dinas",
    )
    await month.work()
    people = {person.employee_id for person in (month.office.supervisor, *month.office.staff)}
    assert await month.restated(before) == {(one, str(MONDAY)) for one in people}


async def test_an_outage_excuses_lateness_without_anybody_asking(month: Attendance) -> None:
    late = month.office.staff[-1]
    form = {
        "started_at": f"{MONDAY}T07:00:00+07:00",
        "ended_at": f"{MONDAY}T08:05:00+07:00",
        "reason": "server presensi mati",
    }
    await month.done(month.admin_token(), "POST", "/attendance/incidents", form)
    await month.work()
    day = await month.day(late)
    assert (day["late_minutes"], day["excused_minutes"]) == (0, 30)


async def test_an_excuse_counts_for_the_person_it_names(month: Attendance) -> None:
    late = month.office.staff[-1]
    form = {
        "employee_id": str(late.employee_id),
        "first_day": str(MONDAY),
        "last_day": str(MONDAY),
        "excuses": ["late"],
        "reason": "mesin lantai dua rusak",
    }
    await month.done(month.clerk, "POST", "/attendance/excuses", form)
    await month.work()
    assert (await month.day(late))["late_minutes"] == 0


async def test_the_roll_of_the_apel_stands_over_the_punches(month: Attendance) -> None:
    await month.decide("apel", weekday="mon", at="07:15", name="Apel Senin")
    await month.work()
    assert (await month.day(month.staff))["apel"] == Apel.MISSED
    roll = {
        "day": str(MONDAY),
        "unit_id": str(month.office.section_id),
        "attended": [str(month.staff.employee_id)],
    }
    told = await month.done(month.admin_token(), "PUT", "/attendance/apel-rolls", roll)
    await month.work()
    assert told == {"people": 3}
    assert (await month.day(month.staff))["apel"] == Apel.ATTENDED
    assert (await month.day(month.office.staff[-1]))["apel"] == Apel.MISSED


async def test_unmatched_punches_count_when_their_number_is_mapped(activity_db: ServiceUrls) -> None:
    async with attendance_on(activity_db) as office:
        await office.machine(mapped=False)
        report = await office.log(full_days(office.pin(office.staff), [MONDAY]))
        assert report["unknown_pins"] == [str(office.pin(office.staff))]
        await office.settle(MONDAY, MONDAY)
        assert (await office.day(office.staff))["presence"] == Presence.ABSENT
        await office.map(office.staff)
        await office.work()
        assert (await office.day(office.staff))["presence"] == Presence.PRESENT


async def test_a_number_that_passed_on_counts_for_whoever_had_it_that_day(month: Attendance) -> None:
    first, second = month.office.staff
    form = {"pin": str(month.pin(first)), "employee_id": str(second.employee_id), "valid_from": "2026-04-20"}
    await month.done(month.admin_token(), "PUT", f"/attendance/machines/{SERIAL}/pins", {"pins": [form]})
    await month.work()
    assert (await month.day(first, date(2026, 4, 17)))["presence"] == Presence.PRESENT
    assert (await month.day(first, date(2026, 4, 20)))["presence"] == Presence.ABSENT


async def test_a_closed_month_refuses_and_nothing_in_it_changes(month: Attendance) -> None:
    await month.done(month.admin_token(), "POST", "/periods/2026-04/closing")
    before = len(await month.facts())
    form = {"first_day": "2026-04-01", "last_day": "2026-05-31"}
    refused = await month.ask(month.admin_token(), "POST", "/attendance/settlements", form)
    assert refused.status_code == 409
    assert "2026-04 is closed" in refused.json()["detail"]
    assert (await month.leave(month.staff)).status_code == 201
    await month.work()
    assert len(await month.facts()) == before


async def test_a_month_closed_while_its_settlement_waits_ends_it_as_refused(month: Attendance) -> None:
    form = {"first_day": "2026-04-01", "last_day": "2026-04-30"}
    asked = await month.done(month.admin_token(), "POST", "/attendance/settlements", form)
    await month.done(month.admin_token(), "POST", "/periods/2026-04/closing")
    await month.work()
    told = await month.done(month.admin_token(), "GET", f"/attendance/settlements/{asked['settlement_id']}")
    assert told["state"] == "refused"
    assert "closed" in told["told"]


async def test_closing_counts_the_settled_days(month: Attendance) -> None:
    closed = await month.done(month.admin_token(), "POST", "/periods/2026-04/closing")
    assert closed["closings"][0]["attendance_days"] == 84


async def test_two_at_once_state_each_day_once(office: Attendance) -> None:
    """The worker comes while another has settled the same days and not yet committed."""
    form = {"first_day": "2026-04-01", "last_day": "2026-04-30"}
    await office.done(office.admin_token(), "POST", "/attendance/settlements", form)
    async with unit_of_work(office.app, office.office.tenant_id) as uow:
        await settle_days(uow, *APRIL, now=datetime.now(UTC))
        working = asyncio.create_task(settle_waiting(office.worker))
        await until_it_waits(uow.session, working)
    await working
    await office.work()
    facts = await office.facts()
    assert len(facts) == len({fact.event_id for fact in facts}) == 84


async def test_a_day_is_not_settled_while_somebody_may_still_clock_out(office: Attendance) -> None:
    friday = MONDAY - timedelta(days=3)
    async with unit_of_work(office.app, office.office.tenant_id) as uow:
        during = await settle_days(uow, MONDAY, MONDAY + timedelta(days=3), now=EARLY)
        over = await settle_days(uow, friday, MONDAY, now=EARLY + timedelta(hours=4))
    assert (during.days, over.days) == (0, 4)


async def test_nobody_is_settled_before_their_first_day_or_after_their_last(office: Attendance) -> None:
    person = office.staff
    held = [holds(person.position_id, kind=AssignmentKind.DEFINITIF, valid_from=date(2026, 4, 8))]
    changed = employee_changed(
        employee_id=person.employee_id, number=3, assignments=held, left_on=date(2026, 4, 15), version=2
    )
    await office.tell(changed)
    await office.settle()
    days = [one["work_date"] for one in (await office.month(person))["days"]]
    assert (days[0], days[-1], len(days)) == ("2026-04-08", "2026-04-14", 5)


async def test_days_of_somebody_who_turns_out_to_have_left_are_taken_back(month: Attendance) -> None:
    person, before = month.staff, len(await month.facts())
    held = [holds(person.position_id, valid_from=date(2020, 1, 1))]
    changed = employee_changed(
        employee_id=person.employee_id, number=3, assignments=held, left_on=date(2026, 4, 29), version=2
    )
    await month.tell(changed)
    await month.settle()
    assert await month.restated(before) == {(person.employee_id, "2026-04-29"), (person.employee_id, "2026-04-30")}
    assert {fact.presence for fact in (await month.facts())[before:]} == {Presence.OFF}


async def test_a_settlement_that_cannot_be_done_does_not_hold_up_other_regions(
    office: Attendance, activity_db: ServiceUrls
) -> None:
    await office.decide("apel", weekday="mon", at="07:15")
    broken = text("UPDATE calendar_decisions SET content = '{}' WHERE tenant_id = :t")
    async with unit_of_work(office.app, office.office.tenant_id) as uow:
        await uow.session.execute(broken, {"t": office.office.tenant_id})
    async with attendance_on(activity_db, OTHER_TENANT) as other:
        failed = await office.settle()
        done = await other.settle()
    assert (failed["state"], done["state"]) == ("failed", "done")
    assert done["changed"] == 84


async def test_the_other_region_sees_nothing_and_has_its_own_zone(month: Attendance, activity_db: ServiceUrls) -> None:
    async with attendance_on(activity_db, OTHER_TENANT) as other:
        path = f"/attendance/employees/{month.staff.employee_id}/months/2026-04"
        assert (await other.done(other.admin_token(), "GET", path))["days"] == []
        assert await other.done(other.admin_token(), "GET", "/attendance/machines") == []
        assert (await other.upload(attlog((1, f"{MONDAY} 07:00:00")))).status_code == 404
        async with unit_of_work(other.app, OTHER_TENANT) as uow:
            assert await uow.session.scalar(text("SELECT count(*) FROM attendance_days")) == 0
            assert await uow.session.scalar(text("SELECT count(*) FROM attendance_punches")) == 0
        await other.machine()
        await other.log(full_days(other.pin(other.staff), [MONDAY]))
        await other.settle(MONDAY, MONDAY)
        day = await other.day(other.staff)
    assert day["expected_in_at"] == "2026-04-05T22:30:00Z"
    assert day["late_minutes"] == 0


async def test_the_filing_window_goes_by_the_regions_calendar(office: Attendance) -> None:
    await office.decide("work_hours", built_in="6-hari", unit_id=str(office.office.section_id))
    async with unit_of_work(office.app, office.office.tenant_id) as uow:
        whole = await calendar_of(uow.session, uow.tenant_id, *APRIL)
        section = await calendar_of(uow.session, uow.tenant_id, *APRIL, unit_id=office.office.section_id)
    saturday = date(2026, 4, 11)
    assert not is_working_day(whole, saturday)
    assert is_working_day(section, saturday)
