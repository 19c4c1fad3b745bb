"""Copies of appraisals: compared with their closing, asked for again where they stay away, newest version only."""

from services.payroll.commands.appraisals import ASKED_AT_MOST, reconcile_appraisal
from shared.db import Sessions
from shared.events.payroll import PayrollReconciliationRequested
from shared.ledger.tables import LedgerState
from shared.unit_of_work import unit_of_work
from shared.words import Predikat
from tests.support.payroll import PERIOD, a_month, appraisal_of, prepared, reconciled, stated, tell
from tests.support.service import TENANT


async def compared(worker: Sessions, wait_s: float = 60) -> LedgerState:
    async with unit_of_work(worker, TENANT) as uow:
        return await reconcile_appraisal(uow, PERIOD, wait_s=wait_s)


async def requests(worker: Sessions) -> list[PayrollReconciliationRequested]:
    return [event for event in await stated(worker) if isinstance(event, PayrollReconciliationRequested)]


async def test_appraisal_is_asked_again_after_a_wait_for_those_who_are_missing(worker: Sessions) -> None:
    month = a_month()
    missing, *others = month.appraisals
    await tell(worker, [*month.office.events, *others, month.appraised])
    assert await compared(worker) is LedgerState.ANNOUNCED
    assert await requests(worker) == [], "late facts are normal: nothing is asked at once"
    await compared(worker, wait_s=0)
    (asked,) = await requests(worker)
    assert (asked.owner, asked.close_seq, asked.version) == ("appraisal", 1, 1)
    assert {held.employee_id for held in asked.held} == {one.employee_id for one in others}
    await tell(worker, [missing])
    assert await compared(worker) is LedgerState.RECONCILED


async def test_what_never_becomes_equal_is_told_to_a_person_in_the_end(worker: Sessions) -> None:
    month = a_month()
    await tell(worker, [*month.office.events, *month.appraisals[1:], month.appraised])
    found = [await compared(worker, wait_s=0) for _ in range(ASKED_AT_MOST + 1)]
    assert found == [LedgerState.ANNOUNCED] * ASKED_AT_MOST + [LedgerState.DIFFERS]
    assert [asked.version for asked in await requests(worker)] == [1, 2, 3, 4, 5]


async def test_a_correction_needs_a_new_closing_and_an_older_version_changes_nothing(worker: Sessions) -> None:
    month = a_month()
    await prepared(worker, month)
    corrected = appraisal_of(TENANT, month.appraisals[0].employee_id, PERIOD, Predikat.SANGAT_BAIK, version=2)
    await tell(worker, [corrected])
    assert await compared(worker, wait_s=60) is LedgerState.ANNOUNCED, "no longer what was closed"
    month.appraisals[0], older = corrected, month.appraisals[0]
    again = month.appraised.model_copy(update={"close_seq": 2, "version": 2})
    await tell(worker, [again])
    await tell(worker, [older.model_copy(update={"reason": "another event of the old version"})])
    await reconciled(worker)
    assert await compared(worker) is LedgerState.RECONCILED


async def test_a_closing_that_comes_before_its_appraisals_waits_for_them(worker: Sessions) -> None:
    month = a_month()
    await tell(worker, [*month.office.events, month.appraised])
    assert await compared(worker) is LedgerState.ANNOUNCED
    await tell(worker, month.appraisals)
    assert await compared(worker) is LedgerState.RECONCILED
