"""Closing a month on exact totals, and opening it again (design 5)."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from services.activity.commands.checkpoints import sign_closing
from services.activity.tables import ClosingRow, PeriodRow
from services.activity.tables.fence import take_alone
from services.activity.tables.holdings import Holding, holdings_with_leaves
from shared.auth.caller import Caller
from shared.checkpoint import Signer
from shared.errors import NotFound, Refused
from shared.events.activity import PeriodClosed, PeriodReopened, PeriodTotals
from shared.ledger.leaves import employee_leaf
from shared.merkle import packed_root
from shared.unit_of_work import UnitOfWork


@dataclass
class _Tally:
    """Totals and tree of the same rows, in one passage over them."""

    activities: int = 0
    minutes: int = 0
    attendance_days: int = 0
    employees: list[UUID] = field(default_factory=list)
    trees: list[bytes] = field(default_factory=list)  # the leaf of each

    def add(self, holding: Holding) -> None:
        self.activities += holding.activities
        self.minutes += holding.minutes
        self.attendance_days += holding.attendance_days
        self.employees.append(holding.employee_id)
        self.trees.append(employee_leaf(holding.employee_id, holding.leaves))

    def leaves(self) -> bytes:
        return b"".join(self.trees)

    def totals(self) -> PeriodTotals:
        return PeriodTotals(
            activities=self.activities,
            minutes=self.minutes,
            attendance_days=self.attendance_days,
            employees=len(self.employees),
        )


async def close_period(uow: UnitOfWork, caller: Caller, code: str, now: datetime, signer: Signer) -> PeriodClosed:
    """Close a month, and state and sign what it ends on.

    It waits for the approvals under way, which are counted; those that come after it are refused. Raises Refused
    where it is closed already, and on a day without a good key.
    """
    period = await take_alone(uow.session, uow.tenant_id, code)
    if period.state == "closed":
        raise Refused(f"the period {code} is closed already, as closing {period.close_seq}")
    tally = await _tally(uow, period)
    event = PeriodClosed(
        tenant_id=uow.tenant_id,
        occurred_at=now,
        version=period.version + 1,
        period=code,
        close_seq=period.close_seq + 1,
        first_day=period.first_day,
        last_day=period.last_day,
        supersedes=period.close_seq or None,
        totals=tally.totals(),
        root=packed_root(tally.leaves()).hex(),
        closed_by=caller.actor,
    )
    period.state, period.close_seq, period.version = "closed", event.close_seq, event.version
    uow.session.add(_closing(event, now))
    event = await sign_closing(uow, event, signer, tally.employees, tally.leaves(), now=now)
    uow.record(event)
    return event


async def _tally(uow: UnitOfWork, period: PeriodRow) -> _Tally:
    given = {"tenant_id": uow.tenant_id, "first_day": period.first_day, "last_day": period.last_day}
    tally = _Tally()
    async for holding in holdings_with_leaves(uow.session, given):
        tally.add(holding)
    return tally


def _closing(event: PeriodClosed, now: datetime) -> ClosingRow:
    return ClosingRow(
        tenant_id=event.tenant_id,
        code=event.period,
        close_seq=event.close_seq,
        supersedes=event.supersedes,
        **event.totals.model_dump(),
        root=bytes.fromhex(event.root),
        closed_by=event.closed_by,
        closed_at=now,
    )


async def reopen_period(uow: UnitOfWork, caller: Caller, code: str, reason: str, now: datetime) -> PeriodReopened:
    """Open a closed month again; who did it, and why, is kept. Raises Refused where it is not closed."""
    period = await take_alone(uow.session, uow.tenant_id, code)
    if period.state != "closed":
        raise Refused(f"the period {code} is not closed")
    closing = await uow.session.scalar(
        select(ClosingRow).where(
            ClosingRow.tenant_id == uow.tenant_id, ClosingRow.code == code, ClosingRow.close_seq == period.close_seq
        )
    )
    if closing is None:
        raise NotFound(f"the period {code} has no closing {period.close_seq}")
    event = PeriodReopened(
        tenant_id=uow.tenant_id,
        occurred_at=now,
        version=period.version + 1,
        period=code,
        close_seq=period.close_seq,
        reason=reason,
        reopened_by=caller.actor,
    )
    closing.reopened_by, closing.reopened_at, closing.reason = caller.actor, now, reason
    period.state, period.version = "open", event.version
    uow.record(event)
    return event
