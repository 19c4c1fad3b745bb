"""A row of the office's table of circumstances, checked cell by cell."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter, ValidationError

from services.payroll.rules.facts import Exemption, Incident, Instalment, Penalty, Release
from shared.money import parse_percent, percent_text

COLUMNS = ("Jenis", "Kode", "Mulai", "Penetap", "Alasan")
OPTIONAL = ("NIP", "Unit", "Sampai", "Nilai", "Bulanan", "Hari", "Menit")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[ T]00:00:00)?")
_LOCAL = re.compile(r"([0-9]{1,2})[-/]([0-9]{1,2})[-/]([0-9]{4})")
_WHOLE = re.compile(r"[0-9]{1,9}")
_RUPIAH = re.compile(r"(?:Rp\.?\s*)?([0-9]{1,15}|[0-9]{1,3}(?:\.[0-9]{3}){1,4})(?:[,.]00)?")


class CircumstanceKind(StrEnum):
    """What a row says, in the office's words."""

    PENGECUALIAN = "pengecualian"  # exemption: Kode names what is covered
    HUKUMAN = "hukuman"  # disciplinary decision: Kode is its kind
    KEJADIAN = "kejadian"  # incident: Kode is its kind, Nilai rupiah or a percentage it states, Menit how long
    ANGSURAN = "angsuran"  # instalments: Kode is the kind (tgr), Bulanan the month's, Nilai the whole debt
    PELEPASAN = "pelepasan"  # release: Kode is the rule that held TPP back, Nilai one amount held by its id
    SKOR = "skor"  # score: Kode is its name, Nilai a percentage; of a person, a unit or the region
    JUMLAH = "jumlah"  # rupiah set for the person, by name
    TANDA = "tanda"  # flag such as tugas_belajar
    ATRIBUT = "atribut"  # attribute that conditions ask for: Kode is its name, Nilai its word
    PENILAIAN = "penilaian"  # rating in a word that no appraisal gives: Kode is its name, Nilai the word
    NILAI_JABATAN = "nilai_jabatan"  # points of a position: Kode is the position's code


@dataclass(frozen=True, slots=True)
class Circumstance:
    """One row, checked. `content` is plain data; without `valid_to` it lasts. Both days included."""

    kind: CircumstanceKind
    valid_from: date
    valid_to: date | None
    author: str
    reason: str
    content: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a row's cell, and what to do."""

    column: str
    message: str
    remedy: str


PERSONAL = frozenset(CircumstanceKind) - {
    CircumstanceKind.PENGECUALIAN,
    CircumstanceKind.SKOR,
    CircumstanceKind.ATRIBUT,
    CircumstanceKind.PENILAIAN,
    CircumstanceKind.NILAI_JABATAN,
}
"""The kinds that are about one person; the others may be about a unit or everybody."""


def circumstance_in(cells: Mapping[str, str]) -> Circumstance | tuple[Wrong, ...]:
    """The row's circumstance, or everything that is wrong with it."""
    wrong: list[Wrong] = []
    kind = _kind(cells.get("Jenis", ""), wrong)
    start = _day(cells, "Mulai", wrong, needed=True)
    end = _day(cells, "Sampai", wrong, needed=kind is CircumstanceKind.PENGECUALIAN)
    for column in ("Kode", "Penetap", "Alasan"):
        if not cells.get(column, ""):
            wrong.append(Wrong(column, "it is blank", "say it"))
    if kind in PERSONAL and not cells.get("NIP", ""):
        wrong.append(Wrong("NIP", f"{kind} is about one person", "give the NIP"))
    if start and end and end < start:
        wrong.append(Wrong("Sampai", "it ends before it begins", "exchange the days"))
    if wrong or kind is None or start is None:
        return tuple(wrong)
    author, reason = cells["Penetap"][:300], cells["Alasan"][:300]
    content = _CONTENTS[kind](_Row(cells, start, end, author, reason), wrong)
    return tuple(wrong) or Circumstance(kind, start, end, author, reason, content)


@dataclass(frozen=True, slots=True)
class _Row:
    cells: Mapping[str, str]
    start: date
    end: date | None
    author: str
    reason: str

    @property
    def code(self) -> str:
        return self.cells["Kode"].strip()

    @property
    def decided(self) -> dict[str, Any]:
        return {"author": self.author, "reason": self.reason}


def _kind(cell: str, wrong: list[Wrong]) -> CircumstanceKind | None:
    name = cell.strip().lower().replace(" ", "_")
    if name in set(CircumstanceKind):
        return CircumstanceKind(name)
    wrong.append(Wrong("Jenis", "there is no such kind", f"write one of {', '.join(CircumstanceKind)}"))
    return None


def _day(cells: Mapping[str, str], column: str, wrong: list[Wrong], *, needed: bool) -> date | None:
    cell = cells.get(column, "").strip()
    if not cell and not needed:
        return None
    iso, local = _ISO.fullmatch(cell), _LOCAL.fullmatch(cell)
    parts = iso.groups() if iso else tuple(reversed(local.groups())) if local else None
    try:
        found = date(*map(int, parts)) if parts else None
    except ValueError:
        found = None
    if found is None or not 1990 <= found.year < 2200:
        wrong.append(Wrong(column, "this is not a date", "write 2026-10-31 or 31-10-2026"))
    return found


