"""The values an office writes in its lists, read into ours; each says what is wrong and what to do."""

import re
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import TypeVar

from shared.words import JenisJabatan, StatusAsn, UnitKind

Word = TypeVar("Word", bound=StrEnum)

LONGEST_ADDRESS = 300
MOST_YEARS = 60  # of masa kerja golongan
FIRST_DAY, LAST_DAY = date(1945, 8, 17), date(2199, 12, 31)

_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV", "XVI", "XVII")
# PP 11/2017: seventeen steps; only golongan IV has an e
GOLONGAN_PNS = tuple(
    f"{roman}/{step}" for roman in ("I", "II", "III", "IV") for step in ("abcde" if roman == "IV" else "abcd")
)
GOLONGAN_PPPK = _ROMAN  # Perpres 98/2020: I to XVII, without names; PPPK "IV" is not PNS "IV"
PTKP = ("TK/0", "TK/1", "TK/2", "TK/3", "K/0", "K/1", "K/2", "K/3")

_STATUS = {
    "cpns": StatusAsn.CPNS,
    "pns": StatusAsn.PNS,
    "pppk": StatusAsn.PPPK,
    "p3k": StatusAsn.PPPK,
    "pppkpenuhwaktu": StatusAsn.PPPK,
    "pppkparuhwaktu": StatusAsn.PPPK_PARUH_WAKTU,
    "pppkpw": StatusAsn.PPPK_PARUH_WAKTU,
}
_JENIS = {
    "jptutama": JenisJabatan.JPT_UTAMA,
    "jptmadya": JenisJabatan.JPT_MADYA,
    "jptpratama": JenisJabatan.JPT_PRATAMA,
    "administrator": JenisJabatan.ADMINISTRATOR,
    "pengawas": JenisJabatan.PENGAWAS,
    "pelaksana": JenisJabatan.PELAKSANA,
    "jfkeahlian": JenisJabatan.JF_KEAHLIAN,
    "fungsionalkeahlian": JenisJabatan.JF_KEAHLIAN,
    "jfahli": JenisJabatan.JF_KEAHLIAN,
    "jfketerampilan": JenisJabatan.JF_KETERAMPILAN,
    "fungsionalketerampilan": JenisJabatan.JF_KETERAMPILAN,
    "jfterampil": JenisJabatan.JF_KETERAMPILAN,
}
_UNIT = {
    "opd": UnitKind.OPD,
    "skpd": UnitKind.OPD,
    "dinas": UnitKind.OPD,
    "badan": UnitKind.OPD,
    "upt": UnitKind.UPT,
    "uptd": UnitKind.UPT,
    "korwil": UnitKind.KORWIL,
    "bagian": UnitKind.BAGIAN,
    "bidang": UnitKind.BAGIAN,
    "seksi": UnitKind.BAGIAN,
    "subbagian": UnitKind.BAGIAN,
}
_MASA_KERJA = re.compile(
    r"([0-9]{1,2})(?:\s*(?:tahun|thn\.?|th\.?))?(?:(?:\s*[/,]\s*|\s+)([0-9]{1,2})(?:\s*(?:bulan|bln\.?|bl\.?))?)?",
    re.ASCII,
)
_DAY_FORMS = ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S")


class Wrong(ValueError):
    """A value that cannot be used: what is wrong, and what to do."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(f"{message}: {remedy}")
        self.message = message
        self.remedy = remedy


def status_asn(text: str) -> StatusAsn:
    return _word(text, _STATUS, "status", "CPNS, PNS, PPPK or PPPK Paruh Waktu")


def jenis_jabatan(text: str) -> JenisJabatan:
    return _word(text, _JENIS, "jenis jabatan", ", ".join(JenisJabatan))


def unit_kind(text: str) -> UnitKind:
    return _word(text, _UNIT, "kind of unit", "opd, upt, korwil or bagian")


def golongan(status: StatusAsn, text: str) -> str:
    """In the one form events carry: III/c for CPNS and PNS, IX for PPPK."""
    bare = re.sub(r"[\s./-]+", "", text).upper()
    if status in (StatusAsn.CPNS, StatusAsn.PNS):
        known = {step.replace("/", "").upper(): step for step in GOLONGAN_PNS}
        if bare not in known:
            raise Wrong(
                f"{text!r} is no golongan of a {status}", "I/a to I/d, II/a to II/d, III/a to III/d, IV/a to IV/e"
            )
        return known[bare]
    if bare not in GOLONGAN_PPPK:
        raise Wrong(f"{text!r} is no golongan of a PPPK", "I to XVII, without a letter")
    return bare


def kelas_jabatan(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,2}", text.strip()) or not 1 <= int(text) <= 17:
        raise Wrong(f"kelas jabatan {text!r} does not exist", "a whole number from 1 to 17")
    return int(text)


def ptkp(text: str) -> str:
    """Tax status, PMK 101/2016: TK or K, with 0 to 3 dependants."""
    known = {status.replace("/", ""): status for status in PTKP}
    bare = re.sub(r"[\s/.-]+", "", text).upper()
    if bare not in known:
        raise Wrong(f"{text!r} is no PTKP status", "TK/0 to TK/3 or K/0 to K/3")
    return known[bare]


def npwp(text: str) -> str:
    """15 digits (old) or 16 (PMK 112/2022: the NIK)."""
    return _digits(text, "NPWP", (15, 16), "15 or 16 digits")


def nik(text: str) -> str:
    return _digits(text, "NIK", (16,), "16 digits; format the column as text, a spreadsheet rounds them otherwise")


def address(text: str) -> str:
    if len(text) > LONGEST_ADDRESS:
        raise Wrong(f"is longer than {LONGEST_ADDRESS} characters", "shorten it")
    return text


def masa_kerja(text: str) -> tuple[int, int]:
    """Masa kerja golongan: whole years, and months beyond them."""
    read = _MASA_KERJA.fullmatch(text.strip().casefold())
    years, months = (int(read[1]), int(read[2] or 0)) if read else (0, 12)
    if months > 11 or years > MOST_YEARS:
        raise Wrong(f"{text!r} is no masa kerja golongan", "write it as 10 tahun 3 bulan, or 10/3; months from 0 to 11")
    return years, months


def account_number(text: str) -> str:
    return _digits(text, "bank account number", range(5, 21), "5 to 20 digits; format the column as text")


def day(text: str) -> date:
    """A day in the ways an office writes it: 2026-03-01, 01-03-2026, 01/03/2026."""
    for form in _DAY_FORMS:
        try:
            read = datetime.strptime(text.strip(), form).replace(tzinfo=UTC).date()
        except ValueError:
            continue
        if FIRST_DAY <= read <= LAST_DAY:
            return read
    raise Wrong(f"{text!r} is no day", "write it as 2026-03-01 or 01-03-2026")


def _digits(text: str, what: str, lengths: "tuple[int, ...] | range", remedy: str) -> str:
    bare = re.sub(r"[\s.,'-]+", "", text)
    if not re.fullmatch(r"[0-9]+", bare) or len(bare) not in lengths:
        raise Wrong(f"{text!r} is no {what}", remedy)
    return bare


def _word(text: str, known: dict[str, Word], what: str, remedy: str) -> Word:
    found = known.get(re.sub(r"[^a-z0-9]", "", text.casefold()))
    if found is None:
        raise Wrong(f"{text!r} is no {what}", remedy)
    return found
