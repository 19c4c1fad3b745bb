"""An event's bytes and identity, however they are worked out."""

from datetime import UTC, datetime
from uuid import UUID, uuid4, uuid5

from aiokafka.partitioner import DefaultPartitioner
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import to_json

from shared.events import Event, decode, encode
from shared.events.once import once
from shared.kafka.client import partition_of
from tests.support.small_service import approved


@given(st.text(), st.integers(1, 1440))
def test_an_event_s_bytes_are_the_envelope_with_its_data_last(unit: str, minutes: int) -> None:
    event = approved(employee_id=uuid4(), minutes=minutes).model_copy(update={"quantity_unit": unit})
    told = event.occurred_at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    envelope = {
        "specversion": "1.0",
        "id": str(event.event_id),
        "source": "/takar/activity",
        "type": event.type,
        "time": told,
        "tenantid": event.tenant_id,
        "subject": event.subject,
        "sequence": str(event.version),
        "datacontenttype": "application/json",
        "data": event.content,
    }
    assert encode(event) == to_json(envelope)
    assert decode(encode(event)) == event


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_an_event_s_id_is_the_uuid5_of_what_it_is_about(subject: str) -> None:
    class Told(Event):
        type = "tests.told.v1"
        source = "tests"
        about: str

        @once
        def subject(self) -> str:
            return self.about

    told = Told(tenant_id="92", occurred_at=datetime(2026, 3, 1, tzinfo=UTC), version=7, about=subject)
    namespace = UUID("6f1c0a52-6a0e-5e0b-9c58-7461b6172a01")
    assert told.event_id == uuid5(namespace, f"tests.told.v1|92|{subject}|7")


def test_a_copy_with_another_version_is_another_fact() -> None:
    event = approved(employee_id=uuid4())
    first = (event.event_id, event.key)
    other = event.model_copy(update={"version": 2, "employee_id": uuid4()})
    assert other.event_id != first[0]
    assert other.key == f"19.05:{other.employee_id}"
    assert (event.event_id, event.key) == first


@given(st.binary(max_size=80), st.integers(1, 60))
def test_a_key_goes_where_every_kafka_client_puts_it(key: bytes, count: int) -> None:
    partitions = list(range(count))
    assert partition_of(key, partitions, partitions) == DefaultPartitioner()(key, partitions, partitions)
