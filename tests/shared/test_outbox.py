"""No committed change without its fact, no fact without its change, and none is lost on the way to Kafka."""

import asyncio
import random
from collections import Counter
from contextlib import suppress
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaConsumer
from sqlalchemy.exc import DBAPIError

from shared import outbox
from shared.db import connect, disconnect
from shared.events import decode
from shared.kafka import Producer
from shared.settings import Settings
from shared.unit_of_work import unit_of_work
from tests.support.small_service import Boom, approved, change, rows

TENANTS = ("19.05", "92")


@pytest.fixture
def settings(kafka, small_db):
    """As the activity service: it alone may write on activity.events."""
    login = kafka.services["activity"]
    return Settings(
        service="activity",
        database_url=small_db.worker,
        kafka_bootstrap=kafka.bootstrap,
        kafka_user=login.user,
        kafka_password=login.password,
        topic_prefix=kafka.prefix,
    )


@pytest.fixture
async def producer(settings):
    producer = Producer(settings)
    await producer.start()
    yield producer
    await producer.stop()


async def on_topic(kafka, *, at_least: int) -> list[tuple[str, bytes]]:
    """(key, payload) of all on activity.events, each partition in its order, until nothing more comes."""
    login = kafka.services["payroll"]
    consumer = AIOKafkaConsumer(
        kafka.topic("activity.events"),
        bootstrap_servers=kafka.bootstrap,
        group_id=f"{kafka.prefix}payroll",
        auto_offset_reset="earliest",
        security_protocol="SASL_PLAINTEXT",
        sasl_mechanism="SCRAM-SHA-512",
        sasl_plain_username=login.user,
        sasl_plain_password=login.password,
    )
    await consumer.start()
    read: list[tuple[str, bytes]] = []
    try:
        async with asyncio.timeout(60):
            while True:
                batch = await consumer.getmany(timeout_ms=500)
                read += [(one.key.decode(), one.value) for part in batch.values() for one in part]
                if not batch and len(read) >= at_least:
                    return read
    finally:
        await consumer.stop()


async def test_every_committed_change_has_its_fact_and_no_other_has_one(app_sessions, worker_sessions):
    things = [uuid4() for _ in range(20)]
    done = 0
    for turn in range(60):
        try:
            await change(app_sessions, TENANTS[turn % 2], things[turn % 20], things[turn % 5], fail=turn % 3 == 0)
            done += 1
        except Boom:
            pass
    stated = await rows(worker_sessions, "SELECT payload FROM event_log ORDER BY id")
    assert len(stated) == done == 40
    versions: dict[object, int] = {}
    for (payload,) in stated:
        event = decode(payload)
        versions[event.subject] = versions.get(event.subject, 0) + 1
        assert event.version == versions[event.subject]
    assert len(await rows(worker_sessions, "SELECT 1 FROM outbox")) == done


async def test_a_fact_about_another_region_cannot_be_stated(app_sessions):
    with pytest.raises(ValueError, match="about tenant 92"):
        async with unit_of_work(app_sessions, "19.05") as uow:
            uow.record(approved("92"))


async def test_a_row_committed_late_is_sent_all_the_same(app_sessions, worker_sessions, producer, kafka):
    async with unit_of_work(app_sessions, "19.05") as slow:
        slow.record(approved())
        await slow.settle()  # has its id, is not committed
        await change(app_sessions, "19.05", uuid4(), uuid4())
        assert await outbox.relay_round(worker_sessions, producer.send) == 1
    assert await outbox.relay_round(worker_sessions, producer.send) == 1
    assert len(await on_topic(kafka, at_least=2)) == 2


async def test_nothing_leaves_the_outbox_before_kafka_has_it(app_sessions, worker_sessions):
    await change(app_sessions, "19.05", uuid4(), uuid4())

    async def unanswered(topic, key, payload):
        future = asyncio.get_running_loop().create_future()
        future.set_exception(ConnectionError("the broker is gone"))
        return future

    assert await outbox.relay_round(worker_sessions, unanswered) == 0
    assert len(await rows(worker_sessions, "SELECT 1 FROM outbox")) == 1


