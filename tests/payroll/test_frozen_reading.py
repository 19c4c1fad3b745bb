"""How frozen facts are written and read: the reader is made of the types of the facts, and is made anew here."""

from dataclasses import fields
from datetime import date
from fractions import Fraction
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest

from services.payroll.rules import Facts, facts_from, facts_to_dict
from services.payroll.rules.facts import ActivityDay, AttendanceDay, Incident, Segment

# made when the module is imported: made again, so that what is wrong in the making shows
from services.payroll.rules.frozen import (
    Frozen,
    _of_class,
    activities_from,
    frozen_bytes,
    frozen_facts,
    with_ids,
)
from tests.payroll.people import day, facts, plain_facts, segment

DECIDED = {"author": "BKPSDM", "reason": "SK 1"}
PLT = {"id": "plt", "capacity": "Plt", "level": "higher", "kelas": 11, "workdays": 9, "since": "2026-08-01"}
PAID = {"kind": "thr", "rule": "thr", "name": "THR", "article": "Pasal 6", "period": "2026-11", "share": "1/3"}
CORRECTION = {"id": "k", "period": "2026-09", "cause": "x", "amount": "-7", "paid": "a", "now": "b"}
EVERYTHING = plain_facts(
    employee={"appointed_on": "2015-05-01", "flags": ["mpp"], "attributes": {"eselon": "III"}},
    segments=[segment(1, 15, workdays=10, nilai_jabatan=1200), segment(16, 31, workdays=11, flags=["tugas_belajar"])],
    activities=[{"work_date": "2026-10-01", "minutes": 330, "count": 2, "approved_on": "2026-11-02"}],
    attendance=[day(5, late_minutes=12, apel_missed=["apel", "senam"]), day(6, leave="sakit", letter=True)],
    penalties=[{"id": "p", "kind": "berat", "effective_from": "2026-09-01", "effective_to": "2026-12-31"}],
    incidents=[
        {"id": "i", "kind": "razia", "on": "2026-10-02", "percent": "10 %"},
        {"id": "j", "kind": "razia", "on": "2026-10-03", "rupiah": "150000"},
    ],
    instalments=[{"id": "u", "kind": "tgr", "start": "2026-10-01", "monthly": "5", "total": "9"} | DECIDED],
    acting=[PLT],
    salary={"gross": "5200000", "pension": "12000"},
    earlier={"gross": "1", "tax": "2", "bpjs_base": "3"},
    consents=[{"id": "c", "kind": "zakat", "valid_from": "2026-01-01", "percent": "2.5 %"}],
    tables=["0a1b"],
    tax_year={"gross_before": "99", "tax_before": "5", "missing": ["2026-03"]},
    carried=[{"id": "c", "period": "2026-09", "amount": "100"}],
    held=[{"id": "h", "rule": "lhkpn", "period": "2026-09", "amount": "200"}],
    releases=[{"id": "l", "rule": "lhkpn", "on": "2026-10-02"} | DECIDED],
    recoveries=[{"id": "r", "cause": "x", "amount": "5"}],
    corrections=[CORRECTION | {"bpjs_used": "11700000"}],
    payment=PAID,
    exemptions=[{"id": "x", "covers": ["late"], "start": "2026-10-05", "end": "2026-10-07"} | DECIDED],
    ytd={"absent": 5},
    scores={"sakip": "80 %"},
    ratings={"perilaku": "sesuai_ekspektasi"},
    amounts={"prestasi": "750000"},
    staff=[{"id": "s", "minutes": 9000, "workdays": 20}],
)


def frozen(plain: dict[str, Any]) -> dict[str, Any]:
    """What stands in the frozen JSON of these facts, without its format."""
    written = facts_to_dict(facts_from(plain))
    return {name: value for name, value in written.items() if name != "format"}


def test_the_example_says_something_of_every_fact() -> None:
    read = facts_from(EVERYTHING)
    plain = facts(segments=[segment()])
    unsaid = {one.name for one in fields(Facts) if getattr(read, one.name) == getattr(plain, one.name)}
    assert unsaid == {"start", "end", "workdays", "predikat", "plan_exists", "predikat_missing"}


