"""Taking activity's facts into the ledger. Each command takes a batch of one tenant's facts.

A fact that still changes a period whose closing was already compared sends it back to be compared again.
"""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

import structlog
from sqlalchemy import TextClause, func, text
from sqlalchemy.dialects.postgresql import insert

from shared.directory.commands import newest, write_newer
from shared.events.activity import (
    ActivityApproved,
    ActivityEvent,
    ApprovalWithdrawn,
    AttendanceDaySettled,
    PeriodClosed,
    PeriodEvent,
    PeriodReopened,
    PlanApproved,
)
from shared.events.envelope import Event
from shared.handlers import Handler
from shared.ledger.leaves import leaf_of
from shared.ledger.tables import ActivityPeriodRow, ActivityPlanRow, LedgerState
from shared.ledger.writing import newer
from shared.unit_of_work import UnitOfWork

LOCK_SPACE = 4713  # first key of the periods' advisory locks: shared by those who write, alone for who compares

PeriodFact = TypeVar("PeriodFact", bound=PeriodEvent)

log = structlog.get_logger()

_APPROVAL = {
    "activity_id": "uuid",
    "employee_id": "uuid",
    "period": "text",
    "work_date": "date",
    "minutes": "smallint",
    "result_id": "uuid",
    "quantity": "numeric",
    "kind": "text",
    "occurred_at": "timestamptz",
    "version": "bigint",
    "withdrawn": "boolean",
    "leaf": "bytea",
}
_OF_APPROVAL_ONLY = {"minutes", "result_id", "quantity", "kind", "occurred_at", "leaf"}
_WITHDRAWAL = {name: _APPROVAL[name] for name in _APPROVAL if name not in _OF_APPROVAL_ONLY}
_DAY = {
    "employee_id": "uuid",
    "work_date": "date",
    "period": "text",
    "scheduled": "boolean",
    "presence": "text",
    "leave_kind": "text",
    "expected_in_at": "timestamptz",
    "expected_out_at": "timestamptz",
    "actual_in_at": "timestamptz",
    "actual_out_at": "timestamptz",
    "late_minutes": "integer",
    "early_minutes": "integer",
    "missing_in": "boolean",
    "missing_out": "boolean",
    "apel": "text",
    "out_minutes": "smallint",
    "permitted_out_minutes": "smallint",
    "letter": "boolean",
    "inpatient": "boolean",
    "leave_refused": "boolean",
    "version": "bigint",
    "leaf": "bytea",
}
_OUR_OWN = {"withdrawn", "leaf"}
_NOTE_APPROVALS = newer("activity_records", ["activity_id"], _APPROVAL)
_NOTE_WITHDRAWALS = newer("activity_records", ["activity_id"], _WITHDRAWAL, updated=["version", "withdrawn"])
_NOTE_DAYS = newer("activity_days", ["employee_id", "work_date"], _DAY)


async def note_approvals(uow: UnitOfWork, facts: list[ActivityApproved]) -> None:
    held = newest(facts)
    columns = _said(held, _APPROVAL) | {"withdrawn": [False] * len(held), "leaf": [leaf_of(fact) for fact in held]}
    await _write(uow, _NOTE_APPROVALS, columns)


async def note_withdrawals(uow: UnitOfWork, facts: list[ApprovalWithdrawn]) -> None:
    """A withdrawal that overtakes its approval leaves the mark that stops it."""
    held = newest(facts)
    await _write(uow, _NOTE_WITHDRAWALS, _said(held, _WITHDRAWAL) | {"withdrawn": [True] * len(held)})


async def note_attendance_days(uow: UnitOfWork, facts: list[AttendanceDaySettled]) -> None:
    held = newest(facts)
    await _write(uow, _NOTE_DAYS, _said(held, _DAY) | {"leaf": [leaf_of(fact) for fact in held]})


def _said(facts: Sequence[ActivityEvent], columns: Iterable[str]) -> dict[str, list[Any]]:
    """A list for each column that the facts themselves fill."""
    return {name: [getattr(fact, name) for fact in facts] for name in columns if name not in _OUR_OWN}


async def _write(uow: UnitOfWork, statement: TextClause, columns: Mapping[str, list[Any]]) -> None:
    await _lock_shared(uow, set(columns["period"]))
    written = await uow.session.scalars(statement, {"tenant_id": uow.tenant_id, **columns})
    await _compare_again(uow, list(written))


_LOCK_SHARED = text("SELECT pg_advisory_xact_lock_shared(:space, key) FROM unnest(CAST(:keys AS integer[])) AS key")


