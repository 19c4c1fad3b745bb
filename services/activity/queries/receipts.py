"""Receipts: what lets an employee check by themselves that a record of theirs is in their month's closing."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.activity.rules.receipts import Kind, receipt_of
from services.activity.tables import ActivityRow, AttendanceDayRow, CheckpointRow, ClosingTreeRow
from shared.errors import NotFound, Refused
from shared.events import decode
from shared.events.activity import ActivityApproved, AttendanceDaySettled
from shared.events.envelope import event_id_of
from shared.ledger.leaves import employee_leaf, leaf_of
from shared.merkle import unpacked
from shared.outbox import stated
from shared.period import period
from shared.signed_log.answers import under
from shared.signed_log.documents import in_log

Fact = ActivityApproved | AttendanceDaySettled


@dataclass(frozen=True, slots=True)
class Shown:
    """Under which checkpoint a record is to be proved (None: its closing's own), and since which (None: none)."""

    size: int | None = None
    since: int | None = None


async def activity_receipt(session: AsyncSession, row: ActivityRow, shown: Shown) -> bytes:
    """An approved activity's receipt, canonical JSON. NotFound; Refused while no closing of its month holds it."""
    if row.leaf is None:
        raise Refused(f"the activity is {row.state}: only what is approved is in a closing and has a receipt")
    said = event_id_of(ActivityApproved.type, row.tenant_id, str(row.activity_id), row.version)
    fact = await _fact(session, row.tenant_id, row.employee_id, said)
    return await _receipt(session, "activity", fact, row.leaf, shown)


async def day_receipt(session: AsyncSession, tenant_id: str, employee_id: UUID, day: date, shown: Shown) -> bytes:
    """A settled attendance day's receipt, canonical JSON. NotFound; Refused while no closing of its month holds it."""
    row = await session.get(AttendanceDayRow, (tenant_id, employee_id, day))
    if row is None:
        raise NotFound(f"{day} is not settled for this employee")
    said = event_id_of(AttendanceDaySettled.type, tenant_id, f"{employee_id}/{day}", row.version)
    fact = await _fact(session, tenant_id, employee_id, said)
    return await _receipt(session, "day", fact, row.leaf, shown)


async def _fact(session: AsyncSession, tenant_id: str, employee_id: UUID, event_id: UUID) -> Fact:
    """As it was stated: the row holds its leaf, not all it said."""
    payload = await stated(session, tenant_id, f"{tenant_id}:{employee_id}", event_id)
    fact = decode(payload) if payload else None
    if not isinstance(fact, ActivityApproved | AttendanceDaySettled):
        raise NotFound("this record was never stated")
    return fact


async def _receipt(session: AsyncSession, kind: Kind, fact: Fact, leaf: bytes, shown: Shown) -> bytes:
    own, tree = await _last_closing(session, fact.tenant_id, fact.period)
    records = await _records(session, fact)
    place = tree.place_of(fact.employee_id)
    closed_on = unpacked(tree.leaves)
    if leaf_of(fact) != leaf or place is None or employee_leaf(fact.employee_id, records) != closed_on[place]:
        raise Refused(
            f"records of this employee are not what closing {own.close_seq} of {fact.period} held, as the month was "
            "opened again: their receipts are signed with its next closing"
        )
    found = await under(session, CheckpointRow, own, size=shown.size, since=shown.since)
    return receipt_of(
        kind,
        fact.content,
        employee_id=fact.employee_id,
        index=unpacked(records).index(leaf),
        records=records,
        place=place,
        employees=closed_on,
        in_log=in_log(own.entry, own.size - 1, found.log, found.note, found.since),
    )


async def _last_closing(session: AsyncSession, tenant_id: str, code: str) -> tuple[CheckpointRow, ClosingTreeRow]:
    own = await session.scalar(
        select(CheckpointRow)
        .where(CheckpointRow.tenant_id == tenant_id, CheckpointRow.period == code)
        .order_by(CheckpointRow.close_seq.desc())
        .limit(1)
    )
    tree = await session.get(ClosingTreeRow, (tenant_id, code, own.close_seq)) if own else None
    if own is None or tree is None:
        raise Refused(f"{code} is not closed yet: receipts are signed with the closing")
    return own, tree


_RECORDS = text(
    """
    SELECT coalesce((
        SELECT string_agg(leaf, ''::bytea ORDER BY activity_id) FROM activities
        WHERE tenant_id = :tenant_id AND employee_id = :employee_id AND state = 'approved'
          AND work_date BETWEEN :first_day AND :last_day
    ), ''::bytea) || coalesce((
        SELECT string_agg(leaf, ''::bytea ORDER BY work_date) FROM attendance_days
        WHERE tenant_id = :tenant_id AND employee_id = :employee_id AND work_date BETWEEN :first_day AND :last_day
    ), ''::bytea)
    """
)


async def _records(session: AsyncSession, fact: Fact) -> bytes:
    """The employee's leaves of the month as tables.holdings has them, one after another."""
    month = period(fact.period)
    given = {"tenant_id": fact.tenant_id, "employee_id": fact.employee_id}
    days = {"first_day": month.first_day, "last_day": month.last_day}
    return bytes(await session.scalar(_RECORDS, given | days))
