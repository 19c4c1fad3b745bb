"""Corrections as rules: what a run pays and takes back, what is told of a change, from which day one counts."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from services.payroll.rules import Facts, evaluate
from services.payroll.rules.corrections import (
    EARLY,
    Change,
    cause_in_words,
    changes,
    corrected,
    line_differences,
)
from services.payroll.rules.document.runs import Recovery
from services.payroll.rules.facts import Correction
from services.payroll.rules.retroactive import employee_changed_from, position_changed_from
from services.payroll.rules.statement import Line, line_of
from tests.payroll.people import day, facts, policy, segment

RECOVERY = Recovery(id="kembali", name="Pengembalian", article="contoh Pasal 20", at_most=Fraction(1, 4))


def correction(amount: int, period: str = "2026-09", number: int = 1) -> Correction:
    return Correction(
        id=f"{period}-{number}",
        period=period,
        cause="Periode ditutup ulang",
        amount=amount,
        paid="a" * 64,
        now="b" * 64,
    )


def amounts(payable: int, *given: Correction, recovery: Recovery | None = None) -> list[int]:
    return [int(line["amount"]) for line in corrected(given, payable, recovery).lines]


def test_too_little_is_paid_whole() -> None:
    done = corrected([correction(170_000)], 0, None)
    assert (done.amount, done.warnings) == (170_000, [])
    (line,) = done.lines
    assert (line["kind"], line["rule"], line["name"]) == ("correction", "2026-09-1", "Koreksi TPP 2026-09")
    assert line["inputs"] == {
        "cause": "Periode ditutup ulang",
        "now": "b" * 64,
        "open": "170000",
        "paid": "a" * 64,
        "period": "2026-09",
    }


def test_too_much_is_taken_back_up_to_what_there_is_and_the_rest_is_told() -> None:
    done = corrected([correction(-500)], 300, None)
    assert done.amount == -300
    (warning,) = done.warnings
    assert "Rp 200 could not be taken back yet" in warning["message"]
    assert not warning["blocking"]
    assert corrected([correction(-300)], 300, None).warnings == []


def test_what_is_owed_is_paid_first_and_may_be_taken_for_what_is_owed_back_the_oldest_month_first() -> None:
    given = [correction(-400, "2026-08"), correction(-400, "2026-07"), correction(300, "2026-09")]
    assert amounts(200, *given) == [300, -400, -100]


def test_nothing_is_taken_of_nothing() -> None:
    assert amounts(0, correction(-1)) == [0]
    assert amounts(-5, correction(-1)) == [0], "a month cannot be below zero; were it, nothing would be added to it"


def test_a_region_may_take_back_a_share_of_a_month_only() -> None:
    assert amounts(1_000, correction(-900), recovery=RECOVERY) == [-250]
    assert amounts(1_000, correction(-100), correction(-900, number=2), recovery=RECOVERY) == [-100, -150]
    assert amounts(1_000, correction(400), correction(-900, number=2), recovery=RECOVERY) == [400, -350]
    (line,) = corrected([correction(-900)], 1_000, RECOVERY).lines
    assert (line["article"], line["inputs"]["at_most"]) == ("contoh Pasal 20", "25 %")


def test_a_statement_is_taxed_on_what_corrections_add_and_they_are_no_part_of_the_months_tpp() -> None:
    plain = facts(employee={"golongan": "III/b"})
    own = evaluate(policy("samarinda-kind"), replace(plain, activities=_minutes(300)))
    more = evaluate(
        policy("samarinda-kind"), replace(plain, activities=_minutes(300), corrections=(correction(100_000),))
    )
    assert (more.tpp, more.corrected, more.payable) == (own.tpp, 100_000, own.payable + 100_000)
    assert more.tax == own.tax + 5_000
    assert own.corrected == 0


def _minutes(each: int) -> Any:
    plain = {"work_date": "2026-10-01", "minutes": each * 21, "count": 21}
    return facts(activities=[plain]).activities


def words(before: Facts, after: Facts) -> list[tuple[str, str, str]]:
    return [(one.what, one.before, one.after) for one in changes(before, after)]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"predikat": "kurang"}, ("predikat", "baik", "kurang")),
        ({"predikat": None, "predikat_missing": "no_plan"}, ("predikat", "baik", "no plan")),
        ({"segments": [segment(kelas=8)]}, ("kelas jabatan", "7", "8")),
        ({"segments": [segment(unit="Badan")]}, ("unit", "Dinas", "Badan")),
        ({"segments": [segment(position="Kepala")]}, ("jabatan", "Analis (1-31)", "Kepala (1-31)")),
        ({"employee": {"golongan": "III/c"}}, ("status", "PNS III/b", "PNS III/c")),
        ({"employee": {"assessed_staff": False}}, ("atasan menilai", "ya", "tidak")),
        ({"workdays": 22}, ("hari kerja", "21", "22")),
        ({"scores": {"sakip": "80 %"}}, ("nilai", "tidak ada", "sakip 80 %")),
        ({"ytd": {"absent": 2}}, ("sejak Januari", "tidak ada", "absent 2")),
        ({"attendance": [day(5, late_minutes=12)]}, ("kehadiran", "tanpa kejadian", "10-05 terlambat 12")),
        ({"attendance": [day(5, early_minutes=3)]}, ("kehadiran", "tanpa kejadian", "10-05 pulang cepat 3")),
        ({"attendance": [day(6, missing_in=True)]}, ("kehadiran", "tanpa kejadian", "10-06 tanpa rekam masuk")),
        ({"attendance": [day(6, missing_out=True)]}, ("kehadiran", "tanpa kejadian", "10-06 tanpa rekam pulang")),
        ({"attendance": [day(7, duty=True)]}, ("kehadiran", "tanpa kejadian", "10-07 hadir")),
        (
            {"attendance": [day(8, leave="alasan_penting"), day(7, absence="tanpa_keterangan")]},
            ("kehadiran", "tanpa kejadian", "10-07 tanpa keterangan; 10-08 alasan penting"),
        ),
        (
            {"activities": [{"work_date": "2026-10-01", "minutes": 330, "count": 2}]},
            ("kegiatan disetujui", "0 (0 menit)", "2 (330 menit)"),
        ),
        (
            {"acting": [{"id": "x", "capacity": "Plt", "level": "higher", "kelas": 9, "workdays": 20}]},
            ("Plt/Plh", "tidak ada", "kelas 9, 20 hari"),
        ),
        (
            {"penalties": [{"id": "p", "kind": "sedang_6", "effective_from": "2026-10-01"}]},
            ("keputusan", "tidak ada", "sedang_6"),
        ),
        (
            {"incidents": [{"id": "i", "kind": "razia", "on": "2026-10-01"}]},
            ("keputusan", "tidak ada", "razia"),
        ),
    ],
)
def test_what_changed_is_told_in_words(given: dict[str, Any], told: tuple[str, str, str]) -> None:
    assert words(facts(), facts(**given)) == [told]


def test_two_classes_of_a_month_are_told_one_after_the_other() -> None:
    two = facts(segments=[segment(1, 14, workdays=10), segment(15, 31, kelas=9, workdays=11)])
    assert ("kelas jabatan", "7", "7, 9") in words(facts(), two)
    assert words(facts(), facts()) == []


def test_the_actual_december_is_told_as_that_and_not_by_each_day() -> None:
    exemption = {
        "id": EARLY,
        "covers": ["part:produktivitas"],
        "start": "2026-10-01",
        "end": "2026-10-31",
        "author": "policy",
        "reason": "contoh",
    }
    early = facts(exemptions=[exemption], predikat=None)
    assert words(early, facts()) == [("pembayaran di muka 100 %", "dihitung di muka", "realisasi")]
    assert ("predikat", "tidak ada", "baik") in words(early, facts(exemptions=[exemption]))


def test_a_cause_names_what_happened_and_fits_its_line() -> None:
    change = Change("predikat", "kurang", "baik")
    assert cause_in_words("Penilaian diperbaiki", [change]) == "Penilaian diperbaiki: predikat kurang menjadi baik"
    assert cause_in_words("Penilaian diperbaiki", []) == "Penilaian diperbaiki"
    long = cause_in_words("x", [Change("kehadiran", "a" * 200, "b" * 200)])
    assert len(long) == 300
    assert long.endswith("...")
    assert len(cause_in_words("x" * 300, [])) == 300
    assert not cause_in_words("x" * 300, []).endswith("...")


def line(rule: str, amount: int, kind: str = "part", **inputs: Any) -> Line:
    return line_of(kind, amount, inputs, rule=rule, name=rule.upper(), article="Pasal 1")


def test_lines_that_differ_are_shown_with_both_amounts_and_those_that_do_not_are_not() -> None:
    before = [line("kinerja", 100, criterion="BK"), line("apel", -10, "deduction"), line("sama", 5)]
    after = [line("kinerja", 150, criterion="BK"), line("sama", 5), line("baru", 7, "addition")]
    found = line_differences(before, after)
    assert [(one.rule, one.before, one.after, one.difference) for one in found] == [
        ("kinerja", 100, 150, 50),
        ("baru", None, 7, 7),
        ("apel", -10, None, 10),
    ]
    assert found[0][:4] == ("part", "kinerja", "KINERJA", "Pasal 1")
    assert (found[1].inputs_before, found[2].inputs_after) == (None, None)


def test_lines_of_one_rule_are_told_apart_by_criterion_and_place() -> None:
    before = [line("kinerja", 1, criterion="BK"), line("kinerja", 2, criterion="PK"), line("apel", 3), line("apel", 4)]
    after = [line("kinerja", 1, criterion="BK"), line("kinerja", 5, criterion="PK"), line("apel", 3), line("apel", 6)]
    assert [(one.before, one.after) for one in line_differences(before, after)] == [(2, 5), (4, 6)]


def test_a_line_of_the_same_amount_by_other_numbers_differs_by_nothing_and_is_shown() -> None:
    (found,) = line_differences([line("kinerja", 1, minutes=6600)], [line("kinerja", 1, minutes=6930)])
    assert (found.difference, found.inputs_before, found.inputs_after) == (0, {"minutes": 6600}, {"minutes": 6930})


HELD = {"assignment_id": "a", "position_id": "p", "kind": "definitif", "valid_from": "2020-01-01", "valid_to": None}
STATUS = {"valid_from": "2020-01-01", "status_asn": "PNS", "golongan": "III/b"}


def employee(*assignments: dict[str, Any], statuses: Any = (STATUS,), left_on: str | None = None) -> dict[str, Any]:
    return {"assignments": assignments or (HELD,), "statuses": statuses, "left_on": left_on, "name": "x", "ptkp": "K/0"}


@pytest.mark.parametrize(
    ("after", "since"),
    [
        (employee(), None),
        (employee() | {"name": "y", "ptkp": "K/1"}, None),
        (employee(HELD | {"assignment_id": "b"}), None),
        (employee(HELD | {"valid_to": "2026-10-14"}), date(2026, 10, 15)),
        (employee(HELD | {"position_id": "q", "valid_from": "2026-10-15"}, HELD), date(2026, 10, 15)),
        (employee(HELD | {"valid_from": "2021-01-01"}), date(2020, 1, 1)),
        (employee(HELD | {"kind": "plt"}), date(2020, 1, 1)),
        (employee(left_on="2026-11-01"), date(2026, 11, 1)),
        (employee(statuses=(STATUS, STATUS | {"valid_from": "2026-04-01", "golongan": "III/c"})), date(2026, 4, 1)),
        (employee(statuses=(STATUS | {"status_asn": "CPNS"},)), date(2020, 1, 1)),
        (employee(HELD | {"valid_to": "2026-10-14"}, left_on="2026-03-01"), date(2026, 3, 1)),
    ],
)
def test_an_employees_change_counts_from_the_first_day_on_which_something_paid_for_differs(
    after: dict[str, Any], since: date | None
) -> None:
    assert employee_changed_from(employee(), after) == since
    assert employee_changed_from(after, employee()) == since


TERM = {"valid_from": "2020-01-01", "name": "Analis", "kelas_jabatan": 7, "unit_id": "u", "reports_to": None}


def test_an_end_moved_counts_from_the_day_after_the_earlier_one() -> None:
    earlier, later = (employee(HELD | {"valid_to": day}) for day in ("2026-09-30", "2026-10-14"))
    assert employee_changed_from(later, earlier) == date(2026, 10, 1)
    assert employee_changed_from(earlier, later) == date(2026, 10, 1)
    left = (employee(left_on="2026-12-01"), employee(left_on="2026-11-01"))
    assert employee_changed_from(*left) == date(2026, 11, 1)


def test_a_positions_change_counts_from_its_first_term_that_differs() -> None:
    held: dict[str, Any] = {"terms": [TERM], "active_to": None}
    risen = {"terms": [TERM, TERM | {"valid_from": "2026-10-01", "kelas_jabatan": 8}], "active_to": None}
    assert position_changed_from(held, held) is None
    assert position_changed_from(held, risen) == date(2026, 10, 1)
    assert position_changed_from(risen, held) == date(2026, 10, 1)
    assert position_changed_from(held, held | {"active_to": "2026-05-31"}) == date(2026, 5, 31)
    assert position_changed_from(held, {"terms": [TERM | {"unit_id": "v"}], "active_to": None}) == date(2020, 1, 1)
    assert position_changed_from(None, risen) == date(2020, 1, 1), "one heard of for the first time"
    assert position_changed_from(None, {"terms": [], "active_to": None}) is None
