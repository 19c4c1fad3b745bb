"""On the real broker: bad records stop no partition, a rebalance loses nothing, an outage repeats nothing."""

import asyncio
import dataclasses
from contextlib import AsyncExitStack
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaProducer
from confluent_kafka import Consumer, TopicPartition

from shared.events import CONTENT_TYPE, encode
from shared.events.activity import ActivityApproved
from shared.kafka.worker import Worker, running
from shared.settings import Settings
from tests.support.small_service import HANDLERS, add_effects, approved, effects, known, rows, until

HEADERS = [("content-type", CONTENT_TYPE.encode())]


@pytest.fixture
def settings(kafka, small_db):
    """The worker of appraisal, which reads activity.events and identity.events."""
    login = kafka.services["appraisal"]
    return Settings(
        service="appraisal",
        database_url=small_db.worker,
        kafka_bootstrap=kafka.bootstrap,
        kafka_user=login.user,
        kafka_password=login.password,
        topic_prefix=kafka.prefix,
    )


WORKER = Worker("appraisal", HANDLERS)


@pytest.fixture
async def say(kafka):
    """Puts records on a service's topic as that service could."""
    async with AsyncExitStack() as exits:
        producers = {}
        for service in ("activity", "identity"):
            login = kafka.services[service]
            producers[service] = AIOKafkaProducer(
                bootstrap_servers=kafka.bootstrap,
                security_protocol="SASL_PLAINTEXT",
                sasl_mechanism="SCRAM-SHA-512",
                sasl_plain_username=login.user,
                sasl_plain_password=login.password,
                enable_idempotence=True,
            )
            await producers[service].start()
            exits.push_async_callback(producers[service].stop)

        async def say(event, *, key=None, value=b"", headers=HEADERS):
            value = encode(event) if value == b"" else value
            key = event.key.encode() if key is None else key
            await producers[event.source].send_and_wait(kafka.topic(event.topic), value, key=key, headers=headers)

        yield say


async def applied(sessions, count, tenant_id="19.05"):
    async def enough():
        return len(await effects(sessions, tenant_id)) >= count

    await until(enough, 60)


async def test_twenty_records_five_odd_ones_and_a_fault_all_are_accounted_for(settings, say, worker_sessions, kafka):
    failures = [OSError("database gone")]

    async def shaky(uow, facts):
        await add_effects(uow, facts)
        if failures:
            raise failures.pop()

    await say(known())
    good = [approved(employee_id=uuid4()) for _ in range(15)]
    odd = [
        {"headers": [("content-type", CONTENT_TYPE.encode()), ("x", b"\xff")]},
        {"headers": [("content-type", CONTENT_TYPE.encode()), ("x", None)]},
        {"value": b"{broken"},
        {"value": None},
        {"key": b"92:someone"},
    ]
    for place, fact in enumerate(good):
        await say(fact)
        if place % 3 == 0:
            await say(approved(employee_id=fact.employee_id), **odd[place // 3])
    worker = dataclasses.replace(WORKER, handlers={**HANDLERS, ActivityApproved: shaky})
    async with running(worker, settings):
        await applied(worker_sessions, 15)

        async def committed():
            return await asyncio.to_thread(lag, kafka) == 0

        await until(committed)
    assert sorted(one for one, _ in await effects(worker_sessions)) == sorted(fact.activity_id for fact in good)
    assert len(await rows(worker_sessions, "SELECT 1 FROM quarantine")) == 5


def lag(kafka) -> int:
    """Records on activity.events that appraisal's group has not committed, by another client library."""
    login = kafka.services["appraisal"]
    consumer = Consumer(
        {
            "bootstrap.servers": kafka.bootstrap,
            "group.id": f"{kafka.prefix}appraisal",
            "security.protocol": "SASL_PLAINTEXT",
            "sasl.mechanism": "SCRAM-SHA-512",
            "sasl.username": login.user,
            "sasl.password": login.password,
        }
    )
    try:
        parts = [TopicPartition(kafka.topic("activity.events"), number) for number in range(12)]
        behind = 0
        for part in consumer.committed(parts, timeout=10):
            _, high = consumer.get_watermark_offsets(part, timeout=10)
            behind += high - max(part.offset, 0)
        return behind
    finally:
        consumer.close()


async def test_workers_that_come_and_go_lose_nothing_and_apply_nothing_twice(settings, say, worker_sessions):
    await say(known())
    facts = [approved(employee_id=uuid4()) for _ in range(600)]

    async def talk():
        for fact in facts:
            await say(fact)

    talking = asyncio.create_task(talk())
    async with running(WORKER, settings):
        await applied(worker_sessions, 100)
        async with running(WORKER, settings):
            await applied(worker_sessions, 300)
        async with running(WORKER, settings):
            await talking
            await applied(worker_sessions, 600)
    found = [one for one, _ in await effects(worker_sessions)]
    assert len(found) == 600
    assert set(found) == {fact.activity_id for fact in facts}


async def test_one_employee_s_facts_are_applied_in_the_order_they_were_stated(settings, say, worker_sessions):
    await say(known())
    things = {uuid4(): uuid4() for _ in range(5)}
    for version in range(1, 21):
        for thing, employee in things.items():
            await say(approved(employee_id=employee, activity_id=thing, version=version))
    async with running(WORKER, settings):
        await applied(worker_sessions, 100)
    by_thing: dict[object, list[int]] = {}
    for thing, version in await effects(worker_sessions):
        by_thing.setdefault(thing, []).append(version)
    assert all(versions == list(range(1, 21)) for versions in by_thing.values())


async def test_a_topic_read_again_from_its_beginning_changes_nothing(settings, say, worker_sessions, kafka):
    await say(known())
    for _ in range(30):
        await say(approved(employee_id=uuid4()))
    async with running(WORKER, settings):
        await applied(worker_sessions, 30)
    before = await effects(worker_sessions)
    await asyncio.to_thread(rewind, kafka)
    last = approved()
    async with running(WORKER, settings):
        await say(last)
        await applied(worker_sessions, 31)
    assert await effects(worker_sessions) == [*before, (last.activity_id, 1)]


def rewind(kafka) -> None:
    """Set the group's offsets back to the beginning, as an operator would."""
    login = kafka.services["appraisal"]
    consumer = Consumer(
        {
            "bootstrap.servers": kafka.bootstrap,
            "group.id": f"{kafka.prefix}appraisal",
            "security.protocol": "SASL_PLAINTEXT",
            "sasl.mechanism": "SCRAM-SHA-512",
            "sasl.username": login.user,
            "sasl.password": login.password,
            "enable.auto.commit": False,
        }
    )
    parts = [TopicPartition(kafka.topic("activity.events"), number, 0) for number in range(12)]
    consumer.commit(offsets=parts, asynchronous=False)
    consumer.close()
