"""What the rules promise people: exemptions, silence, withholding, recoveries, entitlement."""

import pytest

from services.payroll.rules import canonical, evaluate, facts_from, facts_to_dict, formula, measured
from tests.payroll.people import day, example, facts, line, policy, segment


@pytest.mark.parametrize("predikat_missing", ["supervisor_silent", None])
def test_a_silent_supervisor_costs_the_employee_nothing(predikat_missing):
    rated = evaluate(policy("jambi-kind"), facts(predikat="baik"))
    unrated = evaluate(policy("jambi-kind"), facts(predikat=None, predikat_missing=predikat_missing))
    assert unrated.tpp == rated.tpp
    assert [warning["code"] for warning in unrated.warnings] == ["predikat-missing", "salary-unknown"]


def test_without_a_plan_the_region_pays_what_its_policy_says():
    paid = evaluate(policy("jambi-kind"), facts(predikat=None, plan_exists=False))
    assert paid.results[0]["share"] == "40 %"
    assert paid.tpp == 3_000_000 * 64 // 100


def test_a_dated_exemption_takes_the_lateness_of_its_days_only():
    days = [day(1, late_minutes=20), day(2, late_minutes=20)]
    exempted = {
        "id": "sk-9",
        "covers": ["late"],
        "start": "2026-10-01",
        "end": "2026-10-01",
        "author": "BKPSDM",
        "reason": "mesin rusak",
    }
    paid = evaluate(policy("samarinda-kind"), facts(attendance=days, exemptions=[exempted]))
    [late] = [one for one in paid.lines if one["rule"] == "terlambat"]
    assert late["refs"] == {"attendance": ["2026-10-02"]}


def test_a_day_on_duty_is_a_day_present():
    on_duty = facts(attendance=[day(1, late_minutes=200, absence="tanpa_keterangan", duty=True)])
    assert evaluate(policy("jambi-kind"), on_duty).tpp == evaluate(policy("jambi-kind"), facts()).tpp


def minutes(amount):
    return [{"work_date": "2026-10-01", "minutes": amount, "count": 1}]


@pytest.mark.parametrize(("late", "suspended"), [(780, False), (781, True)])
def test_more_than_780_minutes_postpone_the_tpp_to_the_next_month(late, suspended):
    given = facts(activities=minutes(6300), attendance=[day(1, late_minutes=late)])
    paid = evaluate(policy("samarinda-kind"), given)
    assert paid.tpp == 3_400_000 * 95 // 100
    assert (paid.suspended > 0, paid.suspended_until) == (suspended, "2026-11" if suspended else None)
    assert paid.payable == (0 if suspended else paid.tpp)
    assert (paid.net == 0) is suspended


def test_a_missing_clock_out_counts_as_120_minutes_towards_the_780():
    days = [day(number, missing_out=True) for number in range(1, 7)] + [day(8, late_minutes=61)]
    assert evaluate(policy("samarinda-kind"), facts(attendance=days)).suspended_until == "2026-11"


def test_what_was_postponed_is_paid_and_taxed_in_the_next_month():
    carried = [{"id": "2026-09", "period": "2026-09", "amount": "1000000"}]
    paid = evaluate(policy("samarinda-kind"), facts(activities=minutes(6300), carried=carried))
    assert (paid.tpp, paid.released, paid.payable) == (3_400_000, 1_000_000, 4_400_000)
    assert paid.tax == 220_000


def test_recoveries_never_take_more_than_there_is_and_the_rest_is_carried():
    owed = [{"id": "des", "cause": "kelebihan bayar Desember", "amount": "9000000"}]
    paid = evaluate(policy("samarinda-kind"), facts(activities=minutes(6300), recoveries=owed))
    assert paid.net == 0
    assert paid.recovered + paid.unrecovered == 9_000_000
    assert [warning["code"] for warning in paid.warnings] == ["carried-forward"]


@pytest.mark.parametrize(
    ("employee", "share"),
    [({"status_asn": "CPNS"}, 80), ({"flags": ["tugas_belajar"]}, 0), ({"flags": ["mpp"]}, 0), ({}, 100)],
)
def test_who_is_entitled_to_what_share(employee, share):
    assert evaluate(policy("jambi-kind"), facts(employee=employee)).tpp == 3_000_000 * share // 100


def test_study_leave_from_the_middle_of_the_month_pays_the_days_before():
    away = [segment(1, 14, workdays=10), segment(15, 31, workdays=11, flags=["tugas_belajar"])]
    paid = evaluate(policy("samarinda-kind"), facts(activities=minutes(6300), segments=away))
    assert paid.tpp == 1_619_048


@pytest.mark.parametrize(("month", "cut"), [(7, 0), (6, 0), (5, 1), (4, 1), (0, 1), (-1, 0)])
def test_a_penalty_of_six_months_cuts_six_months(month, cut):
    effective = f"2026-{10 - month:02d}-15"
    given = facts(penalties=[{"id": "sk", "kind": "sedang_6", "effective_from": effective}])
    paid = evaluate(policy("jambi-kind"), given)
    assert paid.tpp == 3_000_000 - cut * 750_000


def test_a_class_outside_the_policy_is_a_blocking_warning_not_a_crash():
    paid = evaluate(policy("jambi-kind"), facts(segments=[segment(kelas=17)]))
    assert paid.tpp == 0
    assert paid.blocked


@pytest.mark.parametrize(
    ("policy_name", "name"), [("jambi-kind", "jambi-kind-t1"), ("samarinda-kind", "samarinda-kind-t4")]
)
def test_facts_frozen_and_read_back_give_the_same_bytes(policy_name, name):
    given = example(name)
    again = facts_from(facts_to_dict(given))
    assert again == given
    assert canonical(evaluate(policy(policy_name), again)) == canonical(evaluate(policy(policy_name), given))


def test_every_line_says_its_formula_in_both_languages():
    paid = evaluate(policy("jambi-kind"), example("jambi-kind-t1"))
    said = {one["rule"]: (formula(one, "id"), formula(one, "en")) for one in paid.lines}
    assert said["terlambat"] == (
        "3 kali (1-30: 2 x 0.5 %; 31-60: 1 x 1 %) = 2 % dari produktivitas, disiplin (setelah kinerja)",
        "3 times (1-30: 2 x 0.5 %; 31-60: 1 x 1 %) = 2 % of produktivitas, disiplin (after performance)",
    )
    assert said["tax"][1] == "TER 1 % x (Rp 5.200.000 + Rp 3.748.000) - Rp 0 (PTKP K/1)"
    assert measured(paid.results[0], "id") == "predikat baik = 100 %"
    assert line(paid, "bpjs-1") == -37_480
