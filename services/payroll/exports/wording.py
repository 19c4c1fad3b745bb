"""Amounts, dates and months as Indonesian documents write them."""

from datetime import date, datetime

from num2words import num2words

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
_ZONES = {"Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}


def digits(amount: int) -> str:
    """1234567 as "1.234.567"."""
    return f"{amount:,}".replace(",", ".")


def rupiah(amount: int) -> str:
    """1234567 as "Rp 1.234.567", with a space that does not break."""
    return f"Rp\u00a0{digits(amount)}"


def in_words(amount: int) -> str:
    """An amount as treasurers sign it: "Satu juta dua ratus ribu rupiah"."""
    said = " ".join(num2words(abs(amount), lang="id").split())
    return f"{'minus ' if amount < 0 else ''}{said} rupiah".capitalize()


def day(of: date) -> str:
    """2026-10-05 as "5 Oktober 2026"."""
    return f"{of.day} {MONTHS[of.month - 1]} {of.year}"


def month(code: str) -> str:
    """2026-10 as "Oktober 2026"."""
    year, number = code.split("-")
    return f"{MONTHS[int(number) - 1]} {year}"


def moment(at: datetime) -> str:
    """A moment of a region's own time: "5 Oktober 2026 pukul 14.03 WIB"."""
    zone = _ZONES.get(str(at.tzinfo), at.strftime("%Z"))
    return f"{day(at)} pukul {at:%H.%M} {zone}"
