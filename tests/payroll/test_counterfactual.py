"""What would have been paid if: asked of the same function, with what was changed."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given

from services.payroll.rules import evaluate, facts_from
from services.payroll.rules.counterfactual import alternatives, moved, without_activity, without_attendance_on
from tests.payroll import people
from tests.payroll.people import day, facts
from tests.payroll.test_rules_properties import ALL, relaxed
from tests.payroll.test_rules_properties import people as anybody


def by_key(name, given_facts):
    found = alternatives(people.policy(name), given_facts)
    return {one.key: one for one in found.offered}, {one.key: one for one in found.not_offered}


def test_without_lateness_the_cut_is_gone_and_tax_and_contributions_follow():
    offered, _ = by_key("jambi-kind", people.example("jambi-kind-t1"))
    late = offered["no_lateness"]
    assert (late.tpp, late.tpp_difference) == (3_828_000, 80_000)
    assert late.changed.id == "Senin, 5 Oktober 2026; Selasa, 6 Oktober 2026; Rabu, 7 Oktober 2026"
    assert [(one.kind, one.rule, one.amount, one.would_be) for one in late.moved] == [
        ("deduction", "terlambat", -80_000, 0),
        ("contribution", "bpjs-1", -37_480, -38_280),
        ("tax", "tax", -89_480, -90_280),
    ]
    assert late.net_difference == 80_000 - 800 - 800


def test_the_next_predikat_is_the_nearest_better_one_that_this_policy_pays_more_for():
    offered, refused = by_key("jambi-kind", facts(predikat="kurang"))
    assert offered["next_predikat"].changed.en == "kurang -> butuh perbaikan"
    assert offered["next_predikat"].tpp_difference == 3_000_000 * 60 // 100 * 15 // 100
    # baik and sangat baik are both paid in full there
    _, refused = by_key("jambi-kind", facts(predikat="baik"))
    assert refused["next_predikat"].reason.en == "no better predikat pays more here"
    offered, _ = by_key("jambi-kind", facts(predikat=None, predikat_missing="no_plan"))
    assert offered["next_predikat"].changed.id == "belum ada -> sangat kurang"


def test_one_more_day_is_as_long_as_the_policy_wants_a_day_to_be():
    worked = [{"work_date": f"2026-10-{number:02d}", "minutes": 300, "count": 1} for number in (1, 2, 5)]
    offered, _ = by_key("samarinda-kind", facts(activities=worked, attendance=[day(6, absence="tanpa_keterangan")]))
    more = offered["one_more_day"]
    assert more.changed.en == "Wednesday, 7 October 2026: 300 minutes, 1 approved activity (tusi)"
    assert more.tpp_difference == round(3_400_000 / 21)


def test_a_question_that_has_no_answer_says_why():
    _, refused = by_key("jambi-kind", facts())
    assert refused["one_more_day"].reason.id == "peraturan ini tidak membayar menurut hari atau menit kegiatan"
    assert refused["no_lateness"].reason.en == "never late in this period"
    worked = [{"work_date": f"2026-10-{number:02d}", "minutes": 1, "count": 1} for number in range(1, 32)]
    _, refused = by_key("samarinda-kind", facts(activities=worked))
    assert refused["one_more_day"].reason.en == "every workday has approved activities already"


@pytest.mark.parametrize("name", ALL)
@relaxed
@given(person=anybody())
def test_what_moved_adds_up_to_the_difference_of_the_net(name, person):
    policy, given_facts = people.policy(name), facts_from(person)
    paid = evaluate(policy, given_facts)
    for one in alternatives(policy, given_facts).offered:
        assert one.net_difference == sum(line.would_be - line.amount for line in one.moved)
        assert one.net_difference == one.net - paid.net
        assert one.tpp_difference == one.tpp - paid.tpp
        assert one.changed.id
        assert one.changed.en


@pytest.mark.parametrize("name", ALL)
@relaxed
@given(person=anybody())
def test_less_of_what_is_cut_for_never_earns_less(name, person):
    offered, _ = by_key(name, facts_from(person))
    for key, one in offered.items():
        if key not in ("no_absence", "no_leave"):  # on a day of absence other events are not counted; present, they are
            assert one.tpp_difference >= 0, key


def test_an_activity_is_taken_out_of_its_day_and_the_day_goes_with_its_last():
    work = [{"work_date": "2026-10-01", "minutes": 330, "count": 2, "ids": ["a-1", "a-2"]}]
    given_facts = facts(activities=work)
    (left,) = without_activity(given_facts, "a-1", 30).activities
    assert (left.minutes, left.count, left.ids) == (300, 1, ("a-2",))
    assert without_activity(replace(given_facts, activities=(left,)), "a-2", 300).activities == ()
    with pytest.raises(KeyError):
        without_activity(given_facts, "elsewhere", 30)


def test_a_day_without_its_events_moves_the_lines_it_was_in():
    policy, given_facts = people.policy("jambi-kind"), people.example("jambi-kind-t1")
    then = evaluate(policy, without_attendance_on(given_facts, date(2026, 10, 7)))
    found = moved(evaluate(policy, given_facts), then)
    assert [(one.rule, one.would_be - one.amount) for one in found if one.kind == "deduction"] == [
        ("terlambat", 40_000),
        ("pulang-cepat", 20_000),
    ]
