"""Every field of the facts has a source: what an event says, what two people state, or what payroll itself knows."""

from collections.abc import Iterator
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from services.payroll.inputs import facts_of
from services.payroll.rules import Facts
from shared.db import Sessions
from shared.events.envelope import Event
from shared.events.identity import EmployeeChanged, PositionChanged
from shared.period import period
from shared.unit_of_work import unit_of_work
from shared.words import Apel, AssignmentKind, LeaveKind, Presence, Rating
from tests.payroll.fact_sources import ALL, CONSTANT, FROM_EVENTS, OWN, STATED
from tests.payroll.test_api_circumstances import HEADER, approved
from tests.support.payroll import PERIOD, Month, a_month, changed_day, day_of, prepared, tell
from tests.support.service import TENANT, holds, position_changed

TESTS = Path(__file__).parent


def own_fields() -> set[str]:
    of_class = {name for name in ALL if name.partition(".")[0] in {kind for _, kind in OWN}}
    return of_class | {f"Facts.{name}" for name, _ in OWN}


def test_every_field_of_the_facts_has_one_source() -> None:
    sources = [set(FROM_EVENTS), set(STATED), own_fields(), set(CONSTANT)]
    assert set().union(*sources) == ALL
    assert sum(map(len, sources)) == len(ALL), "a field has two sources"


@pytest.mark.parametrize("name", FROM_EVENTS)
def test_what_comes_from_an_event_is_a_field_of_it(name: str) -> None:
    event, field = FROM_EVENTS[name]
    assert field in event.model_fields


@pytest.mark.parametrize("file", sorted(set(OWN.values())))
def test_what_payroll_keeps_itself_is_followed_by_tests(file: str) -> None:
    assert (TESTS / file).exists()


def filled(value: Any) -> Iterator[str]:
    """The fields that say something: are asked for, or differ from their default."""
    if isinstance(value, tuple):
        for one in value:
            yield from filled(one)
    if not is_dataclass(value) or isinstance(value, type):
        return
    for one in fields(value):
        own = getattr(value, one.name)
        if own != _default(one):
            yield f"{type(value).__name__}.{one.name}"
        yield from filled(own)


def _default(field: "Field[Any]") -> Any:
    if field.default is not MISSING:
        return field.default
    return MISSING if field.default_factory is MISSING else field.default_factory()


def told_month() -> tuple[Month, list[Event]]:
    """A month in which everything that an event can say is said, and what is to be told after its closing."""
    month = a_month(staff=2)
    office = month.office
    month.in_default = (office.supervisor.employee_id,)
    first, second = (person.employee_id for person in office.staff)
    at = datetime(2026, 10, 1, 9, tzinfo=UTC)
    change: dict[int, dict[str, Any]] = {
        1: {"late_minutes": 20, "expected_out_at": at, "actual_out_at": at + timedelta(minutes=31, seconds=50)},
        2: {"out_minutes": 50, "permitted_out_minutes": 70},
        5: {"presence": Presence.LEAVE, "leave_kind": LeaveKind.SAKIT, "letter": True, "inpatient": True},
        6: {"presence": Presence.LEAVE, "leave_kind": LeaveKind.SAKIT, "letter": False},
        7: {"presence": Presence.ABSENT, "leave_refused": True},
        8: {"early_minutes": 5, "missing_in": True, "apel": Apel.MISSED},
        9: {"missing_out": True},
        12: {"presence": Presence.DUTY},
        15: {"presence": Presence.ABSENT},
    }
    for day, said in change.items():
        changed_day(month, first, date(2026, 10, day), **said)
    # a holiday: activity states working days alone
    month.days = [one for one in month.days if one.work_date.day != 14]
    month.activities = [one for one in month.activities if one.work_date.day != 14]
    place = next(n for n, one in enumerate(month.activities) if one.employee_id == first)
    month.activities[place] = month.activities[place].model_copy(update={"kind": "lembur"})
    month.plans = [one for one in month.plans if one.employee_id != second]
    month.appraisals = [
        one.model_copy(update={"hasil_kerja": Rating.DI_ATAS, "loyal": Rating.DI_BAWAH})
        for one in month.appraisals
        if one.employee_id != second
    ]
    return month, [day_of(TENANT, first, date(2026, 9, 30), presence=Presence.ABSENT)]


async def facts(worker: Sessions, employee_id: UUID) -> Facts:
    async with unit_of_work(worker, TENANT) as uow:
        made = await facts_of(uow.session, TENANT, period(PERIOD), [employee_id])
    assert not made.set_aside, made.set_aside
    return made.facts[employee_id][0]


