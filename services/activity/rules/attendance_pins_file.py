"""Reading the list of whose machines' numbers are, as CSV: serial, pin, nip, from, to. Never raises on its content."""

from dataclasses import dataclass
from datetime import date
from re import ASCII, compile

from services.activity.rules.attendance_csv import fields_of
from services.activity.rules.attendance_pins import plain_pin
from shared.errors import Fault

_NAMES: dict[str, tuple[str, ...]] = {
    "serial": ("serial", "sn", "mesin", "no. seri", "nomor seri"),
    "pin": ("pin", "no. id", "no id", "id", "user id"),
    "nip": ("nip",),
    "valid_from": ("valid_from", "from", "mulai", "tmt", "berlaku mulai"),
    "valid_to": ("valid_to", "to", "sampai", "berlaku sampai"),
}
_REQUIRED = ("serial", "pin", "nip", "valid_from")
_PIN = compile(r"[0-9A-Za-z]{1,24}", ASCII)
_SERIAL = compile(r"[0-9A-Za-z._-]{1,40}", ASCII)
_NIP = compile(r"\d{18}", ASCII)
MOST_ROWS = 100_000


@dataclass(frozen=True, slots=True)
class PinLine:
    """A row of the list; `row` counts lines of the file from 1."""

    row: int
    serial: str
    pin: str
    nip: str
    valid_from: date
    valid_to: date | None


def read_pins(content: bytes) -> tuple[tuple[PinLine, ...], tuple[Fault, ...]]:
    """The rows that can be used, and a fault for each thing wrong in the others."""
    lines = content.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    delimiter = ";" if ";" in lines[0] else "\t" if "\t" in lines[0] else ","
    names = [name.lower() for name in fields_of(lines[0], delimiter)]
    places = {what: place for what, words in _NAMES.items() for place, name in enumerate(names) if name in words}
    missing = [what for what in _REQUIRED if what not in places]
    if missing:
        remedy = f"name the columns {', '.join(_REQUIRED)} and, where it ends, valid_to in the first line"
        return (), (Fault("header", f"column {missing[0]} is missing", remedy, lines[0][:200], 1),)
    if len(lines) > MOST_ROWS:
        return (), (Fault("file", f"{len(lines)} rows", f"send at most {MOST_ROWS} rows at once"),)
    good: list[PinLine] = []
    faults: list[Fault] = []
    for row, line in enumerate(lines[1:], start=2):
        if line.strip():
            fields = fields_of(line, delimiter)
            _read(row, {what: _at(fields, place) for what, place in places.items()}, good, faults)
    return tuple(good), tuple(faults)


def _read(row: int, given: dict[str, str], good: list[PinLine], faults: list[Fault]) -> None:
    found = [
        Fault(what, message, remedy, given[what][:200], row)
        for what, form, message, remedy in (
            ("serial", _SERIAL, "not a machine's serial", "copy it from the machine's label"),
            ("pin", _PIN, "not a machine's number", "give digits or letters"),
            ("nip", _NIP, "not a NIP", "a NIP has 18 digits; in a spreadsheet format the column as text"),
        )
        if not form.fullmatch(given[what])
    ]
    valid_from, valid_to = _date(given["valid_from"]), _date(given.get("valid_to", ""))
    if valid_from is None:
        found.append(Fault("valid_from", "not a date", "write it as YYYY-MM-DD", given["valid_from"][:200], row))
    if given.get("valid_to") and (valid_to is None or (valid_from is not None and valid_to < valid_from)):
        found.append(
            Fault("valid_to", "not a date from valid_from on", "write it as YYYY-MM-DD", given["valid_to"][:200], row)
        )
    faults.extend(found)
    if not found and valid_from is not None:
        good.append(PinLine(row, given["serial"], plain_pin(given["pin"]), given["nip"], valid_from, valid_to))


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _at(fields: list[str], place: int) -> str:
    return fields[place].replace("\0", "") if place < len(fields) else ""
