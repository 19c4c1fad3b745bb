"""The columns of an office's lists: the names they go by, in any order, and what a row of each list says."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from services.identity.rules import fields
from services.identity.rules.fields import Wrong
from shared.errors import Fault
from shared.nip import check_nip
from shared.words import AssignmentKind, JenisJabatan, StatusAsn, UnitKind

T = TypeVar("T")
LONGEST_TEXT = 200

_UNTIL = ("berlakusampai", "sampai", "tanggalselesai")
_SINCE = ("berlakusejak", "mulai", "sejak", "tmt")

UNIT_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "code": ("kodeunit", "kode", "kodeunor"),
    "name": ("namaunit", "nama", "unit", "unitkerja", "unor"),
    "kind": ("jenisunit", "jenis"),
    "parent": ("kodeinduk", "induk", "unitinduk"),
    "since": _SINCE,
    "until": _UNTIL,
}
POSITION_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "code": ("kodejabatan", "kode"),
    "name": ("namajabatan", "nama", "jabatan"),
    "jenis": ("jenisjabatan", "jenis"),
    "kelas": ("kelasjabatan", "kelas"),
    "unit": ("kodeunit", "unit", "namaunit", "unitkerja"),
    "superior": ("kodeatasan", "atasan", "jabatanatasan"),
    "eselon": ("eselon",),
    "since": _SINCE,
    "until": _UNTIL,
}
EMPLOYEE_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "nip": ("nip", "nippppk", "nipnipppk", "nipbaru"),
    "old_nip": ("nipsebelumnya", "niplama18digit"),
    "name": ("nama", "namalengkap", "namapegawai"),
    "born": ("tanggallahir", "tgllahir"),
    "status": ("status", "statusasn", "statuspegawai", "statuskepegawaian"),
    "golongan": ("golongan", "gol", "golonganruang", "golruang", "pangkatgolongan"),
    "golongan_since": ("tmtgolongan", "tmtpangkat", "tmtgol"),
    "ptkp": ("ptkp", "statusptkp", "statuspajak"),
    "npwp": ("npwp", "nonpwp", "nomornpwp"),
    "nik": ("nik", "noktp", "nomorktp"),
    "address": ("alamat", "alamatrumah", "alamatlengkap"),
    "masa_kerja": ("masakerjagolongan", "mkg", "masakerjagol"),
    "masa_kerja_on": ("tanggalmkg", "mkgpertanggal", "masakerjapertanggal"),
    "bank_code": ("kodebank",),
    "bank_name": ("bank", "namabank"),
    "account": ("rekening", "norekening", "nomorrekening", "norek"),
    "holder": ("namarekening", "atasnama", "namapemilikrekening"),
    "position_code": ("kodejabatan",),
    "position_name": ("jabatan", "namajabatan"),
    "jenis": ("jenisjabatan",),
    "kelas": ("kelas", "kelasjabatan"),
    "unit": ("unit", "unitkerja", "kodeunit", "namaunit", "unor"),
    "superior": ("atasan", "nipatasan", "atasanlangsung", "kodeatasan"),
    "kind": ("jenispenugasan", "penugasan"),
    "since": ("tmtjabatan", *_SINCE),
    "until": _UNTIL,
}


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it stands in the list: its number there, and its cells by field; empty cells are left out."""

    number: int
    cells: Mapping[str, str]
    headers: Mapping[str, str] = field(default_factory=dict)  # the office's own name of a field's column

    def column(self, name: str) -> str:
        return self.headers.get(name, name)


@dataclass(frozen=True, slots=True)
class UnitLine:
    row: Row
    code: str
    name: str
    kind: UnitKind
    parent: str | None
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class PositionLine:
    row: Row
    code: str
    name: str
    jenis: JenisJabatan
    kelas: int
    unit: str
    superior: str | None
    eselon: str | None
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class EmployeeLine:
    """What is None was not said, and stays as it is."""

    row: Row
    nip: str
    born: date
    old_nip: str | None
    name: str | None
    status: StatusAsn | None
    golongan: str | None
    golongan_since: date | None
    ptkp: str | None
    npwp: str | None
    nik: str | None
    address: str | None
    masa_kerja: tuple[int, int] | None
    masa_kerja_on: date | None
    bank_code: str | None
    bank_name: str | None
    account: str | None
    holder: str | None
    position_code: str | None
    position_name: str | None
    jenis: JenisJabatan | None
    kelas: int | None
    unit: str | None
    superior: str | None
    kind: AssignmentKind
    since: date | None
    until: date | None
    notices: tuple[Fault, ...] = ()


