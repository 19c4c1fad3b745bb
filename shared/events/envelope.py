"""An event's bytes: CloudEvents 1.0, structured JSON. The bytes sent are the bytes stored.

Nothing of meaning stands in Kafka's headers but the content type that the binding asks for.
"""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import from_json, to_json

from shared.events.once import once

CONTENT_TYPE = "application/cloudevents+json"
MAX_BYTES = 900_000  # Kafka refuses 1 MiB; a relay must never be stuck behind one record

_NAMESPACE_BYTES = UUID("6f1c0a52-6a0e-5e0b-9c58-7461b6172a01").bytes
_FIXED_BITS = 0xF000 << 64 | 0xC000 << 48  # of a UUID: its version, and RFC 9562's variant
_VERSION_5 = 0x5000 << 64 | 0x8000 << 48


TenantId = Annotated[str, StringConstraints(pattern=r"^\d{2}(\.\d{2})?$")]  # Kemendagri region code; 00: platform


class Unreadable(ValueError):
    """The bytes are not an event in a shape we know; the text says why, for a person."""


class Event(BaseModel):
    """A fact that one service states to the others; never edited once published.

    A breaking change is a new class with a new type. Readers ignore fields they do not know.
    `version` counts the facts about one subject from 1, without gaps.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", ignored_types=(once,))

    type: ClassVar[str]
    source: ClassVar[str]

    tenant_id: TenantId
    occurred_at: AwareDatetime
    version: int = Field(default=1, ge=1)

    @once
    def subject(self) -> str:
        """The thing this is a fact about."""
        return self.tenant_id

    @once
    def key(self) -> str:
        """Events with the same key are read in the order they were stated."""
        return f"{self.tenant_id}:{self.subject}"

    @property
    def topic(self) -> str:
        return f"{self.source}.events"

    @once
    def event_id(self) -> UUID:
        """The same fact has the same id for ever, however often it is stated."""
        return event_id_of(self.type, self.tenant_id, self.subject, self.version)

    @once
    def content(self) -> dict[str, Any]:
        """The fact itself in JSON's types, without what the envelope already says; not to be changed."""
        return self.model_dump(mode="json", exclude=ENVELOPE_FIELDS)

    @once
    def said(self) -> dict[str, Any]:
        """The fact as its bytes said it: what is proved of it later; not to be changed.

        Of one read from bytes also what is said in fields that only a newer reader knows.
        """
        return self.content

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy without what was worked out from the fields: pydantic would take it along."""
        copied = super().model_copy(update=update, deep=deep)
        for name in ("subject", "key", "event_id", "content", "said"):
            copied.__dict__.pop(name, None)
        return copied


def event_id_of(kind: str, tenant_id: str, subject: str, version: int) -> UUID:
    """The id of a fact of this type, by what tells it from all others: uuid5 without its detours."""
    name = f"{kind}|{tenant_id}|{subject}|{version}".encode()
    digest = hashlib.sha1(_NAMESPACE_BYTES + name, usedforsecurity=False).digest()
    return UUID(int=int.from_bytes(digest[:16], "big") & ~_FIXED_BITS | _VERSION_5)


ENVELOPE_FIELDS = {"tenant_id", "occurred_at", "version"}


def encode(event: Event) -> bytes:
    """The event as it is stored and sent. Raises ValueError where it is too large to be sent."""
    payload = to_json(
        {
            "specversion": "1.0",
            "id": str(event.event_id),
            "source": f"/takar/{event.source}",
            "type": event.type,
            "time": event.occurred_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "tenantid": event.tenant_id,
            "subject": event.subject,
            "sequence": str(event.version),
            "datacontenttype": "application/json",
            "data": event.said,
        }
    )
    if len(payload) > MAX_BYTES:
        raise ValueError(f"{event.type} of {len(payload)} bytes is over {MAX_BYTES}: state it in parts")
    return payload


def decode_with(catalogue: dict[str, type[Event]], payload: bytes) -> Event:
    """The event in the bytes. Raises Unreadable, saying which attribute is wrong."""
    try:
        envelope = from_json(payload, allow_inf_nan=False)
    except ValueError as error:
        raise Unreadable(f"not JSON: {error}") from error
    if not isinstance(envelope, dict):
        raise Unreadable("not a JSON object")
    kind = _kind(catalogue, envelope)
    data = envelope.get("data")
    if not isinstance(data, dict):
        raise Unreadable("attribute data is not an object")
    try:
        event = kind.model_validate({**data, **_said(envelope)})
    except (ValidationError, ArithmeticError) as error:
        raise Unreadable(_first_fault(error)) from error
    _agree(event, envelope)
    event.__dict__["said"] = data
    return event


def _kind(catalogue: dict[str, type[Event]], envelope: dict[str, Any]) -> type[Event]:
    if envelope.get("specversion") != "1.0":
        raise Unreadable(f"attribute specversion is {envelope.get('specversion')!r}, not '1.0'")
    name = envelope.get("type")
    kind = catalogue.get(name) if isinstance(name, str) else None
    if kind is None:
        raise Unreadable(f"unknown type {name!r}")
    return kind


def _said(envelope: dict[str, Any]) -> dict[str, Any]:
    sequence = envelope.get("sequence")
    if not isinstance(sequence, str) or not sequence.isascii() or not sequence.isdigit() or len(sequence) > 18:
        raise Unreadable(f"attribute sequence is {sequence!r}, not a count")
    time = envelope.get("time")
    try:
        occurred_at = datetime.fromisoformat(time) if isinstance(time, str) else None
    except ValueError:
        occurred_at = None
    if occurred_at is None:
        raise Unreadable(f"attribute time is {time!r}, not a moment")
    return {"tenant_id": envelope.get("tenantid"), "occurred_at": occurred_at, "version": int(sequence)}


def _agree(event: Event, envelope: dict[str, Any]) -> None:
    """What the envelope repeats must be what the fact says, or somebody has changed one of them."""
    for name, own in (("subject", event.subject), ("id", str(event.event_id))):
        if envelope.get(name) != own:
            raise Unreadable(f"attribute {name} is {envelope.get(name)!r}, but the fact says {own!r}")


def _first_fault(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        return f"field {'.'.join(map(str, first['loc']))}: {first['msg']}"
    return repr(error)
