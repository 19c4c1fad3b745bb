"""What activity's and payroll's facts lead to: the ledger is complete, or nothing is appraised."""

import pytest
import structlog
from sqlalchemy import text

from deploy.local.databases import ServiceUrls
from shared.events.appraisal import AppraisalFinalized, EmployeeCount, ReconciliationRequested
from shared.events.payroll import PayrollReconciliationRequested
from tests.support.appraisal import (
    MARCH,
    STATED_AT,
    Region,
    approved,
    closing,
    month_of,
    region_on,
    reopening,
    settled,
    withdrawn,
)
from tests.support.service import OTHER_TENANT


async def state_of(region: Region, period: str = MARCH) -> dict[str, object]:
    return (await region.get(f"/periods/{period}", region.admin())).json()


async def requests(region: Region) -> list[ReconciliationRequested]:
    return [fact for fact in await region.stated() if isinstance(fact, ReconciliationRequested)]


async def test_a_period_that_arrived_whole_is_reconciled(region: Region) -> None:
    await region.month_closed()
    found = await state_of(region)
    assert found["activity_state"] == "reconciled"
    assert (
        found["held"]
        == found["stated"]
        == {
            "activities": 12,
            "minutes": 4 * 360,
            "attendance_days": 8,
            "employees": 4,
        }
    )


async def test_facts_that_come_twice_count_once(region: Region) -> None:
    facts = month_of(region.everyone)
    await region.tell(*facts, *facts)
    await region.tell(*facts)
    await region.month_closed(facts)
    assert (await state_of(region))["activity_state"] == "reconciled"


async def test_a_replay_past_the_inbox_changes_nothing(region: Region) -> None:
    facts = await region.month_closed()
    async with region.worker.begin() as session:
        await session.execute(text("DELETE FROM inbox"))
    await region.tell(*facts, closing(facts))
    found = await state_of(region)
    assert (found["activity_state"], found["held"]) == ("reconciled", found["stated"])


async def test_a_closing_that_overtakes_its_facts_waits_for_them(region: Region) -> None:
    facts = month_of(region.everyone)
    await region.tell(closing(facts), *facts[:10])
    await region.reconcile()
    assert (await state_of(region))["activity_state"] == "announced"
    await region.tell(*reversed(facts[10:]))
    await region.reconcile()
    assert (await state_of(region))["activity_state"] == "reconciled"


async def test_a_withdrawal_that_overtakes_its_approval_wins(region: Region) -> None:
    facts = month_of(region.everyone)
    mistake = approved(region.everyone[0], 9)
    await region.tell(withdrawn(mistake))
    await region.tell(mistake)
    await region.month_closed(facts)
    assert (await state_of(region))["activity_state"] == "reconciled"


async def test_an_approval_after_a_withdrawal_counts_again(region: Region) -> None:
    first = approved(region.everyone[0], 9)
    again = approved(region.everyone[0], 9, version=3, minutes=75)
    await region.tell(first, withdrawn(first), again)
    await region.tell(closing([again]))
    await region.reconcile()
    assert (await state_of(region))["activity_state"] == "reconciled"


async def test_an_older_version_of_a_day_never_replaces_a_newer(region: Region) -> None:
    old, new = settled(region.everyone[0]), settled(region.everyone[0], late_minutes=30, version=2)
    await region.tell(new)
    await region.tell(old)
    await region.tell(closing([new]))
    await region.reconcile()
    assert (await state_of(region))["activity_state"] == "reconciled"


async def test_facts_that_stay_away_are_asked_for_until_the_period_is_whole(region: Region) -> None:
    facts = month_of(region.everyone)
    await region.tell(closing(facts), *facts[:-2])
    await region.reconcile(wait_s=60)
    assert await requests(region) == []
    await region.reconcile(wait_s=0)
    [asked] = await requests(region)
    assert (asked.owner, asked.period, asked.close_seq, asked.after, asked.upto) == ("activity", MARCH, 1, None, None)
    last = facts[-1].employee_id  # type: ignore[attr-defined]  # an employee's fact
    records = {count.employee_id: (count.records, count.amount) for count in asked.held}
    assert records[last] == (3, 360)
    assert set(records.values()) == {(3, 360), (5, 360)}
    await region.reconcile(wait_s=0)
    assert [request.version for request in await requests(region)] == [1, 2]
    await region.tell(*facts)
    await region.reconcile()
    assert (await state_of(region))["activity_state"] == "reconciled"


