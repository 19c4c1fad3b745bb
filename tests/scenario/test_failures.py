"""Something breaks in the middle of a month, and the books come out the same."""

from datetime import date
from typing import Any

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition

from deploy.demo.twice import fingerprints
from shared.events.activity import ActivityApproved
from shared.handlers import Handlers
from shared.period import period
from shared.unit_of_work import UnitOfWork
from tests.support.deployment import Deployment
from tests.support.regency import Regency

MAY, APRIL = period("2026-05"), period("2026-04")


async def test_an_outage_while_reading_loses_and_repeats_nothing(deployment: Deployment, bangka_barat: Regency) -> None:
    # payroll's worker is down while May is approved and closed
    await deployment.stop("payroll")
    reports = [await bangka_barat.reports(one, date(2026, 5, 5)) for one in bangka_barat.staff]
    await bangka_barat.approves(bangka_barat.boss, *reports)
    closing = await bangka_barat.closes(MAY)

    # it comes back, and its database fails it three times in the middle of a batch
    failures = [OSError("database gone") for _ in range(3)]

    def failing(handlers: Handlers) -> Handlers:
        note = handlers[ActivityApproved]

        async def note_after_outage(uow: UnitOfWork, approvals: list[Any]) -> None:
            await note(uow, approvals)
            if failures:
                raise failures.pop()

        return {**handlers, ActivityApproved: note_after_outage}

    await deployment.start("payroll", failing)

    held = await bangka_barat.is_reconciled(MAY)
    assert not failures
    assert held == {name: closing[name] for name in ("activities", "minutes", "attendance_days", "employees")}
    await bangka_barat.settled()


async def test_a_topic_read_from_its_beginning_again_changes_nothing(
    deployment: Deployment, papua_barat: Regency
) -> None:
    # April is approved and closed, and payroll holds it
    reports = [await papua_barat.reports(one, date(2026, 4, 7)) for one in papua_barat.staff]
    await papua_barat.approves(papua_barat.boss, *reports)
    await papua_barat.closes(APRIL)
    await papua_barat.is_reconciled(APRIL)
    await papua_barat.settled()
    before = await books_of(deployment, "payroll")

    # payroll's group is set back to the beginning of every topic
    await deployment.stop("payroll")
    read = await set_back(deployment, "payroll")
    await deployment.start("payroll")
    await papua_barat.eventually(lambda: lag_of(deployment, "payroll"), lambda left: left == 0)

    assert read > 100, "there was something to read again"
    assert await books_of(deployment, "payroll") == before


async def books_of(deployment: Deployment, service: str) -> dict[str, tuple[int, str]]:
    """Rows and fingerprint of each table."""
    connection = await asyncpg.connect(deployment.database(service))
    try:
        return await fingerprints(connection)
    finally:
        await connection.close()


async def set_back(deployment: Deployment, service: str) -> int:
    """Commit offset 0 everywhere for the service's group; how many records that brings back."""
    async with Group(deployment, service) as (consumer, partitions):
        ends = await consumer.end_offsets(partitions)
        await consumer.commit(dict.fromkeys(partitions, 0))
    return int(sum(ends.values()))


async def lag_of(deployment: Deployment, service: str) -> int:
    async with Group(deployment, service) as (consumer, partitions):
        ends = await consumer.end_offsets(partitions)
        committed = [await consumer.committed(one) or 0 for one in partitions]
    return int(sum(ends.values()) - sum(committed))


class Group:
    """A consumer that may speak for the service's group, and the partitions the group reads."""

    def __init__(self, deployment: Deployment, service: str) -> None:
        kafka, login = deployment.kafka, deployment.kafka.services[service]
        self._topics = [kafka.topic(name) for name in deployment.worker_of(service).heard_topics()]
        self._consumer = AIOKafkaConsumer(
            bootstrap_servers=kafka.bootstrap,
            group_id=kafka.prefix + service,
            enable_auto_commit=False,
            security_protocol="SASL_PLAINTEXT",
            sasl_mechanism="SCRAM-SHA-512",
            sasl_plain_username=login.user,
            sasl_plain_password=login.password,
        )

    async def __aenter__(self) -> tuple[AIOKafkaConsumer, list[TopicPartition]]:
        await self._consumer.start()
        partitions = [TopicPartition(topic, number) for topic in self._topics for number in range(12)]
        self._consumer.assign(partitions)
        return self._consumer, partitions

    async def __aexit__(self, *_: object) -> None:
        await self._consumer.stop()
