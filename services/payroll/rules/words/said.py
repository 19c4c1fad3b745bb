"""A sentence in both languages, and how an amount is printed."""

from collections.abc import Callable, Mapping
from typing import Any, Literal, NamedTuple

from shared.money import digits

Language = Literal["id", "en"]


class Said(NamedTuple):
    """One sentence in both languages."""

    id: str
    en: str

    def in_(self, language: Language) -> str:
        """In one of the two."""
        return self.id if language == "id" else self.en


def rupiah(amount: str | int) -> str:
    """An amount as it is printed: "Rp 3.748.000"; a base that is no whole rupiah keeps its fraction."""
    text = str(amount)
    whole, slash, rest = text.partition("/")
    return "Rp " + digits(int(whole)) + slash + rest


Given = Mapping[str, Any]
"""The numbers that a line or a result keeps."""
Sayer = Callable[[Given], Said]