async def test_what_follows_a_failed_fact_of_the_same_key_waits_for_it(app_sessions, worker_sessions):
    employee, other = uuid4(), uuid4()
    first, second, third = uuid4(), uuid4(), uuid4()
    for thing, who in ((first, employee), (second, employee), (third, other)):
        await change(app_sessions, "19.05", thing, who)
    sent = []

    async def first_fails(topic, key, payload):
        future = asyncio.get_running_loop().create_future()
        subject = decode(payload).subject
        if subject == str(first):
            future.set_exception(ConnectionError("lost"))
        else:
            future.set_result(None)
            sent.append(subject)
        return future

    assert await outbox.relay_round(worker_sessions, first_fails) == 1
    left = await rows(
        worker_sessions, "SELECT l.payload FROM outbox o JOIN event_log l ON l.id = o.log_id ORDER BY o.id"
    )
    assert [decode(payload).subject for (payload,) in left] == [str(first), str(second)]


async def test_while_one_relay_holds_a_shard_another_does_not_send_it_too(app_sessions, worker_sessions):
    await change(app_sessions, "19.05", uuid4(), uuid4())
    asked = asyncio.Event()
    answer = asyncio.get_running_loop().create_future()

    async def slow(topic, key, payload):
        asked.set()
        return answer

    first = asyncio.create_task(outbox.relay_round(worker_sessions, slow))
    await asked.wait()
    assert await outbox.relay_round(worker_sessions, slow) == 0
    answer.set_result(None)
    assert await first == 1


async def test_several_relays_under_faults_lose_invert_and_invent_nothing(
    small_db, app_sessions, worker_sessions, settings, kafka
):
    """Writers with rollbacks, three relays, connections killed: the topic holds the log, in order per key."""
    writing = True
    dice = random.Random(7)

    async def write() -> None:
        things = [uuid4() for _ in range(6)]
        for turn in range(60):
            thing = things[dice.randrange(6)]
            with suppress(Boom):
                await change(app_sessions, TENANTS[turn % 2], thing, thing, fail=dice.random() < 0.1)

    async def relay() -> None:
        producer = Producer(settings)
        await producer.start()
        sessions = connect(small_db.worker, pool_size=2)

        async def delayed(topic, key, payload):
            await asyncio.sleep(dice.random() * 0.005)  # a quiet rig hides inversions
            return await producer.send(topic, key, payload)

        try:
            while writing or await rows(worker_sessions, "SELECT 1 FROM outbox LIMIT 1"):
                with suppress(DBAPIError):  # cut, as planned
                    await outbox.relay_round(sessions, delayed, most=20)
                await asyncio.sleep(0)
        finally:
            await disconnect(sessions)
            await producer.stop()

    async def cut_connections() -> None:
        while writing:
            await rows(
                worker_sessions,
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = current_user "
                "AND pid <> pg_backend_pid() AND state = 'idle in transaction' AND random() < 0.3",
            )
            await asyncio.sleep(0.1)

    relays = [asyncio.create_task(relay()) for _ in range(3)]
    cutter = asyncio.create_task(cut_connections())
    await asyncio.gather(*[write() for _ in range(6)])
    writing = False
    await asyncio.gather(cutter, *relays)

    stated = [bytes(payload) for (payload,) in await rows(worker_sessions, "SELECT payload FROM event_log ORDER BY id")]
    read = await on_topic(kafka, at_least=len(stated))
    assert {payload for _, payload in read} == set(stated), "lost or invented"
    seen: Counter[str] = Counter()
    for _, payload in read:
        event = decode(payload)
        assert event.version <= seen[event.subject] + 1, "a later fact came first"
        seen[event.subject] = max(seen[event.subject], event.version)
    assert await rows(worker_sessions, "SELECT 1 FROM outbox") == []


async def test_saying_again_puts_an_employee_s_facts_of_a_period_into_the_outbox(
    app_sessions, worker_sessions, producer
):
    employee = uuid4()
    async with unit_of_work(app_sessions, "19.05") as uow:
        uow.record(approved(employee_id=employee), approved(employee_id=employee, period="2026-04"), approved())
    await outbox.relay_round(worker_sessions, producer.send)
    async with unit_of_work(worker_sessions, "19.05") as uow:
        again = await outbox.send_again(
            uow.session, "19.05", f"19.05:{employee}", ["activity.approved.v1"], period="2026-03"
        )
    assert again == 1
    assert await outbox.relay_round(worker_sessions, producer.send) == 1
