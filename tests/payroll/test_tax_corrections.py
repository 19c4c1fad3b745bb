"""BPJS of corrections: the common ceiling, floor and rates are those of the month that is corrected (domain 5.4)."""

from typing import Any

import pytest

from services.payroll.rules import Statement, canonical, facts_from, facts_to_dict, formula
from tests.payroll.taxes import BPJS_1, BPJS_4, NONE, ZAKAT, earning, paid, taxed

BOTH = taxed(NONE, BPJS_4, BPJS_1)
FULL = 12_000_000


def correction(amount: int, used: int | None, **said: Any) -> dict[str, Any]:
    of = {"id": "k", "period": "2026-09", "cause": "kelas naik", "paid": "a", "now": "b", "amount": str(amount)}
    return of | ({} if used is None else {"bpjs_used": str(used)}) | said


def contributed(statement: Statement, rule: str = "bpjs-1") -> int:
    """What the employee's side comes to."""
    return sum(-int(line["amount"]) for line in statement.lines if line["rule"] == rule)


@pytest.mark.parametrize(
    ("used", "of_difference"),
    [
        (5_000_000, 10_000),  # the month had room for all of it
        (11_400_000, 6_000),  # for a part
        (12_000_000, 0),  # for nothing
        (15_000_000, 0),
    ],
)
def test_a_difference_is_contributed_on_as_far_as_its_own_month_has_room(used: int, of_difference: int) -> None:
    statement = paid(BOTH, 3_000_000, corrections=[correction(1_000_000, used)])
    assert contributed(statement) == 30_000 + of_difference
    assert statement.payable == 4_000_000


def test_the_month_that_pays_has_its_own_ceiling_for_itself() -> None:
    given = {"bpjs_base": "10500000"}
    statement = paid(BOTH, 3_000_000, salary=given, corrections=[correction(1_000_000, 2_000_000)])
    assert contributed(statement) == 15_000 + 10_000, "October's room is full, September's is not"


def test_what_was_paid_too_much_gives_back_what_its_month_contributed_on_it() -> None:
    above = paid(BOTH, 3_000_000, corrections=[correction(-1_000_000, 12_400_000)])
    assert contributed(above) == 30_000 - 6_000, "400,000 of it were above the ceiling and never contributed on"


def test_two_differences_of_a_month_use_its_room_one_after_the_other() -> None:
    two = [correction(400_000, 11_500_000), correction(400_000, 11_500_000, id="l")]
    statement = paid(BOTH, 3_000_000, corrections=two)
    assert contributed(statement) == 30_000 + 5_000


def test_the_floor_of_the_corrected_month_was_reached_by_it_already() -> None:
    least = taxed(NONE, BPJS_1 | {"floor": "3725000"})
    statement = paid(least, 4_000_000, corrections=[correction(1_000_000, 3_500_000)])
    assert contributed(statement) == 40_000 + (4_500_000 - 3_725_000) // 100


def test_more_given_back_than_is_due_is_not_paid_out_by_tpp_and_told() -> None:
    given = {"bpjs_base": str(FULL)}
    statement = paid(BOTH, 3_000_000, salary=given, corrections=[correction(-1_000_000, 6_000_000)])
    assert contributed(statement) == 0
    assert [one["code"] for one in statement.warnings] == ["contribution-overpaid", "contribution-overpaid"]
    assert statement.net == 2_000_000


def test_nothing_is_contributed_on_the_difference_of_a_run_that_contributes_nothing() -> None:
    thr = correction(1_000_000, None, kind="thr", contributes=False)
    statement = paid(taxed(NONE, BPJS_4, BPJS_1, ZAKAT), 3_000_000, corrections=[thr])
    assert contributed(statement) == 30_000
    assert statement.payable == 4_000_000


def test_of_a_month_of_which_nothing_is_known_it_counts_in_the_month_that_pays() -> None:
    given = {"bpjs_base": "8500000"}
    statement = paid(BOTH, 3_000_000, salary=given, corrections=[correction(1_000_000, None)])
    assert contributed(statement) == 35_000


def test_the_employers_share_goes_by_the_same_months() -> None:
    statement = paid(BOTH, 3_000_000, corrections=[correction(1_000_000, 11_400_000)])
    assert statement.contributions == (3_000_000 + 600_000) * 5 // 100
    assert statement.gross == 4_000_000 + 3_600_000 * 4 // 100


def test_a_month_before_any_law_blocks_rather_than_guesses() -> None:
    statement = paid(BOTH, 3_000_000, corrections=[correction(1_000_000, 0, period="2013-01")])
    assert statement.blocked
    assert "no table of bpjs_kesehatan holds in 2013-01" in statement.warnings[0]["message"]


def test_the_line_tells_the_figures_of_the_corrected_month() -> None:
    statement = paid(BOTH, 3_000_000, corrections=[correction(1_000_000, 11_400_000)])
    line = next(one for one in statement.lines if one["rule"] == "bpjs-1")
    assert line["inputs"]["months"] == [
        {
            "amount": "1000000",
            "base": "600000",
            "ceiling": "12000000",
            "percent": "1 %",
            "period": "2026-09",
            "used": "11400000",
        }
    ]
    assert formula(line) == (
        "1 % x Rp 3.000.000 (TPP, batas Rp 12.000.000, terpakai pada gaji Rp 0)"
        " + 1 % x Rp 600.000 (koreksi 2026-09, batas Rp 12.000.000, terpakai Rp 11.400.000)"
    )
    assert "correction 2026-09, ceiling Rp 12.000.000, used Rp 11.400.000" in formula(line, "en")


def test_facts_with_such_corrections_are_read_back_equal_and_give_the_same_bytes() -> None:
    facts = earning(3_000_000, corrections=[correction(1_000_000, 11_400_000, contributes=True, tables=["x"])])
    assert facts_from(facts_to_dict(facts)) == facts
    shown = paid(BOTH, 3_000_000, corrections=[correction(1_000_000, 11_400_000)])
    again = paid(BOTH, 3_000_000, corrections=[correction(1_000_000, 11_400_000)])
    assert canonical(shown) == canonical(again)
