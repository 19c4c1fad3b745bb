"""The ledger against the database: nothing slips past a comparison, and a big month is compared in seconds."""

import asyncio
import time

from sqlalchemy import text

from deploy.local.databases import ServiceUrls
from shared.db import Sessions
from shared.events.activity import PeriodTotals
from shared.events.appraisal import EmployeeCount
from shared.ledger.commands import LOCK_SPACE, note_approvals, note_period_closed
from shared.ledger.queries import held_root, held_totals, parts_of
from shared.ledger.reconciliation import is_fewer, reconcile
from shared.ledger.tables import LedgerState
from shared.unit_of_work import unit_of_work
from tests.support.appraisal import MARCH, approved, closing
from tests.support.service import TENANT, an_id, sessions_on

BUDI = an_id("budi")


def totals(activities: int = 10, minutes: int = 600, days: int = 5, employees: int = 3) -> PeriodTotals:
    return PeriodTotals(activities=activities, minutes=minutes, attendance_days=days, employees=employees)


def test_fewer_is_missing_something_and_having_nothing_too_much() -> None:
    stated = totals()
    assert is_fewer(totals(activities=9, minutes=540), stated)
    assert is_fewer(totals(days=4), stated)
    assert is_fewer(totals(activities=0, minutes=0, days=0, employees=0), stated)
    assert not is_fewer(stated, stated)
    assert not is_fewer(totals(minutes=599), stated)
    assert not is_fewer(totals(activities=9, days=6), stated)
    assert not is_fewer(totals(activities=9, minutes=601), stated)
    assert not is_fewer(totals(days=4, employees=4), stated)


def test_parts_span_every_employee_also_those_not_held() -> None:
    counts = [EmployeeCount(employee_id=one, records=1, amount=1) for one in sorted(an_id(n) for n in range(5))]
    ids = [count.employee_id for count in counts]
    assert [(after, upto, len(held)) for after, upto, held in parts_of(counts, 2)] == [
        (None, ids[1], 2),
        (ids[1], ids[3], 2),
        (ids[3], None, 1),
    ]
    assert parts_of([], 2) == [(None, None, ())]


async def waits_for_the_period(sessions: Sessions) -> None:
    """Until somebody waits for a period's advisory lock."""
    waiting = text(
        "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = :space AND NOT granted)"
    )
    async with asyncio.timeout(10):
        while True:
            async with sessions() as session:
                if await session.scalar(waiting, {"space": LOCK_SPACE}):
                    return


async def test_no_fact_slips_in_while_a_period_is_compared(appraisal_db: ServiceUrls) -> None:
    known, slipping = approved(BUDI, 1), approved(BUDI, 2)
    async with sessions_on(appraisal_db.worker) as sessions:
        async with unit_of_work(sessions, TENANT) as uow:
            await note_approvals(uow, [known])
            await note_period_closed(uow, [closing([known])])

        async def compare() -> LedgerState:
            async with unit_of_work(sessions, TENANT) as uow:
                return await reconcile(uow, MARCH)

        async with unit_of_work(sessions, TENANT) as uow:
            await note_approvals(uow, [slipping])
            comparing = asyncio.create_task(compare())
            await waits_for_the_period(sessions)
        assert await comparing is LedgerState.DIFFERS


async def test_a_big_month_is_compared_in_seconds_and_its_root_is_the_owners(
    appraisal_db: ServiceUrls,
) -> None:
    facts = [approved(an_id("employee", n // 100), n, minutes=1 + n % 60) for n in range(20_000)]
    async with sessions_on(appraisal_db.worker) as sessions:
        began = time.perf_counter()
        for start in range(0, len(facts), 1000):
            async with unit_of_work(sessions, TENANT) as uow:
                await note_approvals(uow, facts[start : start + 1000])
        noted = time.perf_counter()
        async with unit_of_work(sessions, TENANT) as uow:
            await note_period_closed(uow, [closing(facts)])
        closed = time.perf_counter()
        async with unit_of_work(sessions, TENANT) as uow:
            assert (await held_totals(uow.session, TENANT, MARCH)).activities == len(facts)
            assert await reconcile(uow, MARCH) is LedgerState.RECONCILED
        compared = time.perf_counter()
        assert compared - closed < 10, f"noted in {noted - began:.1f} s, compared in {compared - closed:.1f} s"
        async with unit_of_work(sessions, TENANT) as uow:
            assert (await held_root(uow.session, TENANT, MARCH)).hex() == closing(facts).root
