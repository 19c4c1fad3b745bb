"""Amounts, dates and months as Indonesian documents write them."""

import re

from num2words import num2words

from shared.money import digits

MONTHS = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)
KINDS = {
    "induk": "Induk",
    "susulan": "Susulan",
    "kekurangan": "Kekurangan",
    "terusan": "Terusan",
    "thr": "THR",
    "tpp13": "TPP ke-13",
}
# the library has "satu ribu" after millions, where the language has "seribu" as at the beginning
_ONE_THOUSAND = re.compile(r"\b(juta|miliar|triliun) satu ribu\b")


def rupiah(amount: int) -> str:
    """1234567 as "Rp 1.234.567", with a space that does not break."""
    return f"Rp\u00a0{digits(amount)}"


def in_words(amount: int) -> str:
    """An amount as treasurers sign it: "Satu juta dua ratus ribu rupiah"."""
    said = _ONE_THOUSAND.sub(r"\1 seribu", " ".join(num2words(abs(amount), lang="id").split()))
    return f"{'minus ' if amount < 0 else ''}{said} rupiah".capitalize()


def month(code: str) -> str:
    """2026-10 as "Oktober 2026"."""
    year, number = code.split("-")
    return f"{MONTHS[int(number) - 1]} {year}"
