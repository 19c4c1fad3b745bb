"""Calendars over HTTP: decisions with reason and author, and the days they come to."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from deploy.local.databases import ServiceUrls
from services.activity.tables import Base
from tests.support.attendance import MONDAY, Attendance, attendance_on
from tests.support.service import OTHER_TENANT


@pytest.fixture
async def office(activity_db: ServiceUrls) -> AsyncIterator[Attendance]:
    async with attendance_on(activity_db) as made:
        yield made


async def day(office: Attendance, on: object = MONDAY, **params: str) -> dict[str, Any]:
    """A day of the region's calendar, as an employee sees it."""
    response = await office.get(office.staff, "/calendar/days", first_day=str(on), last_day=str(on), **params)
    assert response.status_code == 200, response.text
    return dict(response.json()[0])


async def test_a_day_says_its_hours_and_their_article(office: Attendance) -> None:
    told = await day(office)
    assert told["expected_in_at"] == "2026-04-06T07:30:00+07:00"
    assert told["break_minutes"] == 60
    assert told["basis"].startswith("Perpres 21/2023 art. 4")


async def test_a_holiday_has_reason_and_author_and_its_withdrawal_brings_the_day_back(office: Attendance) -> None:
    made = await office.decide("holiday", effect="add", name="Pilkada", first_day=str(MONDAY), last_day=str(MONDAY))
    assert made["reason"] == "Perbup 12/2025"
    assert made["decided_by"]
    assert (await day(office))["holiday"] == "Pilkada"
    path = f"/calendar/decisions/{made['decision_id']}/withdrawal"
    withdrawn = await office.done(office.admin_token(), "POST", path, {"reason": "ditunda"})
    assert withdrawn["withdrawal_reason"] == "ditunda"
    assert (await day(office))["working"]
    assert (await office.ask(office.admin_token(), "POST", path, {"reason": "lagi"})).status_code == 409


async def test_the_same_decision_sent_twice_is_one(office: Attendance) -> None:
    first = await office.decide("work_hours", built_in="6-hari")
    assert await office.decide("work_hours", built_in="6-hari") == first


async def test_a_units_own_pattern_is_kept_whole(office: Attendance) -> None:
    hours = {"start": "07:00", "end": "13:30", "break_minutes": 30}
    pattern = {
        "code": "sekolah",
        "name": "Sekolah enam hari",
        "regular": {"legal_basis": "Perbup 12/2025 art. 4", "days": dict.fromkeys(("mon", "tue", "sat"), hours)},
    }
    section = str(office.office.section_id)
    await office.decide("work_hours", pattern=pattern, unit_id=section)
    saturday = MONDAY + timedelta(days=5)
    assert (await day(office, saturday, unit_id=section))["expected_out_at"] == "2026-04-11T13:30:00+07:00"
    assert not (await day(office, saturday))["working"]
    assert (await day(office, saturday, employee_id=str(office.staff.employee_id)))["working"]


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("work_hours", {}),
        ("work_hours", {"built_in": "5-hari", "unit_id": "x"}),
        ("holiday", {"effect": "add", "name": "x", "last_day": "2025-01-01"}),
        ("apel", {"at": "07:00"}),
        ("apel", {"at": "25:00", "weekday": "mon"}),
        ("ramadan", {}),
        ("window", {"before_minutes": -1, "after_minutes": 0}),
        ("special_hours", {"hours": {"start": "07:00", "end": "08:00"}, "extra": 1}),
        ("unknown", {}),
    ],
)
async def test_a_decision_that_makes_no_sense_is_refused(office: Attendance, kind, given) -> None:
    form = {"kind": kind, "first_day": "2026-01-01", "reason": "Perbup"} | given
    assert (await office.ask(office.admin_token(), "POST", "/calendar/decisions", form)).status_code == 422


async def test_employees_read_the_calendar_and_do_not_write_it(office: Attendance) -> None:
    form = {"kind": "ramadan", "first_day": "2026-02-20", "last_day": "2026-03-20", "reason": "isbat"}
    assert (await office.ask(office.staff, "POST", "/calendar/decisions", form)).status_code == 403
    patterns = await office.done(office.staff, "GET", "/calendar/patterns")
    assert [pattern["code"] for pattern in patterns] == ["5-hari", "6-hari", "bebas-presensi"]


async def test_one_regions_holiday_is_not_the_others(office: Attendance, activity_db: ServiceUrls) -> None:
    await office.decide("holiday", effect="add", name="HUT", first_day=str(MONDAY), last_day=str(MONDAY))
    async with attendance_on(activity_db, OTHER_TENANT) as other:
        assert (await day(other))["expected_in_at"] == "2026-04-06T07:30:00+09:00"
        path = "/calendar/decisions?first_day=2026-01-01&last_day=2026-12-31"
        assert await other.done(other.staff, "GET", path) == []


async def test_metadata_and_migrations_agree(activity_db: ServiceUrls) -> None:
    mine = ("attendance_", "calendar_")

    def differences(connection: Connection) -> list[Any]:
        options = {
            "compare_type": True,
            "include_name": lambda name, kind, _: kind != "table" or name in Base.metadata.tables,
        }
        context = MigrationContext.configure(connection, opts=options)
        return [one for one in compare_metadata(context, Base.metadata) if any(name in str(one) for name in mine)]

    engine = create_async_engine(activity_db.owner)
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()
