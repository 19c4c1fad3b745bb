"""What is signed of a run, and what is printed on a statement, as plain values."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import rfc8785

from shared.checkpoint import text_hash
from shared.merkle import inclusion_path
from shared.signed_log.documents import hexed, in_log

RECEIPT = "takar.receipt/1"


def records_of(note: str) -> dict[str, Any]:
    """Which head of the log of records a run rests on: its number, and the SHA-256 of its text in hex."""
    return {"sha256": text_hash(note).hex(), "size": int(note.split("\n", 2)[1])}


def entry_of(
    *, tenant_id: str, period: str, kind: str, run_id: UUID, leaves: int, root: bytes, records: str | None = None
) -> bytes:
    """A run's entry in its region's log, canonical JSON: whose run, and the root over its statements' leaves.

    `records`: the checkpoint of activity's log that the run rests on, so that one signature reaches from an amount
    to the work behind it; None where it rests on no closing. Without sums: everybody of the region reads the log,
    and the sum of a run of one person is that person's pay.
    """
    return rfc8785.dumps(
        {
            "format": "takar.run/1",
            "kind": kind,
            "leaves": leaves,
            "period": period,
            "records": records_of(records) if records else None,
            "root": root.hex(),
            "run_id": str(run_id),
            "tenant_id": tenant_id,
        }
    )


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
        in_log(entry, entry_index, log, note, since)
        | {
            "format": RECEIPT,
            "leaf_index": index,
            "leaf_path": hexed(inclusion_path(leaves, index)),
            "salt": salt.hex(),
            "statement": json.loads(body),
            "statement_id": str(statement_id),
        }
    )


def printed_heads(size: int, key_id: str, root: bytes, entry: bytes) -> tuple[tuple[str, str], ...]:
    """The heads on a statement's paper: the one its run was signed by, and activity's that the run rests on."""
    own = ("Kepala terdaftar", f"{size}, kunci {key_id}, akar {root.hex()}")
    records = json.loads(entry)["records"]
    if records is None:
        return (own,)
    return own, ("Atas catatan kerja", f"kepala {records['size']}, SHA-256 {records['sha256']}")


def qr_text(*, tenant_id: str, period: str, statement_id: UUID, leaf: bytes, size: int, key_id: str) -> str:
    """What a statement's QR code says, in the QR alphanumeric alphabet: which leaf, which checkpoint, whose key.

    `size`: of the run's checkpoint, which is its number in the region's log. `key_id`: 8 hex digits.
    """
    return f"TAKAR1/{tenant_id}/{period}/{statement_id}/{leaf.hex()}/{size}/{key_id}".upper()
