"""The worked examples of the domain sheet, to the rupiah (section 13.1)."""

import pytest

from services.payroll.rules import evaluate
from tests.payroll.people import day, earning_lines, example, facts, line, policy, segment


def test_t1_predikat_baik_with_lateness_illness_and_a_missed_apel_under_ter():
    paid = evaluate(policy("jambi-kind"), example("jambi-kind-t1"))
    assert paid.tpp == 3_748_000
    assert paid.criteria == {"BK": 2_342_500, "PK": 1_405_500}
    assert line(paid, "tax") == -89_480
    assert line(paid, "bpjs-1") == -37_480
    assert line(paid, "bpjs-4") == 0
    assert (paid.gross, paid.deductions) == (3_748_000 + 149_920, 149_920 + 37_480 + 89_480)
    assert paid.net == 3_621_040
    parts = {
        (one["inputs"]["criterion"], one["rule"]): one["inputs"]["after_deductions"]
        for one in paid.lines
        if one["kind"] == "part"
    }
    assert parts == {
        ("BK", "produktivitas"): "1417500",
        ("BK", "disiplin"): "925000",
        ("PK", "produktivitas"): "850500",
        ("PK", "disiplin"): "555000",
    }


def test_t2_a_supervisor_who_did_not_assess_loses_five_points():
    paid = evaluate(policy("jambi-kind"), example("jambi-kind-t2"))
    assert paid.results[0]["share"] == "85 %"
    assert paid.tpp == 2_525_250
    assert line(paid, "bpjs-1") == -25_253
    assert paid.tax == 64_253
    assert paid.net == 2_435_744


def test_t4_tiers_on_each_lateness_of_the_whole_tpp_with_final_tax():
    paid = evaluate(policy("samarinda-kind"), example("samarinda-kind-t4"))
    assert (paid.tpp, paid.tax, line(paid, "bpjs-1"), paid.net) == (5_190_000, 259_500, -51_900, 4_878_600)
    assert paid.suspended == 0


T6 = [
    *[day(number, late_minutes=12) for number in (1, 2, 5, 6)],
    *[day(number, late_minutes=45) for number in (7, 8)],
    day(9, late_minutes=70),
    day(12, apel_missed=["apel"]),
    day(13, absence="cuti_ditolak"),
]


def test_t6_only_the_discipline_part_is_cut_line_by_line():
    paid = evaluate(policy("tulang-bawang"), facts(employee={"golongan": "II/c"}, attendance=T6))
    assert paid.tpp == 2_653_750
    assert line(paid, "terlambat") == -(4 * 5_500 + 2 * 11_000 + 13_750)
    assert (line(paid, "apel"), line(paid, "cuti-ditolak")) == (-22_000, -16_500)
    assert (paid.tax, line(paid, "bpjs-1"), paid.net) == (0, -26_538, 2_627_212)


@pytest.mark.parametrize(
    ("minutes", "cut"),
    [(1, 5_500), (30, 5_500), (31, 11_000), (60, 11_000), (61, 13_750), (90, 13_750), (91, 16_500)],
)
def test_t6_a_tier_begins_and_ends_at_its_minute(minutes, cut):
    paid = evaluate(policy("tulang-bawang"), facts(attendance=[day(1, late_minutes=minutes)]))
    assert line(paid, "terlambat") == -cut


def test_t8_monthly_sums_of_minutes_and_the_mean_of_quantity_and_quality():
    leave = [day(number, leave="tahunan") for number in (20, 21, 22)]
    month = [
        day(1, late_minutes=40),
        day(2, late_minutes=35, early_minutes=20),
        day(5, missing_out=True),
        day(6, missing_out=True),
        day(7, absence="tanpa_keterangan"),
        *leave,
    ]
    given = facts(segments=[segment(kelas=9)], attendance=month, scores={"kuantitas": "96 %", "kualitas": "90 %"})
    paid = evaluate(policy("sumedang"), given)
    assert line(paid, "terlambat") + line(paid, "pulang-cepat") == -8_750
    assert (line(paid, "tanpa-rekam"), line(paid, "tanpa-keterangan")) == (-15_000, -25_000)
    assert line(paid, "cuti-tahunan") == -45_000
    assert line(paid, "dinamis") == 1_500_000 - 105_000
    assert (paid.tpp, paid.tax, paid.net) == (4_801_250, 240_063, 4_561_187)


