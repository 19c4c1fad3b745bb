"""What a password must be. ASVS 5.0, 6.2: length and no common words; no composition rules, no forced changes."""

import re
from itertools import pairwise

from services.identity.rules.common_words import COMMON_WORDS

SHORTEST, LONGEST = 12, 128
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz", "01234567890123456789")
_LEET = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"})


def weakness(password: str, personal: tuple[str, ...] = ()) -> str | None:
    """Why a password is refused, in the user's terms; None for a good one. `personal`: NIP, names, login."""
    if not SHORTEST <= len(password) <= LONGEST:
        return f"a password has {SHORTEST} to {LONGEST} characters; a sentence of a few words is good"
    folded = password.casefold()
    if len(set(folded)) < 5:
        return "it repeats the same few characters: take a sentence of a few words"
    if _mostly_rows(folded):
        return "it runs along the keyboard or counts up: take a sentence of a few words"
    if any(part in folded for name in personal for part in _parts(name)):
        return "it holds your own name or number, which others know: take other words"
    if any(_only_common(form) for form in (folded, folded.translate(_LEET))):
        return "it is made of words that everybody tries first: add words of your own"
    return None


def _mostly_rows(text: str) -> bool:
    """Whether most neighbours stand beside each other on a keyboard row, in the alphabet or in counting."""
    neighbours = [any(a + b in row or b + a in row for row in _ROWS) for a, b in pairwise(text)]
    return sum(neighbours) >= 0.75 * len(neighbours)


def _parts(name: str) -> list[str]:
    return [part for part in re.split(r"[^a-z0-9]+", name.casefold()) if len(part) >= 5]


def _only_common(text: str) -> bool:
    """Whether the letters are common words one after another, whatever digits and signs stand between."""
    chunks = [chunk for chunk in re.split(r"[^a-z]+", text) if chunk]
    return all(_splits(chunk) for chunk in chunks) and sum(map(len, chunks)) < 24


def _splits(letters: str) -> bool:
    reached = {0}
    for end in range(1, len(letters) + 1):
        if any(start in reached and letters[start:end] in COMMON_WORDS for start in range(end)):
            reached.add(end)
    return len(letters) in reached or len(letters) <= 2
