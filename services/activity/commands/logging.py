"""Logging activities: one or a whole backlog, each judged, each counted once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from services.activity.rules.entries import (
    OTHER_CONTENT,
    Book,
    Entry,
    Held,
    InForce,
    Outcome,
    Verdict,
    judge,
    refusal,
)
from services.activity.rules.filing import Limits
from services.activity.tables import ActivityRow
from services.activity.tables.fence import touch
from services.activity.tables.plan_terms import terms_of_results
from services.activity.tables.working_days import working_days_of
from shared.auth.caller import Caller
from shared.clock import local_date
from shared.errors import Forbidden, NotFound, Refused
from shared.period import period_of
from shared.unit_of_work import UnitOfWork

LOCK_SPACE = 4712  # seed of the locks under which one employee's entries are judged, one request at a time

# One round trip for all that is read whatever the entries are; the lock is let go with the transaction.
_GROUND = text(
    """
    SELECT t.zone, pg_advisory_xact_lock(hashtextextended(:employee_id, :space)),
        ARRAY(SELECT p.code FROM periods p
              WHERE p.tenant_id = :tenant_id AND p.code = ANY(CAST(:codes AS text[])) AND p.state = 'open'),
        ARRAY(SELECT p.code FROM periods p
              WHERE p.tenant_id = :tenant_id AND p.code = ANY(CAST(:codes AS text[])) AND p.state = 'closed'),
        (SELECT json_agg(json_build_array(s.valid_from, s.filing_window_days, s.daily_cap_minutes))
         FROM settings s WHERE s.tenant_id = :tenant_id)
    FROM identity_tenants t WHERE t.tenant_id = :tenant_id
    """
)
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
_STORE = text(
    f"""
    INSERT INTO activities (tenant_id, employee_id, filed_at, state, version, {", ".join(_COLUMNS)})
    SELECT :tenant_id, :employee_id, :now, 'waiting', 0, {", ".join(_COLUMNS)}
    FROM unnest({", ".join(f"CAST(:{name} AS {kind}[])" for name, kind in _COLUMNS.items())})
      AS given({", ".join(_COLUMNS)})
    ON CONFLICT (tenant_id, activity_id) DO NOTHING
    RETURNING activity_id
    """
)


async def log_activities(uow: UnitOfWork, caller: Caller, entries: Sequence[Entry], now: datetime) -> list[Verdict]:
    """Store what the rules allow; a verdict for each entry in the order given.

    An entry sent again is answered as already stored, whenever it comes and whatever became of it.
    """
    person = caller.person
    book = await _book(uow, person, entries, now)
    verdicts = judge(uow.tenant_id, person, entries, book)
    fresh = [verdict for verdict in verdicts if verdict.outcome is Outcome.STORED]
    stored = await _store(uow, person, fresh, now) if fresh else set()
    return [verdict if _holds(verdict, stored) else _used_before(verdict) for verdict in verdicts]


async def log_activity(uow: UnitOfWork, caller: Caller, entry: Entry, now: datetime) -> Verdict:
    """Store one activity, or find that it is stored; the same entry sent again gets the same id. Raises Refused."""
    [verdict] = await log_activities(uow, caller, [entry], now)
    if verdict.outcome is Outcome.REFUSED:
        raise Refused(verdict.reason or "refused")
    return verdict


async def change_activity(uow: UnitOfWork, caller: Caller, activity_id: UUID, entry: Entry, now: datetime) -> None:
    """Correct an activity that waits or was returned; it waits for approval anew.

    Its work date stays: an activity of another day is another activity. Raises NotFound, Forbidden and Refused.
    """
    book = await _book(uow, caller.person, [entry], now)
    row = await uow.session.scalar(
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


@dataclass(frozen=True, slots=True)
class _Ground:
    """What holds for the region, whoever logs."""

    today: date
    open_months: frozenset[str]
    limits: list[Limits]


async def _book(uow: UnitOfWork, person: UUID, entries: Sequence[Entry], now: datetime) -> Book:
    """What these entries are judged against, read while no other request of the employee's stores any."""
    ground = await _ground(uow, person, entries, now)
    today = ground.today
    days = [entry.work_date for entry in entries if entry.work_date <= today] or [today]
    terms = await terms_of_results(uow.session, uow.tenant_id, person, {entry.result_id for entry in entries})
    windowed = any(one.filing_window_days is not None for one in ground.limits)
    return Book(
        today=today,
        open_months=ground.open_months,
        limits=ground.limits,
        results={key: [InForce(*term) for term in held] for key, held in terms.items()},
        is_working_day=await working_days_of(uow.session, uow.tenant_id, person, min(days), today)
        if windowed
        else lambda _: True,
        held=await _held(uow, person, min(days), max(days)),
    )


async def _ground(uow: UnitOfWork, person: UUID, entries: Sequence[Entry], now: datetime) -> _Ground:
    """Months are read without a lock: an entry that slips in beside a closing only waits, and is in no total."""
    given = {
        "tenant_id": uow.tenant_id,
        "employee_id": str(person),
        "space": LOCK_SPACE,
        "codes": list({period_of(entry.work_date).code for entry in entries}),
    }
    row = (await uow.session.execute(_GROUND, given)).first()
    if row is None:
        raise NotFound(f"region {uow.tenant_id} is not known here yet: its facts may still be on their way")
    zone, _, opened, closed, decided = row
    today = local_date(now, zone)
    begun = {period_of(entry.work_date).code for entry in entries if entry.work_date <= today}
    await touch(uow.session, uow.tenant_id, begun - set(opened) - set(closed))
    limits = [Limits(date.fromisoformat(day), window, cap) for day, window, cap in decided or []]
    return _Ground(today, frozenset(begun - set(closed)), limits)


async def _held(uow: UnitOfWork, person: UUID, first_day: date, last_day: date) -> list[Held]:
    """The employee's activities of these days and of those beside them, whose work may reach past midnight."""
    a, day = ActivityRow, timedelta(days=1)
    rows = await uow.session.execute(
        select(a.activity_id, a.work_date, a.minutes, a.start_minute, a.end_minute, a.sent_digest, a.state).where(
            a.tenant_id == uow.tenant_id,
            a.employee_id == person,
            a.work_date.between(first_day - day, last_day + day),
        )
    )
    return [Held(*row[:6], counts=row[6] != "returned") for row in rows.all()]


async def _store(uow: UnitOfWork, person: UUID, fresh: Sequence[Verdict], now: datetime) -> set[UUID]:
    columns: dict[str, list[Any]] = {
        name: [getattr(verdict.entry, name) for verdict in fresh]
        for name in _COLUMNS.keys() - {"activity_id", "sent_digest"}
    }
    columns["activity_id"] = [verdict.activity_id for verdict in fresh]
    columns["sent_digest"] = [verdict.entry.digest() for verdict in fresh]
    given = {"tenant_id": uow.tenant_id, "employee_id": person, "now": now} | columns
    return set(await uow.session.scalars(_STORE, given))


def _holds(verdict: Verdict, stored: set[UUID]) -> bool:
    return verdict.outcome is not Outcome.STORED or verdict.activity_id in stored


def _used_before(verdict: Verdict) -> Verdict:
    """Its client id names an activity of days so far away that it was not among those held."""
    return Verdict(verdict.entry, verdict.activity_id, Outcome.REFUSED, OTHER_CONTENT)
