"""Records from Kafka, sorted into facts and what cannot be read. Never raises on what a record holds."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from shared.events import CONTENT_TYPE, Event, Unreadable, decode


class Record(NamedTuple):
    """A record as it came from Kafka; `topic` without the stack's prefix."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...] = (("content-type", CONTENT_TYPE.encode()),)


class Read(NamedTuple):
    event: Event
    record: Record


@dataclass(frozen=True, slots=True)
class Bad:
    record: Record
    reason: str


def read(records: Sequence[Record], handled: Container[type[Event]]) -> tuple[list[Read], list[Bad]]:
    """Facts somebody here handles, each once and in order, and the records that must be kept aside."""
    good: list[Read] = []
    bad: list[Bad] = []
    seen = set()
    for record in records:
        try:
            event = _event(record)
        except Unreadable as error:
            bad.append(Bad(record, str(error)))
            continue
        if type(event) in handled and event.event_id not in seen:
            seen.add(event.event_id)
            good.append(Read(event, record))
    return good, bad


def _event(record: Record) -> Event:
    if fault := _fault_of_headers(record.headers):
        raise Unreadable(fault)
    if record.value is None:
        raise Unreadable("null value")
    event = decode(record.value)
    key = (record.key or b"").decode("utf-8", "backslashreplace")
    if key != event.key:
        raise Unreadable(f"the record's key is {key!r}, the fact of tenant {event.tenant_id} has {event.key!r}")
    if record.topic != event.topic:
        raise Unreadable(f"a {event.type} of tenant {event.tenant_id} belongs on {event.topic}, not {record.topic}")
    return event


@lru_cache(maxsize=8)  # of facts they are always the same
def _fault_of_headers(headers: tuple[tuple[str, bytes | None], ...]) -> str | None:
    """The CloudEvents binding's content type, and nothing that other tools would trip over; else what is wrong."""
    found = None
    for name, value in headers:
        if value is None:
            return f"bad header: {name} has a null value"
        try:
            text = value.decode()
        except UnicodeDecodeError:
            return f"bad header: {name} is not UTF-8"
        if name.lower() == "content-type":
            found = text.partition(";")[0].strip()
    return None if found == CONTENT_TYPE else f"bad header: content-type is {found!r}, not {CONTENT_TYPE!r}"
