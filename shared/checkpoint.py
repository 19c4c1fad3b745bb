"""Signed heads of a region's logs: C2SP tlog-checkpoints, that is notes signed with Ed25519, and the keys for them.

takar/19.05/statements                 the origin, which is also the key's name; takar/19.05/records is activity's
3                                      entries in the log
<root of the log, base64>
previous <SHA-256 of the last checkpoint's text, base64; or none>
period 2026-10
run 018f3c1e-...                       of the records: closing 2
time 2026-11-03T03:00:00Z

— takar/19.05/statements <key id and signature, base64>
"""

import hashlib
import json
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc.jwk import OKPKey
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

from shared.errors import Refused

_ED25519 = b"\x01"  # C2SP signed-note: the type of the signature, part of its key id


class Log(StrEnum):
    """The logs a region has; each is one service's, and signed with that service's own key."""

    STATEMENTS = "statements"  # payroll's: an approved run is an entry
    RECORDS = "records"  # activity's: a closing of a month is an entry


_ENTRY = {Log.STATEMENTS: "run", Log.RECORDS: "closing"}


def origin_of(log: Log, tenant_id: str) -> str:
    """The name of a region's log, and of the key that signs it."""
    return f"takar/{tenant_id}/{log}"


def key_id_of(origin: str, public_key: bytes) -> bytes:
    """C2SP signed-note: the first four bytes of SHA-256 over name, newline, type and key."""
    return hashlib.sha256(origin.encode() + b"\n" + _ED25519 + public_key).digest()[:4]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A head of a region's log: `size` entries under `root`, the last of them of this run or closing."""

    log: Log
    tenant_id: str
    size: int
    root: bytes
    previous: bytes | None  # SHA-256 of the last checkpoint's text
    period: str
    entry: UUID | int  # the run's id, or which closing of the period it is
    at: datetime

    @property
    def origin(self) -> str:
        return origin_of(self.log, self.tenant_id)

    @property
    def text(self) -> str:
        """What is signed."""
        lines = (
            self.origin,
            str(self.size),
            b64encode(self.root).decode(),
            f"previous {b64encode(self.previous).decode() if self.previous else 'none'}",
            f"period {self.period}",
            f"{_ENTRY[self.log]} {self.entry}",
            f"time {self.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        )
        return "\n".join(lines) + "\n"


def text_of(note: str) -> str:
    """The signed text of a note."""
    return note[: note.rindex("\n\n") + 1]


def text_hash(note: str) -> bytes:
    """SHA-256 of a note's text: what the next checkpoint names as its previous."""
    return hashlib.sha256(text_of(note).encode()).digest()


def _key_bytes(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    found = b64decode(value, validate=True)
    if len(found) != 32:
        raise ValueError("an Ed25519 public key is 32 bytes, in base64")
    return found


class PublicKey(BaseModel):
    """A key that signs or signed checkpoints, good on the days (UTC) from `from` to `until`, both included."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    public_key: Annotated[
        bytes, BeforeValidator(_key_bytes), PlainSerializer(lambda key: b64encode(key).decode(), return_type=str)
    ] = Field(description="32 bytes, base64")
    first_day: date | None = Field(default=None, alias="from")
    until: date | None = None

    def good_on(self, day: date) -> bool:
        return (self.first_day is None or self.first_day <= day) and (self.until is None or day <= self.until)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the key in hex: what an office prints and hangs on its board."""
        return hashlib.sha256(self.public_key).hexdigest()


class ReceiptKeys(BaseModel):
    """What TAKAR_RECEIPT_KEYS holds, GET /receipt-keys tells, and the verifier reads."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["takar.receipt-keys/1"] = "takar.receipt-keys/1"
    keys: tuple[PublicKey, ...] = Field(min_length=1, max_length=100)


class Signer:
    """The present private key, among the published ones."""

    def __init__(self, private: Ed25519PrivateKey, published: ReceiptKeys | None = None) -> None:
        """Raises ValueError where keys are published and the present one is not among them."""
        self._private = private
        mine = private.public_key().public_bytes_raw()
        self.published = published or ReceiptKeys(keys=(PublicKey(public_key=mine),))
        found = [key for key in self.published.keys if key.public_key == mine]
        if len(found) != 1:
            raise ValueError("the published receipt keys must hold the present one, once")
        self.public = found[0]

    @classmethod
    def given(cls, jwk: str, published: str = "") -> "Signer":
        """From settings: a private Ed25519 key as JWK, and the published keys as JSON. Raises ValueError."""
        key = OKPKey.import_key(json.loads(jwk))
        private = key.private_key
        if not isinstance(private, Ed25519PrivateKey):
            raise ValueError("the receipt key must be a private Ed25519 key as JWK")
        return cls(private, ReceiptKeys.model_validate_json(published) if published else None)

    def sign(self, checkpoint: Checkpoint) -> str:
        """The signed note. Raises Refused on a day for which the key is not published."""
        if not self.public.good_on(checkpoint.at.astimezone(UTC).date()):
            raise Refused("the receipt key is not good on this day: this service must be given the one that is")
        signature = self._private.sign(checkpoint.text.encode())
        line = b64encode(key_id_of(checkpoint.origin, self.public.public_key) + signature).decode()
        return f"{checkpoint.text}\n— {checkpoint.origin} {line}\n"


def key_id_in(note: str) -> str:
    """The id of the key that signed a note of ours: 8 hex digits."""
    return b64decode(note.rstrip("\n").rsplit(" ", 1)[1])[:4].hex()


def verifier_keys(log: Log, tenant_id: str, keys: Sequence[PublicKey]) -> list[str]:
    """The keys as other C2SP tools take them: name+id+base64."""
    origin = origin_of(log, tenant_id)
    return [
        f"{origin}+{key_id_of(origin, key.public_key).hex()}+{b64encode(_ED25519 + key.public_key).decode()}"
        for key in keys
    ]
