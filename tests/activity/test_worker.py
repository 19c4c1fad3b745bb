"""What activity hears: identity's facts, and readers that hold other facts than it closed on."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, text

from services.activity.worker import HANDLERS, WORKER
from shared.events import decode
from shared.events.appraisal import EmployeeCount, ReconciliationRequested
from shared.events.payroll import PayrollReconciliationRequested
from shared.outbox import EventLogRow, OutboxRow
from tests.support.activity import MONTH, Region, entry

SEQ = 1


async def closed_month(region: Region, results: dict[UUID, str]) -> dict[UUID, tuple[int, int]]:
    """Two of staff with approved work in a closed month: records and minutes of each; the outbox is emptied."""
    counts = {}
    for person, minutes in zip(region.office.staff, (60, 30), strict=True):
        ids = await region.logged(person, [entry(results[person.employee_id], minutes=minutes) for _ in range(2)])
        await region.approve(region.office.supervisor, ids)
        counts[person.employee_id] = (2, 2 * minutes)
    await region.done(region.admin_token(), "POST", f"/periods/{MONTH}/closing")
    async with region.worker.begin() as session:
        await session.execute(text("DELETE FROM outbox"))
    return counts


def request(
    region: Region,
    counts: dict[UUID, tuple[int, int]],
    kind: type[ReconciliationRequested] = ReconciliationRequested,
    **more: object,
) -> ReconciliationRequested:
    held = [EmployeeCount(employee_id=one, records=n, amount=m) for one, (n, m) in counts.items()]
    whole = {
        "tenant_id": region.office.tenant_id,
        "occurred_at": datetime.now(UTC),
        "owner": "activity",
        "period": MONTH,
        "close_seq": SEQ,
        "held": held,
    }
    return kind.model_validate(whole | more)


async def sent_again(region: Region) -> list[UUID]:
    """Employees of the facts that wait in the outbox."""
    async with region.worker() as session:
        rows = await session.scalars(
            select(EventLogRow.payload)
            .join(OutboxRow, (OutboxRow.log_id == EventLogRow.id) & (OutboxRow.log_at == EventLogRow.recorded_at))
            .order_by(OutboxRow.id)
        )
        return [decode(payload).employee_id for payload in rows]  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", [ReconciliationRequested, PayrollReconciliationRequested])
async def test_the_facts_of_those_who_differ_are_sent_again(
    region: Region, results: dict[UUID, str], kind: type[ReconciliationRequested]
) -> None:
    counts = await closed_month(region, results)
    differing = region.staff.employee_id
    await region.tell(request(region, counts | {differing: (1, 30)}, kind))
    assert await sent_again(region) == [differing] * 2


async def test_one_a_reader_does_not_hold_at_all_is_sent_again(region: Region, results: dict[UUID, str]) -> None:
    counts = await closed_month(region, results)
    missing = region.staff.employee_id
    await region.tell(request(region, {one: held for one, held in counts.items() if one != missing}))
    assert await sent_again(region) == [missing] * 2


async def test_a_part_speaks_only_for_its_range_of_employees(region: Region, results: dict[UUID, str]) -> None:
    counts = await closed_month(region, results)
    low, high = sorted(counts)
    await region.tell(request(region, {}, upto=low))
    assert await sent_again(region) == [low] * 2
    await region.tell(request(region, {}, after=low, part=2))
    assert (await sent_again(region))[2:] == [high] * 2


@pytest.mark.parametrize("more", [{"owner": "appraisal"}, {"close_seq": 2}, {"period": "2026-04"}])
async def test_what_is_not_ours_or_holds_no_more_sends_nothing(
    region: Region, results: dict[UUID, str], more: dict[str, object]
) -> None:
    await closed_month(region, results)
    await region.tell(request(region, {}, **more))
    assert await sent_again(region) == []


async def test_equal_counts_send_nothing_and_asking_twice_sends_once(region: Region, results: dict[UUID, str]) -> None:
    counts = await closed_month(region, results)
    await region.tell(request(region, counts))
    assert await sent_again(region) == []
    asked = request(region, {}, part=2)
    await region.tell(asked, asked)
    await region.tell(asked)
    assert len(await sent_again(region)) == 4


async def test_another_regions_request_sends_nothing_of_ours(
    region: Region, other_region: Region, results: dict[UUID, str]
) -> None:
    await closed_month(region, results)
    await region.tell(request(other_region, {uuid4(): (1, 1)}))
    async with region.worker() as session:
        assert await session.scalar(select(func.count()).select_from(OutboxRow)) == 0


def test_the_worker_hears_identity_appraisal_and_payroll() -> None:
    assert WORKER.heard_topics() == ["appraisal.events", "identity.events", "payroll.events"]
    assert set(HANDLERS) >= {ReconciliationRequested, PayrollReconciliationRequested}
