"""The fence around a month: who changes what it holds shares its row, who closes it takes the row alone.

Taken before any other row lock, and in the order of codes, so that nobody waits in a circle (design 5, bus.md 8.2).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.activity.tables.periods import PeriodRow
from shared.period import period, period_of


async def hold_open(session: AsyncSession, tenant_id: str, days: Iterable[date]) -> frozenset[str]:
    """Share the fence of the months of these days until the transaction ends; the codes of those that are open.

    None of them can be closed before this transaction has ended. A month never touched before is opened.
    """
    codes = sorted({period_of(day).code for day in days})
    states = await _share(session, tenant_id, codes)
    if len(states) < len(codes):
        await touch(session, tenant_id, codes)
        states = await _share(session, tenant_id, codes)
    return frozenset(code for code, state in states.items() if state == "open")


async def _share(session: AsyncSession, tenant_id: str, codes: Sequence[str]) -> Mapping[str, str]:
    shared = (
        select(PeriodRow.code, PeriodRow.state)
        .where(PeriodRow.tenant_id == tenant_id, PeriodRow.code.in_(codes))
        .order_by(PeriodRow.code)
        .with_for_update(read=True)
    )
    return {code: state for code, state in (await session.execute(shared)).all()}


async def touch(session: AsyncSession, tenant_id: str, codes: Iterable[str]) -> None:
    """Open months that nothing was logged in yet; two who do so at once make one row."""
    rows = [
        {
            "tenant_id": tenant_id,
            "code": month.code,
            "first_day": month.first_day,
            "last_day": month.last_day,
            "state": "open",
            "close_seq": 0,
            "version": 0,
        }
        for month in map(period, sorted(codes))
    ]
    if rows:
        await session.execute(insert(PeriodRow).on_conflict_do_nothing(), rows)


async def take_alone(session: AsyncSession, tenant_id: str, code: str) -> PeriodRow:
    """Wait for all who share the fence, and keep others out until the transaction ends."""
    await touch(session, tenant_id, [code])
    row = await session.scalar(
        select(PeriodRow).where(PeriodRow.tenant_id == tenant_id, PeriodRow.code == code).with_for_update()
    )
    assert row is not None  # touched above; periods are never deleted
    return row
