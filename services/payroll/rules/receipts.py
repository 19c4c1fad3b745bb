"""What is signed of a run, and what is printed on a statement, as plain values."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import rfc8785

from shared.merkle import consistency_path, inclusion_path

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


def since_of(note: str, size: int, log: Sequence[bytes]) -> dict[str, Any]:
    """An earlier checkpoint, and the proof that the log of these leaf hashes grew from it."""
    return {"checkpoint": note, "path": _hex(consistency_path(log, size))}


def receipt_of(
    *,
    statement_id: UUID,
    body: bytes,
    salt: bytes,
    index: int,
    leaves: Sequence[bytes],
    entry: bytes,
    entry_index: int,
    log: Sequence[bytes],
    note: str,
    since: dict[str, Any] | None,
) -> bytes:
    """A statement's receipt: its way up `leaves` to the run's root, and the run's up `log` to the checkpoint's.

    Canonical JSON, as all that is sent to be verified: a reader refuses any other writing, so every byte is bound.
    """
    return rfc8785.dumps(
        {
            "checkpoint": note,
            "entry": json.loads(entry),
            "entry_index": entry_index,
            "entry_path": _hex(inclusion_path(log, entry_index)),
            "format": RECEIPT,
            "leaf_index": index,
            "leaf_path": _hex(inclusion_path(leaves, index)),
            "salt": salt.hex(),
            "since": since,
            "statement": json.loads(body),
            "statement_id": str(statement_id),
        }
    )


def checkpoint_document(note: str, since: dict[str, Any] | None) -> bytes:
    """A checkpoint, and from which earlier one the log is shown to have grown."""
    return rfc8785.dumps({"checkpoint": note, "format": CHECKPOINT, "since": since})


def log_document(entries: Sequence[tuple[str, bytes]]) -> bytes:
    """The log: each entry's checkpoint and the entry."""
    shown = [{"checkpoint": note, "entry": json.loads(entry)} for note, entry in entries]
    return rfc8785.dumps({"checkpoints": shown, "format": CHECKPOINTS})


def _hex(path: Sequence[bytes]) -> list[str]:
    return [node.hex() for node in path]


def qr_text(*, tenant_id: str, period: str, statement_id: UUID, leaf: bytes, size: int, key_id: str) -> str:
    """What a statement's QR code says, in the QR alphanumeric alphabet: which leaf, which checkpoint, whose key.

    `size`: of the run's checkpoint, which is its number in the region's log. `key_id`: 8 hex digits.
    """
    return f"TAKAR1/{tenant_id}/{period}/{statement_id}/{leaf.hex()}/{size}/{key_id}".upper()
