"""Kinds of run as rules: what grants each, what stands in its way, on which facts it pays; the document checked."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any
from uuid import uuid4

import pytest

from services.payroll.rules import Policy, check, evaluate
from services.payroll.rules.kinds import (
    Standing,
    Terms,
    at_full,
    before,
    last_full_month,
    months_after,
    paid_by,
    require_way_free,
    terms_from,
    terms_of,
)
from shared.errors import Refused
from shared.words import RunKind
from tests.payroll.people import EXAMPLES, day, earning_lines, facts, policy

RUNS = """
runs:
  thr:
    - id: thr-2026
      name: THR TPP 2026
      article: PP contoh/2026 Pasal 6
      period: 2026-03
      of: 2026-02
      share: 50 %
      contributions: true
      tax_borne_by: region
    - {id: thr-2027, name: THR TPP 2027, article: PP contoh/2027 Pasal 6, period: 2027-01}
  tpp13: [{id: tpp13, name: TPP 13, article: PP contoh Pasal 8, period: 2026-06, performance: as_appraised}]
  early: {id: desember, name: Desember awal, article: contoh Pasal 21, months: [12]}
  terusan: {id: terusan, name: TPP terusan, article: contoh Pasal 22, months: 4, share: 80 %}
"""


def document(more: str = RUNS) -> bytes:
    return (EXAMPLES / "policies" / "samarinda-kind.yaml").read_bytes() + more.encode()


def granted(kind: RunKind, code: str, *, early: bool = False) -> Terms | None:
    checked = check(document())
    assert isinstance(checked, Policy), checked
    return terms_of(checked.document, "f" * 64, kind, code, early=early)


def test_thr_is_what_the_policy_grants_for_the_year() -> None:
    assert granted(RunKind.THR, "2026-03") == Terms(
        kind="thr",
        rule="thr-2026",
        name="THR TPP 2026",
        article="PP contoh/2026 Pasal 6",
        of="2026-02",
        share="50 %",
        contributions=True,
        tax_borne_by="region",
        policy="f" * 64,
    )


def test_without_more_it_is_the_whole_tpp_of_the_month_before_and_nothing_is_taken_but_tax() -> None:
    terms = granted(RunKind.THR, "2027-01")
    assert terms is not None
    assert (terms.of, terms.share, terms.contributions, terms.tax_borne_by) == ("2026-12", "100 %", False, None)
    assert terms.performance == "full"
    thirteenth = granted(RunKind.TPP13, "2026-06")
    assert thirteenth is not None
    assert (thirteenth.kind, thirteenth.of, thirteenth.performance) == ("tpp13", "2026-05", "as_appraised")


def test_an_early_month_terusan_and_kekurangan_have_their_terms_and_a_months_own_run_has_none() -> None:
    early = granted(RunKind.INDUK, "2026-12", early=True)
    assert early == granted(RunKind.SUSULAN, "2026-12", early=True)
    assert early == Terms("early", "desember", "Desember awal", "contoh Pasal 21", "2026-12", policy="f" * 64)
    terusan = granted(RunKind.TERUSAN, "2026-05")
    assert terusan is not None
    assert (terusan.kind, terusan.of, terusan.months, terusan.share) == ("terusan", "2026-05", 4, "80 %")
    short = granted(RunKind.KEKURANGAN, "2026-05")
    assert short is not None
    assert (short.kind, short.of, short.share, short.contributions) == ("kekurangan", "2026-05", "0 %", True)
    assert granted(RunKind.INDUK, "2026-12") is granted(RunKind.SUSULAN, "2026-12") is None


def test_terms_are_kept_and_read_back() -> None:
    terms = granted(RunKind.THR, "2026-03")
    assert terms is not None
    assert terms_from(terms.to_dict()) == terms
    assert terms_from(None) is None


@pytest.mark.parametrize(
    ("kind", "code", "early", "said"),
    [
        (RunKind.INDUK, "2026-11", True, "name month 11 under runs.early"),
        (RunKind.THR, "2026-04", False, "nothing of thr for 2026-04: add it to runs.thr"),
        (RunKind.TPP13, "2026-03", False, "nothing of tpp13 for 2026-03: add it to runs.tpp13"),
    ],
)
def test_what_the_policy_does_not_grant_is_refused_with_what_to_do(
    kind: RunKind, code: str, early: bool, said: str
) -> None:
    with pytest.raises(Refused, match=said):
        granted(kind, code, early=early)


@pytest.mark.parametrize("kind", [RunKind.THR, RunKind.TPP13, RunKind.TERUSAN])
def test_a_policy_without_runs_grants_none_of_them(kind: RunKind) -> None:
    plain = policy("samarinda-kind").document
    with pytest.raises(Refused, match=f"says nothing of {kind}"):
        terms_of(plain, "f" * 64, kind, "2026-03", early=False)
    with pytest.raises(Refused, match=r"runs\.early"):
        terms_of(plain, "f" * 64, RunKind.INDUK, "2026-12", early=True)
    assert terms_of(plain, "f" * 64, RunKind.KEKURANGAN, "2026-03", early=False)


def run(kind: str, state: str, code: str = "2026-10") -> Standing:
    return Standing(uuid4(), code, kind, state)


@pytest.mark.parametrize(
    ("kind", "others", "said"),
    [
        ("induk", [run("induk", "reconciled")], "has its induk run already, which is reconciled"),
        ("induk", [run("induk", "paid")], "what was paid stays"),
        ("induk", [run("induk", "calculated", "2026-09")], r"run of 2026-09 \(induk\) is still calculated"),
        ("induk", [run("susulan", "verified", "2026-09")], r"\(susulan\) is still verified"),
        ("induk", [run("kekurangan", "calculated", "2026-12")], r"\(kekurangan\) is still calculated"),
        ("susulan", [], "there is no induk run yet"),
        ("susulan", [run("induk", "cancelled")], "there is no induk run yet"),
        ("susulan", [run("induk", "verified")], "finish run"),
        ("susulan", [run("induk", "paid"), run("susulan", "calculated")], "finish run"),
        ("kekurangan", [run("induk", "calculated", "2026-12")], r"\(induk\) is still calculated"),
        ("kekurangan", [run("kekurangan", "reconciled")], r"\(kekurangan\) is still reconciled"),
        ("thr", [run("thr", "verified")], "a run of kind thr of 2026-10 is verified"),
        ("terusan", [run("terusan", "calculated")], "a run of kind terusan of 2026-10 is calculated"),
    ],
)
def test_a_run_that_stands_in_the_way_is_named(kind: str, others: list[Standing], said: str) -> None:
    with pytest.raises(Refused, match=said):
        require_way_free(RunKind(kind), "2026-10", others)


@pytest.mark.parametrize(
    ("kind", "others"),
    [
        ("induk", []),
        ("induk", [run("induk", "cancelled"), run("induk", "paid", "2026-09"), run("thr", "calculated", "2026-09")]),
        ("induk", [run("induk", "calculated", "2026-11"), run("thr", "calculated")]),
        ("susulan", [run("induk", "approved")]),
        ("susulan", [run("induk", "differs"), run("susulan", "paid")]),
        ("kekurangan", [run("induk", "approved"), run("kekurangan", "paid"), run("thr", "verified")]),
        ("thr", [run("induk", "calculated"), run("thr", "calculated", "2026-09"), run("thr", "paid")]),
        ("tpp13", [run("thr", "calculated")]),
    ],
)
def test_other_runs_are_no_hindrance(kind: str, others: list[Standing]) -> None:
    require_way_free(RunKind(kind), "2026-10", others)


@pytest.mark.parametrize(("code", "earlier"), [("2026-10", "2026-09"), ("2026-01", "2025-12"), ("2026-12", "2026-11")])
def test_the_month_before(code: str, earlier: str) -> None:
    assert before(code) == earlier


@pytest.mark.parametrize(
    ("left_on", "code", "months"),
    [
        (date(2026, 10, 13), "2026-10", 0),
        (date(2026, 10, 13), "2026-11", 1),
        (date(2026, 11, 1), "2026-11", 1),  # the last day of service was 31 October
        (date(2026, 11, 2), "2026-11", 0),
        (date(2026, 11, 2), "2027-03", 4),
        (date(2027, 1, 1), "2027-01", 1),
    ],
)
def test_months_after_the_last_one_in_service(left_on: date, code: str, months: int) -> None:
    assert months_after(left_on, code) == months


def test_the_last_full_month_is_the_one_before_the_leaving() -> None:
    assert last_full_month(date(2026, 10, 13)) == "2026-09"
    assert last_full_month(date(2026, 11, 1)) == "2026-10"


WORKED: dict[str, Any] = {
    "predikat": "kurang",
    "attendance": [day(5, late_minutes=95), day(6, absence="tanpa_keterangan")],
    "activities": [{"work_date": "2026-10-01", "minutes": 60, "count": 1}],
    "ytd": {"absent": 5},
    "incidents": [{"id": "i", "kind": "razia", "on": "2026-10-02"}],
    "penalties": [{"id": "p", "kind": "sedang_6", "effective_from": "2026-10-01"}],
    "employee": {"is_supervisor": True, "assessed_staff": False},
}
PARTS = ("produktivitas", "disiplin", "kinerja")


@pytest.mark.parametrize("name", ["jambi-kind", "samarinda-kind"])
def test_at_100_percent_nothing_that_was_done_or_left_undone_counts(name: str) -> None:
    terms = Terms("thr", "thr", "THR", "Pasal 6", "2026-10", policy="f" * 64)
    full = evaluate(policy(name), at_full(facts(**WORKED), PARTS, terms))
    base = sum(int(one["amount"]) for one in full.lines if one["kind"] == "base")
    assert full.tpp == base
    assert "predikat-missing" not in {warning["code"] for warning in full.warnings}
    assert {result["share"] for result in full.results} == {"100 %"}


def test_an_early_month_keeps_what_was_decided_and_other_occasions_do_not() -> None:
    given = facts(**WORKED)
    early = at_full(given, PARTS, Terms("early", "desember", "Desember awal", "Pasal 21", "2026-10", policy="f" * 64))
    assert (early.incidents, early.penalties) == (given.incidents, given.penalties)
    assert (early.activities, early.attendance, early.ytd, early.predikat) == ((), (), {}, None)
    assert early.employee.assessed_staff
    (exemption,) = early.exemptions
    assert (exemption.id, exemption.author, exemption.reason) == (
        "dibayar-awal",
        "policy ffffffffffff",
        "Desember awal (Pasal 21)",
    )
    assert (exemption.start, exemption.end) == (given.start, given.end)
    thr = at_full(given, PARTS, Terms("thr", "thr", "THR", "Pasal 6", "2026-10"))
    assert (thr.incidents, thr.penalties, thr.exemptions[0].id) == ((), (), "penuh-thr")


CARRIED: dict[str, Any] = {
    "predikat": "baik",
    "carried": [{"id": "c", "period": "2026-09", "amount": "100"}],
    "recoveries": [{"id": "r", "cause": "x", "amount": "5"}],
    "corrections": [{"id": "k", "period": "2026-09", "cause": "x", "amount": "70000", "paid": "a", "now": "b"}],
}


def test_thr_pays_its_share_of_each_criterion_and_carries_nothing() -> None:
    terms = Terms("thr", "thr", "THR", "Pasal 6", "2026-10", share="50 %", policy="f" * 64)
    whole = evaluate(policy("jambi-kind"), facts())
    half = evaluate(policy("jambi-kind"), paid_by(facts(**CARRIED), terms, "2026-11"))
    assert half.tpp * 2 == whole.tpp
    assert {code: amount * 2 for code, amount in half.criteria.items()} == whole.criteria
    assert (half.released, half.recovered, half.corrected, half.contributions) == (0, 0, 0, 0)
    (line,) = [one for one in half.lines if one["kind"] == "share"]
    assert line["amount"] == str(-half.tpp)
    assert line["inputs"] == {"paid_in": "2026-11", "percent": "50 %", "tpp": str(whole.tpp)}
    assert earning_lines(half) + int(line["amount"]) == half.tpp
    assert half.net == half.gross - half.tax


def test_the_region_may_bear_the_tax_of_an_occasion_or_take_contributions() -> None:
    terms = Terms("thr", "thr", "THR", "Pasal 6", "2026-10", contributions=True, tax_borne_by="region")
    paid = evaluate(policy("samarinda-kind"), paid_by(at_full(facts(), ("kinerja",), terms), terms, "2026-11"))
    assert paid.contributions > 0
    kinds = {one["kind"] for one in paid.lines}
    assert "tax_allowance" in kinds
    own = evaluate(
        policy("samarinda-kind"),
        paid_by(at_full(facts(), ("kinerja",), terms), replace(terms, tax_borne_by=None), "2026-11"),
    )
    assert "tax_allowance" not in {one["kind"] for one in own.lines}


def test_kekurangan_pays_corrections_and_nothing_of_the_month() -> None:
    terms = Terms("kekurangan", "kekurangan", "Kekurangan TPP", "", "2026-10", share="0 %", contributions=True)
    paid = evaluate(policy("jambi-kind"), paid_by(facts(**CARRIED), terms, "2026-11"))
    assert (paid.tpp, paid.corrected, paid.payable, paid.released, paid.recovered) == (0, 70_000, 70_000, 0, 0)
    assert paid.criteria == {"BK": 0, "PK": 0}
    assert paid.contributions > 0


def test_an_early_month_is_paid_as_the_month_itself() -> None:
    given = facts(**CARRIED)
    assert paid_by(given, Terms("early", "d", "D", "", "2026-10"), "2026-10") is given


def test_a_share_is_rounded_as_tpp_is_and_its_criteria_still_add_up() -> None:
    terms = Terms("thr", "thr", "THR", "Pasal 6", "2026-10", share="1/3")
    paid = evaluate(policy("jambi-kind"), paid_by(facts(), terms, "2026-11"))
    assert paid.tpp == round(Fraction(3_000_000, 3))
    assert sum(paid.criteria.values()) == paid.tpp


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("thr: [{id: a, name: A, article: B, period: 2026-03, share: 0 %}]", "it pays nothing"),
        ("terusan: {id: a, name: A, article: B, months: 2, share: 0 %}", "it pays nothing"),
        ("thr: [{id: a, name: A, article: B, period: 2025-03}]", "not in force in 2025-03"),
        ("tpp13: [{id: a, name: A, article: B, period: 2026-03, of: 2026-04}]", "which comes later"),
        ("recovery: {id: a, name: A, article: B, at_most: 0 %}", "would ever be taken back"),
        ("early: {id: a, name: A, article: B, months: [12, 12]}", "stands twice"),
        (
            "thr: [{id: a, name: A, article: B, period: 2026-03}, {id: b, name: A, article: B, period: 2026-03}]",
            "month '2026-03' stands twice",
        ),
        (
            "tpp13: [{id: a, name: A, article: B, period: 2026-03}, {id: a, name: A, article: B, period: 2026-04}]",
            "rule 'a' stands twice",
        ),
    ],
)
def test_what_a_document_says_of_runs_is_checked_whole(more: str, said: str) -> None:
    problems = check(document(f"\nruns:\n  {more}\n"))
    assert not isinstance(problems, Policy)
    (problem,) = problems
    assert said in problem.message
    assert problem.place.startswith("runs.")
    assert problem.remedy


def test_a_document_that_ends_cannot_grant_after_its_end() -> None:
    until = document("\nruns:\n  thr: [{id: a, name: A, article: B, period: 2027-01}]\n").replace(
        b"effective_from: 2026-01-01", b"effective_from: 2026-01-01\neffective_to: 2026-12-31"
    )
    problems = check(until)
    assert not isinstance(problems, Policy)
    assert "not in force in 2027-01" in problems[0].message
