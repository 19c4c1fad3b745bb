"""Taking in the log of a machine: the good lines are stored, each punch once, the others are told by line."""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert

from services.activity.commands.attendance_jobs import settle_again
from services.activity.rules.attendance_log import LogRead, Punch, read_log
from services.activity.rules.attendance_pins import PinTerm, held_on
from services.activity.tables.attendance import LogImportRow, MachineRow
from services.activity.tables.attendance_punches import Number, terms_of
from services.activity.tables.attendance_scope import check_unit
from shared.auth.caller import Caller
from shared.clock import local_date
from shared.errors import Fault, NotFound
from shared.unit_of_work import UnitOfWork

WRITE_AT_ONCE = 25_000  # punches


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


async def import_log(
    uow: UnitOfWork, caller: Caller, serial: str, content: bytes, *, file_name: str, now: datetime
) -> LogReport:
    """Store the punches of a machine's file; the same file again changes nothing. Settled days are looked at again.

    Raises NotFound for a machine that was not added, Forbidden where it is another unit's.
    """
    machine = await uow.session.get(MachineRow, (uow.tenant_id, serial))
    if machine is None:
        raise NotFound(f"no machine has the serial {serial}: add it first, with its unit")
    await check_unit(uow.session, caller, "attendance.import", machine.unit_id)
    log = await asyncio.to_thread(read_log, content, machine.zone, now)
    stored = await _store(uow, serial, log.punches)
    terms = await terms_of(uow.session, uow.tenant_id, {(serial, punch.pin) for punch in log.punches})
    days = _days(log.punches, machine.zone)
    if stored:
        await _look_again(uow, log, terms, by=caller.actor, now=now)
    await _note(uow, caller, serial, content, file_name=file_name, log=log, stored=stored, now=now)
    return LogReport(
        lines=log.lines,
        stored=stored,
        known=log.lines - len(log.faults) - stored,
        refused=len(log.faults),
        first_day=min(days, default=None),
        last_day=max(days, default=None),
        unknown_pins=_unknown(serial, log.punches, terms, machine.zone),
        faults=log.faults,
    )


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
    """How many were not known before. In the key's order, so that two imports cannot lock each other out."""
    ordered = sorted(punches, key=lambda punch: (punch.pin, punch.at))
    stored = 0
    for place in range(0, len(ordered), WRITE_AT_ONCE):
        part = ordered[place : place + WRITE_AT_ONCE]
        given = {
            "tenant_id": uow.tenant_id,
            "serial": serial,
            "pins": [punch.pin for punch in part],
            "moments": [punch.at for punch in part],
            "statuses": [punch.status for punch in part],
            "verifies": [punch.verify for punch in part],
        }
        done = await uow.session.execute(_STORE, given)
        stored += done.rowcount  # type: ignore[attr-defined]  # of a CursorResult, which an INSERT gives
    return stored


def _days(punches: Sequence[Punch], zone: str) -> set[date]:
    if not punches:
        return set()
    moments = (min(punch.at for punch in punches), max(punch.at for punch in punches))
    return {local_date(moment, zone) for moment in moments}


async def _look_again(
    uow: UnitOfWork, log: LogRead, terms: Mapping[Number, Sequence[PinTerm]], *, by: UUID, now: datetime
) -> None:
    """A punch after midnight may end the working day before."""
    owners = sorted({term.employee_id for held in terms.values() for term in held})
    if owners:
        first = min(punch.at for punch in log.punches).date() - timedelta(days=1)
        last = max(punch.at for punch in log.punches).date() + timedelta(days=1)
        await settle_again(uow, first, last, owners, by=by, now=now, reason="a machine's log")


def _unknown(
    serial: str, punches: Sequence[Punch], terms: Mapping[Number, Sequence[PinTerm]], zone: str
) -> tuple[str, ...]:
    """Numbers that were used on a day when they were nobody's."""
    offset = punches[0].at.astimezone(ZoneInfo(zone)).utcoffset() or timedelta() if punches else timedelta()
    used = {(punch.pin, (punch.at + offset).date()) for punch in punches}
    return tuple(sorted({pin for pin, day in used if not held_on(terms.get((serial, pin), ()), day)}))


async def _note(
    uow: UnitOfWork,
    caller: Caller,
    serial: str,
    content: bytes,
    *,
    file_name: str,
    log: LogRead,
    stored: int,
    now: datetime,
) -> None:
    """Who brought which file; the same bytes again leave one row."""
    row = {
        "tenant_id": uow.tenant_id,
        "serial": serial,
        "sha256": hashlib.sha256(content).digest(),
        "file_name": file_name,
        "lines": log.lines,
        "stored": stored,
        "refused": len(log.faults),
        "imported_by": caller.actor,
        "imported_at": now,
    }
    await uow.session.execute(insert(LogImportRow).on_conflict_do_nothing(), row)