async def test_the_waits_between_requests_grow(region: Region) -> None:
    facts = month_of(region.everyone)
    await region.tell(closing(facts), *facts[:-2])
    async with region.worker.begin() as session:
        await session.execute(text("SELECT set_config('app.tenant', '19.05', true)"))
        await session.execute(
            text("UPDATE activity_periods SET asked = 2, asked_at = clock_timestamp() - interval '30 seconds'")
        )
    await region.reconcile(wait_s=10)
    assert await requests(region) == []
    await region.reconcile(wait_s=5)
    assert [request.version for request in await requests(region)] == [3]


async def test_a_request_comes_in_parts_that_span_every_employee(
    region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.ledger.reconciliation.EMPLOYEES_A_PART", 3)
    facts = month_of(region.everyone)
    await region.tell(closing(facts), *facts[:-1])
    await region.reconcile(wait_s=0)
    first, second = await requests(region)
    ids = sorted(region.everyone)
    assert (first.after, first.upto, [one.employee_id for one in first.held]) == (None, ids[2], ids[:3])
    assert (second.after, second.upto, [one.employee_id for one in second.held]) == (ids[2], None, ids[3:])


async def test_a_different_sum_is_told_to_a_person_and_nothing_can_be_finalized(region: Region) -> None:
    facts = month_of(region.everyone)
    changed = approved(region.everyone[2], 1, minutes=61, quantity="2.5")
    await region.tell(*[changed if fact.event_id == changed.event_id else fact for fact in facts])
    await region.tell(closing(facts))
    with structlog.testing.capture_logs() as logs:
        await region.reconcile()
    assert (await state_of(region))["activity_state"] == "differs"
    assert "a closed period differs from the ledger: a person must look" in [line["event"] for line in logs]
    answer = await region.finalize(region.office.supervisor, region.office.staff[0])
    assert answer.status_code == 409
    assert "differs from what activity closed" in answer.json()["detail"]
    assert (await region.close()).status_code == 409


async def test_equal_sums_with_another_content_differ(region: Region) -> None:
    facts = month_of(region.everyone)
    swapped = approved(region.everyone[0], 1, minutes=60, quantity="2.6")
    await region.tell(swapped, *[fact for fact in facts if fact.event_id != swapped.event_id])
    await region.tell(closing(facts))
    await region.reconcile()
    assert (await state_of(region))["activity_state"] == "differs"


async def test_more_than_was_closed_differs_until_the_withdrawal_arrives(region: Region) -> None:
    facts = month_of(region.everyone)
    mistake = approved(region.everyone[0], 9)
    await region.tell(*facts, mistake, closing(facts))
    await region.reconcile()
    assert (await state_of(region))["activity_state"] == "differs"
    await region.tell(withdrawn(mistake))
    await region.reconcile()
    assert (await state_of(region))["activity_state"] == "reconciled"


async def test_a_later_fact_takes_a_reconciled_period_back_and_alerts(region: Region) -> None:
    await region.month_closed()
    with structlog.testing.capture_logs() as logs:
        await region.tell(approved(region.everyone[0], 9))
    assert "a closed and reconciled period was changed by a later fact" in [line["event"] for line in logs]
    assert (await state_of(region))["activity_state"] == "announced"
    await region.reconcile()
    assert (await state_of(region))["activity_state"] == "differs"


async def test_an_older_closing_never_replaces_a_newer(region: Region) -> None:
    facts = month_of(region.everyone)
    await region.tell(closing(facts, close_seq=2))
    await region.tell(closing(facts[:5], close_seq=1), reopening(close_seq=1), *facts)
    await region.reconcile()
    found = await state_of(region)
    assert (found["activity_state"], found["activity_close_seq"]) == ("reconciled", 2)


async def test_a_reopening_that_overtakes_its_closing_holds(region: Region) -> None:
    facts = month_of(region.everyone)
    await region.tell(reopening(close_seq=1), *facts)
    await region.tell(closing(facts, close_seq=1))
    await region.reconcile()
    assert (await state_of(region))["activity_state"] == "reopened"


async def test_when_activity_reopens_appraisals_must_be_closed_again(region: Region) -> None:
    facts = await region.month_closed()
    await region.finalize_all()
    assert (await region.close()).json()["close_seq"] == 1
    await region.tell(reopening())
    answer = await region.close()
    assert (answer.status_code, answer.json()["state"]) == (409, "reopened")
    late = approved(region.everyone[3], 9)
    await region.tell(late, closing([*facts, late], close_seq=2))
    await region.reconcile()
    again = (await region.close()).json()
    assert (again["close_seq"], again["supersedes"], again["activity_close_seq"]) == (2, 1, 2)
    found = await state_of(region)
    assert [one["reopening"] for one in found["closings"]] == [None, "activity reopened the period"]  # type: ignore[attr-defined]


async def test_a_later_closing_of_activitys_opens_the_appraisals_even_before_its_reopening(region: Region) -> None:
    facts = await region.month_closed()
    await region.finalize_all()
    await region.close()
    await region.tell(closing(facts, close_seq=2))
    await region.reconcile()
    found = await state_of(region)
    assert (found["status"], found["activity_state"]) == ("open", "reconciled")
    await region.close()
    await region.tell(reopening(close_seq=1))
    assert (await state_of(region))["status"] == "closed"


async def test_payroll_is_sent_again_what_it_lacks_and_no_more(region: Region) -> None:
    await region.month_closed()
    await region.finalize_all()
    stated = [fact for fact in await region.stated() if isinstance(fact, AppraisalFinalized)]
    held = sorted(fact.employee_id for fact in stated)[1:]
    async with region.worker.begin() as session:
        await session.execute(text("DELETE FROM outbox"))
    await region.tell(
        PayrollReconciliationRequested(
            tenant_id=region.tenant_id,
            occurred_at=STATED_AT,
            owner="appraisal",
            period=MARCH,
            close_seq=1,
            held=tuple(EmployeeCount(employee_id=one, records=1, amount=0) for one in held),
        ),
        PayrollReconciliationRequested(
            tenant_id=region.tenant_id, occurred_at=STATED_AT, owner="activity", period=MARCH, close_seq=1, held=()
        ),
    )
    async with region.worker() as session:
        keys = await session.scalars(text("SELECT l.key FROM outbox o JOIN event_log l ON l.id = o.log_id"))
        assert keys.all() == [f"{region.tenant_id}:{min(fact.employee_id for fact in stated)}"]


async def test_the_loop_serves_every_region_each_in_its_own_transaction(appraisal_db: ServiceUrls) -> None:
    async with region_on(appraisal_db) as bangka, region_on(appraisal_db, OTHER_TENANT) as papua:
        for one in (bangka, papua):
            facts = month_of(one.everyone, tenant_id=one.tenant_id)
            await one.tell(*facts, closing(facts, tenant_id=one.tenant_id))
        assert await bangka.reconcile() == 2
        assert (await state_of(papua))["activity_state"] == "reconciled"
        assert await bangka.reconcile() == 0


async def test_one_bad_fact_does_not_hold_up_the_others(region: Region) -> None:
    facts = month_of(region.everyone)
    too_late = settled(region.everyone[0], late_minutes=1).model_copy(update={"late_minutes": 2**40, "version": 7})
    await region.tell(*facts, too_late)
    await region.month_closed(facts)
    assert (await state_of(region))["activity_state"] == "reconciled"
    async with region.worker() as session:
        assert await session.scalar(text("SELECT count(*) FROM quarantine")) == 1
