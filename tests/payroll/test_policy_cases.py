"""`takar policy test`: what an official writes in a case file, and what it says when something is wrong."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deploy.cli import policy
from services.payroll.rules import Policy, Unreadable, check
from services.payroll.rules.cases import Tried, facts_of_case, read_cases, try_case
from tests.payroll.test_cli_rules import typed
from tests.payroll.test_policy_reading import RUBBISH

NGAWI = Path("deploy/policies/ngawi/policy.yaml")
HEAD = "format: takar.cases/1\nfacts: {month: 2019-10, kelas: 7}\ncases:\n"
ONE = "  - {id: one, name: One day, facts: {attendance: [{day: 1, absence: x}]}, expect: {totals: {tpp: 1719000}}}\n"


@pytest.fixture
def region(tmp_path: Path) -> Path:
    """A region's folder with Ngawi's document and no case yet."""
    folder = tmp_path / "contoh"
    (folder / "cases").mkdir(parents=True)
    (folder / "policy.yaml").write_bytes(NGAWI.read_bytes())
    return folder


def write(region: Path, text: str, name: str = "cases.yaml") -> Path:
    file = region / "cases" / name
    file.write_text(HEAD + text)
    return file


def failed(*words: str) -> str:
    done = typed(policy.app, "test", *words)
    assert done.exit_code == 1
    return done.output


def facts(text: str, head: str = HEAD):
    return facts_of_case(read_cases(head + text), 0)


def test_a_case_that_comes_out_passes_and_is_counted(region):
    write(region, ONE)
    done = typed(policy.app, "test", str(region))
    assert done.exit_code == 0
    assert "1 regions, 1 cases, 1 passed" in done.output


def test_a_folder_of_regions_a_document_and_a_case_file_lead_to_the_same_cases(region):
    file = write(region, ONE)
    for path in (region.parent, region, region / "policy.yaml", file):
        assert json.loads(typed(policy.app, "test", str(path), "--json").stdout)["passed"] == 1


def test_a_single_file_leaves_the_others_out(region):
    file = write(region, ONE)
    write(region, ONE.replace("one", "two").replace("1719000", "1"), "other.yaml")
    assert typed(policy.app, "test", str(file)).exit_code == 0
    assert "1 passed" in failed(str(region))


def test_a_difference_is_told_with_its_place_both_amounts_and_the_formula(region):
    file = write(region, ONE.replace("totals: {tpp: 1719000}", "lines: {tidak-masuk: -80000}"))
    said = failed(str(region))
    assert f"{file} one, cases[1].expect.lines.tidak-masuk (line 4)" in said
    assert "expected Rp -80.000" in said
    assert "got      Rp -81.000" in said
    assert "4.5 % dari TPP (penuh)" in said


def test_json_tells_the_same(region):
    file = write(region, ONE.replace("1719000", "5"))
    (told,) = json.loads(failed(str(region), "--json"))["regions"]
    assert told["documents"][0]["region"] == "35.21"
    assert (told["cases"], told["passed"]) == (1, 0)
    (failure,) = told["failures"]
    assert (failure["file"], failure["case"], failure["what"]) == (str(file), "one", "totals.tpp")
    assert (failure["expected"], failure["got"]) == ("Rp 5", "Rp 1.719.000")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("  - {id: a, name: x, expect: {}}\n", "the case expects nothing"),
        ("  - {id: a, name: x, like: b, expect: {blocked: true}}\n", "there is no case 'b' in this file"),
        ("  - {id: a, name: x, like: a, expect: {blocked: true}}\n", "'a' is like itself in the end"),
        (ONE + ONE, "case 'one' stands twice"),
        (ONE.replace("day: 1", "day: 45"), "45 is no day of 2019-10"),
        (ONE.replace("absence: x", "late_minute: 5"), "attendance[1].late_minute (line 4)"),
        (ONE.replace("totals: {tpp: 1719000}", "lines: {tidak-msuk: 0}"), "the policy has no 'tidak-msuk'"),
        (ONE.replace("tpp: 1719000", "netto: 1"), "cases[1].expect.totals"),
        (ONE.replace("1719000", "1719000.0"), "write whole rupiah as digits"),
        (ONE.replace("facts: {", "facts: {month: 2011-05, "), "no document of this region is in force on 2011-05-01"),
        (ONE.replace("facts: {", "facts: {month: 13, "), "this names no days"),
        (ONE.replace("facts: {", "facts: {kelas: 99, "), "segments[1].kelas"),
        (ONE.replace("facts: {", "facts: {segments: 3, "), "segments"),
        (ONE.replace("facts: {", "facts: {employee: 3, "), "employee (line 4)"),
        (ONE.replace("id: one,", "id: one, policy: ../policy.yaml,"), "cases[1].policy (line 4)"),
        (ONE.replace("id: one,", "id: one, policy: other.yaml,"), "No such file"),
    ],
)
def test_a_bad_case_is_named_with_its_place_and_never_a_traceback(region, text, said):
    write(region, text)
    assert said.lower() in failed(str(region)).lower()


def test_one_bad_case_does_not_lose_the_good_ones_beside_it(region):
    write(region, ONE + ONE.replace("one", "two").replace("day: 1", "day: 99"))
    assert "2 cases, 1 passed" in failed(str(region))


def test_the_same_id_in_two_files_is_refused(region):
    write(region, ONE)
    write(region, ONE, "more.yaml")
    assert "case 'one' stands also in cases.yaml" in failed(str(region))


@pytest.mark.parametrize("name", RUBBISH)
def test_rubbish_in_the_place_of_cases_is_refused(name, region):
    (region / "cases" / "cases.yaml").write_bytes(RUBBISH[name])
    failed(str(region))


@pytest.mark.parametrize("name", RUBBISH)
def test_rubbish_in_the_place_of_a_document_is_refused(name, region):
    write(region, ONE)
    (region / "policy.yaml").write_bytes(RUBBISH[name])
    failed(str(region))


def test_a_region_without_cases_is_not_a_tested_region(region):
    assert "the region has no case" in failed(str(region))


@pytest.mark.parametrize("path", ["no-such-folder", "README.md", "docs", "/dev/zero"])
def test_a_path_without_a_region_is_one_clear_line(path):
    assert "policy.yaml" in failed(path)


def test_a_case_may_expect_that_its_facts_are_refused(region):
    segments = "segments: [{workdays: 9}], workdays: 3"
    write(region, f"  - {{id: a, name: x, facts: {{{segments}}}, expect: {{refused: more workdays than}}}}\n")
    assert typed(policy.app, "test", str(region)).exit_code == 0


def test_a_case_may_expect_that_a_document_is_refused(region):
    (region / "refused").mkdir()
    gap = NGAWI.read_text().replace("{from: 2, to: 2, cut: 9 %}", "{from: 2, to: 1, cut: 9 %}")
    (region / "refused" / "gap.yaml").write_text(gap)
    write(region, "  - {id: a, name: x, policy: refused/gap.yaml, expect: {refused: ends before it begins}}\n")
    assert typed(policy.app, "test", str(region)).exit_code == 0
    write(region, "  - {id: a, name: x, policy: refused/gap.yaml, expect: {refused: something else}}\n")
    assert "expected something else" in failed(str(region))


def test_what_lies_in_a_regions_own_folders_is_no_region(region):
    write(region, ONE, "policy-of-absence.yaml")
    (region / "refused").mkdir()
    (region / "refused" / "policy-old.yaml").write_text("nothing")
    assert "1 regions, 1 cases, 1 passed" in typed(policy.app, "test", str(region.parent)).output


def test_who_expects_a_refusal_that_does_not_come_is_told(region):
    write(region, "  - {id: a, name: x, expect: {refused: overlaps}}\n")
    assert "it was computed" in failed(str(region))


def test_warnings_and_blocking_are_compared(region):
    write(
        region,
        "  - {id: a, name: x, facts: {employee: {golongan: V}}, expect: {warnings: [base-missing], blocked: false}}\n",
    )
    said = failed(str(region))
    assert "expected base-missing\n  got      tax-rate-missing" in said
    assert "expected no\n  got      yes" in said


def test_a_case_need_not_say_what_is_usual():
    found = facts("  - {id: a, name: x, expect: {blocked: true}}\n")
    assert (found.start.isoformat(), found.end.isoformat(), found.workdays) == ("2019-10-01", "2019-10-31", 23)
    assert (found.predikat, found.employee.golongan, found.attendance) == ("baik", "III/b", ())
    (segment,) = found.segments
    assert (segment.kelas, segment.workdays, segment.end) == (7, 23, found.end)


def test_segments_have_their_own_weekdays_and_share_the_post():
    segments = "[{start: 2019-10-01, end: 2019-10-11}, {start: 2019-10-12, end: 2019-10-31, kelas: 8}]"
    found = facts(f"  - {{id: a, name: x, facts: {{segments: {segments}}}, expect: {{blocked: true}}}}\n")
    assert [(one.kelas, one.workdays) for one in found.segments] == [(7, 9), (8, 14)]


def test_days_become_an_entry_for_each():
    days = "attendance: [{days: [1, 2], late_minutes: 5}, {day: 3, missing_in: true}]"
    found = facts(f"  - {{id: a, name: x, facts: {{{days}}}, expect: {{blocked: true}}}}\n")
    assert [(one.work_date.day, one.late_minutes) for one in found.attendance] == [(1, 5), (2, 5), (3, 0)]


def test_like_lays_facts_over_facts_and_replaces_lists():
    first = (
        "  - {id: b, name: x, like: a, facts: {employee: {golongan: IV/a}, attendance: []}, expect: {blocked: true}}\n"
    )
    base = "  - {id: a, name: x, facts: {employee: {ptkp: K/1}, attendance: [{day: 1, late_minutes: 5}]}, "
    found = facts(first + base + "expect: {blocked: true}}\n")
    assert (found.employee.golongan, found.employee.ptkp, found.attendance) == ("IV/a", "K/1", ())


def test_the_document_in_force_on_the_months_first_day_computes_a_case(region):
    later = NGAWI.read_text().replace("effective_from: 2018-01-01", "effective_from: 2019-10-02")
    (region / "policy-later.yaml").write_text(later.replace("cut: 4.5 %", "cut: 5 %"))
    write(
        region,
        ONE + ONE.replace("one", "two").replace("facts: {", "facts: {month: 2019-11, ").replace("1719000", "1710000"),
    )
    assert typed(policy.app, "test", str(region)).exit_code == 0


def test_the_schema_of_a_case_file_is_json_for_an_editor():
    assert "cases" in json.loads(typed(policy.app, "schema", "--cases").stdout)["required"]


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 40)
    | st.sampled_from(["2019-10-05", "2019-10", "5 %", "Rp 5.000", "late", "PNS", "VII", "", "é"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "day", "days", "end"]), inner),
    max_leaves=5,
)
KEYS = ["month", "kelas", "workdays", "employee", "segments", "attendance", "activities", "acting", "penalties"]
KEYS += ["exemptions", "recoveries", "incidents", "salary", "scores", "ytd", "start", "end", "unknown", "predikat"]


def tried(case: dict[str, object]) -> Tried:
    """A case with anything in it, read and tried; refused cases are tried ones with problems."""
    ngawi = check(NGAWI.read_bytes())
    assert isinstance(ngawi, Policy)
    text = json.dumps({"format": "takar.cases/1", "facts": {"month": "2019-10", "kelas": 7}, "cases": [case]})
    try:
        return try_case(read_cases(text), 0, [ngawi], None)
    except Unreadable as error:
        return Tried("a", problems=error.problems)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from(KEYS), ANYTHING, max_size=3))
def test_whatever_stands_in_the_facts_of_a_case_they_are_refused_by_name_or_tried(said):
    outcome = tried({"id": "a", "name": "x", "facts": said, "expect": {"totals": {"tpp": 1}}})
    assert all(problem.place and problem.message and problem.remedy for problem in outcome.problems)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(["id", "like", "policy", "expect", "facts", "other"]), ANYTHING))
def test_whatever_stands_in_a_case_it_is_refused_by_name_or_tried(said):
    outcome = tried({"id": "a", "name": "x", "expect": {"lines": {"tidak-masuk": 0}}} | said)
    assert all(problem.place and problem.message and problem.remedy for problem in outcome.problems)
