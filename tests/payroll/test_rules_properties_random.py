"""What holds for any policy that can be written and any month that can happen: policies and facts are both drawn."""

import json
import random
from dataclasses import replace

import rfc8785
from hypothesis import assume, given
from hypothesis import strategies as st

from services.payroll.rules import (
    Policy,
    canonical,
    check,
    evaluate,
    facts_from,
    facts_to_dict,
    formula,
    measured,
    policy_of,
)
from services.payroll.rules.document import PolicyDocument
from services.payroll.rules.frozen import frozen_bytes, frozen_facts
from tests.payroll.people import earning_lines
from tests.payroll.slow_any import slow_pay
from tests.payroll.slow_cuts import percent
from tests.payroll.strategies import documents, people, some


def whole(document) -> Policy:
    """A drawn document, checked: the strategy only draws documents without a fault."""
    checked = check(json.dumps(document))
    assert isinstance(checked, Policy), "\n".join(map(str, checked))
    return checked


@some(160)
@given(document=documents(), person=people())
def test_evaluate_agrees_with_slow_fractions_to_the_rupiah_whatever_the_policy(document, person):
    facts = facts_from(person)
    paid = evaluate(whole(document), facts)
    expected = slow_pay(document, facts)
    assert {name: getattr(paid, name) for name in expected} == expected


@some(60)
@given(document=documents(), person=people())
def test_lines_add_up_to_totals_whatever_is_rounded_where_and_how(document, person):
    paid = evaluate(whole(document), facts_from(person))
    assert earning_lines(paid) == paid.tpp == sum(paid.criteria.values())
    assert min(paid.criteria.values()) >= 0
    assert sum(int(line["amount"]) for line in paid.lines if line["kind"] != "base") == paid.net
    assert paid.net == paid.gross - paid.deductions
    assert paid.net >= 0
    assert paid.payable == paid.tpp - paid.suspended + paid.released + paid.corrected


def most(measure) -> int:
    """The greatest share that a measure may give, by what the document says."""
    if measure["kind"] in ("predikat", "rating"):
        return max(map(percent, [*measure["pays"].values(), *filter(_is_share, missing(measure))]))
    if measure["kind"] == "blend":
        return sum(percent(one["weight"]) * most(one["measure"]) for one in measure["of"])
    return max(percent(measure.get("at_most", "100 %")), *map(percent, filter(_is_share, missing(measure))), 0)


def missing(measure):
    said = measure.get("missing", "0 %")
    return said.values() if isinstance(said, dict) else [said]


def _is_share(said) -> bool:
    return said[0].isdigit()


def caps_of(parts):
    """Of every part by code the greatest share it can be filled with: bands and exemptions pay at most all."""
    for part in parts:
        if "parts" in part:
            yield from caps_of(part["parts"])
        else:
            filled = [most(part[name]) for name in ("measure", "supervisor_measure") if name in part]
            yield part["code"], max(1, *filled)


@some(70)
@given(document=documents(), person=people())
def test_no_part_earns_more_than_its_cap_and_no_rule_takes_more_than_its_own(document, person):
    paid = evaluate(whole(document), facts_from(person))
    unit = document["rounding"]["tpp"]["unit"] + 1
    caps = dict(caps_of(document["parts"]))
    for criterion in document["criteria"]:
        caps |= dict(caps_of(criterion.get("parts", [])))
    bases = {one["code"]: 0 for one in document["criteria"]}
    for line in paid.lines:
        if line["kind"] == "base":
            bases[line["inputs"].get("criterion", line["rule"])] += int(line["amount"])
    rules = {rule["id"]: rule for rule in document["deductions"]}
    for line in paid.lines:
        if line["kind"] == "part":
            share = percent(line["inputs"]["weight"]) * caps[line["rule"]]
            assert 0 <= int(line["amount"]) < (bases[line["inputs"]["criterion"]] + len(bases) + 1) * share + unit
            assert int(line["inputs"].get("after_deductions", "0")) >= 0
        if line["kind"] == "deduction" and rules[line["rule"]].get("at_most", "").startswith("Rp"):
            assert -int(line["amount"]) <= int(rules[line["rule"]]["at_most"][3:].replace(".", ""))
    ceilings = [one for one in document["limits"] if "at_most" in one and "when" not in one]
    for one in ceilings:
        floors = any("at_least" in other for other in document["limits"])
        if one["hits"] == "total_with_additions" and one["at_most"].startswith("Rp") and not floors:
            assert paid.tpp <= int(one["at_most"][3:].replace(".", ""))


@some(70)
@given(document=documents(plain_lateness=True), person=people(), extra=st.integers(1, 200), seed=st.integers(0, 2**32))
def test_more_lateness_never_pays_more_whatever_the_policy(document, person, extra, seed):
    """But for what rounding in steps gives back: one unit for each share taken of a rounded rest."""
    policy, facts = whole(document), facts_from(person)
    assume(facts.attendance)
    at = random.Random(seed).randrange(len(facts.attendance))
    day = facts.attendance[at]
    later = replace(day, late_minutes=day.late_minutes + extra)
    worse = replace(facts, attendance=(*facts.attendance[:at], later, *facts.attendance[at + 1 :]))
    before, after = evaluate(policy, facts), evaluate(policy, worse)
    rounding = document["rounding"]["tpp"]
    rests = sum(rule.get("of") == "remaining" for rule in document["deductions"])
    slack = rounding["unit"] * rests
    assert after.tpp <= before.tpp + slack
    assert after.payable <= before.payable + slack + len(document["withholding"])


@some(60)
@given(document=documents(), person=people(), seed=st.integers(0, 2**32))
def test_the_order_of_facts_does_not_matter_whatever_the_policy(document, person, seed):
    policy, chance = whole(document), random.Random(seed)
    shuffled = {
        key: chance.sample(value, len(value)) if isinstance(value, list) else value for key, value in person.items()
    }
    one, other = (evaluate(policy, facts_from(given)) for given in (person, shuffled))
    assert canonical(one) == canonical(other)


@some(60)
@given(document=documents(), person=people())
def test_recompute_equals_compute_to_the_byte_whatever_the_policy(document, person):
    """From the policy's stored JSON and the frozen facts, as a run is recomputed."""
    policy, facts = whole(document), facts_from(person)
    first = evaluate(policy, facts)
    stored = PolicyDocument.model_validate(json.loads(policy.document.model_dump_json(by_alias=True)))
    assert policy_of(stored).hash == policy.hash
    assert facts_from(facts_to_dict(facts)) == facts == frozen_facts(frozen_bytes(facts))
    again = evaluate(policy_of(stored), frozen_facts(frozen_bytes(facts)))
    assert canonical(first) == canonical(again) == rfc8785.dumps(first.to_dict())
    assert all(formula(line, language) for line in first.lines for language in ("id", "en"))
    assert all(measured(result, language) for result in first.results for language in ("id", "en"))
