"""Frozen facts: one canonical form, the same facts by the short way back and by the checking one."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any
from uuid import UUID

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from services.payroll.inputs import facts_of
from services.payroll.inputs.calendar import calendar_of, own_calendar
from services.payroll.rules import Facts, facts_from, facts_to_dict
from services.payroll.rules.facts import ActivityDay
from services.payroll.rules.frozen import Frozen, activities_from, frozen_bytes, frozen_facts
from shared.db import Sessions
from shared.period import period
from shared.unit_of_work import unit_of_work
from shared.words import Apel, LeaveKind, Presence
from tests.payroll.people import plain_facts
from tests.support.payroll import PERIOD, Desk, Month, a_month, activity_of, changed_day, prepared, work_all
from tests.support.service import TENANT

DESK = Desk()
st.register_type_strategy(Fraction, st.fractions(0, 4, max_denominator=1000))


def canonical(plain: Any) -> bytes:
    """RFC 8785 for data without numbers that are not whole: sorted keys, no blanks."""
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


@settings(max_examples=60, deadline=None)
@given(facts=st.from_type(Facts))
def test_facts_of_every_kind_come_back_from_their_frozen_bytes(facts: Facts) -> None:
    frozen = frozen_bytes(facts)
    assert frozen_facts(frozen) == facts
    assert canonical(json.loads(frozen)) == frozen


def test_activities_that_were_json_already_are_frozen_as_those_that_were_facts() -> None:
    days = [{"count": 2, "minutes": 330, "work_date": "2026-10-01"}]
    named = plain_facts(employee={"name": '"activities":"@"'})
    without, whole = facts_from(named), facts_from(named | {"activities": days})
    said = canonical(days).decode()
    assert frozen_bytes(without, said) == frozen_bytes(whole)
    assert (
        activities_from(said) == whole.activities == (ActivityDay(work_date=date(2026, 10, 1), minutes=330, count=2),)
    )


def frozen_of(counts: Sequence[int], ids: Sequence[UUID]) -> Frozen:
    days = [{"work_date": f"2026-10-{at:02d}", "minutes": 60, "count": count} for at, count in enumerate(counts, 1)]
    return Frozen(frozen_bytes(facts_from(plain_facts(activities=days))), b"".join(one.bytes for one in ids))


@given(ids=st.lists(st.lists(st.uuids(), min_size=1, max_size=4), max_size=6))
def test_each_day_gets_back_the_ids_it_counts(ids: list[list[UUID]]) -> None:
    frozen = frozen_of([len(day) for day in ids], [one for day in ids for one in day])
    assert [list(day.ids) for day in frozen.whole().activities] == [[str(one) for one in day] for day in ids]
    assert not any(day.ids for day in frozen_facts(frozen.facts).activities)


@pytest.mark.parametrize("much", [-1, 1, -16, 16])
def test_ids_that_are_not_as_many_as_the_days_count_are_refused(much: int) -> None:
    frozen = frozen_of([2, 1], [UUID(int=at) for at in range(3)])
    with pytest.raises(ValueError, match="ids"):
        frozen._replace(activity_ids=(frozen.activity_ids + bytes(16))[: 48 + much]).whole()


@given(facts=st.binary(max_size=40), ids=st.binary(max_size=40), at=st.integers(0), bit=st.integers(0, 7))
def test_the_hash_binds_every_bit_of_both_and_where_one_ends(facts: bytes, ids: bytes, at: int, bit: int) -> None:
    both = facts + ids
    assert len({Frozen(both[:cut], both[cut:]).hash for cut in range(len(both) + 1)}) == len(both) + 1
    if both:
        at %= len(both)
        other = both[:at] + bytes([both[at] ^ 1 << bit]) + both[at + 1 :]
        assert Frozen(other[: len(facts)], other[len(facts) :]).hash != Frozen(facts, ids).hash


def a_month_of_everything() -> Month:
    month = a_month(staff=2)
    staff = month.office.staff[0].employee_id
    changed_day(month, staff, date(2026, 10, 5), presence=Presence.ABSENT)
    changed_day(month, staff, date(2026, 10, 6), presence=Presence.DUTY, late_minutes=90)
    changed_day(month, staff, date(2026, 10, 7), presence=Presence.LEAVE, leave_kind=LeaveKind.SAKIT)
    changed_day(month, staff, date(2026, 10, 8), late_minutes=12, early_minutes=5, apel=Apel.MISSED)
    changed_day(month, staff, date(2026, 10, 9), missing_in=True, missing_out=True, apel=Apel.ATTENDED)
    changed_day(month, staff, date(2026, 10, 14), presence=Presence.OFF, scheduled=False)
    changed_day(month, staff, date(2026, 10, 15), presence=Presence.ABSENT)
    month.activities += [activity_of(TENANT, staff, date(2026, 10, 1), 40, number=n) for n in (2, 3)]
    return month


async def test_what_a_run_freezes_is_canonical_and_both_ways_back_agree(
    client: httpx.AsyncClient, worker: Sessions
) -> None:
    month = a_month_of_everything()
    await prepared(worker, month)
    await DESK.adopt(client)
    run_id = await DESK.start(client)
    await work_all(worker)
    async with unit_of_work(worker, TENANT) as uow:
        asked = text(
            """
            SELECT employee_id, facts, activity_ids, inputs_hash,
                   encode(sha256(int8send(length(facts)) || facts || activity_ids), 'hex')
            FROM run_inputs WHERE tenant_id = :tenant_id AND run_id = :run_id
            """
        )
        rows = (await uow.session.execute(asked, {"tenant_id": TENANT, "run_id": run_id})).all()
        frozen = {employee_id: Frozen(facts, ids) for employee_id, facts, ids, _, _ in rows}
        built = await facts_of(uow.session, TENANT, period(PERIOD), [*frozen])
    assert len(frozen) == 4
    assert all(inputs_hash == again == frozen[one].hash for one, _, _, inputs_hash, again in rows)
    for employee_id, held in frozen.items():
        assert canonical(facts_to_dict(facts_from(json.loads(held.facts)))) == held.facts
        assert frozen_facts(held.facts) == facts_from(json.loads(held.facts))
        assert held.whole() == built.facts[employee_id][0]
    whole = frozen[month.office.staff[0].employee_id].whole()
    days = {day.work_date.day: day for day in whole.attendance}
    assert sorted(days) == [5, 6, 7, 8, 9, 15]
    assert (days[8].late_minutes, days[8].early_minutes, days[8].apel_missed) == (12, 5, ("apel",))
    assert (days[9].missing_in, days[9].missing_out, days[9].apel_expected) == (True, True, 1)
    first, own = whole.activities[0], [one for one in month.activities if str(one.employee_id) == whole.employee.id]
    assert (first.count, first.minutes) == (3, 410)
    assert list(first.ids) == sorted(str(one.activity_id) for one in own if one.work_date == first.work_date)
    assert {one for day in whole.activities for one in day.ids} == {str(one.activity_id) for one in own}


@given(
    code=st.sampled_from(["2026-10", "2026-02", "2028-02", "2027-12"]),
    known=st.dictionaries(st.integers(1, 28), st.booleans()),
    own=st.dictionaries(st.integers(1, 28), st.booleans()),
    span=st.tuples(st.integers(1, 28), st.integers(1, 28)),
)
def test_a_calendar_of_bits_counts_as_one_of_days_does(
    code: str, known: dict[int, bool], own: dict[int, bool], span: tuple[int, int]
) -> None:
    of = period(code)
    settled, scheduled = sum(1 << day - 1 for day in own), sum(1 << day - 1 for day, is_one in own.items() if is_one)
    region = calendar_of(of, {of.first_day.replace(day=day): is_one for day, is_one in known.items()})
    made = own_calendar(region, settled, scheduled)
    inside = range(min(own, default=1), max(own, default=0) + 1)  # what activity does not state there was off
    days = {
        day: own.get(day.day, False) if day.day in inside else known.get(day.day, day.weekday() < 5)
        for day in of.days()
    }
    start, end = (of.first_day.replace(day=day) for day in span)
    assert made.count() == sum(days.values())
    assert made.between(start, end) == sum(is_one for day, is_one in days.items() if start <= day <= end)


def test_equal_days_of_two_people_are_one_object() -> None:
    late = [{"work_date": "2026-10-05", "late_minutes": 12}]
    one, other = (frozen_facts(canonical(plain_facts(attendance=late, employee={"id": who}))) for who in "ab")
    assert one.attendance[0] is other.attendance[0]
    assert replace(one, employee=other.employee) == other
