"""Whatever the bytes of a document are, the answer is a policy, facts, or named problems."""

import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.payroll.rules import Facts, Policy, Problem, Unreadable, check, evaluate, facts_from, read_facts
from services.payroll.rules.reading import read
from tests.payroll.people import EXAMPLES, day, plain_facts, policy, segment

POLICY = (EXAMPLES / "policies" / "samarinda-kind.yaml").read_text()
FACTS = (EXAMPLES / "facts" / "samarinda-kind-t4.yaml").read_text()

RUBBISH = {
    "nothing": b"",
    "a word": b"policy",
    "a number": b"42",
    "a list": b"- a\n- b",
    "not UTF-8": b"\xff\xfe\x00\x01",
    "a zero byte": b"a: \x00",
    "an open bracket": b"a: [1, 2",
    "a depth of brackets": b"[" * 100_000,
    "nested maps": b"{a: " * 5_000,
    "laughs": b"a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]",
    "a python object": b"!!python/object/apply:os.system [true]",
    "two documents": b"a: 1\n---\nb: 2",
    "a duplicate": b"a: 1\na: 2",
    "a list as key": b"? [a]\n: b",
    "merge keys": b"<<: {a: 1}",
    "too large": b"#" * 2_000_001,
    "a huge number": b"a: " + b"9" * 100_000,
    "null keys": b"~: 1",
    "tabs": b"a:\n\t- b",
}


@pytest.mark.parametrize("name", RUBBISH)
def test_rubbish_is_refused_by_name(name):
    found = check(RUBBISH[name])
    assert isinstance(found, tuple)
    assert all(isinstance(one, Problem) and one.place and one.message and one.remedy for one in found)
    with pytest.raises(Unreadable):
        read_facts(RUBBISH[name])


@given(st.binary(max_size=300))
def test_any_bytes_get_an_answer(blob):
    assert isinstance(check(blob), tuple)


@pytest.mark.parametrize("seed", range(150))
def test_a_damaged_document_gets_an_answer(seed):
    """Words of the document exchanged, lost or put elsewhere: never an exception, and what passes computes."""
    chance = random.Random(seed)
    policy_text, facts_text = damaged(POLICY, chance), damaged(FACTS, chance)
    checked = check(policy_text)
    facts = answer(read_facts, facts_text)
    evaluate(
        checked if isinstance(checked, Policy) else policy("samarinda-kind"),
        facts if isinstance(facts, Facts) else read_facts(FACTS),
    )


def answer(reader: Callable[[Any], Facts], given: Any) -> Facts | tuple[Problem, ...]:
    try:
        return reader(given)
    except Unreadable as error:
        return error.problems


def damaged(text: str, chance: random.Random) -> str:
    words = text.split(" ")
    for _ in range(chance.randint(1, 3)):
        at, other = chance.randrange(len(words)), chance.randrange(len(words))
        match chance.randrange(4):
            case 0:
                words[at] = words[other]
            case 1:
                del words[at]
            case 2:
                words[at] = chance.choice(["-1", "0", "1e9", "null", "99999999999999999999", "{}", "[]", "x", "0 %"])
            case _:
                words.insert(at, words[other])
    return " ".join(words)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(plain_facts())), json_values)
def test_facts_with_a_field_of_another_kind_are_refused_by_name(field, value):
    facts = answer(facts_from, plain_facts() | {field: value})
    assert facts
    if isinstance(facts, Facts):
        evaluate(policy("jambi-kind"), facts)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"segments": [segment(1, 15), segment(15, 31)]}, "segments[2]"),
        ({"segments": [segment() | {"end": "2026-11-01"}]}, "segments[1]"),
        ({"segments": [segment(workdays=22)]}, "workdays"),
        ({"segments": []}, "segments"),
        ({"attendance": [day(1), day(1)]}, "attendance[2]"),
        ({"attendance": [day(1, late_minutes=-1)]}, "attendance[1].late_minutes"),
        ({"attendance": [day(1, late_minutes=1.5)]}, "attendance[1].late_minutes"),
        ({"salary": {"gross": 1.5}}, "salary.gross"),
        ({"salary": {"grooss": "1"}}, "salary.grooss"),
        ({"start": 20261001}, "start"),
        ({"end": "2026-09-30"}, "end"),
        ({"format": "takar.facts/9"}, "format"),
        ({"predikat": "istimewa"}, "predikat"),
    ],
)
def test_wrong_facts_name_their_field(change, place):
    with pytest.raises(Unreadable) as refused:
        facts_from(plain_facts() | change)
    assert place in [problem.place for problem in refused.value.problems]


def test_numbers_are_read_as_written():
    read_as = read(b"a: 0.5\nb: 010\nc: 1_000\nd: 1:30\ne: 19.05\nf: 1e3\ng: yes\nh: 2026-01-31\ni: '7'\nj: 7").value
    assert read_as == {
        "a": "0.5",
        "b": "010",
        "c": "1_000",
        "d": "1:30",
        "e": "19.05",
        "f": "1e3",
        "g": "yes",
        "h": "2026-01-31",
        "i": "7",
        "j": 7,
    }
