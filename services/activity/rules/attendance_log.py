"""Reading the log of a fingerprint machine: attlog.dat in its variants, and CSV. Never raises on what a file holds."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain, islice
from zoneinfo import ZoneInfo

from services.activity.rules.attendance_csv import Columns, columns_of, fields_of
from services.activity.rules.attendance_pins import plain_pin
from shared.errors import Fault

MOST_COLUMNS = 10  # firmwares write 6 to 10; more is two lines run together
CLOCK_TOLERANCE = timedelta(minutes=5)
FIRST_YEAR = 2015  # a machine whose battery failed starts anew at 2000 or 2010
SHOWN = 200  # characters of a line that are told back

# PIN, date, time, then what the firmware adds; separated by tabs, commas, semicolons or blanks
_LINE = re.compile(
    r"\s*(?P<pin>[0-9A-Za-z]{1,24})[\t ]*[\t ,;][\t ]*"
    r"(?P<date>\d{4}[-/]\d{1,2}[-/]\d{1,2})[\t ,;T]+"
    r"(?P<time>\d{1,2}:\d{2}(?::\d{2})?)"
    r"(?:(?P<rest>[\t ,;].*))?\s*",
    re.ASCII,
)
_LINE_END = re.compile(r"\r\n|\n|\r")
_DATE_PARTS = re.compile("[-/]")
_CODE = re.compile(r"\d{1,3}", re.ASCII)
_PIN = re.compile(r"[0-9A-Za-z]{1,24}", re.ASCII)
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", re.ASCII)
_TIME = re.compile(r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?", re.ASCII)

_FORM = "a line is: PIN, date as YYYY-MM-DD, time as HH:MM:SS, status, verify code; see the machine's own file"


@dataclass(frozen=True, slots=True)
class Punch:
    """A finger on a machine: its own number for the person, the moment in UTC, and the codes it wrote.

    Status: 0 in, 1 out, 2 break out, 3 break in, 4 and 5 overtime. Verify: 0 password, 1 finger, 2 or 4 card, 15 face.
    """

    pin: str
    at: datetime
    status: int | None
    verify: int | None


@dataclass(frozen=True, slots=True)
class LogRead:
    """What a file holds: each punch once, a fault for every line that is none, and the count of lines not blank."""

    punches: tuple[Punch, ...]
    faults: tuple[Fault, ...]
    lines: int


class _Unreadable(ValueError):
    """Why a line cannot be used, and what to do."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


def read_log(content: bytes, zone: str, now: datetime) -> LogRead:
    """The punches of a machine's file; `zone` is the machine's. A punch later than `now` is refused by its line."""
    parts = list(read_parts(content, zone, now))
    punches: dict[tuple[str, datetime], Punch] = {}
    for part in parts:
        for punch in part.punches:
            punches.setdefault((punch.pin, punch.at), punch)
    faults = tuple(fault for part in parts for fault in part.faults)
    return LogRead(tuple(punches.values()), faults, sum(part.lines for part in parts))


def read_parts(content: bytes, zone: str, now: datetime, *, size: int = 25_000) -> Iterator[LogRead]:
    """As read_log, in parts of so many lines, so that a month of a region is never in memory at once."""
    offset = ZoneInfo(zone).utcoffset(now.replace(tzinfo=None)) or timedelta()  # no zone here has summer time
    lines = _lines(content)
    first = next(lines, None)
    if first is None:
        return
    columns = columns_of(first[1])
    parse = _csv_parser(columns, offset) if columns else _attlog_parser(offset)
    rows = lines if columns else chain((first,), lines)
    while part := list(islice(rows, size)):
        yield _read(part, parse, now + CLOCK_TOLERANCE)


def _read(lines: Sequence[tuple[int, str]], parse: Callable[[str], Punch], latest: datetime) -> LogRead:
    punches: dict[tuple[str, datetime], Punch] = {}
    faults: list[Fault] = []
    for number, line in lines:
        try:
            punch = parse(line)
            _check_clock(punch.at, latest)
            punches.setdefault((punch.pin, punch.at), punch)
        except _Unreadable as error:
            faults.append(Fault(f"line {number}", error.message, error.remedy, line[:SHOWN], number))
    return LogRead(tuple(punches.values()), tuple(faults), len(lines))


