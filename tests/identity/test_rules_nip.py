"""NIP: the table of domain.md 1.1, row by row."""

import pytest

from shared.errors import Fault
from shared.nip import Nip, check_nip

YEAR = 2026


def good(text: str) -> Nip:
    checked = check_nip(text, year=YEAR)
    assert isinstance(checked, Nip), checked
    return checked


def bad(text: str) -> Fault:
    checked = check_nip(text, year=YEAR)
    assert isinstance(checked, Fault), checked
    return checked


@pytest.mark.parametrize(
    ("text", "kind", "male", "year", "code"),
    [
        ("198609262015051001", "pns", True, 2015, 5),
        ("196804111993031009", "pns", True, 1993, 3),
        ("198407062006042020", "pns", False, 2006, 4),
        ("199009132025242014", "pppk", False, 2025, 24),
    ],
)
def test_a_number_that_is_well_formed_tells_who_and_when(
    text: str, kind: str, male: bool, year: int, code: int
) -> None:
    nip = good(text)
    assert (nip.text, nip.kind, nip.male, nip.appointed_year, nip.code) == (text, kind, male, year, code)
    assert nip.warnings == ()


@pytest.mark.parametrize(
    "text",
    ["19860926 201505 1 001", "19860926.201505.1.001", "'198609262015051001", "\u00a0198609262015051001 "],
)
def test_blanks_dots_and_a_leading_apostrophe_are_taken_out(text: str) -> None:
    assert good(text).text == "198609262015051001"


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("198613262015051001", "no birth date"),
        ("198602302015051001", "no birth date"),
        ("198609262015151001", "neither a month nor a code"),
        ("198609262015053001", "digit 15"),
        ("198609262015051000", "000"),
        ("19860926201505100", "17 digits"),
        ("1.98609E+17", "a spreadsheet"),
        ("1,98609E+17", "a spreadsheet"),
        ("131110468", "old NIP"),
        ("198609261949051001", "no year of appointment"),
        ("198609262028051001", "no year of appointment"),
        ("", "empty"),
        ("19860926201505100X", "digits only"),
        ("١٩٨٦٠٩٢٦٢٠١٥٠٥١٠٠١", "digits only"),
    ],
)
def test_a_number_that_is_not_is_refused_with_what_to_do(text: str, part: str) -> None:
    fault = bad(text)
    assert part in fault.message
    assert fault.remedy
    assert fault.value == text


def test_an_appointment_in_childhood_is_a_warning_and_no_fault() -> None:
    assert good("200501012015051001").warnings == ("age 10 at appointment: compare the birth date with the SK",)


def test_next_years_appointment_may_be_known_already() -> None:
    assert good("199509262027051001").appointed_year == 2027


def test_the_codes_of_pppk_are_data() -> None:
    assert isinstance(check_nip("199009132025242014", year=YEAR, pppk_codes={21}), Fault)
