"""Leaves of a period's Merkle trees: the owner and every reader make them from the same facts by these functions.

Two floors: an employee's records are salted leaves of a tree of their own, and that tree is one leaf of the period's.
So a receipt needs the records of one person and a hash of each other one, not a million leaves (decision 38).
"""

import hashlib
from uuid import UUID

from pydantic_core import to_json

from shared.events.activity import ActivityApproved, AttendanceDaySettled
from shared.events.appraisal import AppraisalFinalized
from shared.merkle import HASH_BYTES, packed_root

Salted = ActivityApproved | AttendanceDaySettled | AppraisalFinalized


def leaf_of(event: Salted) -> bytes:
    """The 32 bytes that shared.merkle.leaf gives for the fact's data without its salt and its nulls.

    Without nulls, so that a field added later does not change the leaves of facts that do not have it. A record is
    flat, of ASCII names and of text, whole numbers, true and false: for such JSON, sorted, this is RFC 8785, and many
    times as fast as rfc8785.dumps. A property test holds the two equal.
    """
    record = {name: value for name, value in sorted(event.said.items()) if value is not None and name != "salt"}
    return hashlib.sha256(b"\x00" + bytes.fromhex(event.salt) + to_json(record)).digest()


def sort_key_of(event: Salted) -> str:
    """Where a record stands in its period: by employee, activities by id before days by date; in order of bytes.

    Appraisals stand in a tree of their own, the newest version of each employee's.
    """
    if isinstance(event, ActivityApproved):
        return f"{event.employee_id}/a/{event.activity_id}"
    if isinstance(event, AttendanceDaySettled):
        return f"{event.employee_id}/d/{event.work_date}"
    return str(event.employee_id)


def employee_entry(employee_id: UUID, leaves: bytes) -> dict[str, str | int]:
    """What a period's tree holds of an employee: how many records, and the root over their leaves, one after another.

    It needs no salt: the root is over salted leaves.
    """
    root = packed_root(leaves).hex()
    return {"employee_id": str(employee_id), "leaves": len(leaves) // HASH_BYTES, "root": root}


def employee_leaf(employee_id: UUID, leaves: bytes) -> bytes:
    """The leaf of an employee in the period's tree, 32 bytes: of the entry as canonical JSON."""
    return hashlib.sha256(b"\x00" + to_json(employee_entry(employee_id, leaves))).digest()
