"""Masa kerja golongan on a day: what was stated of another day, counted on by whole months."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any


def masa_kerja_on(stated: Mapping[str, Any] | None, statuses: Sequence[Mapping[str, Any]], day: date) -> str:
    """In words, as "10 tahun 3 bulan"; empty where it is not known. `stated`, `statuses`: as identity states them.

    The decision that gives another golongan group, or makes a PPPK a PNS, sets it anew: what was stated before that
    day is not counted over it. Nor is it counted back.
    """
    if not stated:
        return ""
    since = date.fromisoformat(stated["on"])
    if since > day or _group(statuses, since) != _group(statuses, day):
        return ""
    whole = (day.year - since.year) * 12 + day.month - since.month - (day.day < since.day)
    years, months = divmod(int(stated["years"]) * 12 + int(stated["months"]) + max(0, whole), 12)
    return f"{years} tahun {months} bulan"


def _group(statuses: Sequence[Mapping[str, Any]], day: date) -> tuple[bool, str]:
    """Whether as PPPK, and the golongan without its ruang, on a day; before the first status, that one."""
    in_order = sorted(statuses, key=lambda one: str(one["valid_from"]))
    begun = [one for one in in_order if str(one["valid_from"]) <= day.isoformat()] or in_order[:1]
    if not begun:
        return False, ""
    return str(begun[-1]["status_asn"]).startswith("PPPK"), str(begun[-1]["golongan"]).partition("/")[0]
