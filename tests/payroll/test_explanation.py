"""A statement as a tree: it adds up at every node, says every number in two languages, and ends at days and work."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.payroll.rules import canonical, evaluate, facts_from
from services.payroll.rules.explanation import Node, explain
from tests.payroll import people
from tests.payroll.people import day, facts, segment
from tests.payroll.test_rules_properties import ALL, relaxed, rounded
from tests.payroll.test_rules_properties import people as anybody

MODES = ["half_up", "floor", "ceil", "half_even"]


def told(policy, given) -> Node:
    return explain(policy, evaluate(policy, given).to_dict(), given)


def nodes(tree: Node, kind: str) -> list[Node]:
    return [node for _, node in tree.walk() if node.kind == kind]


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("at", ["line", "part", "total"])
@relaxed
@given(person=anybody(), mode=st.sampled_from(MODES), unit=st.sampled_from([1, 100, 1000]))
def test_the_leaves_add_up_to_every_node_and_to_the_net(name, at, person, mode, unit):
    policy, given_facts = rounded(name, at, unit, mode), facts_from(person)
    paid = evaluate(policy, given_facts)
    tree = explain(policy, paid.to_dict(), given_facts)
    assert tree.amount == paid.net == sum(leaf.amount for leaf in tree.leaves())
    (tpp,) = nodes(tree, "tpp")
    assert tpp.amount == paid.tpp
    for _, node in tree.walk():
        if node.parts:
            assert node.amount == sum(part.amount for part in node.parts)
            assert node.amount == sum(leaf.amount for leaf in node.leaves())
    stated = [line for line in paid.lines if line["kind"] != "base"]
    assert len(list(tree.leaves())) == len(stated) or not tpp.parts


@pytest.mark.parametrize("name", ALL)
@relaxed
@given(person=anybody())
def test_every_line_is_in_the_tree_once_with_rule_article_and_a_sentence_in_both_languages(name, person):
    policy, given_facts = people.policy(name), facts_from(person)
    paid = evaluate(policy, given_facts)
    tree = explain(policy, paid.to_dict(), given_facts)
    found = sorted((leaf.kind, leaf.rule, leaf.article, leaf.amount) for leaf in tree.leaves() if leaf.rule)
    lines = [line for line in paid.lines if line["kind"] != "base"]
    assert found == sorted((line["kind"], line["rule"], line["article"], int(line["amount"])) for line in lines)
    for leaf in tree.leaves():
        if leaf.rule:
            assert leaf.label.id
            assert leaf.formula.id
            assert leaf.formula.en


@pytest.mark.parametrize("name", ALL)
@relaxed
@given(person=anybody())
def test_explaining_changes_nothing_of_the_statement(name, person):
    policy, given_facts = people.policy(name), facts_from(person)
    paid = evaluate(policy, given_facts)
    before = canonical(paid)
    explain(policy, paid.to_dict(), given_facts).to_dict()
    assert canonical(paid) == before


def test_a_cut_says_its_rule_article_numbers_and_the_days_with_what_happened_on_each():
    tree = told(people.policy("jambi-kind"), people.example("jambi-kind-t1"))
    late = next(node for node in nodes(tree, "deduction") if node.rule == "terlambat")
    assert (late.amount, late.article) == (-80_000, "contoh, Pasal 10 huruf a")
    assert late.formula.id == (
        "3 kali (1-30: 2 x 0.5 %; 31-60: 1 x 1 %) = 2 % dari Rp 4.000.000, produktivitas, disiplin (setelah kinerja)"
    )
    assert late.formula.en == (
        "3 times (1-30: 2 x 0.5 %; 31-60: 1 x 1 %) = 2 % of Rp 4.000.000, produktivitas, disiplin (after performance)"
    )
    assert [(one.label.en, one.formula.id) for one in late.evidence] == [
        ("Monday, 5 October 2026", "terlambat 12 menit"),
        ("Tuesday, 6 October 2026", "terlambat 30 menit"),
        ("Wednesday, 7 October 2026", "terlambat 31 menit; pulang 10 menit lebih cepat"),
    ]


def test_a_cut_that_a_limit_held_does_not_claim_a_sum_that_is_not_so():
    policy = people.policy("jambi-kind")
    every_day = [day(number, absence="tanpa_keterangan", apel_missed=["apel"] * 30) for number in range(1, 32)]
    tree = told(policy, facts(attendance=every_day))
    apel = next(node for node in nodes(tree, "deduction") if node.rule == "apel")
    assert "Rp" not in apel.formula.id
    assert tree.amount == 0 or tree.amount == sum(leaf.amount for leaf in tree.leaves())


def test_a_part_measured_by_minutes_ends_at_the_approved_activities_of_each_day():
    work = [
        {"work_date": "2026-10-01", "minutes": 330, "count": 2, "ids": ["a-1", "a-2"]},
        {"work_date": "2026-10-02", "minutes": 90, "count": 1, "ids": ["a-3"]},
    ]
    tree = told(people.policy("samarinda-kind"), facts(activities=work))
    days = nodes(tree, "activity_day")
    assert [(one.inputs["work_date"], one.formula.en) for one in days] == [
        ("2026-10-01", "330 minutes, 2 approved activities"),
        ("2026-10-02", "90 minutes, 1 approved activity"),
    ]
    assert [one.inputs["id"] for one in nodes(tree, "activity")] == ["a-1", "a-2", "a-3"]


def test_a_base_shows_the_positions_of_the_month_and_why_less_is_paid():
    halves = [segment(1, 15, workdays=10), segment(16, 31, kelas=9, workdays=11, flags=["mpp"])]
    tree = told(people.policy("jambi-kind"), facts(employee={"status_asn": "CPNS"}, segments=halves))
    base = nodes(tree, "base")[0]
    assert [one.formula.en for one in base.evidence] == [
        "class 7, Rp 1.875.000, 2026-10-01 - 2026-10-15, 10 workdays",
        "class 9, Rp 2.500.000, 2026-10-16 - 2026-10-31, 11 workdays",
    ]
    assert [one.rule for one in base.evidence[1].evidence] == ["mpp", "cpns"]
    assert base.evidence[0].evidence[0].formula.id == "dibayar 80 %"


def test_decisions_exemptions_and_warnings_stand_with_their_dates_and_authors():
    given_facts = facts(
        predikat=None,
        predikat_missing="supervisor_silent",
        penalties=[{"id": "SK 800/12", "kind": "sedang_6", "effective_from": "2026-09-01"}],
        attendance=[day(6, late_minutes=40)],
        exemptions=[
            {
                "id": "x-1",
                "covers": ["late"],
                "start": "2026-10-05",
                "end": "2026-10-07",
                "author": "BKPSDM",
                "reason": "banjir",
            }
        ],
    )
    tree = told(people.policy("jambi-kind"), given_facts)
    (decision,) = nodes(tree, "decision")
    assert (decision.label.id, decision.formula.en) == ("sedang 6", "SK 800/12, Tuesday, 1 September 2026")
    (exemption,) = nodes(tree, "exemption")
    assert exemption.formula.id == "late, 2026-10-05 - 2026-10-07: banjir (BKPSDM)"
    assert [one.rule for one in nodes(tree, "warning")] == ["predikat-missing", "salary-unknown"]
    assert not [node for node in nodes(tree, "deduction") if node.rule == "terlambat"]


def test_a_line_of_a_kind_nobody_knows_is_still_in_the_sum():
    policy, given_facts = people.policy("jambi-kind"), people.example("jambi-kind-t1")
    body = evaluate(policy, given_facts).to_dict()
    strange = {
        "kind": "strange",
        "rule": "kekurangan-2026-09",
        "name": "Kekurangan September",
        "article": "",
        "amount": "1000",
        "inputs": {"period": "2026-09"},
        "refs": {"statements": ["s-1"]},
    }
    body["lines"] = [*body["lines"], strange]
    body["totals"] = body["totals"] | {"net": str(int(body["totals"]["net"]) + 1000)}
    tree = explain(policy, body, given_facts)
    assert tree.amount == sum(leaf.amount for leaf in tree.leaves())
    (line,) = nodes(tree, "strange")
    assert (line.formula.id, line.evidence[0].label.id) == ("period 2026-09", "s-1")
