"""What a case says when it comes out otherwise, what its shorthand stands for, which facts contradict themselves."""

import json
from typing import Any

import pytest

from services.payroll.rules import Policy, Unreadable, check, facts_from
from services.payroll.rules.cases import Tried, facts_of_case, read_cases, try_case
from services.payroll.rules.facts import Facts
from tests.payroll.people import EXAMPLES, day, plain_facts, segment

POLICY = check((EXAMPLES / "policies" / "jambi-kind.yaml").read_bytes())
DECIDED = {"author": "BKPSDM", "reason": "SK"}


def case(expect: dict[str, Any], facts: dict[str, Any] | None = None, **said: Any) -> Tried:
    """A PNS of class 7 in October 2026, under the Jambi example: TPP Rp 3.000.000."""
    assert isinstance(POLICY, Policy)
    given = {"id": "a", "name": "x", "facts": facts or {}, "expect": expect} | said
    text = json.dumps(
        {"format": "takar.cases/1", "facts": {"month": "2026-10", "kelas": 7}, "cases": [given]}, indent=1
    )
    return try_case(read_cases(text), 0, [POLICY], None)


def written(**facts: Any) -> Facts:
    given = {"id": "a", "name": "x", "facts": facts, "expect": {"blocked": False}}
    shared = {"month": "2026-10", "kelas": 7}
    return facts_of_case(read_cases(json.dumps({"format": "takar.cases/1", "facts": shared, "cases": [given]})), 0)


LATE = {"attendance": [{"day": 5, "late_minutes": 12}]}
ANSWERS = [
    ({"totals": {"tpp": 5}}, {}, "totals.tpp", "Rp 5", "Rp 3.000.000", ""),
    ({"criteria": {"BK": 1}}, {}, "criteria.BK", "Rp 1", "Rp 1.875.000", ""),
    ({"lines": {"disiplin": 1}}, {}, "lines.disiplin", "Rp 1", "Rp 1.200.000",
     "BK x 40 % x 100 % (hasil); PK x 40 % x 100 % (hasil)"),
    ({"lines": {"PK/disiplin": 1}}, {}, "lines.PK/disiplin", "Rp 1", "Rp 450.000", "PK x 40 % x 100 % (hasil)"),
    ({"lines": {"terlambat": 0}}, LATE, "lines.terlambat", "Rp 0", "Rp -15.000",
     "1 kali (1-30: 1 x 0.5 %) = 0.5 % dari produktivitas, disiplin (setelah kinerja)"),
    ({"results": {"produktivitas": "75 %"}}, {}, "results.produktivitas", "75 %", "100 %", ""),
    ({"suspended_until": "2026-11"}, {}, "suspended_until", "2026-11", "not suspended", ""),
    ({"blocked": True}, {}, "blocked", "yes", "no", ""),
    ({"refused": "overlaps"}, {}, "refused", "overlaps", "it was computed", ""),
]  # fmt: skip


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_difference_says_where_what_was_expected_what_came_and_why(answer):
    expect, facts, what, expected, got, why = answer
    tried = case(expect, facts)
    assert (tried.case, tried.problems, tried.passed) == ("a", (), False)
    (found,) = tried.differences
    assert (found.what, found.expected, found.got) == (what, expected, got)
    assert found.place.startswith(f"cases[1].expect.{what} (line ")
    assert found.why == why or what in ("blocked",)


def test_what_comes_out_as_expected_passes():
    lines = {"terlambat": -15_000, "disiplin": 1_200_000, "BK/disiplin": 750_000, "apel": 0, "tax": 0}
    expect = {"lines": lines, "totals": {"tpp": 2_985_000}, "results": {"disiplin": "100 %"}, "blocked": False}
    tried = case(expect | {"criteria": {"BK": 1_865_625}, "warnings": ["salary-unknown"]}, LATE)
    lines_but_tax = [one for one in tried.differences if one.what != "lines.tax"]
    assert (lines_but_tax, tried.problems) == ([], ())


def test_a_warning_that_does_not_come_is_told_with_those_that_do():
    (found,) = case({"warnings": ["base-missing"]}).differences
    assert (found.what, found.expected, found.got) == ("warnings", "base-missing", "salary-unknown")
    assert found.why


def test_a_slip_of_the_pen_is_no_zero():
    for key, name in (("lines", "tidak"), ("criteria", "BKK"), ("results", "hadir"), ("lines", "XX/disiplin")):
        tried = case({key: {name: "0 %" if key == "results" else 0}})
        (problem,) = tried.problems
        assert problem.message == f"the policy has no {name!r}"
        assert problem.place.startswith(f"cases[1].expect.{key}.{name} (line ")
        assert problem.remedy.startswith("It has ")
        assert not tried.passed


