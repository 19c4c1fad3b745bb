"""Fixtures every kind of test shares: servers once a session, databases and topics fresh for each test."""

from collections.abc import Iterator

import pytest

from deploy.local import stack as local
from deploy.local.databases import ServiceUrls
from deploy.local.stack import Stack
from tests.support.stack import Databases, KafkaSide, kafka_side


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """PostgreSQL now, Kafka when a test first asks for it. Without fsync: no evidence of durability."""
    with local.start(fast=True, kafka=False) as started:
        yield started


@pytest.fixture(scope="session")
def databases(stack: Stack) -> Iterator[Databases]:
    """Makes fresh databases, for tests that want more than one of a service."""
    made = Databases(stack)
    yield made
    made.close()


@pytest.fixture
def identity_db(databases: Databases) -> Iterator[ServiceUrls]:
    """identity's database, migrated and empty."""
    with databases.fresh("identity") as urls:
        yield urls


@pytest.fixture
def activity_db(databases: Databases) -> Iterator[ServiceUrls]:
    """activity's database, migrated and empty."""
    with databases.fresh("activity") as urls:
        yield urls


@pytest.fixture
def appraisal_db(databases: Databases) -> Iterator[ServiceUrls]:
    """appraisal's database, migrated and empty."""
    with databases.fresh("appraisal") as urls:
        yield urls


@pytest.fixture
def payroll_db(databases: Databases) -> Iterator[ServiceUrls]:
    """payroll's database, migrated and empty."""
    with databases.fresh("payroll") as urls:
        yield urls


@pytest.fixture
def kafka(stack: Stack) -> Iterator[KafkaSide]:
    """The broker with this test's own topics; Settings.topic_prefix is kafka.prefix."""
    with kafka_side(stack) as side:
        yield side