async def test_a_day_of_activitys_says_all_that_a_document_can_ask_of_it(worker: Sessions) -> None:
    month, later = told_month()
    await prepared(worker, month)
    await tell(worker, later)
    found = await facts(worker, month.office.staff[0].employee_id)
    days = {day.work_date.day: day for day in found.attendance}
    assert (days[1].late_minutes, days[1].stayed_minutes) == (20, 31)
    assert (days[2].out_minutes, days[2].permitted_minutes) == (50, 70)
    assert (days[5].leave, days[5].letter, days[5].inpatient) == ("sakit", True, True)
    assert (days[6].leave, days[6].letter, days[6].inpatient) == ("sakit", False, False)
    assert (days[7].absence, days[15].absence) == ("cuti_ditolak", "tanpa_keterangan")
    assert [day for day, one in days.items() if one.after_holiday] == [15]
    assert found.workdays == 21, "of the day without a row of anybody nobody was to work"
    assert found.ratings == {
        "hasil": "di_atas_ekspektasi",
        "perilaku": "sesuai_ekspektasi",
        "loyal": "di_bawah_ekspektasi",
    }
    assert [day.kind for day in found.activities][:2] == ["lembur", "tusi"]
    assert {day.approved_on for day in found.activities} == {date(2026, 11, 2)}
    assert found.ytd == {"absent": 1, "absent:tanpa_keterangan": 1}


async def test_when_it_was_approved_is_the_regions_day_and_told_of_what_came_after_the_month(worker: Sessions) -> None:
    month = a_month()
    staff = month.office.staff[0].employee_id
    own = [n for n, one in enumerate(month.activities) if one.employee_id == staff]
    midnight = datetime(2026, 10, 31, 17, tzinfo=UTC)  # 00:00 on 1 November in Jakarta
    for place, moment in zip(own, (midnight - timedelta(seconds=1), midnight), strict=False):
        month.activities[place] = month.activities[place].model_copy(update={"occurred_at": moment})
    await prepared(worker, month)
    within, after, *_ = (await facts(worker, staff)).activities
    assert (within.approved_on, after.approved_on) == (None, date(2026, 11, 1))


async def test_a_supervisor_has_the_staffs_minutes_of_the_days_on_which_they_were_theirs(worker: Sessions) -> None:
    month = a_month(staff=2)
    came, there = (person.employee_id for person in month.office.staff)
    (person,) = [one for one in month.office.events if isinstance(one, EmployeeChanged) and one.employee_id == came]
    since = person.assignments[0].model_copy(update={"valid_from": date(2026, 10, 26)})
    await prepared(worker, month)
    await tell(worker, [person.model_copy(update={"version": 2, "assignments": (since,)})])
    found = await facts(worker, month.office.supervisor.employee_id)
    assert {UUID(one.id): (one.minutes, one.workdays) for one in found.staff} == {
        came: (5 * 330, 5),
        there: (22 * 330, 22),
    }
    assert not (await facts(worker, there)).staff


async def test_who_led_in_one_half_of_the_month_leads_in_its_segment(worker: Sessions) -> None:
    month = a_month()
    leader = month.office.supervisor
    (person,) = [
        one for one in month.office.events if isinstance(one, EmployeeChanged) and one.employee_id == leader.employee_id
    ]
    alone = position_changed(code="P-SENDIRI", kelas_jabatan=9, unit_id=month.office.unit_id)
    posts = (
        holds(leader.position_id, valid_to=date(2026, 10, 14)),
        holds(alone.position_id, valid_from=date(2026, 10, 15)),
    )
    await prepared(worker, month)
    await tell(worker, [alone, person.model_copy(update={"version": 2, "assignments": posts})])
    found = await facts(worker, leader.employee_id)
    assert not found.employee.is_supervisor
    assert [one.is_supervisor for one in found.segments] == [True, False]


async def test_the_months_before_are_counted_by_kind_and_after_holidays_without_what_is_exempted(
    client: httpx.AsyncClient, worker: Sessions
) -> None:
    month = a_month()
    staff = month.office.staff[0]
    september = [date(2026, 9, day) for day in (1, 2, 3, 4, 9, 10)]  # 7 and 8 were holidays
    said: dict[date, dict[str, Any]] = {
        september[0]: {"presence": Presence.LEAVE, "leave_kind": LeaveKind.SAKIT},
        september[1]: {"presence": Presence.ABSENT},
        september[4]: {"presence": Presence.ABSENT},
        september[5]: {"late": 12},
    }
    await prepared(worker, month)
    await tell(worker, [day_of(TENANT, staff.employee_id, day, **said.get(day, {})) for day in september])
    counted = {
        "leave": 1,
        "leave:sakit": 1,
        "absent": 2,
        "absent:tanpa_keterangan": 2,
        "absent@after_holiday": 1,
        "absent:tanpa_keterangan@after_holiday": 1,
        "late": 1,
        "late.minutes": 12,
    }
    assert (await facts(worker, staff.employee_id)).ytd == counted
    await approved(client, f"pengecualian;{staff.nip};;absent;2026-09-02;2026-09-02;;;;Sekda;bencana")
    less = counted | {"absent": 1, "absent:tanpa_keterangan": 1}
    assert (await facts(worker, staff.employee_id)).ytd == less


