"""Kafka's administration client, made repeatable, its errors in one line."""

# confluent_kafka.admin re-exports its names without saying so

import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from typing import Any

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import (
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    NewTopic,
    ResourcePatternType,
    ResourceType,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialAlteration,
    UserScramCredentialUpsertion,
)

from deploy.kafka.credentials import Credentials

TIMEOUT_S = 20.0
_ITERATIONS = 4096
_FINAL = ("uthentication", "Connection refused", "Failed to resolve")
_ALL: Any = None  # what the filter takes for any name, though it is typed as text
_ANY = AclBindingFilter(
    ResourceType.ANY, _ALL, ResourcePatternType.ANY, _ALL, _ALL, AclOperation.ANY, AclPermissionType.ANY
)


class KafkaUnavailable(Exception):
    """The broker does not answer or refuses us; the text is one line."""


class Admin:
    """Topics, users and ACLs of one broker; KafkaUnavailable at once if it cannot be reached."""

    def __init__(self, bootstrap: str, admin: Credentials) -> None:
        self.bootstrap, self.credentials = bootstrap, admin
        self._said: list[str] = []
        configuration: dict[str, Any] = {
            "bootstrap.servers": bootstrap,
            "security.protocol": "SASL_PLAINTEXT",
            "sasl.mechanism": "SCRAM-SHA-512",
            "sasl.username": admin.user,
            "sasl.password": admin.password,
            "error_cb": lambda error: self._said.append(str(error)),
            "log_level": 0,
        }
        self._client = AdminClient(configuration)
        self._connect()

    def topics(self) -> set[str]:
        """The names of all topics."""
        return set(self.partitions())

    def partitions(self) -> dict[str, int]:
        """How many partitions each topic has."""
        listed = self._ask(lambda: self._client.list_topics(timeout=TIMEOUT_S))
        return {name: len(topic.partitions) for name, topic in listed.topics.items()}

    def rights(self, prefix: str = "") -> set[AclBinding]:
        """What is allowed on resources whose name begins with the prefix."""
        rules = self._ask(lambda: self._client.describe_acls(_ANY)).result(TIMEOUT_S)
        return {rule for rule in rules if rule.name.startswith(prefix)}

    def make_topics(self, topics: Iterable[NewTopic]) -> None:
        """Make those that are not there; what is there stays as it is."""
        wanted = list(topics)
        if wanted:
            made = self._ask(lambda: self._client.create_topics(wanted, request_timeout=TIMEOUT_S))
            self._wait(made.values(), but=KafkaError.TOPIC_ALREADY_EXISTS)

    def drop_topics(self, names: Iterable[str]) -> None:
        """Delete those that are there."""
        there = list(names)
        if there:
            gone = self._ask(lambda: self._client.delete_topics(there, request_timeout=TIMEOUT_S))
            self._wait(gone.values(), but=KafkaError.UNKNOWN_TOPIC_OR_PART)

    def make_users(self, users: Iterable[Credentials]) -> None:
        """Make SCRAM-SHA-512 users, or set their passwords."""
        mechanism = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, _ITERATIONS)
        wanted: list[UserScramCredentialAlteration] = [
            UserScramCredentialUpsertion(one.user, mechanism, one.password.encode()) for one in users
        ]
        self._wait(self._ask(lambda: self._client.alter_user_scram_credentials(wanted)).values())

    def allow(self, acls: Iterable[AclBinding]) -> None:
        """Add what is allowed; a rule that is there already stays."""
        self._wait(self._ask(lambda: self._client.create_acls(list(acls))).values())

    def wait_until_in_force(self, user: Credentials, topics: Iterable[str]) -> None:
        """Return when the user can log in and sees the topics: a broker applies what it granted a moment later.

        Grants take effect in the order they were made, so the last one in force means that all are.
        """
        wanted, deadline = set(topics), time.monotonic() + TIMEOUT_S
        while not wanted <= self._seen_by(user):
            if time.monotonic() > deadline:
                raise KafkaUnavailable(f"Kafka at {self.bootstrap}: {user.user} still may not see {wanted}")
            time.sleep(0.02)

    def _seen_by(self, user: Credentials) -> set[str]:
        try:
            return Admin(self.bootstrap, user).topics()
        except KafkaUnavailable:
            return set()

    def disallow(self, rights: Iterable[AclBinding]) -> None:
        """Remove what was allowed."""
        filters = [_exactly(rule) for rule in rights]
        if filters:
            self._wait(self._ask(lambda: self._client.delete_acls(filters)).values())

    def _connect(self) -> None:
        """The client itself tries for ever, and tells a refusal only to its callback."""
        deadline = time.monotonic() + TIMEOUT_S
        while True:
            try:
                self._client.list_topics(timeout=1.0)
                return
            except KafkaException as error:
                self._client.poll(0)
                final = any(sign in said for said in self._said for sign in _FINAL)
                if final or time.monotonic() > deadline:
                    raise self._unavailable(error) from error

    def _ask(self, request: Callable[[], Any]) -> Any:
        try:
            return request()
        except KafkaException as error:
            raise self._unavailable(error) from error

    def _wait(self, futures: Iterable["Future[Any]"], but: int | None = None) -> None:
        for future in futures:
            try:
                future.result(TIMEOUT_S)
            except KafkaException as error:
                if error.args[0].code() != but:
                    raise self._unavailable(error) from error

    def _unavailable(self, error: KafkaException) -> KafkaUnavailable:
        said = " ".join([*self._said, str(error)])
        if "uthentication" in said:
            who = f"user {self.credentials.user}: user or password is wrong"
            return KafkaUnavailable(f"Kafka at {self.bootstrap} refuses {who}")
        if error.args[0].code() in (
            KafkaError._TRANSPORT,
            KafkaError._TIMED_OUT,
            KafkaError._ALL_BROKERS_DOWN,
        ):
            return KafkaUnavailable(f"no Kafka answers at {self.bootstrap}: it is not running, or the address is wrong")
        return KafkaUnavailable(f"Kafka at {self.bootstrap}: {error.args[0].str()}")


def _exactly(rule: AclBinding) -> AclBindingFilter:
    return AclBindingFilter(
        rule.restype,
        rule.name,
        rule.resource_pattern_type,
        rule.principal,
        rule.host,
        rule.operation,
        rule.permission_type,
    )
