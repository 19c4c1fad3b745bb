"""What is printed of an explanation: what somebody does not have stands in one line, and no rupiah is lost by that."""

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import given
from pypdf import PdfReader

from services.payroll.exports.pdf.shortening import is_nothing, shortened
from services.payroll.exports.pdf.statement import Explained, statement_data, statement_pdf
from services.payroll.exports.records import Exported
from services.payroll.rules import Facts, Policy, evaluate, facts_from
from services.payroll.rules.cases import facts_of_case, read_cases
from services.payroll.rules.explanation import Node, explain
from tests.payroll import people
from tests.payroll.paid_people import a_run, paid
from tests.payroll.strategies import documents, some
from tests.payroll.strategies import people as anybody
from tests.payroll.test_rules_properties_random import whole


def tree_of(policy: Policy, given_facts: Facts) -> Node:
    return explain(policy, evaluate(policy, given_facts).to_dict(), given_facts)


def nodes(tree: Node, kind: str) -> list[Node]:
    return [node for _, node in tree.walk() if node.kind == kind]


def of_jambi() -> tuple[Exported, Explained]:
    """A case of the Jambi policy: five criteria, of which three are worth nothing to the person."""
    cases = read_cases(Path("deploy/policies/jambi/cases/disiplin.yaml").read_bytes())
    policy, given_facts = people.policy("jambi"), facts_of_case(cases, 3)
    computed = evaluate(policy, given_facts)
    body = computed.to_dict()
    amounts = {"payable": computed.payable, "gross": computed.gross, "deductions": computed.deductions}
    one = paid(1, criteria=computed.criteria, items=(), net=computed.net, name="Contoh", **amounts)
    return a_run([one]), Explained(
        paid=one,
        tree=explain(policy, body, given_facts),
        totals=body["totals"],
        warnings=[],
        leaf="9a" * 32,
        inputs_hash="0f" * 32,
        qr="TAKAR1/19.05/2026-10/5F0C",
        proof=[("Kepala log", "1a" * 32)] * 3,
    )


@some(60)
@given(document=documents(), person=anybody())
def test_what_is_printed_adds_up_as_the_explanation_does_and_tells_every_day_and_activity_of_what_is_worth_something(
    document: dict[str, Any], person: dict[str, Any]
) -> None:
    tree = tree_of(whole(document), facts_from(person))
    printed = shortened(tree)
    left_out = [one for one in nodes(tree, "criterion") if is_nothing(one)]
    under = {id(node) for one in left_out for _, node in one.walk()}
    assert [one.amount for one in printed.leaves() if one.amount] == [one.amount for one in tree.leaves() if one.amount]
    assert {one.rule for one in nodes(printed, "criterion")} == {
        one.rule for one in nodes(tree, "criterion") if id(one) not in under
    }
    assert len(nodes(printed, "without_effect")) == bool(left_out)
    if nodes(printed, "criterion") and all("parts" not in one for one in document["criteria"]):
        activities = [[day.inputs for day in nodes(one, "activity_day")] for one in (tree, printed)]
        assert sorted(map(str, activities[0])) == sorted(map(str, activities[1]))


def test_a_page_tells_in_one_line_how_many_criteria_had_no_effect_and_which_and_prints_no_line_of_them() -> None:
    run, one = of_jambi()
    rows = statement_data(run, one)["tree"]
    labels = [row["label"] for row in rows]
    (said,) = (row for row in rows if row["label"] == "3 kriteria tidak berpengaruh")
    assert said["formula"] == "Tempat bertugas, Kondisi kerja, Kelangkaan profesi: dasarnya Rp 0 bulan ini"
    assert said["amount"] is None
    assert not {"Tempat bertugas", "Kondisi kerja", "Kelangkaan profesi"} & set(labels)
    assert [row["label"] for row in rows if row["amount"] == "0"] == ["PPh 21"]
    assert len(PdfReader(io.BytesIO(statement_pdf(run, one))).pages) == 1


def test_an_article_is_not_said_again_below_the_line_that_said_it() -> None:
    run, one = of_jambi()
    rows = statement_data(run, one)["tree"]
    articles = [row["article"] for row in rows if row["label"] in ("Beban kerja", "Prestasi kerja")]
    assert articles == ["PP 12/2019 Pasal 58 ayat (2)", ""] * 2


def test_a_criterion_of_which_a_status_leaves_nothing_is_printed_with_that_reason() -> None:
    studying = people.facts(segments=[people.segment(flags=["tugas_belajar"])])
    tree = tree_of(people.policy("jambi-kind"), studying)
    unpaid = nodes(shortened(tree), "criterion")
    assert [(one.rule, one.amount) for one in unpaid] == [("BK", 0), ("PK", 0)]
    assert {one.rule for one in nodes(unpaid[0], "entitlement")} == {"tugas-belajar"}


def test_a_month_without_any_criterion_still_says_which_there_are() -> None:
    facts = people.facts(segments=[people.segment(kelas=7)])
    policy = people.policy("jambi")
    nothing = shortened(_without_money(tree_of(policy, facts)))
    (said,) = nodes(nothing, "without_effect")
    assert said.label.en == "5 criteria without effect"
    assert nodes(nothing, "criterion") == []


def _without_money(tree: Node) -> Node:
    """The same tree as if every base were nothing."""
    if tree.kind == "base":
        return replace(tree, amount=0, inputs={"segments": [{"full": "0"}]})
    parts, evidence = (tuple(map(_without_money, of)) for of in (tree.parts, tree.evidence))
    return replace(tree, amount=0 if tree.parts else tree.amount and 0, parts=parts, evidence=evidence)
