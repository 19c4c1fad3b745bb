"""Taking in the log of a machine: the good lines are stored, each punch once, the others are told by line."""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert

from services.activity.commands.attendance_jobs import settle_again
from services.activity.rules.attendance_log import Punch, read_parts
from services.activity.rules.attendance_pins import PinTerm, held_on
from services.activity.tables.attendance import LogImportRow, MachineRow
from services.activity.tables.attendance_punches import Number, terms_of
from services.activity.tables.attendance_scope import check_unit
from shared.auth.caller import Caller
from shared.errors import Fault, NotFound
from shared.unit_of_work import UnitOfWork

AT_ONCE = 25_000  # lines
FAULTS_KEPT = 5_000  # a file of nothing else is not told line by line


@dataclass(frozen=True, slots=True)
class LogReport:
    """`lines` that are not blank are `stored`, `known` from before (or twice in the file), or `refused`.

    `unknown_pins`: numbers of the file that nobody had on a day they were used; their punches are kept.
    """

    lines: int
    stored: int
    known: int
    refused: int
    first_day: date | None
    last_day: date | None
    unknown_pins: tuple[str, ...]
    faults: tuple[Fault, ...]


@dataclass
class Taken:
    """What was taken in so far; `used`: the (number, day) pairs, by the machine's clock."""

    lines: int = 0
    stored: int = 0
    refused: int = 0
    faults: list[Fault] = field(default_factory=list)
    used: set[tuple[str, date]] = field(default_factory=set)


async def import_log(
    uow: UnitOfWork, caller: Caller, serial: str, content: bytes, *, file_name: str, now: datetime
) -> LogReport:
    """Store the punches of a machine's file; the same file again changes nothing. Settled days are looked at again.

    Raises NotFound for a machine that was not added, Forbidden where it is another unit's.
    """
    machine = await uow.session.get(MachineRow, (uow.tenant_id, serial), with_for_update=True)  # one file at a time
    if machine is None:
        raise NotFound(f"no machine has the serial {serial}: add it first, with its unit")
    await check_unit(uow.session, caller, "attendance.import", machine.unit_id)
    taken = await _take(uow, serial, content, zone=machine.zone, now=now)
    terms = await terms_of(uow.session, uow.tenant_id, {(serial, pin) for pin, _ in taken.used})
    if taken.stored:
        await _look_again(uow, taken, terms, by=caller.actor, now=now)
    await _note(uow, caller, serial, content, file_name=file_name, taken=taken, now=now)
    unknown = {pin for pin, day in taken.used if not held_on(terms.get((serial, pin), ()), day)}
    return LogReport(
        lines=taken.lines,
        stored=taken.stored,
        known=taken.lines - taken.refused - taken.stored,
        refused=taken.refused,
        first_day=min((day for _, day in taken.used), default=None),
        last_day=max((day for _, day in taken.used), default=None),
        unknown_pins=tuple(sorted(unknown)),
        faults=tuple(taken.faults),
    )


async def _take(uow: UnitOfWork, serial: str, content: bytes, *, zone: str, now: datetime) -> Taken:
    """Part by part, read beside the event loop: neither other requests nor the transaction wait long for a file."""
    taken = Taken()
    offset = now.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()  # no zone here has summer time
    parts = read_parts(content, zone, now, size=AT_ONCE)
    while (part := await asyncio.to_thread(next, parts, None)) is not None:
        taken.stored += await _store(uow, serial, part.punches)
        taken.lines += part.lines
        taken.refused += len(part.faults)
        taken.faults.extend(part.faults[: FAULTS_KEPT - len(taken.faults)])
        taken.used.update((punch.pin, (punch.at + offset).date()) for punch in part.punches)
    return taken


_STORE = text(
    """
    INSERT INTO attendance_punches (tenant_id, serial, pin, punched_at, status, verify)
    SELECT :tenant_id, :serial, pin, punched_at, status, verify
    FROM unnest(CAST(:pins AS text[]), CAST(:moments AS timestamptz[]), CAST(:statuses AS smallint[]),
                CAST(:verifies AS smallint[])) AS given(pin, punched_at, status, verify)
    ON CONFLICT DO NOTHING
    """
)


async def _store(uow: UnitOfWork, serial: str, punches: Sequence[Punch]) -> int:
    """How many were not known before."""
    given = {
        "tenant_id": uow.tenant_id,
        "serial": serial,
        "pins": [punch.pin for punch in punches],
        "moments": [punch.at for punch in punches],
        "statuses": [punch.status for punch in punches],
        "verifies": [punch.verify for punch in punches],
    }
    done = await uow.session.execute(_STORE, given)
    return int(done.rowcount)  # type: ignore[attr-defined]  # of a CursorResult, which an INSERT gives


async def _look_again(
    uow: UnitOfWork, taken: Taken, terms: Mapping[Number, Sequence[PinTerm]], *, by: UUID, now: datetime
) -> None:
    """A punch after midnight may end the working day before."""
    owners = sorted({term.employee_id for held in terms.values() for term in held})
    if owners:
        days = [day for _, day in taken.used]
        first, last = min(days) - timedelta(days=1), max(days)
        await settle_again(uow, first, last, owners, by=by, now=now, reason="a machine's log")


async def _note(
    uow: UnitOfWork,
    caller: Caller,
    serial: str,
    content: bytes,
    *,
    file_name: str,
    taken: Taken,
    now: datetime,
) -> None:
    """Who brought which file; the same bytes again leave one row."""
    row = {
        "tenant_id": uow.tenant_id,
        "serial": serial,
        "sha256": hashlib.sha256(content).digest(),
        "file_name": file_name,
        "lines": taken.lines,
        "stored": taken.stored,
        "refused": taken.refused,
        "imported_by": caller.actor,
        "imported_at": now,
    }
    await uow.session.execute(insert(LogImportRow).on_conflict_do_nothing(), row)