def test_the_short_way_made_anew_reads_every_fact_as_the_checking_way_does() -> None:
    assert _of_class(Facts)(frozen(EVERYTHING)) == facts_from(EVERYTHING)
    assert _of_class(Facts)(frozen(plain_facts())) == facts()


def test_amounts_shares_dates_and_lists_have_the_types_that_the_rules_compute_with() -> None:
    read = _of_class(Facts)(frozen(EVERYTHING))
    assert (read.incidents[0].percent, read.incidents[1].rupiah) == (Fraction(1, 10), 150_000)
    assert (read.scores, read.amounts) == ({"sakip": Fraction(4, 5)}, {"prestasi": 750_000})
    assert (read.start, read.employee.appointed_on) == (date(2026, 10, 1), date(2015, 5, 1))
    assert read.attendance[0].apel_missed == ("apel", "senam")
    assert isinstance(read.segments[1], Segment)
    assert (read.payment.share, read.salary.gross) == (Fraction(1, 3), 5_200_000)


def test_what_is_null_stays_null() -> None:
    said = {"id": "i", "kind": "razia", "on": "2026-10-02", "percent": None}
    assert _of_class(Incident)(said) == Incident(id="i", kind="razia", on=date(2026, 10, 2))


def test_a_day_that_says_the_same_is_one_object_and_one_with_a_list_is_read_all_the_same() -> None:
    read = _of_class(AttendanceDay)
    one, other = (read({"work_date": "2026-10-05", "late_minutes": 12}) for _ in range(2))
    assert one is other
    assert one == AttendanceDay(work_date=date(2026, 10, 5), late_minutes=12)
    listed = read({"work_date": "2026-10-05", "apel_missed": ["apel"]})
    assert listed == AttendanceDay(work_date=date(2026, 10, 5), apel_missed=("apel",))


def test_frozen_bytes_are_sorted_without_blanks_and_every_letter_as_it_is() -> None:
    said = frozen_bytes(facts(employee={"name": "Siti Ñ"}, salary={"gross": "5"}))
    assert b'"name":"Siti \xc3\x91"' in said
    assert said.startswith(b'{"employee":{')
    assert b'"salary":{"gross":"5"}' in said
    assert b", " not in said
    assert b": " not in said


def test_activities_in_json_take_the_place_of_none_and_no_other() -> None:
    said = '[{"count":1,"minutes":60,"work_date":"2026-10-01"}]'
    named = facts(employee={"name": '"activities":"@"'})
    written = frozen_bytes(named, said)
    assert written.count(said.encode()) == 1
    assert frozen_facts(written).employee.name == '"activities":"@"'
    assert frozen_facts(written).activities == activities_from(said)
    assert activities_from(said) == (ActivityDay(work_date=date(2026, 10, 1), minutes=60, count=1),)


def test_the_hash_is_over_the_length_of_the_facts_the_facts_and_the_ids() -> None:
    assert Frozen(b"abc", b"\x01").hash == sha256(b"\0\0\0\0\0\0\0\3abc\x01").hexdigest()
    assert Frozen(b"abc").hash == sha256(b"\0\0\0\0\0\0\0\3abc").hexdigest()


def test_ids_go_to_their_days_in_order_and_a_day_of_none_has_none() -> None:
    counts = [2, 0, 1]
    given = facts(
        activities=[{"work_date": f"2026-10-0{at}", "minutes": 60, "count": n} for at, n in enumerate(counts, 1)]
    )
    ids = [UUID(int=at) for at in (3, 1, 2)]
    found = with_ids(given, b"".join(one.bytes for one in ids))
    assert [day.ids for day in found.activities] == [(str(ids[0]), str(ids[1])), (), (str(ids[2]),)]
    assert [day.minutes for day in found.activities] == [60, 60, 60]
    assert found.employee == given.employee


def test_facts_without_activities_have_no_ids_to_get() -> None:
    given = facts()
    assert with_ids(given, b"") is given
    with pytest.raises(ValueError, match="the ids are not as many as the activities"):
        with_ids(given, bytes(16))


def test_bytes_that_no_run_wrote_are_refused() -> None:
    with pytest.raises((TypeError, ValueError)):
        frozen_facts(b'{"format":"takar.facts/1","unknown":1}')
    with pytest.raises((TypeError, ValueError)):
        frozen_facts(b'{"format":"takar.facts/1"')
