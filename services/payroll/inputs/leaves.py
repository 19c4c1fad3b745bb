"""The leaf of a statement in its run's Merkle tree."""

import hashlib


def statement_leaf(salt: bytes, body: bytes) -> bytes:
    """RFC 9162: SHA-256 of 0x00, the salt and the statement's canonical JSON."""
    return hashlib.sha256(b"\x00" + salt + body).digest()