def _lines(content: bytes) -> Iterator[tuple[int, str]]:
    """Lines that are not blank, with their numbers from 1; whatever the encoding, no byte is an error."""
    for number, line in enumerate(_LINE_END.split(_text(content)), start=1):
        if line.strip("\x00\x1a \t"):
            yield number, line.strip("\x00\x1a")


def _text(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    return content.decode("utf-8-sig", "replace")


def _attlog_parser(offset: timedelta) -> Callable[[str], Punch]:
    def parse(line: str) -> Punch:
        found = _LINE.fullmatch(line)
        if found is None:
            raise _Unreadable("this is not a punch", _FORM)
        status, verify = _codes(found["rest"] or "")
        year, month, day = _DATE_PARTS.split(found["date"])
        return Punch(plain_pin(found["pin"]), _moment(year, month, day, found["time"], offset), status, verify)

    return parse


def _csv_parser(columns: Columns, offset: timedelta) -> Callable[[str], Punch]:
    def parse(line: str) -> Punch:
        fields = fields_of(line, columns.delimiter)
        if len(fields) < columns.least:
            raise _Unreadable(
                f"{len(fields)} columns where the header has at least {columns.least}",
                "give every row the header's columns",
            )
        pin, day, clock = columns.pick(fields)
        if not _PIN.fullmatch(pin):
            raise _Unreadable(
                f"column {columns.pin_name} is {pin[:40]!r}, not a machine's number", "give digits or letters"
            )
        parts = _day_of(day)
        return Punch(
            plain_pin(pin),
            _moment(*parts, clock, offset),
            _optional_code(columns.status_of(fields)),
            _optional_code(columns.verify_of(fields)),
        )

    return parse


def _day_of(text: str) -> tuple[str, str, str]:
    if found := _ISO.fullmatch(text):
        return found[1], found[2], found[3]
    if found := _DAY_FIRST.fullmatch(text):
        return found[3], found[2], found[1]
    raise _Unreadable(f"{text[:40]!r} is not a date", "write dates as YYYY-MM-DD or DD/MM/YYYY")


def _moment(year: str, month: str, day: str, clock: str, offset: timedelta) -> datetime:
    found = _TIME.fullmatch(clock)
    if found is None:
        raise _Unreadable(f"{clock[:40]!r} is not a time", "write times as HH:MM:SS")
    try:
        local = datetime(int(year), int(month), int(day), int(found[1]), int(found[2]), int(found[3] or 0), tzinfo=UTC)
        return local - offset
    except (ValueError, OverflowError):
        raise _Unreadable(
            f"{year}-{month}-{day} {clock} does not exist", "correct the date or time, or leave the line out"
        ) from None


def _codes(rest: str) -> tuple[int | None, int | None]:
    fields = _split(rest)
    if len(fields) > MOST_COLUMNS - 2:
        raise _Unreadable(
            f"{len(fields) + 2} columns, more than any machine writes", "this may be two lines run together: part them"
        )
    status, verify = (*fields, "", "")[:2]
    return _code(status, "status"), _code(verify, "verify code")


def _split(rest: str) -> list[str]:
    text = rest.strip()
    if not text:
        return []
    for separator in ("\t", ",", ";"):
        if separator in rest:
            return [field.strip() for field in rest.strip(" \r").removeprefix(separator).split(separator)]
    return text.split()


def _code(text: str, name: str) -> int | None:
    if not text:
        return None
    if not _CODE.fullmatch(text):
        raise _Unreadable(f"the {name} is {text[:40]!r}, not a number of up to three digits", _FORM)
    return int(text)


def _optional_code(text: str) -> int | None:
    """Exports of office programs write words ("Scan Masuk") where machines write codes; the code decides nothing."""
    return int(text) if _CODE.fullmatch(text) else None


def _check_clock(at: datetime, latest: datetime) -> None:
    if at > latest:
        raise _Unreadable(
            f"the punch lies in the future ({at.isoformat()})",
            "the machine's clock was wrong: set it, and record an excuse for the days concerned",
        )
    if at.year < FIRST_YEAR:
        raise _Unreadable(
            f"the punch lies before {FIRST_YEAR}",
            "the machine's clock had been reset: set it, and record an excuse for the days concerned",
        )
