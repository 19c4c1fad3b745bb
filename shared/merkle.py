"""RFC 9162 Merkle trees over salted leaves: one root proves a whole period's records.

Leaf: SHA-256(0x00 | salt | RFC 8785 canonical JSON of the record). The salt makes guessable records unguessable.
Proofs are made here; who checks one uses deploy/verify/takar_verify.py, which shares no line with this.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

import rfc8785

HASH_BYTES = 32
EMPTY = hashlib.sha256(b"").digest()


def leaf(salt: str, record: dict[str, Any]) -> bytes:
    """A record's leaf hash, 32 bytes. `salt`: hex; the record's amounts are strings, as JSON numbers are doubles."""
    return hashlib.sha256(b"\x00" + bytes.fromhex(salt) + rfc8785.dumps(record)).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class RunningRoot:
    """The root of leaves that come one after another; holds one node a level, whatever their number."""

    def __init__(self) -> None:
        self._peaks: list[tuple[int, bytes]] = []  # (leaves below, hash), largest first

    def add(self, leaf_hash: bytes) -> None:
        size, node = 1, leaf_hash
        while self._peaks and self._peaks[-1][0] == size:
            _, left = self._peaks.pop()
            node = _node(left, node)
            size *= 2
        self._peaks.append((size, node))

    def root(self) -> bytes:
        """RFC 9162: the right, smaller subtrees are joined first."""
        if not self._peaks:
            return EMPTY
        node = self._peaks[-1][1]
        for _, left in reversed(self._peaks[:-1]):
            node = _node(left, node)
        return node


def root(leaves: Iterable[bytes]) -> bytes:
    """The tree's root over leaf hashes in the order given."""
    running = RunningRoot()
    for leaf_hash in leaves:
        running.add(leaf_hash)
    return running.root()


def packed_root(leaves: bytes) -> bytes:
    """The same root, of leaf hashes that stand one after another: level by level, a third of the time of `root`."""
    if not leaves:
        return EMPTY
    pair = 2 * HASH_BYTES
    while len(leaves) > HASH_BYTES:
        whole = len(leaves) // pair * pair
        joined = [hashlib.sha256(b"\x01" + leaves[at : at + pair]).digest() for at in range(0, whole, pair)]
        leaves = b"".join(joined) + leaves[whole:]  # a last one without a neighbour goes up as it is
    return leaves


def unpacked(leaves: bytes) -> list[bytes]:
    """Hashes that stand one after another, each by itself."""
    return [leaves[at : at + HASH_BYTES] for at in range(0, len(leaves), HASH_BYTES)]


def inclusion_path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """RFC 9162 2.1.3.1: the hashes beside the way from a leaf (counted from 0) to the root, lowest first."""
    if not 0 <= index < len(leaves):
        raise ValueError(f"there is no leaf {index} among {len(leaves)}")
    path, nodes = [], list(leaves)
    while len(nodes) > 1:
        if index ^ 1 < len(nodes):
            path.append(nodes[index ^ 1])
        joined = [_node(nodes[at], nodes[at + 1]) for at in range(0, len(nodes) - 1, 2)]
        nodes = joined + nodes[2 * len(joined) :]  # a last one without a neighbour goes up as it is
        index //= 2
    return path


def consistency_path(leaves: Sequence[bytes], first: int) -> list[bytes]:
    """RFC 9162 2.1.4.1: what shows that the tree of the `first` leaves is the beginning of the tree of all."""
    if not 0 < first <= len(leaves):
        raise ValueError(f"there is no tree of {first} among {len(leaves)} leaves")
    return _subproof(leaves, first, known=True)


def _subproof(leaves: Sequence[bytes], first: int, *, known: bool) -> list[bytes]:
    """`known`: whether this subtree's root at `first` is what the reader already holds."""
    if first == len(leaves):
        return [] if known else [root(leaves)]
    half = 1 << (len(leaves) - 1).bit_length() - 1  # the largest power of two below their number
    if first <= half:
        return [*_subproof(leaves[:half], first, known=known), root(leaves[half:])]
    return [*_subproof(leaves[half:], first - half, known=False), root(leaves[:half])]