async def test_the_first_workday_of_a_month_may_be_the_first_after_a_holiday(worker: Sessions) -> None:
    month = a_month()
    staff = month.office.staff[0].employee_id
    changed_day(month, staff, date(2026, 10, 1), presence=Presence.ABSENT)
    await prepared(worker, month)
    assert not (await facts(worker, staff)).attendance[0].after_holiday, "nothing is known of September"
    await tell(worker, [day_of(TENANT, staff, date(2026, 9, 28))])
    assert (await facts(worker, staff)).attendance[0].after_holiday


async def test_who_works_on_a_saturday_makes_it_no_workday_of_the_others(worker: Sessions) -> None:
    month = a_month(staff=3)
    guard, *others = (person.employee_id for person in month.office.staff)
    month.days += [day_of(TENANT, guard, date(2026, 10, day)) for day in (3, 10, 17, 24)]
    await prepared(worker, month)
    assert (await facts(worker, guard)).workdays == 26
    assert [(await facts(worker, one)).workdays for one in others] == [22, 22]


ROWS = (
    "pengecualian;{nip};;part:kinerja;2026-10-05;2026-10-09;;;5;Sekda;tugas bencana;",
    "hukuman;{nip};;sedang_6;2026-08-01;2026-12-31;;;;Bupati;SK 5;",
    "kejadian;{nip};;razia;2026-10-06;;150000;;2;Satpol PP;BA 7;30",
    "kejadian;{nip};;manipulasi;2026-10-07;;10 %;;;Inspektur;LHP 1;",
    "angsuran;{nip};;tgr;2026-09-01;;5000000;500000;;Majelis;SKTJM;",
    "pelepasan;{nip};;lhkpn;2026-10-08;;018f-1:lhkpn;;;Inspektur;dilaporkan;",
    "skor;;;sakip;2026-01-01;;80 %;;;Inspektur;LHE;",
    "jumlah;{nip};;prestasi;2026-10-01;;750000;;;Bupati;SK 6;",
    "tanda;{nip};;tempat_bertugas;2026-01-01;;;;;Bupati;SK 7;",
    "tanda;{nip};;tugas_belajar;2026-10-20;;;;;Bupati;SK 8;",
    "atribut;{nip};;kesulitan;2026-01-01;;sulit;;;Bupati;SK 9;",
    "penilaian;{nip};;inovasi;2026-10-01;;tinggi;;;Bupati;SK 10;",
    "nilai_jabatan;;;{post};2026-01-01;;1200;;;Bupati;SK 11;",
    "nilai_jabatan;;;{acted};2026-01-01;;2000;;;Bupati;SK 11;",
)


async def test_everything_a_document_may_ask_for_reaches_the_facts_of_a_run(
    client: httpx.AsyncClient, worker: Sessions
) -> None:
    month, later = told_month()
    leader, first = month.office.supervisor, month.office.staff[0]
    (person,) = [
        one for one in month.office.events if isinstance(one, EmployeeChanged) and one.employee_id == leader.employee_id
    ]
    alone = position_changed(code="P-SENDIRI", kelas_jabatan=9, unit_id=month.office.unit_id)
    posts = (
        holds(alone.position_id, valid_to=date(2026, 10, 14)),
        holds(leader.position_id, valid_from=date(2026, 10, 15)),
        holds(month.office.head.position_id, kind=AssignmentKind.PLT, valid_from=date(2026, 10, 19)),
    )
    await prepared(worker, month)
    await tell(worker, [*later, alone, person.model_copy(update={"version": 2, "assignments": posts})])
    codes = {one.position_id: one.code for one in month.office.events if isinstance(one, PositionChanged)}
    names = {"nip": first.nip, "post": codes[first.position_id], "acted": codes[month.office.head.position_id]}
    await approved(client, *(row.format(**names) for row in ROWS), header=f"{HEADER};Menit")
    said: set[str] = set()
    for one in month.office.everyone:
        said |= set(filled(await facts(worker, one.employee_id)))
    assert (set(FROM_EVENTS) | set(STATED)) - said == set()
