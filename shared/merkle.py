"""RFC 9162 Merkle trees over salted leaves: one root proves a whole period's records.

Leaf: SHA-256(0x00 | salt | RFC 8785 canonical JSON of the record). The salt makes guessable records unguessable.
"""

import hashlib
from collections.abc import Iterable
from typing import Any

import rfc8785

EMPTY = hashlib.sha256(b"").digest()


def leaf(salt: str, record: dict[str, Any]) -> bytes:
    """A record's leaf hash, 32 bytes. `salt`: hex; the record's amounts are strings, as JSON numbers are doubles."""
    return hashlib.sha256(b"\x00" + bytes.fromhex(salt) + rfc8785.dumps(record)).digest()


class RunningRoot:
    """The root of leaves that come one after another; holds one node a level, whatever their number."""

    def __init__(self) -> None:
        self._peaks: list[tuple[int, bytes]] = []  # (leaves below, hash), largest first

    def add(self, leaf_hash: bytes) -> None:
        size, node = 1, leaf_hash
        while self._peaks and self._peaks[-1][0] == size:
            _, left = self._peaks.pop()
            node = hashlib.sha256(b"\x01" + left + node).digest()
            size *= 2
        self._peaks.append((size, node))

    def root(self) -> bytes:
        """RFC 9162: the right, smaller subtrees are joined first."""
        if not self._peaks:
            return EMPTY
        node = self._peaks[-1][1]
        for _, left in reversed(self._peaks[:-1]):
            node = hashlib.sha256(b"\x01" + left + node).digest()
        return node


def root(leaves: Iterable[bytes]) -> bytes:
    """The tree's root over leaf hashes in the order given."""
    running = RunningRoot()
    for leaf_hash in leaves:
        running.add(leaf_hash)
    return running.root()
