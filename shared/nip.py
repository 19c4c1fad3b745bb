"""NIP and NI PPPK: 18 digits that tell birth, appointment and sex. Never a key: the number of a person may change.

Perka BKN 22/2007 (NIP) and 43/2007 (how it is given). There is no check digit, so a number that passes here may
still be somebody else's.
"""

import re
from collections.abc import Container
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal

from shared.errors import Fault

LENGTH = 18
FIRST_YEAR = 1950
ADULT_YEARS = 18
# Digits 13-14 of an NI PPPK are a code of the agreement: 21 is usual, 24 was seen on part-time numbers of 2025.
PPPK_CODES: Container[int] = frozenset(range(21, 100))

_BLANKS = re.compile(r"[\s.\u00a0\u2007\u202f]+")
_FLOAT = re.compile(r"^[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]+$")
_DIGITS = re.compile(r"^[0-9]+$")


@dataclass(frozen=True, slots=True)
class Nip:
    """A number that is well formed. `warnings` are sentences for a person; they refuse nothing."""

    text: str
    born: date
    kind: Literal["pns", "pppk"]
    appointed_year: int
    code: int  # month of appointment (TMT CPNS), or the code of a PPPK's agreement
    male: bool
    sequence: int
    warnings: tuple[str, ...] = ()


def normalise(text: str) -> str:
    """Without blanks, dots and the apostrophe that DUK exports put in front."""
    return _BLANKS.sub("", text).lstrip("'\u2018\u2019`")


def check_nip(text: str, *, year: int | None = None, pppk_codes: Container[int] = PPPK_CODES) -> Nip | Fault:
    """The number, or what is wrong with it and what to do. `year`: the present one, where it is not given."""
    this_year = year if year is not None else datetime.now(UTC).year
    if _FLOAT.match(text.strip().lstrip("'")):
        return _fault(
            text,
            "a spreadsheet has turned the NIP into a number and lost its last digits",
            "format the column as text and type or copy the 18 digits again",
        )
    number = normalise(text)
    fault = _form(text, number)
    if fault is not None:
        return fault
    born = _born(number)
    if born is None:
        return _fault(text, f"digits 1-8, {number[:8]}, are no birth date", "compare it with the SK: YYYYMMDD")
    return _appointment(text, number, born, this_year, pppk_codes)


def _form(text: str, number: str) -> Fault | None:
    if not number:
        return _fault(text, "the NIP is empty", "give the 18 digits of the NIP or NI PPPK")
    if not _DIGITS.match(number):
        return _fault(text, "a NIP has digits only", "take out every other character")
    if len(number) == 9:
        return _fault(text, "this is an old NIP of 9 digits", "give the NIP of 18 digits that replaced it in 2007")
    if len(number) != LENGTH:
        return _fault(text, f"the NIP has {len(number)} digits, not 18", "compare it with the SK or the card")
    return None


def _appointment(text: str, number: str, born: date, this_year: int, pppk_codes: Container[int]) -> Nip | Fault:
    appointed, code, sex, sequence = int(number[8:12]), int(number[12:14]), int(number[14]), int(number[15:])
    if not FIRST_YEAR <= appointed <= this_year + 1:
        return _fault(
            text, f"digits 9-12, {appointed}, are no year of appointment", f"from {FIRST_YEAR} to {this_year + 1}"
        )
    is_month = 1 <= code <= 12
    if not is_month and code not in pppk_codes:
        return _fault(
            text,
            f"digits 13-14, {number[12:14]}, are neither a month nor a code of PPPK",
            "01-12 for CPNS and PNS, 21 and above for PPPK",
        )
    if sex not in (1, 2):
        return _fault(text, f"digit 15 is {sex}", "1 for a man, 2 for a woman")
    if sequence == 0:
        return _fault(text, "digits 16-18 are 000", "the sequence begins with 001")
    return Nip(
        text=number,
        born=born,
        kind="pns" if is_month else "pppk",
        appointed_year=appointed,
        code=code,
        male=sex == 1,
        sequence=sequence,
        warnings=_warnings(born, appointed, code if is_month else 12),
    )


def _warnings(born: date, year: int, month: int) -> tuple[str, ...]:
    age = year - born.year - ((month, 1) < (born.month, born.day))
    return (f"age {age} at appointment: compare the birth date with the SK",) if age < ADULT_YEARS else ()


def _born(number: str) -> date | None:
    try:
        return date(int(number[:4]), int(number[4:6]), int(number[6:8]))
    except ValueError:
        return None


def _fault(value: str, message: str, remedy: str) -> Fault:
    return Fault(place="nip", message=message, remedy=remedy, value=value[:40])
