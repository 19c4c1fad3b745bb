"""Whole rupiah, exact shares, and the only rounding there is."""

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from shared.money import (
    Percent,
    Rupiah,
    apportion,
    parse_percent,
    parse_rupiah,
    parse_spoken_rupiah,
    percent_text,
    round_to,
    split,
)


class Paid(BaseModel):
    amount: Rupiah
    share: Percent = Fraction(1)


def test_money_is_a_string_of_digits_in_json():
    assert Paid(amount=-1_250_000, share=Fraction(1, 40)).model_dump_json() == ('{"amount":"-1250000","share":"2.5 %"}')
    assert Paid.model_validate_json('{"amount":"999999999999999"}').amount == 999_999_999_999_999


@pytest.mark.parametrize(
    "amount",
    ["12", "1.5", "true", '"1e3"', '"1_000"', '" 1"', '"1 "', '"+1"', '"１２"', '""', '"1000000000000000"', "null"],
)
def test_json_money_in_any_other_form_is_refused(amount):
    with pytest.raises(ValidationError):
        Paid.model_validate_json(f'{{"amount":{amount}}}')


@pytest.mark.parametrize("value", [1.0, True, None, 10**15, "1\n", Decimal(1)])
def test_python_money_in_any_other_form_is_refused(value):
    with pytest.raises(ValueError, match="whole rupiah"):
        parse_rupiah(value)


def test_rupiah_may_be_written_as_people_do():
    assert parse_spoken_rupiah("Rp 66.000") == 66_000
    for wrong in ("Rp 66.00", "Rp66,000", "66.000", "Rp -"):
        with pytest.raises(ValueError, match="whole rupiah"):
            parse_spoken_rupiah(wrong)


@pytest.mark.parametrize(
    ("text", "share"),
    [("2.5 %", Fraction(1, 40)), ("2,5%", Fraction(1, 40)), ("1/3", Fraction(1, 3)), ("0.1 %", Fraction(1, 1000))],
)
def test_shares_are_exact(text, share):
    assert parse_percent(text) == share


@pytest.mark.parametrize("value", ["0.5", 0.5, 1, "1/0", "2.5 percent", "% 2", "1e2 %", "٣ %", None])
def test_a_share_without_its_unit_is_refused(value):
    with pytest.raises(ValueError, match="percentage"):
        parse_percent(value)


@given(st.fractions(0, 20, max_denominator=10**6))
def test_a_share_written_out_is_the_same_share(share):
    assert parse_percent(percent_text(share.numerator, share.denominator)) == share


DECIMAL_MODES = {
    "half_up": ROUND_HALF_UP,
    "half_even": ROUND_HALF_EVEN,
    "floor": ROUND_FLOOR,
    "ceil": ROUND_CEILING,
}


@given(st.integers(-(10**9), 10**9), st.sampled_from([1, 100, 1000]), st.sampled_from(sorted(DECIMAL_MODES)))
def test_rounding_agrees_with_the_decimal_module(hundredths, unit, mode):
    expected = (Decimal(hundredths) / 100 / unit).quantize(Decimal(1), DECIMAL_MODES[mode]) * unit
    assert round_to(Fraction(hundredths, 100), unit, mode) == int(expected)


@given(st.integers(0, 10**12), st.lists(st.integers(0, 10**9), min_size=1, max_size=8))
def test_a_split_adds_up_and_is_nowhere_a_rupiah_off(total, weights):
    shares = split(total, weights)
    assert sum(shares) == total
    if whole := sum(weights):
        assert all(
            abs(share - Fraction(total * weight, whole)) < 1 for share, weight in zip(shares, weights, strict=True)
        )


@given(st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=8), st.integers(1, 1000))
def test_rounded_lines_add_up_to_the_rounded_total(exact, denominator):
    total = round_to(Fraction(sum(exact), denominator), 1, "half_up")
    lines = apportion(total, exact, denominator)
    assert sum(lines) == total
    assert all(abs(line - Fraction(value, denominator)) <= 1 for line, value in zip(lines, exact, strict=True))