@pytest.mark.parametrize(("absent", "tpp"), [(0, 1_800_000), (1, 1_719_000), (2, 1_638_000), (3, 0), (9, 0)])
def test_t9_three_days_of_absence_forfeit_everything(absent, tpp):
    days = [day(number, absence="tanpa_keterangan") for number in range(1, absent + 1)]
    paid = evaluate(policy("ngawi"), facts(attendance=days))
    assert paid.tpp == tpp
    assert absent != 2 or paid.net == 1_556_100


@pytest.mark.parametrize(("minutes", "tpp"), [(449, 1_800_000), (450, 1_719_000), (1349, 1_638_000), (1350, 0)])
def test_t9_lateness_of_seven_and_a_half_hours_counts_as_a_day(minutes, tpp):
    late = [day(1, late_minutes=minutes // 2), day(2, late_minutes=minutes - minutes // 2)]
    assert evaluate(policy("ngawi"), facts(attendance=late)).tpp == tpp


@pytest.mark.parametrize(
    ("kelas", "level", "workdays", "tpp"),
    [
        (9, "same", 21, 5_400_000),
        (9, "same", 20, 5_400_000),
        (9, "same", 19, 4_500_000),
        (9, "same", 18, 4_500_000),
        (11, "higher", 21, 7_000_000),
        (11, "higher", 19, 4_500_000),
    ],
)
def test_t10_acting_pays_after_twenty_workdays(kelas, level, workdays, tpp):
    acting = {"id": "plt-1", "capacity": "Plt", "level": level, "kelas": kelas, "workdays": workdays}
    given = facts(segments=[segment(kelas=9)], acting=[acting])
    paid = evaluate(policy("balangan"), given)
    assert paid.tpp == tpp == earning_lines(paid)


def test_t10_a_plh_is_paid_nothing_more():
    acting = {"id": "plh-1", "capacity": "Plh", "level": "same", "kelas": 9, "workdays": 21}
    assert evaluate(policy("balangan"), facts(segments=[segment(kelas=9)], acting=[acting])).tpp == 4_500_000


def test_t11_a_transfer_is_paid_by_workdays_each_segment_rounded():
    moved = [segment(1, 14, workdays=10), segment(15, 31, kelas=8, workdays=11)]
    paid = evaluate(policy("balangan"), facts(segments=moved))
    assert paid.tpp == 1_428_571 + 2_200_000


def test_a_region_of_nested_parts_daily_values_and_cuts_of_what_is_left():
    """Regency A of the domain sheet, with its SAKIP part; the numbers follow from the policy by hand."""
    january = {
        "start": "2026-01-01",
        "end": "2026-01-31",
        "workdays": 20,
        "segments": [segment(workdays=20) | {"start": "2026-01-01", "end": "2026-01-31"}],
        "activities": [
            {"work_date": "2026-01-05", "minutes": 6075, "count": 1, "approved_on": "2026-02-03"},
            {"work_date": "2026-01-06", "minutes": 500, "count": 1, "approved_on": "2026-02-04"},
        ],
        "scores": {"sakip": "80 %"},
        "attendance": [
            {"work_date": "2026-01-07", "absence": "tanpa_keterangan"},
            {"work_date": "2026-01-08", "missing_in": True},
        ],
        "ytd": {"absent": 3},
        "penalties": [{"id": "sk-1", "kind": "sedang", "effective_from": "2025-08-10"}],
        "incidents": [{"id": "tgr-1", "kind": "tgr", "on": "2026-01-02", "percent": "10 %"}],
        "consents": [{"id": "surat-1", "kind": "zakat", "valid_from": "2026-01-01"}],
    }
    paid = evaluate(policy("bertingkat"), facts(**january))
    assert line(paid, "tk") == -60_000
    assert line(paid, "mangkir") == -66_000
    assert line(paid, "hukdis") == -2_419_000
    assert line(paid, "tgr") == -725_700
    assert line(paid, "peringatan") == -250_000
    assert line(paid, "rounding") == -300
    assert paid.tpp == 6_281_000 == earning_lines(paid)
    assert (paid.tax, line(paid, "bpjs-1"), line(paid, "zakat")) == (314_050, -62_810, -149_174)
    assert paid.net == 5_754_966


def test_december_approvals_are_cut_off_in_january_of_the_next_year():
    december = {
        "start": "2026-12-01",
        "end": "2026-12-31",
        "segments": [segment() | {"start": "2026-12-01", "end": "2026-12-31"}],
        "activities": [{"work_date": "2026-12-30", "minutes": 6750, "count": 1, "approved_on": "2027-01-03"}],
    }
    assert evaluate(policy("bertingkat"), facts(**december)).results[2]["share"] == "100 %"
