"""Every fact takes effect once; what cannot be used is kept with its reason and stops nothing."""

import asyncio
import json
from uuid import uuid4

import pytest
from sqlalchemy import text

from shared.errors import Refused
from shared.events import CONTENT_TYPE, Event, encode
from shared.events.activity import ActivityApproved
from shared.inbox import Inbox, NotYet, Record, quarantine
from shared.inbox.delivery import SEVERAL, note, runs
from tests.support.samples import BUDI, SITI
from tests.support.small_service import HANDLERS, add_effects, approved, effects, known, rows

_HEADERS = (("content-type", CONTENT_TYPE.encode()),)


def record(event: Event, offset: int = 0, **changes: object) -> Record:
    given = {"key": event.key.encode(), "value": encode(event), "headers": _HEADERS} | changes
    return Record(event.topic, 0, offset, **given)


def records(*events: Event) -> list[Record]:
    return [record(event, offset) for offset, event in enumerate(events)]


@pytest.fixture
async def inbox(worker_sessions):
    inbox = Inbox(worker_sessions, HANDLERS)
    await inbox.deliver(records(known("19.05"), known("92")))
    return inbox


async def test_a_fact_that_arrives_twice_takes_effect_once(inbox):
    fact = approved()
    await inbox.deliver(records(fact, fact))
    await inbox.deliver(records(fact))
    assert await effects(inbox.sessions) == [(fact.activity_id, 1)]


async def test_regions_in_one_batch_stay_apart(inbox):
    here, there = approved("19.05"), approved("92")
    await inbox.deliver(records(here, there))
    assert await effects(inbox.sessions, "19.05") == [(here.activity_id, 1)]
    assert await effects(inbox.sessions, "92") == [(there.activity_id, 1)]


def bad_records() -> dict[str, Record]:
    fact = approved()
    said = json.loads(encode(fact))
    broken = {
        "null value": {"value": None},
        "not JSON": {"value": b"{not json"},
        "not a JSON object": {"value": b"[1]"},
        "unknown type": {"value": json.dumps(said | {"type": "activity.sung.v1"}).encode()},
        "field minutes": {"value": json.dumps(said | {"data": said["data"] | {"minutes": "many"}}).encode()},
        "the record's key": {"key": b"92:" + str(fact.employee_id).encode()},
        "is not UTF-8": {"headers": (*_HEADERS, ("trace", b"\xff\xfe"))},
        "has a null value": {"headers": (*_HEADERS, ("trace", None))},
        "content-type is None": {"headers": ()},
        "bad header: \\0x": {"headers": (*_HEADERS, ("\0x", None))},
        "belongs on activity.events": {},
    }
    made = {reason: record(fact, 100 + place, **changes) for place, (reason, changes) in enumerate(broken.items())}
    wrong = made["belongs on activity.events"]
    made["belongs on activity.events"] = Record(
        "payroll.events", 0, wrong.offset, wrong.key, wrong.value, wrong.headers
    )
    return made


@pytest.mark.parametrize("reason", list(bad_records()))
async def test_one_bad_record_stops_nothing_and_is_kept_with_its_reason(inbox, reason):
    before, after = approved(), approved()
    bad = bad_records()[reason]
    await inbox.deliver([record(before, 1), bad, record(after, 2)])
    assert [one for one, _ in await effects(inbox.sessions)] == [before.activity_id, after.activity_id]
    [kept] = await rows(inbox.sessions, 'SELECT topic, "offset", payload, reason FROM quarantine')
    assert (kept[0], kept[1], kept[2]) == (bad.topic, bad.offset, bad.value)
    assert reason in kept[3]


async def test_a_bad_record_that_is_read_again_is_kept_once(inbox):
    bad = bad_records()["not JSON"]
    await inbox.deliver([bad])
    await inbox.deliver([bad])
    assert len(await rows(inbox.sessions, "SELECT 1 FROM quarantine")) == 1


async def test_facts_of_an_unknown_region_wait_until_it_is_known_and_come_in_their_order(inbox):
    first, second = approved("34.04", minutes=1), approved("34.04", minutes=2)
    beside = approved("19.05")
    await inbox.deliver(records(first, beside))
    await inbox.deliver(records(second))
    assert [one for one, _ in await effects(inbox.sessions)] == [beside.activity_id]
    waiting = await rows(inbox.sessions, "SELECT reason FROM inbox_waiting ORDER BY id")
    assert "34.04 is unknown" in waiting[0][0]
    assert await inbox.retry_waiting() == 0

    await inbox.deliver(records(known("34.04")))
    assert await inbox.retry_waiting() == 2
    assert [one for one, _ in await effects(inbox.sessions, "34.04")] == [first.activity_id, second.activity_id]
    assert await rows(inbox.sessions, "SELECT 1 FROM inbox_waiting") == []


