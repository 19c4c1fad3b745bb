"""Kinds of run, to the letter: which facts each pays on, and what is said where a run is not possible."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any
from uuid import UUID

import pytest

from services.payroll.rules.facts import Exemption, Payment
from services.payroll.rules.kinds import Standing, Terms, at_full, first_day, paid_by, require_way_free, terms_of
from shared.errors import Refused
from shared.words import RunKind
from tests.payroll.people import day, facts, policy
from tests.payroll.test_rules_kinds import granted

DECIDED = {"author": "BKPSDM", "reason": "SK 1"}
GIVEN = facts(
    predikat="kurang",
    predikat_missing="no_plan",
    employee={"assessed_staff": False},
    attendance=[day(6, absence="tanpa_keterangan")],
    activities=[{"work_date": "2026-10-01", "minutes": 60, "count": 1}],
    ytd={"absent": 5},
    incidents=[{"id": "i", "kind": "razia", "on": "2026-10-02"}],
    penalties=[{"id": "p", "kind": "sedang_6", "effective_from": "2026-10-01"}],
    instalments=[{"id": "u", "kind": "tgr", "start": "2026-10-01", "monthly": "5", "total": "9"} | DECIDED],
    exemptions=[{"id": "x", "covers": ["late"], "start": "2026-10-05", "end": "2026-10-07"} | DECIDED],
    carried=[{"id": "c", "period": "2026-09", "amount": "100"}],
    held=[{"id": "h", "rule": "lhkpn", "period": "2026-09", "amount": "200"}],
    releases=[{"id": "l", "rule": "lhkpn", "on": "2026-10-02"} | DECIDED],
    recoveries=[{"id": "r", "cause": "x", "amount": "5"}],
    corrections=[{"id": "k", "period": "2026-09", "cause": "x", "amount": "7", "paid": "a", "now": "b"}],
)
THR = Terms(
    "thr", "thr-1", "THR TPP", "Pasal 6", "2026-10", share="1/3", tax_borne_by="region", policy="0123456789abcdef"
)
RUN = UUID(int=7)


def test_at_full_changes_what_was_done_and_decided_and_nothing_else() -> None:
    filled = Exemption(
        id="penuh-thr",
        covers=("part:disiplin", "part:kinerja"),
        start=date(2026, 10, 1),
        end=date(2026, 10, 31),
        author="policy 0123456789ab",
        reason="THR TPP (Pasal 6)",
    )
    expected = replace(
        GIVEN,
        employee=replace(GIVEN.employee, assessed_staff=True),
        predikat=None,
        predikat_missing="not_due",
        activities=(),
        attendance=(),
        ytd={},
        penalties=(),
        incidents=(),
        instalments=(),
        exemptions=(*GIVEN.exemptions, filled),
    )
    assert at_full(GIVEN, ("disiplin", "kinerja"), THR) == expected
    early = replace(THR, kind="early")
    kept = {name: getattr(GIVEN, name) for name in ("penalties", "incidents", "instalments")}
    paid_early = replace(filled, id="dibayar-awal")
    assert at_full(GIVEN, ("disiplin", "kinerja"), early) == replace(
        expected, exemptions=(*GIVEN.exemptions, paid_early), **kept
    )


def test_a_reason_longer_than_an_exemption_holds_is_cut_at_300_characters() -> None:
    (_, filled) = at_full(GIVEN, ("kinerja",), replace(THR, name="n" * 299)).exemptions
    assert filled.reason == "n" * 299 + " "


@pytest.mark.parametrize(
    ("kind", "corrects"), [("thr", False), ("tpp13", False), ("terusan", True), ("kekurangan", True)]
)
def test_a_run_beside_the_months_own_pays_its_grant_and_settles_nothing_but_corrections(
    kind: Any, corrects: bool
) -> None:
    granted_payment = Payment(
        kind=kind,
        rule="thr-1",
        name="THR TPP",
        article="Pasal 6",
        period="2026-11",
        share=Fraction(1, 3),
        contributions=True,
        tax_borne_by="region",
    )
    assert paid_by(GIVEN, replace(THR, kind=kind, contributions=True), "2026-11") == replace(
        GIVEN,
        payment=granted_payment,
        carried=(),
        held=(),
        releases=(),
        recoveries=(),
        corrections=GIVEN.corrections if corrects else (),
    )


def test_what_is_granted_is_the_policys_to_the_letter() -> None:
    by = "f" * 64
    assert granted(RunKind.TERUSAN, "2026-05") == Terms(
        "terusan", "terusan", "TPP terusan", "contoh Pasal 22", "2026-05", share="80 %", months=4, policy=by
    )
    assert granted(RunKind.KEKURANGAN, "2026-05") == Terms(
        "kekurangan", "kekurangan", "Kekurangan TPP", "", "2026-05", share="0 %", contributions=True, policy=by
    )
    assert granted(RunKind.TPP13, "2026-06") == Terms(
        "tpp13", "tpp13", "TPP 13", "PP contoh Pasal 8", "2026-05", performance="as_appraised", policy=by
    )


def refused(kind: RunKind, *others: Standing) -> Refused:
    with pytest.raises(Refused) as said:
        require_way_free(kind, "2026-10", others)
    return said.value


def test_a_second_induk_run_is_told_what_pays_the_rest_and_which_run_it_is() -> None:
    said = refused(RunKind.INDUK, Standing(RUN, "2026-10", "induk", "paid"))
    assert said.detail == (
        "2026-10 has its induk run already, which is paid: what was paid stays; "
        "those it left out are paid by a run of kind susulan, what it paid too little by kekurangan"
    )
    assert said.extra == {"run_id": str(RUN)}


def test_a_run_of_the_same_kind_and_month_is_to_be_finished_or_cancelled_first() -> None:
    said = refused(RunKind.THR, Standing(RUN, "2026-10", "thr", "verified"))
    assert said.detail == "a run of kind thr of 2026-10 is verified: finish it, or cancel it first"
    assert said.extra == {"run_id": str(RUN)}


def test_a_run_whose_carrying_over_is_not_known_is_to_be_approved_or_cancelled_first() -> None:
    said = refused(RunKind.INDUK, Standing(RUN, "2026-09", "susulan", "calculated"))
    assert said.detail == (
        "the run of 2026-09 (susulan) is still calculated: approve or cancel it first, "
        "because what it carries over or takes back is not known before"
    )
    assert said.extra == {"run_id": str(RUN)}


def test_a_run_that_settles_no_corrections_does_not_hold_up_those_after_it_in_the_list() -> None:
    idle, due = Standing(UUID(int=1), "2026-09", "thr", "calculated"), Standing(RUN, "2026-09", "induk", "verified")
    assert refused(RunKind.INDUK, idle, due).extra == {"run_id": str(RUN)}


def test_a_susulan_run_needs_an_induk_run_that_is_finished() -> None:
    said = "a susulan run of 2026-10 pays those whom the approved runs left out: "
    assert refused(RunKind.SUSULAN).detail == said + "there is no induk run yet"
    earlier, other = Standing(RUN, "2026-09", "induk", "paid"), Standing(RUN, "2026-10", "thr", "paid")
    assert refused(RunKind.SUSULAN, earlier, other).detail == said + "there is no induk run yet"
    under_way = Standing(RUN, "2026-10", "induk", "verified")
    assert refused(RunKind.SUSULAN, under_way).detail == said + f"finish run {RUN} first"


@pytest.mark.parametrize(
    ("kind", "code", "early", "said"),
    [
        (
            RunKind.INDUK,
            "2026-11",
            True,
            "the policy in force does not let 2026-11 be paid before it is closed: "
            "close it, or name month 11 under runs.early",
        ),
        (
            RunKind.THR,
            "2026-04",
            False,
            "the policy in force says nothing of thr for 2026-04: add it to runs.thr with its article",
        ),
    ],
)
def test_what_is_not_granted_is_refused_in_one_sentence_that_says_what_to_do(
    kind: RunKind, code: str, early: bool, said: str
) -> None:
    with pytest.raises(Refused) as refusal:
        granted(kind, code, early=early)
    assert refusal.value.detail == said


def test_a_policy_that_says_nothing_of_terusan_is_told_where_to_say_it() -> None:
    with pytest.raises(Refused) as refusal:
        terms_of(policy("samarinda-kind").document, "f" * 64, RunKind.TERUSAN, "2026-05", early=False)
    assert refusal.value.detail == ("the policy in force says nothing of terusan: add runs.terusan with its article")


def test_a_policy_is_looked_up_on_the_first_day_of_a_month() -> None:
    assert first_day("2026-02") == date(2026, 2, 1)
