"""National tables against the boundary oracle of the domain sheet (section 5.3), and the two tax modes."""

from datetime import date
from fractions import Fraction
from itertools import pairwise

import pytest

from services.payroll.rules import Policy, check, evaluate, national
from tests.payroll.people import POLICIES, facts, policy

DAY = date(2026, 10, 1)


@pytest.mark.parametrize(
    ("ptkp", "gross", "tax"),
    [
        ("TK/0", 5_400_000, 0),
        ("TK/0", 5_400_001, 13_500),
        ("TK/1", 15_000_000, 900_000),
        ("K/1", 6_200_000, 0),
        ("K/1", 6_200_001, 15_500),
        ("K/3", 30_000_000, 3_300_000),
        ("K/3", 9_800_000, 122_500),
        ("K/3", 9_800_001, 147_000),
        ("K/2", 9_200_000, 92_000),
        ("TK/2", 9_200_001, 138_000),
        ("K/0", 2_000_000_000, 680_000_000),
    ],
)
def test_ter_at_its_boundaries(ptkp, gross, tax):
    table = national.ter(DAY, ptkp)
    assert table is not None
    assert table.tax(gross, 1, "half_up")[0] == tax


@pytest.mark.parametrize("category", ["A", "B", "C"])
def test_ter_brackets_rise_without_gap_to_34_percent(category):
    tables = national.tax_tables(DAY)
    assert tables is not None
    brackets = tables.ter[category]
    bounds = [bracket.up_to for bracket in brackets]
    assert bounds[-1] is None
    assert all(low < high for low, high in pairwise(bounds[:-1]))
    assert [one.rate for one in brackets] == sorted({one.rate for one in brackets})
    assert (brackets[0].rate, brackets[-1].rate) == (0, Fraction(34, 100))


def test_no_table_holds_before_its_day():
    assert national.tax_tables(date(2023, 12, 31)) is None
    assert national.ter(date(2024, 1, 1), "TK/0") is not None


def test_pasal_17_goes_through_every_layer():
    assert national.pasal17(DAY, 60_000_000) == 3_000_000
    assert national.pasal17(DAY, 6_000_000_000) == 3_000_000 + 28_500_000 + 62_500_000 + 1_350_000_000 + 350_000_000


@pytest.mark.parametrize(
    ("status", "golongan", "rate"),
    [
        ("PNS", "I/c", 0),
        ("PNS", "II/d", 0),
        ("PNS", "III/a", 5),
        ("PNS", "IV/b", 15),
        ("PPPK", "IV", 0),
        ("PPPK", "IX", 5),
        ("PPPK", "XVII", 15),
    ],
)
def test_final_tax_goes_by_golongan_and_for_pppk_by_the_policys_own_mapping(status, golongan, rate):
    given = facts(employee={"status_asn": status, "golongan": golongan})
    paid = evaluate(policy("tulang-bawang"), given)
    assert paid.tax == 2_750_000 * rate // 100


def test_an_unknown_golongan_or_ptkp_blocks_the_payment_and_says_why():
    unknown = evaluate(policy("tulang-bawang"), facts(employee={"golongan": "V/a"}))
    assert unknown.blocked
    assert "golongan 'V/a' of a PNS has no final tax rate" in unknown.warnings[0]["message"]
    assert evaluate(policy("jambi-kind"), facts(employee={"ptkp": "K/9"})).blocked


DECEMBER = {
    "start": "2026-12-01",
    "end": "2026-12-31",
    "segments": [
        {"start": "2026-12-01", "end": "2026-12-31", "position": "Analis", "kelas": 9, "unit": "Biro", "workdays": 21}
    ],
    "salary": {"gross": "5200000", "bpjs_base": "4900000"},
}


def test_december_is_settled_by_pasal_17_on_the_whole_year():
    year = {"gross_before": "101200000", "tax_before": "700000", "pension": "2400000"}
    paid = evaluate(policy("jambi-kind"), facts(employee={"ptkp": "K/1"}, **DECEMBER, tax_year=year))
    # 110.4 m - 5.52 m cost of office - 2.4 m pension - 63 m PTKP = 39.48 m at 5 %
    assert paid.tax == 1_974_000 - 700_000


def test_december_without_the_years_figures_may_not_be_paid_unseen():
    paid = evaluate(policy("jambi-kind"), facts(**DECEMBER))
    assert paid.blocked


@pytest.mark.parametrize(("used", "base"), [(4_900_000, 3_000_000), (11_000_000, 1_000_000), (12_500_000, 0)])
def test_salary_and_tpp_share_one_bpjs_ceiling(used, base):
    paid = evaluate(policy("jambi-kind"), facts(salary={"bpjs_base": str(used)}))
    assert paid.contributions == base * 5 // 100


def test_a_regional_floor_lifts_the_bpjs_base_of_salary_and_tpp_together():
    text = (POLICIES / "tulang-bawang.yaml").read_text()
    checked = check(text.replace("scheme: bpjs_kesehatan}", "scheme: bpjs_kesehatan, floor: 3725000}"))
    assert isinstance(checked, Policy)
    assert evaluate(checked, facts()).contributions == 37_250
    assert evaluate(checked, facts(salary={"bpjs_base": "900000"})).contributions == 28_250
    assert evaluate(checked, facts(salary={"bpjs_base": "3000000"})).contributions == 27_500