class Cells:
    """Reads a row's cells one by one, and collects what is wrong with them."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.faults: list[Fault] = []

    def optional(self, name: str, rule: Callable[[str], T]) -> T | None:
        text = self.row.cells.get(name)
        if text is None:
            return None
        try:
            return rule(text)
        except Wrong as wrong:
            self.wrong(name, wrong.message, wrong.remedy)
            return None

    def needed(self, name: str, rule: Callable[[str], T], instead: T) -> T:
        """The value, or `instead` with a fault; the line is then thrown away."""
        if name not in self.row.cells:
            self.wrong(name, "is empty", "fill it in: every row needs it")
            return instead
        read = self.optional(name, rule)
        return instead if read is None else read

    def wrong(self, name: str, message: str, remedy: str) -> None:
        self.faults.append(fault(self.row, name, message, remedy))


def fault(row: Row, name: str, message: str, remedy: str) -> Fault:
    """What is wrong in one cell: row and column as the office sees them, the value, and what to do."""
    value = row.cells.get(name)
    return Fault(row.column(name), message, remedy, value[:80] if value is not None else None, row.number)


def unit_line(row: Row) -> UnitLine | list[Fault]:
    cells = Cells(row)
    line = UnitLine(
        row=row,
        code=cells.needed("code", _code, ""),
        name=cells.needed("name", _text, ""),
        kind=cells.needed("kind", fields.unit_kind, UnitKind.OPD),
        parent=cells.optional("parent", _text),
        since=cells.optional("since", fields.day),
        until=cells.optional("until", fields.day),
    )
    return cells.faults or line


def position_line(row: Row) -> PositionLine | list[Fault]:
    cells = Cells(row)
    line = PositionLine(
        row=row,
        code=cells.needed("code", _code, ""),
        name=cells.needed("name", _text, ""),
        jenis=cells.needed("jenis", fields.jenis_jabatan, JenisJabatan.PELAKSANA),
        kelas=cells.needed("kelas", fields.kelas_jabatan, 1),
        unit=cells.needed("unit", _text, ""),
        superior=cells.optional("superior", _text),
        eselon=cells.optional("eselon", _eselon),
        since=cells.optional("since", fields.day),
        until=cells.optional("until", fields.day),
    )
    return cells.faults or line


def employee_line(row: Row) -> EmployeeLine | list[Fault]:
    cells = Cells(row)
    checked = check_nip(row.cells.get("nip", ""))
    warnings: tuple[str, ...] = ()
    if isinstance(checked, Fault):
        cells.wrong("nip", checked.message, checked.remedy)
        nip, born = "", date.min
    else:
        nip, born, warnings = checked.text, checked.born, checked.warnings
    status = cells.optional("status", fields.status_asn)
    line = EmployeeLine(
        row=row,
        nip=nip,
        born=born,
        old_nip=cells.optional("old_nip", _nip),
        name=cells.optional("name", _text),
        status=status,
        golongan=cells.optional("golongan", lambda text: fields.golongan(status, text) if status else text),
        golongan_since=cells.optional("golongan_since", fields.day),
        ptkp=cells.optional("ptkp", fields.ptkp),
        npwp=cells.optional("npwp", fields.npwp),
        nik=cells.optional("nik", fields.nik),
        address=cells.optional("address", fields.address),
        masa_kerja=cells.optional("masa_kerja", fields.masa_kerja),
        masa_kerja_on=cells.optional("masa_kerja_on", fields.day),
        bank_code=cells.optional("bank_code", _bank_code),
        bank_name=cells.optional("bank_name", _text),
        account=cells.optional("account", fields.account_number),
        holder=cells.optional("holder", _text),
        position_code=cells.optional("position_code", _code),
        position_name=cells.optional("position_name", _text),
        jenis=cells.optional("jenis", fields.jenis_jabatan),
        kelas=cells.optional("kelas", fields.kelas_jabatan),
        unit=cells.optional("unit", _text),
        superior=cells.optional("superior", _text),
        kind=cells.optional("kind", _kind) or AssignmentKind.DEFINITIF,
        since=cells.optional("since", fields.day),
        until=cells.optional("until", fields.day),
        notices=tuple(fault(row, "nip", warning, "nothing needs to be done if it is right") for warning in warnings),
    )
    stated = cells.optional("born", fields.day)
    if stated is not None and nip and stated != born:
        cells.wrong("born", f"the NIP tells of a birth on {born}", "compare both with the SK")
    return cells.faults or line


def _nip(text: str) -> str:
    checked = check_nip(text)
    if isinstance(checked, Fault):
        raise Wrong(checked.message, checked.remedy)
    return checked.text


def _text(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise Wrong(f"is longer than {LONGEST_TEXT} characters", "shorten it")
    return text


def _code(text: str) -> str:
    if not re.fullmatch(r"[0-9A-Za-z][0-9A-Za-z ./_-]{0,119}", text):
        raise Wrong(f"{text!r} is no code", "letters, digits, and . / _ - between them, 120 at most")
    return text


def _eselon(text: str) -> str:
    if not re.fullmatch(r"(I|II|III|IV|V)(\.[ab])?", text):
        raise Wrong(f"{text!r} is no eselon", "write it as II.a; leave it empty for posts without one")
    return text


def _bank_code(text: str) -> str:
    if not re.fullmatch(r"[0-9A-Za-z]{2,11}", text):
        raise Wrong(f"{text!r} is no bank code", "2 to 11 letters or digits, as 014")
    return text


def _kind(text: str) -> AssignmentKind:
    bare = text.casefold().rstrip(".")
    if bare not in set(AssignmentKind):
        raise Wrong(f"{text!r} is no kind of assignment", "definitif, Plt or Plh")
    return AssignmentKind(bare)