async def test_later_facts_of_a_key_queue_behind_one_that_waits_and_other_keys_go_on(worker_sessions):
    ready = False

    async def picky(uow, facts):
        if not ready and any(fact.minutes == 1 for fact in facts):
            raise NotYet("employee unknown")
        await add_effects(uow, facts)

    inbox = Inbox(worker_sessions, {**HANDLERS, ActivityApproved: picky})
    await inbox.deliver(records(known()))
    waits, behind, free = approved(minutes=1), approved(minutes=2), approved(minutes=3, employee_id=SITI)
    await inbox.deliver(records(waits, behind, free))
    assert [one for one, _ in await effects(worker_sessions)] == [free.activity_id]

    ready = True
    assert await inbox.retry_waiting() == 2
    assert [one for one, _ in await effects(worker_sessions)][1:] == [waits.activity_id, behind.activity_id]


async def test_a_fact_its_handler_refuses_is_kept_and_its_neighbours_take_effect(worker_sessions):
    async def strict(uow, facts):
        if any(fact.minutes == 13 for fact in facts):
            raise Refused("thirteen minutes are not work")
        await add_effects(uow, facts)

    inbox = Inbox(worker_sessions, {**HANDLERS, ActivityApproved: strict})
    await inbox.deliver(records(known()))
    good, bad = approved(), approved(minutes=13)
    await inbox.deliver(records(good, bad))
    assert await effects(worker_sessions) == [(good.activity_id, 1)]
    [kept] = await rows(worker_sessions, "SELECT id, reason FROM quarantine")
    assert "thirteen minutes" in kept[1]

    mended = Inbox(worker_sessions, HANDLERS)
    await quarantine.redrive(mended, kept[0], by="operator")
    assert len(await effects(worker_sessions)) == 2
    with pytest.raises(Refused, match="was redriven"):
        await quarantine.redrive(mended, kept[0], by="operator")
    assert len(await effects(worker_sessions)) == 2


async def test_a_release_that_would_bury_everything_stops_instead(worker_sessions):
    async def broken(uow, facts):
        raise KeyError("a field we renamed")

    inbox = Inbox(worker_sessions, {**HANDLERS, ActivityApproved: broken})
    await inbox.deliver(records(known()))
    with pytest.raises(KeyError):
        await inbox.deliver(records(*[approved() for _ in range(SEVERAL)]))
    assert await rows(worker_sessions, "SELECT 1 FROM quarantine") == []


async def test_a_fault_in_the_middle_of_a_batch_leaves_nothing_half_done(worker_sessions):
    failures = [OSError("database gone")] * 2

    async def shaky(uow, facts):
        await add_effects(uow, facts)
        if failures:
            raise failures.pop()

    inbox = Inbox(worker_sessions, {**HANDLERS, ActivityApproved: shaky})
    await inbox.deliver(records(known()))
    batch = records(approved(), approved())
    for _ in range(2):
        with pytest.raises(OSError, match="gone"):
            await inbox.deliver(batch)
        assert await effects(worker_sessions) == []
    await inbox.deliver(batch)
    assert len(await effects(worker_sessions)) == 2


async def test_a_zombie_with_the_same_batch_does_no_harm(inbox):
    facts = [approved() for _ in range(50)]
    zombie = Inbox(inbox.sessions, HANDLERS)
    await asyncio.gather(*[one.deliver(records(*facts)) for one in (inbox, zombie) * 4])
    assert len(await effects(inbox.sessions)) == 50


async def test_batches_that_cross_in_opposite_order_do_not_deadlock(inbox):
    facts = [approved() for _ in range(4000)]

    async def note_all(order):
        async with inbox.sessions.begin() as session:
            return len(await note(session, order))

    noted = await asyncio.gather(*[note_all(facts if turn % 2 else facts[::-1]) for turn in range(6)])
    assert sorted(noted) == [0, 0, 0, 0, 0, 4000]


def test_a_batch_becomes_few_calls_that_keep_the_order_of_each_key():
    other = uuid4()
    a1, b1 = approved(employee_id=BUDI), approved(employee_id=other)
    renamed = known()
    kinds = runs([a1, renamed, b1, a1.model_copy(update={"version": 2})])
    assert [(tenant, kind.__name__, len(run)) for tenant, kind, run in kinds] == [
        ("19.05", "ActivityApproved", 3),
        ("19.05", "TenantConfigured", 1),
    ]
    assert [fact.version for fact in kinds[0][2] if fact.employee_id == BUDI] == [1, 2]


async def test_the_worker_may_not_rewrite_what_was_said(inbox):
    with pytest.raises(Exception, match="permission denied"):
        async with inbox.sessions.begin() as session:
            await session.execute(text("UPDATE event_log SET payload = ''"))
