"""Is a closed period all here? Nothing is appraised or paid before the ledger equals what activity closed.

Fewer than was closed: wait, then ask the owner to send again. Anything else that is not equal: a person is told.
"""

from collections.abc import Awaitable, Callable, Sequence

import structlog
from prometheus_client import Counter
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.clock import now
from shared.db import Sessions, is_transient
from shared.events.activity import PeriodTotals
from shared.events.appraisal import EmployeeCount, ReconciliationRequested
from shared.ledger.commands import LOCK_SPACE, lock_key
from shared.ledger.queries import held_counts, held_root, held_totals, parts_of, stated_totals
from shared.ledger.tables import ActivityPeriodRow, LedgerState
from shared.unit_of_work import UnitOfWork, unit_of_work

WAIT_S = 60.0  # late facts are normal: bus.md 8.2
LONGEST_WAIT_S = 3600.0
EMPLOYEES_A_PART = 2000  # keeps a request far below the size of a record

DIFFERENCES = Counter("takar_reconcile_difference_total", "Closings that the ledger contradicts", ["tenant"])

log = structlog.get_logger()


async def reconcile(uow: UnitOfWork, period: str) -> LedgerState:
    """Compare the ledger with the newest closing of a period, and keep what was found as the period's state.

    The root is computed only where counts and sums agree. Raises LookupError for a period of which nothing is known.
    """
    await uow.session.execute(_LOCK_ALONE, {"space": LOCK_SPACE, "key": lock_key(uow.tenant_id, period)})
    row = await _locked(uow, period)
    if row is None:
        raise LookupError(f"no closing of {period} is known")
    if row.reopened:
        return LedgerState.REOPENED
    found = await _compared(uow.session, row)
    if found is LedgerState.DIFFERS and row.state != LedgerState.DIFFERS:
        await _alert(uow, row)
    row.state = found
    return found


_LOCK_ALONE = text("SELECT pg_advisory_xact_lock(:space, :key)")


async def _locked(uow: UnitOfWork, period: str) -> ActivityPeriodRow | None:
    return await uow.session.scalar(
        select(ActivityPeriodRow)
        .where(ActivityPeriodRow.tenant_id == uow.tenant_id, ActivityPeriodRow.period == period)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


async def _compared(session: AsyncSession, row: ActivityPeriodRow) -> LedgerState:
    held, stated = await held_totals(session, row.tenant_id, row.period), stated_totals(row)
    if held == stated:
        same = await held_root(session, row.tenant_id, row.period) == row.root
        return LedgerState.RECONCILED if same else LedgerState.DIFFERS
    return LedgerState.ANNOUNCED if is_fewer(held, stated) else LedgerState.DIFFERS


def is_fewer(held: PeriodTotals, stated: PeriodTotals) -> bool:
    """Whether facts are merely missing: fewer activities or days than were closed, and of nothing more."""
    missing = held.activities < stated.activities or held.attendance_days < stated.attendance_days
    return missing and (
        held.activities <= stated.activities
        and held.attendance_days <= stated.attendance_days
        and held.minutes <= stated.minutes
        and held.employees <= stated.employees
    )


async def _alert(uow: UnitOfWork, row: ActivityPeriodRow) -> None:
    DIFFERENCES.labels(uow.tenant_id).inc()
    held = await held_totals(uow.session, uow.tenant_id, row.period)
    log.error(
        "a closed period differs from the ledger: a person must look",
        tenant=uow.tenant_id,
        period=row.period,
        close_seq=row.close_seq,
        held=held.model_dump(),
        stated=stated_totals(row).model_dump(),
    )


def reconcile_waiting(
    request: type[ReconciliationRequested], *, wait_s: float = WAIT_S
) -> Callable[[Sessions], Awaitable[int]]:
    """A worker's loop: compares every region's announced periods, and asks the owner where facts stay away.

    `request`: the reader's own class of request. `wait_s`: seconds until the first request; each further one waits
    twice as long. The loop says how many periods it found reconciled or differing.
    """

    async def reconcile_round(sessions: Sessions) -> int:
        async with sessions() as session:
            waiting = (await session.execute(_WAITING)).all()
        return sum([await _try_one(sessions, tenant_id, period, request, wait_s) for tenant_id, period in waiting])

    return reconcile_round


_WAITING = (
    select(ActivityPeriodRow.tenant_id, ActivityPeriodRow.period)
    .where(ActivityPeriodRow.state.in_([LedgerState.ANNOUNCED, LedgerState.DIFFERS]))
    .order_by(ActivityPeriodRow.announced_at)
)


async def _try_one(
    sessions: Sessions, tenant_id: str, period: str, request: type[ReconciliationRequested], wait_s: float
) -> int:
    """One region's failure must not hold up the others, unless it is the database that is gone."""
    try:
        async with unit_of_work(sessions, tenant_id) as uow:
            return await _settle_one(uow, period, request, wait_s)
    except Exception as error:
        if is_transient(error):
            raise
        log.error("a period could not be compared", tenant=tenant_id, period=period, exc_info=error)
        return 0


async def _settle_one(uow: UnitOfWork, period: str, request: type[ReconciliationRequested], wait_s: float) -> int:
    row = await uow.session.get_one(ActivityPeriodRow, (uow.tenant_id, period))
    if row.state == LedgerState.ANNOUNCED and not await _still_fewer(uow, row):
        return int(await reconcile(uow, period) is not LedgerState.ANNOUNCED)
    await ask_again_when_due(uow, period, request, wait_s)
    return 0


async def _still_fewer(uow: UnitOfWork, row: ActivityPeriodRow) -> bool:
    """Without a lock, so that late facts go on coming in while they are counted."""
    return is_fewer(await held_totals(uow.session, uow.tenant_id, row.period), stated_totals(row))


_DUE = text(
    """
    SELECT clock_timestamp() >= coalesce(asked_at, announced_at)
         + make_interval(secs => least(:wait_s * power(2, least(asked, 20)), :longest))
    FROM activity_periods WHERE tenant_id = :tenant_id AND period = :period
    """
)


async def ask_again_when_due(
    uow: UnitOfWork, period: str, request: type[ReconciliationRequested], wait_s: float
) -> bool:
    """Ask activity to send again what differs, unless it was asked a short while ago; whether it was asked now."""
    row = await _locked(uow, period)
    given = {"tenant_id": uow.tenant_id, "period": period, "wait_s": wait_s, "longest": LONGEST_WAIT_S}
    if row is None or row.reopened or not await uow.session.scalar(_DUE, given):
        return False
    row.asked, row.asked_at = row.asked + 1, await uow.session.scalar(select(func.clock_timestamp()))
    counts = await held_counts(uow.session, uow.tenant_id, period)
    requests = requests_for(
        request, uow.tenant_id, owner="activity", period=period, close_seq=row.close_seq, asked=row.asked, counts=counts
    )
    uow.record(*requests)
    return True


def requests_for(
    request: type[ReconciliationRequested],
    tenant_id: str,
    *,
    owner: str,
    period: str,
    close_seq: int,
    asked: int,
    counts: Sequence[EmployeeCount],
) -> list[ReconciliationRequested]:
    """A request to `owner`, in parts that span all employees. `counts` by id; `asked`: the how manieth time, from 1."""
    moment = now()
    return [
        request(
            tenant_id=tenant_id,
            occurred_at=moment,
            version=asked,
            owner=owner,
            period=period,
            close_seq=close_seq,
            part=number,
            after=after,
            upto=upto,
            held=held,
        )
        for number, (after, upto, held) in enumerate(parts_of(counts, EMPLOYEES_A_PART), start=1)
    ]
