"""Leaves of Merkle trees that payroll makes: of appraisals it has read, of statements it states."""

import hashlib
from json import JSONEncoder

from shared.events.appraisal import AppraisalFinalized
from shared.events.envelope import ENVELOPE_FIELDS

_LEFT_OUT = ENVELOPE_FIELDS | {"salt"}
# flat JSON of text, whole numbers and null: for such this is RFC 8785, and many times as fast as the library
_canonical = JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode


def appraisal_leaf(event: AppraisalFinalized) -> bytes:
    """The 32 bytes that shared.merkle.leaf gives for the fact's data without its salt."""
    record = event.model_dump(mode="json", exclude=_LEFT_OUT)
    return statement_leaf(bytes.fromhex(event.salt), _canonical(record).encode())


def statement_leaf(salt: bytes, body: bytes) -> bytes:
    """RFC 9162: SHA-256 of 0x00, the salt and a record's canonical JSON."""
    return hashlib.sha256(b"\x00" + salt + body).digest()
