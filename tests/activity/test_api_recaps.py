"""Recaps per day, month and year, of the employee, the superior's staff and the unit."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from services.activity.tables import AttendanceDayRow
from shared.unit_of_work import unit_of_work
from tests.support.activity import Region, entry
from tests.support.service import Person, employee_changed, holds, token_for


async def played(region: Region, results: dict[UUID, str]) -> None:
    """March: one of staff has approved, waiting and returned work, the other approved work; April: a bit."""
    first, second = region.office.staff
    own, others = results[first.employee_id], results[second.employee_id]
    ids = await region.logged(
        first,
        [
            entry(own, minutes=60, quantity="2", quantity_unit="dokumen"),
            entry(own, minutes=90, quantity="1.5", quantity_unit="Dokumen", work_date="2026-03-03"),
            entry(own, minutes=30, work_date="2026-03-03"),
            entry(own, minutes=15, work_date="2026-03-04"),
            entry(own, minutes=10, work_date="2026-04-01"),
        ],
    )
    ids += await region.logged(second, [entry(others, minutes=120)])
    await region.approve(region.office.supervisor, [ids[0], ids[1], ids[4], ids[5]])
    await region.done(region.office.supervisor, "POST", f"/activities/{ids[3]}/return", {"reason": "kurang jelas"})
    await attended(region, first, date(2026, 3, 2), late_minutes=12)
    await attended(region, first, date(2026, 3, 3), presence="absent")


async def attended(region: Region, person: Person, day: date, **given: Any) -> None:
    """A settled day, as the settling writes it."""
    whole: dict[str, Any] = {
        "tenant_id": person.tenant_id,
        "employee_id": person.employee_id,
        "work_date": day,
        "scheduled": True,
        "presence": "present",
        "late_minutes": 0,
        "early_minutes": 0,
        "missing_in": False,
        "missing_out": False,
        "apel": "none",
        "excused_minutes": 0,
        "version": 1,
        "salt": "00" * 32,
        "leaf": b"\x00" * 32,
        "settled_at": datetime.now(UTC),
    }
    async with unit_of_work(region.app, person.tenant_id) as uow:
        uow.session.add(AttendanceDayRow(**whole | given))


async def recap(region: Region, who: Person | str, path: str, **params: Any) -> Any:
    response = await region.get(who, f"/recaps/{path}", **params)
    assert response.status_code == 200, response.text
    return response.json()


def counted(work: dict[str, Any]) -> list[tuple[int, int]]:
    return [(work[state]["activities"], work[state]["minutes"]) for state in ("approved", "waiting", "returned")]


async def test_an_employee_sees_their_month_their_progress_and_their_attendance(
    region: Region, results: dict[UUID, str]
) -> None:
    await played(region, results)
    month = await recap(region, region.staff, "month", code="2026-03")

    assert counted(month["work"]) == [(2, 150), (1, 30), (1, 15)]
    assert [(line["first_day"], counted(line["work"])[0]) for line in month["lines"]] == [
        ("2026-03-02", (1, 60)),
        ("2026-03-03", (1, 90)),
        ("2026-03-04", (0, 0)),
    ]
    [person] = month["people"]
    [progress] = person["results"]
    assert (progress["result_id"], progress["activities"], progress["minutes"]) == (
        results[region.staff.employee_id],
        2,
        150,
    )
    assert [(one["unit"], one["done"], one["target"]) for one in progress["quantities"]] == [("Dokumen", "3.5", "12")]
    attendance = month["attendance"]
    assert (attendance["days"], attendance["present"], attendance["absent"], attendance["late_minutes"]) == (
        2,
        1,
        1,
        12,
    )


async def test_a_day_and_a_year_are_recapped_too(region: Region, results: dict[UUID, str]) -> None:
    await played(region, results)
    day = await recap(region, region.staff, "day", day="2026-03-03")
    assert counted(day["work"]) == [(1, 90), (1, 30), (0, 0)]
    year = await recap(region, region.staff, "year", year=2026)
    assert [(line["first_day"], counted(line["work"])[0]) for line in year["lines"]] == [
        ("2026-03-01", (2, 150)),
        ("2026-04-01", (1, 10)),
    ]


async def test_a_superior_sees_their_staff_on_the_days_they_were_theirs(
    region: Region, results: dict[UUID, str]
) -> None:
    await played(region, results)
    supervisor = region.office.supervisor
    month = await recap(region, supervisor, "month", code="2026-03", of="staff")
    assert (month["employees"], counted(month["work"])[0]) == (2, (3, 270))
    one = await recap(region, supervisor, "month", code="2026-03", employee_id=str(region.staff.employee_id))
    assert counted(one["work"])[0] == (2, 150)

    away = [holds(region.staff.position_id, valid_to=date(2026, 3, 2))]
    moved = employee_changed(
        employee_id=region.staff.employee_id, number=3, nip=region.staff.nip, assignments=away, version=2
    )
    await region.tell(moved)
    month = await recap(region, supervisor, "month", code="2026-03", of="staff")
    assert counted(month["work"]) == [(2, 180), (0, 0), (0, 0)]


async def test_a_unit_is_recapped_with_those_below_it_a_page_of_people_at_a_time(
    region: Region, results: dict[UUID, str]
) -> None:
    await played(region, results)
    kepegawaian = token_for(
        region.office.tenant_id, ["kepegawaian"], employee_id=None, unit_ids=[region.office.unit_id]
    )
    page = await recap(region, kepegawaian, "month", code="2026-03", of="unit", limit=3)
    assert (page["employees"], counted(page["work"])[0], len(page["people"])) == (4, (3, 270), 3)
    rest = await recap(region, kepegawaian, "month", code="2026-03", of="unit", limit=3, after=page["next"])
    assert (len(rest["people"]), rest["next"]) == (1, None)
    section = await recap(
        region, region.admin_token(), "month", code="2026-03", of="unit", unit_id=str(region.office.section_id)
    )
    assert section["employees"] == 3
    assert (await recap(region, region.admin_token(), "month", code="2026-03", of="unit"))["employees"] == 4


async def test_nobody_sees_the_recap_of_those_they_are_not_over(region: Region, other_region: Region) -> None:
    colleague, foreign = region.office.staff[1], other_region.admin_token()
    who = {"code": "2026-03", "employee_id": str(region.staff.employee_id)}
    assert (await region.get(colleague, "/recaps/month", **who)).status_code == 403
    assert (await region.get(colleague, "/recaps/month", code="2026-03", of="unit")).status_code == 403
    kepegawaian = colleague.token("kepegawaian")
    above = {"code": "2026-03", "of": "unit", "unit_id": str(region.office.unit_id)}
    assert (await region.get(kepegawaian, "/recaps/month", **above)).status_code == 403
    empty = await recap(region, foreign, "month", **who)
    assert (counted(empty["work"])[0], empty["people"]) == ((0, 0), [])
