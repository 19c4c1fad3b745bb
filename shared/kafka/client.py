"""Clients of Kafka with the settings that lose and reorder nothing (bus.md 2.1)."""

import asyncio
import ssl
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.partitioner import murmur2
from faststream.kafka import KafkaBroker
from faststream.security import SASLScram512

from shared.events import CONTENT_TYPE
from shared.settings import Settings

_HEADERS = [("content-type", CONTENT_TYPE.encode())]


def ssl_context(settings: Settings) -> ssl.SSLContext | None:
    if settings.kafka_protocol != "SASL_SSL":
        return None
    return ssl.create_default_context(cafile=settings.kafka_ca_file or None)


def new_broker(settings: Settings, **options: Any) -> KafkaBroker:
    """A broker for subscribers only: what is said goes out through the outbox's relay."""
    return KafkaBroker(
        settings.kafka_bootstrap,
        client_id=f"takar-{settings.service}",
        security=SASLScram512(
            settings.kafka_user,
            settings.kafka_password.get_secret_value(),
            ssl_context=ssl_context(settings),
            use_ssl=settings.kafka_protocol == "SASL_SSL",
        ),
        consumer_only=True,
        allow_auto_create_topics=False,
        metadata_max_age_ms=15_000,  # how soon a topic that a pattern names is found
        graceful_timeout=20,
        logger=None,
        **options,
    )


_hash_of = lru_cache(maxsize=65_536)(murmur2)  # in plain Python it costs as much as all else of sending


def partition_of(key: bytes, partitions: Sequence[int], available: Sequence[int]) -> int:
    """Where Kafka's own clients put the key: aiokafka's default partitioner, with the keys' hashes kept."""
    hashed: int = _hash_of(key)
    return partitions[(hashed & 0x7FFFFFFF) % len(partitions)]


class Producer:
    """The relay's side: idempotent, acknowledged by all replicas, keyed as every Kafka client does it."""

    def __init__(self, settings: Settings) -> None:
        self.prefix = settings.topic_prefix
        self._client = AIOKafkaProducer(
            bootstrap_servers=settings.kafka_bootstrap,
            client_id=f"takar-{settings.service}-relay",
            security_protocol=settings.kafka_protocol,
            ssl_context=ssl_context(settings),
            sasl_mechanism="SCRAM-SHA-512",
            sasl_plain_username=settings.kafka_user,
            sasl_plain_password=settings.kafka_password.get_secret_value(),
            enable_idempotence=True,
            acks="all",
            linger_ms=5,
            max_batch_size=262_144,
            compression_type="zstd",
            partitioner=partition_of,
            request_timeout_ms=15_000,
        )

    async def start(self) -> None:
        await self._client.start()

    async def stop(self) -> None:
        await self._client.stop()

    async def send(self, topic: str, key: str, payload: bytes) -> "asyncio.Future[Any]":
        """Hand a fact over, in order; the future is done when it is acknowledged.

        Not send_and_wait, which is twenty times slower, and not publish_batch, which forgets the key.
        """
        future: asyncio.Future[Any] = await self._client.send(
            self.prefix + topic, payload, key=key.encode(), headers=_HEADERS
        )
        return future