def test_a_refusal_that_was_expected_passes_and_another_is_told():
    wrong = {"segments": [{"workdays": 9}], "workdays": 3}
    assert case({"refused": "more workdays than"}, wrong).passed
    (found,) = case({"refused": "overlaps"}, wrong).differences
    assert (found.what, found.expected) == ("refused", "overlaps")
    assert "the segments have more workdays than the period" in found.got
    assert found.place.startswith("cases[1].expect.refused (line ")
    (problem,) = case({"blocked": False}, wrong).problems
    assert "more workdays" in problem.message


def test_no_document_in_force_is_said_of_the_month():
    (problem,) = case({"blocked": False}, {"month": "2025-12"}).problems
    assert problem.message == "no document of this region is in force on 2025-12-01"
    assert problem.place.startswith("cases[1].facts")


def test_a_list_entry_need_not_say_its_id_nor_its_first_day():
    found = written(
        penalties=[{"kind": "ringan"}, {"kind": "berat", "day": 9}],
        exemptions=[{"covers": ["late"]} | DECIDED],
        incidents=[{"kind": "razia"}, {"kind": "razia", "days": [2, 3]}],
        activities=[{"days": [1, 2], "minutes": 30}],
        acting=[{"level": "same", "kelas": 9, "workdays": 21}],
        carried=[{"period": "2026-09", "amount": 5}],
        recoveries=[{"cause": "c", "amount": 5}, {"cause": "d", "amount": 6}],
        instalments=[{"kind": "tgr", "monthly": 1, "total": 2} | DECIDED],
    )
    assert [(one.id, f"{one.effective_from}") for one in found.penalties] == [
        ("penalty", "2026-10-01"),
        ("penalty-2", "2026-10-09"),
    ]
    (exemption,) = found.exemptions
    assert (exemption.id, f"{exemption.start}", f"{exemption.end}") == ("exemption", "2026-10-01", "2026-10-31")
    assert [(one.id, one.on.day) for one in found.incidents] == [("incident", 1), ("incident-2", 2), ("incident-3", 3)]
    assert [(one.work_date.day, one.count, one.minutes) for one in found.activities] == [(1, 1, 30), (2, 1, 30)]
    assert [(one.id, one.capacity) for one in found.acting] == [("acting", "Plt")]
    assert ([one.id for one in found.carried], [one.id for one in found.recoveries]) == (
        ["carried"],
        ["recovery", "recovery-2"],
    )
    assert [(one.id, f"{one.start}") for one in found.instalments] == [("instalment", "2026-10-01")]


def test_a_case_without_a_month_is_told_so():
    text = json.dumps({"format": "takar.cases/1", "cases": [{"id": "a", "name": "x", "expect": {"blocked": True}}]})
    with pytest.raises(Unreadable) as error:
        facts_of_case(read_cases(text), 0)
    assert "the case names no month" in str(error.value)


CONTRADICTIONS = [
    ({"start": "1989-12-01", "end": "2026-10-31"}, "end", "the period does not end after its start"),
    ({"segments": [segment() | {"start": "2026-09-30"}]}, "segments[1]", "the segment is not inside the period"),
    ({"segments": [segment() | {"end": "2026-11-01"}]}, "segments[1]", "the segment is not inside the period"),
    ({"segments": [segment(9, 8)]}, "segments[1]", "the segment is not inside the period"),
    ({"segments": [segment(1, 15, workdays=1), segment(15, 31, workdays=1)]}, "segments[2]",
     "the segment overlaps another"),
    ({"segments": [segment(15, 31, workdays=1), segment(1, 15, workdays=1)]}, "segments[1]",
     "the segment overlaps another"),
    ({"segments": [segment(workdays=22)]}, "workdays", "the segments have more workdays than the period"),
    ({"attendance": [day(5), day(6), day(5)]}, "attendance[3]", "2026-10-05 stands twice"),
    ({"exemptions": [{"id": "x", "covers": ["part:hadir"], "start": "2026-10-02", "end": "2026-10-31"} | DECIDED]},
     "exemptions[1]", "it exempts a part for some days only, and does not say how many workdays they are"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "place", "message"), CONTRADICTIONS)
def test_facts_that_contradict_themselves_are_refused_at_the_place(said, place, message):
    with pytest.raises(Unreadable) as error:
        facts_from(plain_facts(**said))
    (problem,) = error.value.problems
    assert (problem.place, problem.message) == (place, message)
    assert problem.remedy


@pytest.mark.parametrize(
    "said",
    [
        {"segments": [segment(1, 15, workdays=10), segment(16, 31, workdays=11)]},
        {"segments": [segment(1, 1, workdays=0)]},
        {"exemptions": [{"id": "x", "covers": ["part:h"], "start": "2026-10-01", "end": "2026-10-31"} | DECIDED]},
        {"exemptions": [{"id": "x", "covers": ["late"], "start": "2026-10-05", "end": "2026-10-05"} | DECIDED]},
    ],
)
def test_facts_that_just_fit_are_taken(said):
    assert facts_from(plain_facts(**said))
