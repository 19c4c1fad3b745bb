"""What is said of a file that cannot be read: the line, what is wrong with it, what to do; the same each time."""

import pytest

from services.payroll.rules import Unreadable, check, read_facts
from services.payroll.rules.cases import read_cases
from services.payroll.rules.national import check_table
from services.payroll.rules.reading import DEEPEST, LARGEST_BYTES, Source, read

REFUSALS = [
    ("x" * (LARGEST_BYTES + 1), "document", "it is larger than 2 MB", "Split it"),
    (b"a: \xff", "document", "it is not UTF-8 text", "Save it as UTF-8"),
    ("a: \ud800", "document", "it is not UTF-8 text", "Save it as UTF-8"),
    ("a: 1\na: 2", "line 2", "'a' stands twice, also at a (line 1)", "Keep one of them"),
    ("p:\n  a: 1\n  a: 2", "line 3", "'a' stands twice, also at p.a (line 2)", "Keep one of them"),
    ("a: 1\n---\nb: 2", "line 2", "a second document begins", "Keep one document a file"),
    ("a: &x 1", "line 1", "anchors and aliases are not used here", "Write the value out"),
    ("a: 1\nb: *x", "line 2", "anchors and aliases are not used here", "Write the value out"),
    ("a: 1\nb: !!float 2", "line 2", "tags such as tag:yaml.org,2002:float are not used here", "Take the tag out"),
    ("a: 1\nb: !set {x}", "line 2", "tagged or too deeply nested", "Write plain, flat entries"),
    ("[" * (DEEPEST + 1) + "]" * (DEEPEST + 1), "line 1", "tagged or too deeply nested", "Write plain, flat entries"),
    ("a: 1\n? [x]\n: 2", "line 2", "a key must be plain text", "Write it as one word"),
]


@pytest.mark.parametrize(("text", "place", "message", "remedy"), REFUSALS)
def test_a_file_that_is_no_plain_document_is_refused_by_line(text, place, message, remedy):
    with pytest.raises(Unreadable) as error:
        read(text)
    (problem,) = error.value.problems
    assert (problem.place, problem.message, problem.remedy) == (place, message, remedy)


def test_what_is_not_yaml_is_told_by_the_line_it_breaks_on():
    with pytest.raises(Unreadable) as error:
        read("a: 1\nb: [1, 2\nc: 3")
    (problem,) = error.value.problems
    assert problem.place == "line 3"
    assert problem.message.startswith("this is not YAML: ")
    assert problem.remedy == "Mend it there"


def test_as_large_and_as_deep_as_is_allowed_is_read():
    assert read("#" * LARGEST_BYTES).value is None
    assert read("[" * DEEPEST + "]" * DEEPEST).value


def test_whole_numbers_and_the_words_of_yaml_are_values_and_everything_else_stays_as_written():
    text = "{a: 12, b: -3, c: 007, d: 1.5, e: true, f: null, g: ~, h: , i: 5 %, j: '12', k: yes, l: 2026-10-05}"
    assert read(text).value == {
        "a": 12, "b": -3, "c": "007", "d": "1.5", "e": True, "f": None, "g": None, "h": None, "i": "5 %", "j": "12",
        "k": "yes", "l": "2026-10-05",
    }  # fmt: skip
    assert read(f"[{'9' * 18}, {'9' * 19}]").value == [10**18 - 1, "9" * 19]
    assert read(b"\xef\xbb\xbfa: 1").value == {"a": 1}


def test_a_place_is_written_as_people_count_with_the_nearest_line_that_is_known():
    source = read("a:\n  - b: 1\n  - b: 2\n    c: {d: 3}\n")
    assert source.place(("a", 1, "c", "d")) == "a[2].c.d (line 4)"
    assert source.place(("a", 1, "x")) == "a[2].x (line 3)"
    assert source.place(("a", 1, "c", "y", "z")) == "a[2].c.y.z (line 4)"
    assert source.place(("x",)) == "x (line 1)"
    assert Source({}).place(("x", 0)) == "x[1]"


NOTHING = [
    (check, "[]", "it holds no policy", "Begin with format: takar.policy/1"),
    (check_table, "[]", "it holds no table", "Begin with format: takar.national/1"),
]


@pytest.mark.parametrize(("reader", "text", "message", "remedy"), NOTHING)
def test_a_file_without_entries_is_told_what_to_begin_with(reader, text, message, remedy):
    (problem,) = reader(text)
    assert (problem.place, problem.message, problem.remedy) == ("document", message, remedy)


def test_cases_and_facts_without_entries_are_told_what_to_begin_with():
    for reader, remedy in (
        (read_cases, "Begin with format: takar.cases/1"),
        (read_facts, "Begin with format: takar.facts/1"),
    ):
        with pytest.raises(Unreadable) as error:
            reader("[]")
        (problem,) = error.value.problems
        assert (problem.place, problem.remedy) == ("document", remedy)
        assert problem.message in ("it holds no cases", "the facts are not a list of named entries")
    with pytest.raises(Unreadable) as error:
        read_facts("format: takar.facts/2")
    (problem,) = error.value.problems
    assert problem.place == "format (line 1)"
    assert (problem.message, problem.remedy) == ("the format is 'takar.facts/2'", "Write format: takar.facts/1")


HEAD = "format: takar.cases/1\ncases:\n"
CASE_FAULTS = [
    ("  - {id: a, name: x, expect: {}}\n", "cases[1].expect (line 3)", "the case expects nothing",
     "Name at least one line or total, such as totals: {tpp: 4000000}"),
    ("  - {id: a, name: x, like: b, expect: {blocked: true}}\n", "cases[1].like (line 3)",
     "there is no case 'b' in this file", "Name the id of one"),
    ("  - {id: a, name: x, like: a, expect: {blocked: true}}\n", "cases[1].like (line 3)",
     "'a' is like itself in the end", "Let one of them stand by itself"),
    ("  - {id: a, name: x, expect: {blocked: true}}\n" * 2, "cases[2].id (line 4)", "case 'a' stands twice",
     "Rename one of them"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "place", "message", "remedy"), CASE_FAULTS)
def test_a_fault_of_a_case_file_is_told_at_its_place(text, place, message, remedy):
    with pytest.raises(Unreadable) as error:
        read_cases(HEAD + text)
    (problem,) = error.value.problems
    assert (problem.place, problem.message, problem.remedy) == (place, message, remedy)