async def _lock_shared(uow: UnitOfWork, periods: Iterable[str]) -> None:
    """So that nobody finds a period equal while a fact of it is on its way into the table."""
    keys = sorted(lock_key(uow.tenant_id, period) for period in periods)
    await uow.session.execute(_LOCK_SHARED, {"space": LOCK_SPACE, "keys": keys})


def lock_key(tenant_id: str, period: str) -> int:
    """Second key of a period's advisory lock: CRC-32 as PostgreSQL's signed integer."""
    return zlib.crc32(f"{tenant_id}|{period}".encode()) - 2**31


_COMPARE_AGAIN = text(
    """
    WITH compared AS (
        SELECT period, state FROM activity_periods
        WHERE tenant_id = :tenant_id AND period = ANY(CAST(:periods AS text[])) AND state IN ('reconciled', 'differs')
        ORDER BY period FOR UPDATE
    )
    UPDATE activity_periods AS p SET state = 'announced'
    FROM compared WHERE p.tenant_id = :tenant_id AND p.period = compared.period
    RETURNING p.period, p.close_seq, compared.state
    """
)


async def _compare_again(uow: UnitOfWork, periods: Sequence[str]) -> None:
    if not periods:
        return
    changed = await uow.session.execute(_COMPARE_AGAIN, {"tenant_id": uow.tenant_id, "periods": periods})
    for period, close_seq, state in changed.all():
        if state == LedgerState.RECONCILED:
            log.error(
                "a closed and reconciled period was changed by a later fact",
                tenant=uow.tenant_id,
                period=period,
                close_seq=close_seq,
            )


async def note_plans(uow: UnitOfWork, facts: list[PlanApproved]) -> None:
    rows = [
        {"tenant_id": uow.tenant_id, "state": fact.content, "version": fact.version}
        | fact.model_dump(include={"plan_id", "employee_id", "first_day", "last_day"})
        for fact in newest(facts)
    ]
    await write_newer(uow, ActivityPlanRow, rows)


async def note_period_closed(uow: UnitOfWork, facts: list[PeriodClosed]) -> None:
    """The closing with the highest close_seq holds; it is compared by `reconcile`, not here."""
    rows = [
        fact.totals.model_dump()
        | {
            "tenant_id": uow.tenant_id,
            "period": fact.period,
            "first_day": fact.first_day,
            "last_day": fact.last_day,
            "close_seq": fact.close_seq,
            "reopened": False,
            "state": LedgerState.ANNOUNCED,
            "root": bytes.fromhex(fact.root),
            "checkpoint": fact.checkpoint,
            "asked": 0,
            "asked_at": None,
        }
        for fact in last_of_each(facts)
    ]
    statement = insert(ActivityPeriodRow)
    said = {name: statement.excluded[name] for name in rows[0] if name not in {"tenant_id", "period"}}
    statement = statement.on_conflict_do_update(
        index_elements=["tenant_id", "period"],
        set_=said | {"announced_at": func.clock_timestamp()},
        where=ActivityPeriodRow.close_seq < statement.excluded.close_seq,
    )
    await uow.session.execute(statement, rows)


async def note_period_reopened(uow: UnitOfWork, facts: list[PeriodReopened]) -> None:
    """The closing named, and those before it, hold no longer; known even where the closing itself comes later."""
    rows = [
        {
            "tenant_id": uow.tenant_id,
            "period": fact.period,
            "close_seq": fact.close_seq,
            "reopened": True,
            "state": LedgerState.REOPENED,
        }
        for fact in last_of_each(facts)
    ]
    statement = insert(ActivityPeriodRow)
    statement = statement.on_conflict_do_update(
        index_elements=["tenant_id", "period"],
        set_={name: statement.excluded[name] for name in ("close_seq", "reopened", "state")},
        where=ActivityPeriodRow.close_seq <= statement.excluded.close_seq,
    )
    await uow.session.execute(statement, rows)


def last_of_each(facts: Sequence[PeriodFact]) -> list[PeriodFact]:
    """The fact with the highest close_seq of each period, in the order of periods."""
    held = {fact.period: fact for fact in sorted(facts, key=lambda fact: fact.close_seq)}
    return [held[period] for period in sorted(held)]


LEDGER_HANDLERS: dict[type[Event], Handler] = {
    ActivityApproved: note_approvals,
    ApprovalWithdrawn: note_withdrawals,
    AttendanceDaySettled: note_attendance_days,
    PlanApproved: note_plans,
    PeriodClosed: note_period_closed,
    PeriodReopened: note_period_reopened,
}
