"""The header of a punch log in CSV: which column holds what, in the words that programs for machines write."""

import csv
from dataclasses import dataclass

_NAMES: dict[str, tuple[str, ...]] = {
    "pin": ("pin", "no. id", "no id", "no.id", "id", "user id", "userid", "user_id", "ac-no.", "ac-no", "emp no.",
            "no. pin", "no pin", "enroll id", "enrollnumber", "id pegawai"),
    "moment": ("datetime", "date/time", "date time", "tanggal/jam", "tgl/waktu", "tanggal waktu", "tanggal scan",
               "punch time", "scan time", "waktu scan", "timestamp", "checktime"),
    "day": ("date", "tanggal", "tgl"),
    "clock": ("time", "jam", "waktu", "scan"),
    "status": ("status", "state", "in/out", "io"),
    "verify": ("verify", "verifikasi", "verifycode", "verify code", "verifikasi kode"),
}  # fmt: skip
_DELIMITERS = (";", ",", "\t")


@dataclass(frozen=True, slots=True)
class Columns:
    """Places of the columns; `clock` is None where one column holds date and time. `least`: columns a row needs."""

    delimiter: str
    pin: int
    day: int
    clock: int | None
    status: int | None
    verify: int | None
    pin_name: str

    @property
    def least(self) -> int:
        return max(self.pin, self.day, self.clock or 0) + 1

    def pick(self, fields: list[str]) -> tuple[str, str, str]:
        """PIN, date and time of a row, as they are written."""
        if self.clock is not None:
            return fields[self.pin], fields[self.day], fields[self.clock]
        day, _, clock = fields[self.day].replace("T", " ", 1).partition(" ")
        return fields[self.pin], day, clock.strip()

    def status_of(self, fields: list[str]) -> str:
        return _at(fields, self.status)

    def verify_of(self, fields: list[str]) -> str:
        return _at(fields, self.verify)


def columns_of(line: str) -> Columns | None:
    """The columns a first line names; None where it is not a header but a punch, or something else."""
    for delimiter in _DELIMITERS:
        names = [name.lower() for name in fields_of(line, delimiter)]
        pin, moment, day, clock = (_find(names, what) for what in ("pin", "moment", "day", "clock"))
        if moment is None and day is None and clock is not None:
            moment, clock = clock, None  # a lone "time" holds the date as well
        if pin is None or (moment is None and (day is None or clock is None)):
            continue
        return Columns(
            delimiter=delimiter,
            pin=pin,
            day=moment if moment is not None else day or 0,
            clock=None if moment is not None else clock,
            status=_find(names, "status"),
            verify=_find(names, "verify"),
            pin_name=names[pin],
        )
    return None


def fields_of(line: str, delimiter: str) -> list[str]:
    """A row's fields without the blanks around them; a row that cannot be parted is one field."""
    try:
        return [field.strip() for field in next(csv.reader([line], delimiter=delimiter), [])]
    except csv.Error:
        return [line]


def _find(names: list[str], what: str) -> int | None:
    return next((place for place, name in enumerate(names) if name in _NAMES[what]), None)


def _at(fields: list[str], place: int | None) -> str:
    return fields[place] if place is not None and place < len(fields) else ""
