"""What is signed of a run, and what is printed on a statement, as plain values."""

import hashlib
from typing import Any
from uuid import UUID

import rfc8785

RECEIPT = "takar.receipt/1"
CHECKPOINT = "takar.checkpoint/1"
CHECKPOINTS = "takar.checkpoints/1"


def entry_of(*, tenant_id: str, period: str, kind: str, run_id: UUID, leaves: int, root: bytes) -> bytes:
    """A run's entry in its region's log, canonical JSON: whose run, and the root over its statements' leaves.

    Without sums: everybody of the region reads the log, and the sum of a run of one person is that person's pay.
    """
    return rfc8785.dumps(
        {
            "format": "takar.run/1",
            "kind": kind,
            "leaves": leaves,
            "period": period,
            "root": root.hex(),
            "run_id": str(run_id),
            "tenant_id": tenant_id,
        }
    )


def entry_leaf(entry: bytes) -> bytes:
    """RFC 9162: an entry's leaf hash in the log. It holds a root over salted leaves, and needs no salt."""
    return hashlib.sha256(b"\x00" + entry).digest()


def document(content: dict[str, Any]) -> bytes:
    """Canonical JSON: a reader refuses any other writing of the same, so that every byte is bound."""
    return rfc8785.dumps(content)


def qr_text(*, tenant_id: str, period: str, statement_id: UUID, leaf: bytes, size: int, key_id: str) -> str:
    """What a statement's QR code says, in the QR alphanumeric alphabet: which leaf, which checkpoint, whose key.

    `size`: of the run's checkpoint, which is its number in the region's log. `key_id`: 8 hex digits.
    """
    return f"TAKAR1/{tenant_id}/{period}/{statement_id}/{leaf.hex()}/{size}/{key_id}".upper()
