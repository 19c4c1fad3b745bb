"""How ratings and predikat are spelt in other applications' sheets, and what they mean here."""

import re
from collections.abc import Mapping
from typing import TypeVar

from shared.words import Predikat, Rating

Word = TypeVar("Word", Predikat, Rating)

_NOT_A_LETTER = re.compile(r"[^a-z]")

# domain facts 2.4: "Cukup" is the older word for "Butuh Perbaikan"; "misconduct" stands with "Kurang"
_PREDIKAT = {
    "sangatbaik": Predikat.SANGAT_BAIK,
    "baik": Predikat.BAIK,
    "butuhperbaikan": Predikat.BUTUH_PERBAIKAN,
    "cukup": Predikat.BUTUH_PERBAIKAN,
    "cukupbutuhperbaikan": Predikat.BUTUH_PERBAIKAN,
    "butuhperbaikancukup": Predikat.BUTUH_PERBAIKAN,
    "kurang": Predikat.KURANG,
    "kurangmisconduct": Predikat.KURANG,
    "misconduct": Predikat.KURANG,
    "sangatkurang": Predikat.SANGAT_KURANG,
}
_RATING = {
    "diatasekspektasi": Rating.DI_ATAS,
    "diatas": Rating.DI_ATAS,
    "sesuaiekspektasi": Rating.SESUAI,
    "sesuai": Rating.SESUAI,
    "dibawahekspektasi": Rating.DI_BAWAH,
    "dibawah": Rating.DI_BAWAH,
}


def predikat_named(text: str) -> Predikat:
    """The predikat a sheet means, whatever its case, spaces and brackets. Raises ValueError, naming those there are."""
    return _named(_PREDIKAT, text, "predikat: sangat baik, baik, butuh perbaikan (cukup), kurang, sangat kurang")


def rating_named(text: str) -> Rating:
    """The rating a sheet means. Raises ValueError, naming those there are."""
    return _named(_RATING, text, "rating: di atas ekspektasi, sesuai ekspektasi, di bawah ekspektasi")


def _named(words: Mapping[str, Word], text: str, known: str) -> Word:
    found = words.get(_NOT_A_LETTER.sub("", text.casefold()))
    if found is None:
        raise ValueError(f"is no {known}")
    return found
