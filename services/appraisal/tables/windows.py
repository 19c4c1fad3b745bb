"""The fence around a period: who finalizes shares its rows, who closes takes them alone."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.appraisal.rules.periods import OPEN, Books
from services.appraisal.tables import AppraisalPeriodRow, SettingsRow
from shared.events.activity import PeriodTotals
from shared.ledger.queries import held_totals, stated_totals
from shared.ledger.tables import ActivityPeriodRow, LedgerState
from shared.period import Period

DEFAULT_EVALUATOR_DAYS = 5  # until a region decides otherwise


@dataclass(frozen=True, slots=True)
class Window:
    """How a period stands: activity's closing as it is here, and the appraisals' own state."""

    books: Books
    status: str
    close_seq: int
    activity_close_seq: int
    announced_at: datetime | None


async def window(
    session: AsyncSession, tenant_id: str, period: str, *, share: bool = False, alone: bool = False
) -> Window:
    """Read a period's state; with `share` or `alone` it stays as it is until the transaction ends.

    Activity's row is locked before our own, by everybody.
    """
    theirs = select(ActivityPeriodRow).where(
        ActivityPeriodRow.tenant_id == tenant_id, ActivityPeriodRow.period == period
    )
    ours = select(AppraisalPeriodRow).where(
        AppraisalPeriodRow.tenant_id == tenant_id, AppraisalPeriodRow.period == period
    )
    if share or alone:
        theirs, ours = theirs.with_for_update(read=True), ours.with_for_update(read=share)
    closing = await session.scalar(theirs.execution_options(populate_existing=True))
    own = await session.scalar(ours.execution_options(populate_existing=True))
    return Window(
        books=await _books(session, tenant_id, period, closing),
        status=own.status if own else OPEN,
        close_seq=own.close_seq if own else 0,
        activity_close_seq=closing.close_seq if closing else 0,
        announced_at=closing.announced_at if closing else None,
    )


async def _books(session: AsyncSession, tenant_id: str, period: str, closing: ActivityPeriodRow | None) -> Books:
    """A reconciled period holds what was stated: it need not be counted again."""
    if closing is None:
        nothing = PeriodTotals(activities=0, minutes=0, attendance_days=0, employees=0)
        return Books(None, nothing, nothing)
    stated = stated_totals(closing)
    reconciled = closing.state == LedgerState.RECONCILED
    return Books(closing.state, stated, stated if reconciled else await held_totals(session, tenant_id, period))


async def evaluator_days(session: AsyncSession, tenant_id: str, span: Period) -> int:
    """For how many days after activity's closing the evaluator alone may appraise."""
    newest = (
        select(SettingsRow.evaluator_days)
        .where(SettingsRow.tenant_id == tenant_id, SettingsRow.valid_from <= span.last_day)
        .order_by(SettingsRow.valid_from.desc())
        .limit(1)
    )
    found = await session.scalar(newest)
    return DEFAULT_EVALUATOR_DAYS if found is None else found
