"""A regency's share of the broker: throttled above it, never refused.

Neither client library has the request, so its published form (AlterClientQuotas, version 0) is written down
here; Kafka's own ConfigCommand does the same at the price of a start of Java.
"""

# mypy: allow-untyped-calls, allow-subclassing-any
# aiokafka is untyped

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from aiokafka.conn import create_conn
from aiokafka.errors import KafkaError, for_code
from aiokafka.protocol.admin import DescribeClientQuotasRequest
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import Array, Boolean, Float64, Int16, Int32, Schema, String

from deploy.kafka.admin import KafkaUnavailable
from deploy.kafka.credentials import Credentials

_TEXT = String("utf-8")
_ENTITY = Array(("entity_type", _TEXT), ("entity_name", _TEXT))

_EXACTLY = 0


class _Answer(Response):
    API_KEY = 49
    API_VERSION = 0
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        ("entries", Array(("error_code", Int16), ("error_message", _TEXT), ("entity", _ENTITY))),
    )


class _Question(RequestStruct):
    API_KEY = 49
    API_VERSION = 0
    RESPONSE_TYPE = _Answer
    SCHEMA = Schema(
        (
            "entries",
            Array(("entity", _ENTITY), ("ops", Array(("key", _TEXT), ("value", Float64), ("remove", Boolean)))),
        ),
        ("validate_only", Boolean),
    )


class _AlterClientQuotas(Request[_Question]):
    API_KEY = 49

    def __init__(self, user: str, quota: Mapping[str, float]) -> None:
        self.user, self.quota = user, quota

    def build(self, request_struct_class: type[_Question]) -> _Question:
        operations = [(key, float(value), False) for key, value in self.quota.items()]
        return request_struct_class([([("user", self.user)], operations)], False)


def set_quota(bootstrap: str, admin: Credentials, user: str, quota: Mapping[str, float]) -> None:
    """Limit a user's bytes a second (producer_byte_rate, consumer_byte_rate) and request_percentage."""
    for code, message, _ in _ask(bootstrap, admin, _AlterClientQuotas(user, quota)).entries:
        if code:
            raise KafkaUnavailable(f"Kafka at {bootstrap}: {message or for_code(code).__name__}")


def quota_of(bootstrap: str, admin: Credentials, user: str) -> dict[str, float]:
    """The limits a user has now."""
    found = _ask(bootstrap, admin, DescribeClientQuotasRequest([("user", _EXACTLY, user)], True))
    return {key: value for _, values in found.entries for key, value in values}


def _ask(bootstrap: str, admin: Credentials, question: Any) -> Any:
    with ThreadPoolExecutor(1) as pool:  # a loop of its own, also where a loop runs already
        return pool.submit(asyncio.run, _send(bootstrap, admin, question)).result()


async def _send(bootstrap: str, admin: Credentials, question: Any) -> Any:
    host, _, port = bootstrap.split(",", maxsplit=1)[0].rpartition(":")
    try:
        connection = await create_conn(
            host,
            int(port),
            security_protocol="SASL_PLAINTEXT",
            sasl_mechanism="SCRAM-SHA-512",
            sasl_plain_username=admin.user,
            sasl_plain_password=admin.password,
        )
        try:
            return await connection.send(question)
        finally:
            connection.close()
    except KafkaError as error:
        raise KafkaUnavailable(f"Kafka at {bootstrap}: quotas cannot be reached: {error}") from error
