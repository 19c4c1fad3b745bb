"""A draft over a month in figures that can be checked by hand: sums, quantiles, who gains and who loses most."""

import pytest

from services.payroll.rules import evaluate
from services.payroll.rules.what_if import MOST, Compared, changes, outcome, report
from tests.payroll import people
from tests.payroll.people import facts, segment


def one(number: int, before: int, after: int, unit: str = "Dinas", kelas: int = 7) -> Compared:
    """Somebody whose cost to the region is a tenth more than TPP, and whose net a tenth less."""
    gross, net = (before * 11 // 10, after * 11 // 10), (before * 9 // 10, after * 9 // 10)
    return Compared(f"e{number}", f"{number:018d}", f"Pegawai {number}", unit, kelas, before, after, *gross, *net)


FOUR = [
    one(1, 1000, 1030),
    one(2, 2000, 1000, unit="Badan", kelas=11),
    one(3, 3000, 3000, kelas=11),
    one(4, 0, 500, unit="Badan"),
]


def test_the_total_is_everybody():
    total = report(FOUR).total
    assert (total.name, total.people, total.winners, total.losers) == ("", 4, 2, 1)
    assert (total.before, total.after) == (6000, 5530)
    assert (total.gross_before, total.gross_after) == (6600, 6083)
    assert (total.net_before, total.net_after) == (5400, 4977)


def test_units_and_classes_stand_in_order_each_with_its_own():
    found = report(FOUR)
    assert [(one.name, one.people, one.winners, one.losers, one.before, one.after) for one in found.units] == [
        ("Badan", 2, 1, 1, 2000, 1500),
        ("Dinas", 2, 1, 0, 4000, 4030),
    ]
    assert [(one.name, one.before, one.after) for one in found.classes] == [("07", 1000, 1530), ("11", 5000, 4000)]


def test_every_band_is_there_from_the_greatest_loss_to_the_greatest_gain():
    assert [(band.low, band.high, band.people, band.difference) for band in report(FOUR).bands] == [
        (None, -50, 0, 0),
        (-50, -20, 1, -1000),
        (-20, -10, 0, 0),
        (-10, -5, 0, 0),
        (-5, 0, 0, 0),
        (0, 0, 1, 0),
        (0, 5, 1, 30),
        (5, 10, 0, 0),
        (10, 20, 0, 0),
        (20, 50, 0, 0),
        (50, None, 1, 500),
    ]


@pytest.mark.parametrize(
    ("after", "span"),
    [
        (1050, (0, 5)),
        (1051, (5, 10)),
        (1100, (5, 10)),
        (1101, (10, 20)),
        (1200, (10, 20)),
        (1500, (20, 50)),
        (1501, (50, None)),
        (950, (-5, 0)),
        (949, (-10, -5)),
        (500, (-50, -20)),
        (499, (None, -50)),
    ],
)
def test_the_edge_away_from_nothing_belongs_to_the_band(after, span):
    (found,) = [(band.low, band.high) for band in report([one(1, 1000, after)]).bands if band.people]
    assert found == span


def test_who_gains_and_who_loses_most_come_first_and_nobody_who_neither_does():
    found = report([*FOUR, one(5, 100, 101), one(6, 100, 99)])
    assert [(who.employee_id, who.difference) for who in found.winners] == [("e4", 500), ("e1", 30), ("e5", 1)]
    assert [(who.employee_id, who.difference) for who in found.losers] == [("e2", -1000), ("e6", -1)]


def test_at_most_twenty_of_each_are_named_of_equals_losers_by_their_nip():
    many = [one(number, 1000, 900) for number in range(30)] + [one(40 + number, 1000, 1100) for number in range(30)]
    found = report(many[::-1])
    assert MOST == 20
    assert [who.employee_id for who in found.losers] == [f"e{number}" for number in range(20)]
    assert [who.employee_id for who in found.winners] == [f"e{69 - number}" for number in range(20)]


def test_a_quantile_is_the_difference_that_so_many_percent_do_not_exceed():
    ten = [one(number, 1000, 1000 + number) for number in range(1, 11)]
    assert report(ten).quantiles == ((0, 1), (10, 1), (25, 3), (50, 5), (75, 8), (90, 9), (100, 10))
    assert report(ten[:1]).quantiles == tuple((percent, 1) for percent in (0, 10, 25, 50, 75, 90, 100))
    assert report([]).quantiles == ()


def test_those_the_draft_cannot_pay_are_counted_beside():
    assert (report(FOUR).blocked, report(FOUR, 3).blocked) == (0, 3)


def test_an_outcome_is_what_the_runs_own_function_pays_at_the_post_held_last():
    plain = facts(
        segments=[segment(16, 31, kelas=9, unit="Badan", workdays=10), segment(1, 15, unit="Dinas", workdays=11)]
    )
    paid, found = evaluate(people.policy("jambi-kind"), plain), outcome(people.policy("jambi-kind"), plain)
    assert (found.employee_id, found.nip, found.name) == (plain.employee.id, "198609262015051001", "Contoh")
    assert (found.unit, found.kelas, found.blocked) == ("Badan", 9, "")
    assert (found.payable, found.gross, found.net) == (paid.payable, paid.gross, paid.net)


def test_an_outcome_that_cannot_be_paid_says_why():
    plain = facts(segments=[segment(kelas=17)])
    paid = evaluate(people.policy("jambi-kind"), plain)
    why = [warning["message"] for warning in paid.warnings if warning["blocking"]]
    assert why
    assert outcome(people.policy("jambi-kind"), plain).blocked == "; ".join(why)


def line(kind: str, rule: str, amount: int) -> dict[str, object]:
    return {"kind": kind, "rule": rule, "name": rule.title(), "amount": str(amount), "inputs": {}}


def test_lines_of_a_rule_are_added_up_the_greatest_difference_first_and_bases_left_out():
    before = [
        line("base", "BK", 9),
        line("part", "hadir", 100),
        line("part", "hadir", 50),
        line("deduction", "telat", -7),
    ]
    after = [line("base", "BK", 5), line("part", "hadir", 130), line("tax", "pph", -30), line("deduction", "telat", -7)]
    found = changes(before, after)
    assert [(one.rule, one.name, one.before, one.after) for one in found] == [
        ("pph", "Pph", 0, -30),
        ("hadir", "Hadir", 150, 130),
    ]
    equal = changes([line("part", "b", 10), line("part", "a", 0)], [line("part", "b", 0), line("part", "a", 10)])
    assert [one.rule for one in equal] == ["a", "b"]
