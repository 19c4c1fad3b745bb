"""Records from Kafka, sorted into facts and what cannot be read. Never raises on what a record holds."""

from collections.abc import Container, Sequence
from dataclasses import dataclass

from shared.events import CONTENT_TYPE, Event, Unreadable, decode


@dataclass(frozen=True, slots=True)
class Record:
    """A record as it came from Kafka; `topic` without the stack's prefix."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...] = (("content-type", CONTENT_TYPE.encode()),)


@dataclass(frozen=True, slots=True)
class Read:
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
    _check_headers(record)
    if record.value is None:
        raise Unreadable("null value")
    event = decode(record.value)
    key = (record.key or b"").decode("utf-8", "backslashreplace")
    if key != event.key:
        raise Unreadable(f"the record's key is {key!r}, the fact of tenant {event.tenant_id} has {event.key!r}")
    if record.topic != event.topic:
        raise Unreadable(f"a {event.type} of tenant {event.tenant_id} belongs on {event.topic}, not {record.topic}")
    return event


def _check_headers(record: Record) -> None:
    """The CloudEvents binding's content type, and nothing that other tools would trip over."""
    found = None
    for name, value in record.headers:
        if value is None:
            raise Unreadable(f"bad header: {name} has a null value")
        try:
            text = value.decode()
        except UnicodeDecodeError:
            raise Unreadable(f"bad header: {name} is not UTF-8") from None
        if name.lower() == "content-type":
            found = text.partition(";")[0].strip()
    if found != CONTENT_TYPE:
        raise Unreadable(f"bad header: content-type is {found!r}, not {CONTENT_TYPE!r}")
