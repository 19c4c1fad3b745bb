"""What the machine can do with nothing of ours: COPY, and COPY, produce, consume, COPY."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import asyncpg
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from confluent_kafka.admin import AdminClient, NewTopic

from deploy.kafka.credentials import Credentials
from deploy.local.stack import Stack

BATCH = 500


async def database(stack: Stack) -> asyncpg.Connection:
    """A database of its own for baselines, as administrator."""
    admin = await asyncpg.connect(stack.postgres_admin_url)
    if not await admin.fetchval("SELECT 1 FROM pg_database WHERE datname = 'bare'"):
        await admin.execute("CREATE DATABASE bare")
    await admin.close()
    connection = await asyncpg.connect(url(stack))
    await connection.execute(
        "CREATE TABLE IF NOT EXISTS bare (tenant_id text, activity_id uuid PRIMARY KEY, client_id uuid, "
        "work_date text, start text, until text, result_id uuid, text text);"
        "CREATE TABLE IF NOT EXISTS bodies (id uuid PRIMARY KEY, body bytea STORAGE EXTERNAL)"
    )
    await connection.execute("TRUNCATE bare, bodies")
    return connection


def url(stack: Stack) -> str:
    return stack.postgres_admin_url.rsplit("/", 1)[0] + "/bare"


async def copied(stack: Stack, rows: Sequence[tuple[Any, ...]], table: str, a_transaction: int) -> float:
    """Rows a second by COPY, so many a transaction, into a table with a primary key."""
    connection = await database(stack)
    began = time.perf_counter()
    for place in range(0, len(rows), a_transaction):
        await connection.copy_records_to_table(table, records=rows[place : place + a_transaction])
    seconds = time.perf_counter() - began
    await connection.close()
    return len(rows) / seconds


async def raw_loop(stack: Stack, payloads: Sequence[bytes], keys: Sequence[bytes]) -> float:
    """Facts a second from COPY through the broker to another COPY, all stages at once, batches of 500."""
    login = stack.kafka_admin
    topic = await asyncio.to_thread(_topic, stack)
    source, target = await database(stack), await asyncpg.connect(url(stack))
    await target.execute("CREATE TABLE IF NOT EXISTS arrived (id uuid PRIMARY KEY, body bytea); TRUNCATE arrived")
    producer = AIOKafkaProducer(**_client(stack, login), enable_idempotence=True, linger_ms=5, max_batch_size=262_144)
    consumer = AIOKafkaConsumer(topic, **_client(stack, login), auto_offset_reset="latest", group_id=f"raw-{uuid4()}")
    await producer.start()
    await consumer.start()
    await consumer.getmany(timeout_ms=2000)

    async def say() -> None:
        for place in range(0, len(payloads), BATCH):
            part = payloads[place : place + BATCH]
            await source.copy_records_to_table("bodies", records=[(uuid4(), body) for body in part])
            sent = [
                await producer.send(topic, body, key=key)
                for body, key in zip(part, keys[place : place + BATCH], strict=True)
            ]
            await asyncio.gather(*sent)

    async def hear() -> None:
        left = len(payloads)
        while left > 0:
            found = await consumer.getmany(timeout_ms=500, max_records=BATCH)
            records = [(uuid4(), one.value) for part in found.values() for one in part]
            if records:
                await target.copy_records_to_table("arrived", records=records)
                await consumer.commit()
                left -= len(records)

    began = time.perf_counter()
    await asyncio.gather(say(), hear())
    seconds = time.perf_counter() - began
    await consumer.stop()
    await producer.stop()
    await source.close()
    await target.close()
    return len(payloads) / seconds


def _topic(stack: Stack) -> str:
    """A topic of its own: no service hears it."""
    login = stack.kafka_admin
    admin = AdminClient(
        {
            "bootstrap.servers": stack.kafka_bootstrap,
            "security.protocol": "SASL_PLAINTEXT",
            "sasl.mechanism": "SCRAM-SHA-512",
            "sasl.username": login.user,
            "sasl.password": login.password,
        }
    )
    name = f"raw-{uuid4().hex[:8]}"
    admin.create_topics([NewTopic(name, 12, 1)])[name].result(30)
    return name


def _client(stack: Stack, login: Credentials) -> dict[str, Any]:
    return {
        "bootstrap_servers": stack.kafka_bootstrap,
        "security_protocol": "SASL_PLAINTEXT",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": login.user,
        "sasl_plain_password": login.password,
    }
