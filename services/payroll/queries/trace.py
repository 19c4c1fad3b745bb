"""From an activity, or a day, to the rupiah it moved: each statement with it, and what that would be without it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from pydantic_core import from_json
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.payroll.inputs.policies import policy_by_hash
from services.payroll.rules import Facts, Line, evaluate
from services.payroll.rules.counterfactual import (
    Moved,
    moved,
    without_activity,
    without_attendance_on,
    without_work_on,
)
from services.payroll.rules.frozen import Frozen
from shared.errors import NotFound, Refused
from shared.ledger.tables import ActivityRecordRow


class Acknowledged(NamedTuple):
    """What the region's payroll system said of the run."""

    agrees: bool
    booked_by: str
    heard_at: datetime


@dataclass(frozen=True)
class Traced:
    """One statement, and what it owes to the thing traced: `net` is paid, `net_without` would be, in rupiah.

    `counted`: whether the thing is among the facts the statement was computed from. `corrections`: its lines that
    settle the thing's month in a later run.
    """

    statement_id: UUID
    run_id: UUID
    kind: str
    state: str
    period: str
    counted: bool
    net: int
    net_without: int
    moved: tuple[Moved, ...]
    corrections: tuple[Line, ...]
    feed_sequence: int | None
    acknowledged: Acknowledged | None


@dataclass(frozen=True)
class ActivityTrace:
    """An approved activity as payroll's books hold it, and the statements it reached."""

    activity_id: UUID
    employee_id: UUID
    period: str
    work_date: date
    minutes: int | None
    withdrawn: bool
    statements: tuple[Traced, ...]


_REACHED = text(
    """
    SELECT s.tenant_id, s.statement_id, s.run_id, s.period, s.net, s.body, r.kind, r.state, i.facts, i.activity_ids,
           a.feed_sequence, k.agrees, k.booked_by, k.heard_at
    FROM statements s
    JOIN runs r ON r.tenant_id = s.tenant_id AND r.run_id = s.run_id
    JOIN run_inputs i ON i.tenant_id = s.tenant_id AND i.run_id = s.run_id AND i.employee_id = s.employee_id
    LEFT JOIN allowances a ON a.tenant_id = s.tenant_id AND a.run_id = s.run_id AND a.employee_id = s.employee_id
    LEFT JOIN acknowledgements k ON k.tenant_id = s.tenant_id AND k.run_id = s.run_id
    WHERE s.tenant_id = :tenant_id AND s.employee_id = :employee_id AND s.period >= :period
      AND r.state <> 'cancelled'
    ORDER BY s.period, r.created_at LIMIT 60
    """
)


async def activity_record(session: AsyncSession, tenant_id: str, activity_id: UUID) -> ActivityRecordRow:
    """Raises NotFound."""
    row = await session.get(ActivityRecordRow, (tenant_id, activity_id))
    if row is None:
        raise NotFound(f"payroll's books hold no approved activity {activity_id}")
    return row


async def trace_activity(session: AsyncSession, tenant_id: str, activity_id: UUID) -> ActivityTrace:
    """Every statement of its employee that counted it or settles its month, with the lines it moved.

    Raises NotFound; Refused where the books no longer hold the minutes that were frozen.
    """
    row = await activity_record(session, tenant_id, activity_id)
    traced = []
    for found in await _reached(session, tenant_id, row.employee_id, row.period):
        facts = Frozen(found["facts"], found["activity_ids"]).whole()
        minutes = await _minutes(session, tenant_id, facts, str(activity_id))
        without = None if minutes is None else without_activity(facts, str(activity_id), minutes)
        traced.append(await _traced(session, found, facts, without, row.period))
    return ActivityTrace(
        activity_id=activity_id,
        employee_id=row.employee_id,
        period=row.period,
        work_date=row.work_date,
        minutes=row.minutes,
        withdrawn=row.withdrawn,
        statements=tuple(one for one in traced if one.counted or one.corrections),
    )


async def trace_day(session: AsyncSession, tenant_id: str, employee_id: UUID, day: date) -> tuple[Traced, ...]:
    """What a day moved: the work approved on it and what happened on it, taken out together."""
    period = f"{day:%Y-%m}"
    traced = []
    for found in await _reached(session, tenant_id, employee_id, period):
        facts = Frozen(found["facts"], found["activity_ids"]).whole()
        without = without_attendance_on(without_work_on(facts, day), day)
        traced.append(await _traced(session, found, facts, without if without != facts else None, period))
    return tuple(one for one in traced if one.counted or one.corrections)


async def _reached(session: AsyncSession, tenant_id: str, employee_id: UUID, period: str) -> Sequence[Any]:
    given = {"tenant_id": tenant_id, "employee_id": employee_id, "period": period}
    return (await session.execute(_REACHED, given)).mappings().all()


async def _minutes(session: AsyncSession, tenant_id: str, facts: Facts, activity_id: str) -> int | None:
    """The activity's share of its day's frozen minutes; None where the facts do not hold it."""
    day = next((one for one in facts.activities if activity_id in one.ids), None)
    if day is None or len(day.ids) == 1:
        return day.minutes if day else None
    rows = await session.execute(
        select(ActivityRecordRow.activity_id, ActivityRecordRow.minutes).where(
            ActivityRecordRow.tenant_id == tenant_id,
            ActivityRecordRow.activity_id.in_([UUID(one) for one in day.ids]),
        )
    )
    minutes = {str(one): held or 0 for one, held in rows.all()}
    if sum(minutes.values()) != day.minutes:
        raise Refused(
            f"the books hold other minutes of {day.work_date} than were frozen ({sum(minutes.values())}, "
            f"{day.minutes}): an approval was changed since; trace the whole day instead"
        )
    return minutes[activity_id]


async def _traced(session: AsyncSession, found: Any, facts: Facts, without: Facts | None, period: str) -> Traced:
    body: dict[str, Any] = from_json(found["body"])
    net_without, lines = found["net"], tuple[Moved, ...]()
    if without is not None:
        policy = await policy_by_hash(session, found["tenant_id"], body["policy"]["hash"])
        then = evaluate(policy, without)
        net_without, lines = then.net, moved(evaluate(policy, facts), then)
    return Traced(
        statement_id=found["statement_id"],
        run_id=found["run_id"],
        kind=found["kind"],
        state=found["state"],
        period=found["period"],
        counted=without is not None,
        net=found["net"],
        net_without=net_without,
        moved=lines,
        corrections=tuple(
            line
            for line in body["lines"]
            if line["kind"] == "correction" and line["inputs"]["period"] == period and "kind" not in line["inputs"]
        ),
        feed_sequence=found["feed_sequence"],
        acknowledged=Acknowledged(found["agrees"], found["booked_by"], found["heard_at"])
        if found["booked_by"]
        else None,
    )
