"""What is sent to be verified, as canonical JSON: a reader refuses any other writing, so every byte is bound."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

import rfc8785

from shared.merkle import consistency_path, inclusion_path

CHECKPOINT = "takar.checkpoint/1"
CHECKPOINTS = "takar.checkpoints/1"


def entry_leaf(entry: bytes) -> bytes:
    """RFC 9162: an entry's leaf hash in the log. It holds a root over salted leaves, and needs no salt."""
    return hashlib.sha256(b"\x00" + entry).digest()


def hexed(path: Sequence[bytes]) -> list[str]:
    return [node.hex() for node in path]


def since_of(note: str, size: int, log: Sequence[bytes]) -> dict[str, Any]:
    """An earlier checkpoint, and the proof that the log of these leaf hashes grew from it."""
    return {"checkpoint": note, "path": hexed(consistency_path(log, size))}


def in_log(entry: bytes, index: int, log: Sequence[bytes], note: str, since: dict[str, Any] | None) -> dict[str, Any]:
    """The upper half of every receipt: from an entry up the log to the checkpoint over it."""
    return {
        "checkpoint": note,
        "entry": json.loads(entry),
        "entry_index": index,
        "entry_path": hexed(inclusion_path(log, index)),
        "since": since,
    }


def checkpoint_document(note: str, since: dict[str, Any] | None) -> bytes:
    """A checkpoint, and from which earlier one the log is shown to have grown."""
    return rfc8785.dumps({"checkpoint": note, "format": CHECKPOINT, "since": since})


def log_document(entries: Sequence[tuple[str, bytes]]) -> bytes:
    """The log: each entry's checkpoint and the entry."""
    shown = [{"checkpoint": note, "entry": json.loads(entry)} for note, entry in entries]
    return rfc8785.dumps({"checkpoints": shown, "format": CHECKPOINTS})