def _rupiah(row: _Row, column: str, wrong: list[Wrong]) -> str:
    matched = _RUPIAH.fullmatch(row.cells.get(column, "").strip())
    if matched is None:
        wrong.append(Wrong(column, "this is not an amount in rupiah", "write whole rupiah, such as 500000"))
        return "0"
    return str(int(matched[1].replace(".", "")))


def _share(row: _Row, wrong: list[Wrong]) -> str:
    try:
        share = parse_percent(row.cells.get("Nilai", "").strip())
    except ValueError:
        wrong.append(Wrong("Nilai", "this is not a percentage", "write it with its sign, such as 80 %"))
        return "0 %"
    return percent_text(share.numerator, share.denominator)


def _whole(row: _Row, column: str, wrong: list[Wrong]) -> int | None:
    cell = row.cells.get(column, "").strip()
    if not cell:
        return None
    if not _WHOLE.fullmatch(cell):
        wrong.append(Wrong(column, "this is not a whole number", "write digits"))
        return None
    return int(cell)


def _checked(kind: Any, content: dict[str, Any], wrong: list[Wrong]) -> dict[str, Any]:
    """The content as the facts take it: the same check that a run's facts pass."""
    try:
        TypeAdapter(kind).validate_python({"id": "new"} | content)
    except ValidationError as error:
        for one in error.errors():
            wrong.append(Wrong("Kode", f"it does not fit: {one['msg']}", "see README: circumstances"))
    return content


def _exemption(row: _Row, wrong: list[Wrong]) -> dict[str, Any]:
    covers = [name.strip() for name in row.code.split(",")]
    days = _whole(row, "Hari", wrong)
    if days is None and any(name.startswith("part:") for name in covers):
        wrong.append(Wrong("Hari", "how many workdays of the part are exempted is not said", "give the workdays"))
    said = {"covers": covers, "start": f"{row.start}", "end": f"{row.end}"} | row.decided
    return _checked(Exemption, said if days is None else said | {"workdays": days}, wrong)


def _penalty(row: _Row, wrong: list[Wrong]) -> dict[str, Any]:
    said = {"kind": row.code, "effective_from": f"{row.start}"}
    return _checked(Penalty, said if row.end is None else said | {"effective_to": f"{row.end}"}, wrong)


def _incident(row: _Row, wrong: list[Wrong]) -> dict[str, Any]:
    said: dict[str, Any] = {"kind": row.code, "on": f"{row.start}"}
    if "%" in row.cells.get("Nilai", ""):
        said["percent"] = _share(row, wrong)
    elif row.cells.get("Nilai", ""):
        said["rupiah"] = _rupiah(row, "Nilai", wrong)
    for name, column in (("times", "Hari"), ("minutes", "Menit")):
        if (whole := _whole(row, column, wrong)) is not None:
            said[name] = whole
    return _checked(Incident, said, wrong)


def _instalment(row: _Row, wrong: list[Wrong]) -> dict[str, Any]:
    said = {"kind": row.code, "start": f"{row.start}", "monthly": _rupiah(row, "Bulanan", wrong)}
    return _checked(Instalment, said | {"total": _rupiah(row, "Nilai", wrong)} | row.decided, wrong)


def _release(row: _Row, wrong: list[Wrong]) -> dict[str, Any]:
    said = {"rule": row.code, "on": f"{row.start}"} | row.decided
    held = row.cells.get("Nilai", "").strip()
    return _checked(Release, said | {"held": held[:300]} if held else said, wrong)


def _word(row: _Row, wrong: list[Wrong]) -> dict[str, Any]:
    word = row.cells.get("Nilai", "").strip()
    if not word:
        wrong.append(Wrong("Nilai", "the word is missing", "write it as the policy document does"))
    return {"name": row.code, "word": word[:300]}


def _points(row: _Row, wrong: list[Wrong]) -> dict[str, Any]:
    points = _whole(row, "Nilai", wrong)
    if points is None:
        wrong.append(Wrong("Nilai", "the points are missing", "write a whole number"))
    return {"name": row.code, "points": points}


_CONTENTS: dict[CircumstanceKind, Callable[[_Row, list[Wrong]], dict[str, Any]]] = {
    CircumstanceKind.PENGECUALIAN: _exemption,
    CircumstanceKind.HUKUMAN: _penalty,
    CircumstanceKind.KEJADIAN: _incident,
    CircumstanceKind.ANGSURAN: _instalment,
    CircumstanceKind.PELEPASAN: _release,
    CircumstanceKind.SKOR: lambda row, wrong: {"name": row.code, "share": _share(row, wrong)},
    CircumstanceKind.JUMLAH: lambda row, wrong: {"name": row.code, "rupiah": _rupiah(row, "Nilai", wrong)},
    CircumstanceKind.TANDA: lambda row, wrong: {"name": row.code},
    CircumstanceKind.ATRIBUT: _word,
    CircumstanceKind.PENILAIAN: _word,
    CircumstanceKind.NILAI_JABATAN: _points,
}
