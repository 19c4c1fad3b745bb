"""TPP kept back: from which minute, until when, what clears it, and when it is lost."""

from typing import Any

import pytest

from services.payroll.rules import Statement, evaluate
from tests.payroll.people import day, facts, policy, segment

DECIDED = {"author": "Inspektorat", "reason": "tanda terima KPK"}


def paid(**said: Any) -> Statement:
    """`tunda`: more than 200 late minutes hold 50 % for two months; `lhkpn`: 80 % until cleared, lost after three."""
    return evaluate(policy("serba-ada"), facts(**said))


def unreported(**said: Any) -> Statement:
    return paid(employee={"flags": ["lhkpn_belum"]}, **said)


def lines(statement: Statement, *kinds: str) -> list[tuple[str, int]]:
    return [(one["rule"], int(one["amount"])) for one in statement.lines if one["kind"] in kinds]


def held(period: str, rule: str = "lhkpn", amount: str = "100000") -> dict[str, str]:
    return {"id": f"h-{period}", "rule": rule, "period": period, "amount": amount}


def release(on: str, **said: Any) -> dict[str, Any]:
    return {"id": f"r-{on}", "rule": "lhkpn", "on": on} | DECIDED | said


def test_exactly_as_many_minutes_as_are_allowed_hold_nothing_and_one_more_holds_half():
    assert paid(attendance=[day(5, late_minutes=100), day(6, late_minutes=100)]).suspended == 0
    statement = paid(attendance=[day(5, late_minutes=100), day(6, late_minutes=101)])
    assert statement.suspended == (statement.tpp + 1) // 2
    (line,) = [one for one in statement.lines if one["kind"] == "suspended"]
    assert (line["inputs"]["quantity"], line["inputs"]["more_than"]) == (201, 200)
    assert line["refs"]["attendance"] == ["2026-10-05", "2026-10-06"]
    assert line["article"] == "u"


@pytest.mark.parametrize(
    ("month", "last", "until"),
    [("2026-10", 31, "2026-12"), ("2026-11", 30, "2027-01"), ("2026-12", 31, "2027-02"), ("2026-01", 31, "2026-03")],
)
def test_what_is_held_for_two_months_is_paid_in_the_second_month_after(month, last, until):
    span = {"start": f"{month}-01", "end": f"{month}-{last}"}
    late = [{"work_date": f"{month}-05", "late_minutes": 201}]
    statement = paid(**span, segments=[segment() | span], attendance=late)
    assert (statement.suspended_until, statement.suspended > 0) == (until, True)


def test_of_two_rules_the_one_that_holds_longest_takes_first_and_together_they_take_no_more_than_all():
    statement = unreported(attendance=[day(5, late_minutes=201)])
    first = (statement.tpp * 8 + 5) // 10
    assert lines(statement, "suspended") == [("lhkpn", -first), ("tunda", -(statement.tpp - first))]
    assert (statement.suspended, statement.suspended_until) == (statement.tpp, "cleared")
    assert statement.payable == 0


@pytest.mark.parametrize(
    ("start", "end", "holds"),
    [
        ("2026-10-10", "2026-10-12", False),
        ("2026-09-01", "2026-10-01", False),
        ("2026-10-31", "2026-12-31", False),
        ("2026-09-01", "2026-09-30", True),
        ("2026-11-01", "2026-11-30", True),
    ],
)
def test_who_is_exempted_on_any_day_of_the_month_keeps_it(start, end, holds):
    exempted = {"id": "x", "covers": ["rule:lhkpn"], "start": start, "end": end} | DECIDED
    assert bool(unreported(exemptions=[exempted]).suspended) is holds
    other = exempted | {"covers": ["rule:tunda", "late"]}
    assert unreported(exemptions=[other]).suspended > 0


def test_what_was_postponed_is_paid_the_oldest_first():
    statement = paid(
        carried=[
            {"id": "b", "period": "2026-09", "amount": "500"},
            {"id": "a", "period": "2026-08", "amount": "70000"},
        ]
    )
    assert lines(statement, "released") == [("a", 70_000), ("b", 500)]
    assert statement.released == 70_500
    assert statement.payable == statement.tpp + 70_500


@pytest.mark.parametrize(("on", "amount"), [("2026-10-31", 100_000), ("2026-09-02", 100_000), ("2026-11-01", 0)])
def test_a_decision_clears_it_from_the_month_it_was_taken_in(on, amount):
    statement = paid(held=[held("2026-09")], releases=[release(on)])
    assert statement.released == amount
    assert lines(statement, "released") == ([("h-2026-09", 100_000)] if amount else [])


def test_a_decision_clears_every_month_of_its_rule_or_the_one_it_names():
    both = [held("2026-09"), held("2026-08", amount="7000")]
    assert lines(paid(held=both, releases=[release("2026-10-05")]), "released") == [
        ("h-2026-08", 7000),
        ("h-2026-09", 100_000),
    ]
    one = release("2026-10-05", held="h-2026-09")
    assert lines(paid(held=both, releases=[one]), "released") == [("h-2026-09", 100_000)]
    assert paid(held=both, releases=[release("2026-10-05", rule="tunda")]).released == 0
    assert paid(held=both, releases=[release("2026-10-05", held="h-2026-01")]).released == 0


def test_the_line_names_the_first_decision_its_rule_and_its_article():
    statement = paid(held=[held("2026-09")], releases=[release("2026-10-09"), release("2026-10-05")])
    (line,) = [one for one in statement.lines if one["kind"] == "released"]
    assert line["inputs"] == {"period": "2026-09", "release": "r-2026-10-05", "rule": "lhkpn"}
    assert (line["article"], line["refs"]["decisions"]) == ("v", ["r-2026-10-05"])


def test_it_is_lost_when_three_months_have_passed_and_the_line_says_how_much():
    statement = paid(held=[held("2026-07")])
    (line,) = [one for one in statement.lines if one["kind"] == "forfeited"]
    assert (line["rule"], line["amount"], line["article"]) == ("lhkpn", "0", "v")
    assert line["inputs"] == {"amount": "100000", "months": "3", "period": "2026-07"}
    assert [lines(paid(held=[held(period)]), "forfeited") for period in ("2026-08", "2026-06", "2025-07")] == [
        [],
        [],
        [],
    ]


def test_a_decision_in_the_third_month_is_in_time_and_one_after_it_is_not():
    in_time = paid(held=[held("2026-07")], releases=[release("2026-10-01")])
    assert lines(in_time, "released", "forfeited") == [("h-2026-07", 100_000)]
    assert paid(held=[held("2026-06")], releases=[release("2026-09-30")]).released == 100_000
    late = paid(held=[held("2026-06")], releases=[release("2026-10-01")])
    assert (late.released, lines(late, "forfeited")) == (0, [])


def test_what_a_rule_that_no_longer_stands_held_is_still_paid_when_cleared():
    statement = paid(held=[held("2025-01", rule="dulu")], releases=[release("2026-10-05", rule="dulu")])
    (line,) = [one for one in statement.lines if one["kind"] == "released"]
    assert (line["amount"], line["article"]) == ("100000", "")
    assert lines(paid(held=[held("2025-01", rule="dulu")]), "released", "forfeited") == []


def test_who_reported_keeps_everything():
    statement = paid()
    assert (statement.suspended, statement.suspended_until, statement.released) == (0, None, 0)
