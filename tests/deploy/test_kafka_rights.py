"""Who may read and write what on the broker: each service its own events, each regency its own two topics."""

from collections.abc import Iterator
from typing import Any

import pytest
from confluent_kafka import Consumer, KafkaError, KafkaException, Producer

from deploy.kafka.admin import Admin
from deploy.kafka.credentials import Credentials
from deploy.kafka.provision import plan, provision_services, provision_tenant
from deploy.kafka.quotas import quota_of
from deploy.local.stack import Stack
from tests.support.stack import KafkaSide, kafka_side

SERVICES = ["identity", "activity", "appraisal", "payroll"]
PAPUA_BARAT, BANGKA_BARAT = "92", "19.05"
WITHIN_S = 15.0

TOPIC_DENIED = KafkaError.TOPIC_AUTHORIZATION_FAILED
GROUP_DENIED = KafkaError.GROUP_AUTHORIZATION_FAILED


class Refused(Exception):
    """What the broker answered."""

    def __init__(self, error: KafkaError) -> None:
        super().__init__(error.str())
        self.code = error.code()


def login(kafka: KafkaSide, who: Credentials, **more: Any) -> dict[str, Any]:
    return {
        "bootstrap.servers": kafka.bootstrap,
        "security.protocol": "SASL_PLAINTEXT",
        "sasl.mechanism": "SCRAM-SHA-512",
        "sasl.username": who.user,
        "sasl.password": who.password,
        "log_level": 0,
        **more,
    }


def write(kafka: KafkaSide, who: Credentials, topic: str) -> None:
    answers: list[KafkaError | None] = []
    producer = Producer(login(kafka, who, **{"enable.idempotence": True, "message.timeout.ms": 5000}))
    producer.produce(kafka.topic(topic), b"{}", partition=0, on_delivery=lambda error, _: answers.append(error))
    producer.flush(WITHIN_S)
    if answers[0] is not None:
        raise Refused(answers[0])


def read(kafka: KafkaSide, who: Credentials, topic: str, group: str) -> bytes:
    """The first record that is there, its offset committed in the group."""
    options = {"group.id": kafka.topic(group), "enable.auto.commit": False, "auto.offset.reset": "earliest"}
    consumer = Consumer(login(kafka, who, **options))
    try:
        consumer.subscribe([kafka.topic(topic)])
        message = consumer.poll(WITHIN_S)
        assert message is not None, "no record and no refusal"
        if message.error():
            raise Refused(message.error())
        consumer.commit(message, asynchronous=False)
        return bytes(message.value())
    except KafkaException as error:
        raise Refused(error.args[0]) from error
    finally:
        consumer.close()


@pytest.fixture(scope="module")
def kafka(stack: Stack) -> Iterator[KafkaSide]:
    """One set of topics for all of these: they only try what is allowed."""
    with kafka_side(stack) as side:
        yield side


@pytest.fixture(scope="module")
def regencies(kafka: KafkaSide) -> dict[str, Credentials]:
    """The logins of both regencies' payroll systems."""
    return {tenant: kafka.tenant(tenant) for tenant in (PAPUA_BARAT, BANGKA_BARAT)}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_writes_its_own_events_and_no_others(kafka: KafkaSide, service: str):
    write(kafka, kafka.services[service], f"{service}.events")
    for other in SERVICES:
        if other != service:
            with pytest.raises(Refused) as refusal:
                write(kafka, kafka.services[service], f"{other}.events")
            assert refusal.value.code == TOPIC_DENIED


def test_every_service_reads_all_the_others_in_a_group_of_its_name(kafka: KafkaSide):
    for stating in SERVICES:
        write(kafka, kafka.services[stating], f"{stating}.events")
        for reading in SERVICES:
            if reading != stating:
                assert read(kafka, kafka.services[reading], f"{stating}.events", reading) == b"{}"


def test_a_service_may_not_use_anothers_group(kafka: KafkaSide):
    with pytest.raises(Refused) as refusal:
        read(kafka, kafka.services["activity"], "identity.events", "payroll")
    assert refusal.value.code == GROUP_DENIED


def test_a_payroll_system_reads_its_allowances_and_answers(kafka: KafkaSide, regencies: dict[str, Credentials]):
    write(kafka, kafka.services["payroll"], "allowance.v1.92")
    assert read(kafka, regencies[PAPUA_BARAT], "allowance.v1.92", "ext-92-books") == b"{}"
    write(kafka, regencies[PAPUA_BARAT], "allowance-ack.v1.92")
    assert read(kafka, kafka.services["payroll"], "allowance-ack.v1.92", "payroll") == b"{}"


@pytest.mark.parametrize("topic", ["allowance.v1.92", "allowance-ack.v1.92", "payroll.events", "identity.events"])
def test_one_regencys_login_reads_nothing_else(kafka: KafkaSide, regencies: dict[str, Credentials], topic: str):
    with pytest.raises(Refused) as refusal:
        read(kafka, regencies[BANGKA_BARAT], topic, "ext-19.05-books")
    assert refusal.value.code == TOPIC_DENIED


@pytest.mark.parametrize(
    "topic", ["allowance.v1.92", "allowance-ack.v1.92", "allowance.v1.19.05", "payroll.events", "identity.events"]
)
def test_one_regencys_login_writes_nothing_else(kafka: KafkaSide, regencies: dict[str, Credentials], topic: str):
    with pytest.raises(Refused) as refusal:
        write(kafka, regencies[BANGKA_BARAT], topic)
    assert refusal.value.code == TOPIC_DENIED


def test_one_regencys_login_uses_no_others_group(kafka: KafkaSide, regencies: dict[str, Credentials]):
    with pytest.raises(Refused) as refusal:
        read(kafka, regencies[BANGKA_BARAT], "allowance.v1.19.05", "ext-92-books")
    assert refusal.value.code == GROUP_DENIED


def test_no_topic_is_made_by_naming_it(kafka: KafkaSide):
    with pytest.raises(Refused):
        write(kafka, kafka.admin, "unheard.of")
    assert kafka.topic("unheard.of") not in Admin(kafka.bootstrap, kafka.admin).topics()


def test_provisioning_again_changes_nothing(kafka: KafkaSide, regencies: dict[str, Credentials]):
    admin = Admin(kafka.bootstrap, kafka.admin)
    topics, rights = admin.topics(), admin.rights(kafka.prefix)
    assert provision_services(kafka.bootstrap, kafka.admin, prefix=kafka.prefix) == kafka.services
    assert kafka.tenant(PAPUA_BARAT) == regencies[PAPUA_BARAT]
    assert (admin.topics(), admin.rights(kafka.prefix)) == (topics, rights)


def test_events_have_the_partitions_they_will_always_have(kafka: KafkaSide, regencies: dict[str, Credentials]):
    partitions = Admin(kafka.bootstrap, kafka.admin).partitions()
    assert {partitions[kafka.topic(f"{service}.events")] for service in SERVICES} == {12}
    assert {partitions[kafka.topic(f"{kind}.v1.92")] for kind in ("allowance", "allowance-ack")} == {3}


def test_a_regencys_share_of_the_broker_is_bounded(kafka: KafkaSide):
    user = provision_tenant(kafka.bootstrap, kafka.admin, "92", prefix=kafka.prefix, quota=True)
    assert quota_of(kafka.bootstrap, kafka.admin, user.user) == plan()["tenant"]["quota"]
