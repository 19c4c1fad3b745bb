"""Logging activities: one or a whole backlog, each judged, each counted once."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.activity.rules.entries import OTHER_CONTENT, Book, Entry, Outcome, Verdict, judge, refusal
from services.activity.rules.filing import IsWorkingDay, calendar_decides
from services.activity.tables import ActivityRow
from services.activity.tables.fence import touch
from services.activity.tables.logbook import Logbook, logbook_of
from services.activity.tables.working_days import working_days_of
from shared.auth.caller import Caller
from shared.brief import BriefUnitOfWork
from shared.clock import local_date
from shared.errors import Forbidden, NotFound, Refused
from shared.period import period_of

LOCK_SPACE = 4712  # seed of the locks under which one employee's entries are judged, one request at a time

_COLUMNS = {
    "activity_id": "uuid",
    "client_id": "uuid",
    "work_date": "date",
    "start_minute": "smallint",
    "end_minute": "smallint",
    "minutes": "smallint",
    "result_id": "uuid",
    "quantity": "numeric",
    "quantity_unit": "text",
    "text": "text",
    "evidence_link": "text",
    "evidence_sha256": "text",
    "kind": "text",
    "sent_digest": "bytea",
}
_NAMES = ", ".join(_COLUMNS)
_ARRAYS = ", ".join(f"${place}::{kind}[]" for place, kind in enumerate(_COLUMNS.values(), 4))
_STORE = f"""
    INSERT INTO activities (tenant_id, employee_id, filed_at, state, version, {_NAMES})
    SELECT $1::text, $2::uuid, $3::timestamptz, 'waiting', 0, {_NAMES} FROM unnest({_ARRAYS}) AS given({_NAMES})
    ON CONFLICT (tenant_id, activity_id) DO NOTHING
    RETURNING activity_id
"""


async def log_activities(
    uow: BriefUnitOfWork, caller: Caller, entries: Sequence[Entry], now: datetime
) -> list[Verdict]:
    """Store what the rules allow; a verdict for each entry in the order given.

    An entry sent again is answered as already stored, whenever it comes and whatever became of it.
    """
    person = caller.person
    book = await _book(uow, person, entries, now)
    verdicts = judge(uow.tenant_id, person, entries, book)
    fresh = [verdict for verdict in verdicts if verdict.outcome is Outcome.STORED]
    stored = await _store(uow, person, fresh, now) if fresh else set()
    return [verdict if _holds(verdict, stored) else _used_before(verdict) for verdict in verdicts]


async def log_activity(uow: BriefUnitOfWork, caller: Caller, entry: Entry, now: datetime) -> Verdict:
    """Store one activity, or find that it is stored; the same entry sent again gets the same id. Raises Refused."""
    [verdict] = await log_activities(uow, caller, [entry], now)
    if verdict.outcome is Outcome.REFUSED:
        raise Refused(verdict.reason or "refused")
    return verdict


async def change_activity(uow: BriefUnitOfWork, caller: Caller, activity_id: UUID, entry: Entry, now: datetime) -> None:
    """Correct an activity that waits or was returned; it waits for approval anew.

    Its work date stays: an activity of another day is another activity. Raises NotFound, Forbidden and Refused.
    """
    book = await _book(uow, caller.person, [entry], now)
    whole = await uow.whole()
    row = await whole.session.scalar(
        select(ActivityRow)
        .where(ActivityRow.tenant_id == uow.tenant_id, ActivityRow.activity_id == activity_id)
        .with_for_update()
    )
    if row is None:
        raise NotFound("there is no such activity")
    if row.employee_id != caller.person:
        raise Forbidden("only the employee changes their own activity")
    if row.state == "approved":
        raise Refused("it is approved: ask your superior to withdraw the approval first")
    if row.work_date != entry.work_date:
        raise Refused(f"it is of {row.work_date}; log what was done on another day as a new activity")
    others = Book(**vars(book) | {"held": [held for held in book.held if held.activity_id != activity_id]})
    if reason := refusal(entry, others):
        raise Refused(reason)
    for name in _COLUMNS.keys() - {"activity_id", "client_id", "sent_digest"}:
        setattr(row, name, getattr(entry, name))
    row.state, row.reason = "waiting", None


async def _book(uow: BriefUnitOfWork, person: UUID, entries: Sequence[Entry], now: datetime) -> Book:
    """What these entries are judged against, read while no other request of the employee's stores any."""
    await uow.lock(LOCK_SPACE, str(person))
    read = await logbook_of(uow, person, entries, now)  # after the lock: it sees what its last holder stored
    today = local_date(now, read.zone)
    days = [entry.work_date for entry in entries if entry.work_date <= today]
    return Book(
        today=today,
        open_months=await _open_months(uow, read, days),
        limits=read.limits,
        results=read.results,
        is_working_day=await _working_days(uow, person, read, days, today),
        held=read.held,
    )


async def _open_months(uow: BriefUnitOfWork, read: Logbook, days: Sequence[date]) -> frozenset[str]:
    """Months of these days that are not closed; those that nothing was logged in yet are opened."""
    begun = {period_of(day).code for day in days}
    if untouched := begun - read.opened - read.closed:
        whole = await uow.whole()
        await touch(whole.session, uow.tenant_id, untouched)
    return frozenset(begun - read.closed)


async def _working_days(
    uow: BriefUnitOfWork, person: UUID, read: Logbook, days: Sequence[date], today: date
) -> IsWorkingDay:
    if not calendar_decides(read.limits, days, today):
        return lambda _: True
    whole = await uow.whole()
    return await working_days_of(whole.session, uow.tenant_id, person, min(days), today)


async def _store(uow: BriefUnitOfWork, person: UUID, fresh: Sequence[Verdict], now: datetime) -> set[UUID]:
    columns: dict[str, list[Any]] = {
        name: [getattr(verdict.entry, name) for verdict in fresh]
        for name in _COLUMNS.keys() - {"activity_id", "sent_digest"}
    }
    columns["activity_id"] = [verdict.activity_id for verdict in fresh]
    columns["sent_digest"] = [verdict.entry.digest() for verdict in fresh]
    rows = await uow.fetch(_STORE, uow.tenant_id, person, now, *(columns[name] for name in _COLUMNS))
    return {row["activity_id"] for row in rows}


def _holds(verdict: Verdict, stored: set[UUID]) -> bool:
    return verdict.outcome is not Outcome.STORED or verdict.activity_id in stored


def _used_before(verdict: Verdict) -> Verdict:
    """Its client id names an activity of days so far away that it was not among those held."""
    return Verdict(verdict.entry, verdict.activity_id, Outcome.REFUSED, OTHER_CONTENT)
