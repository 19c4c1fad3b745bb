"""Leaves of a period's Merkle trees: the owner and every reader make them from the same fact by this one function."""

import hashlib

from pydantic_core import to_json

from shared.events.activity import ActivityApproved, AttendanceDaySettled
from shared.events.appraisal import AppraisalFinalized

Salted = ActivityApproved | AttendanceDaySettled | AppraisalFinalized


def leaf_of(event: Salted) -> bytes:
    """The 32 bytes that shared.merkle.leaf gives for the fact's data without its salt and its nulls.

    Without nulls, so that a field added later does not change the leaves of facts that do not have it. A record is
    flat, of ASCII names and of text, whole numbers, true and false: for such JSON, sorted, this is RFC 8785, and many
    times as fast as rfc8785.dumps. A property test holds the two equal.
    """
    record = {name: value for name, value in sorted(event.content.items()) if value is not None and name != "salt"}
    return hashlib.sha256(b"\x00" + bytes.fromhex(event.salt) + to_json(record)).digest()


def sort_key_of(event: Salted) -> str:
    """Where a leaf stands in its period's tree: by employee, activities by id before days by date; in order of bytes.

    Appraisals stand in a tree of their own, the newest version of each employee's.
    """
    if isinstance(event, ActivityApproved):
        return f"{event.employee_id}/a/{event.activity_id}"
    if isinstance(event, AttendanceDaySettled):
        return f"{event.employee_id}/d/{event.work_date}"
    return str(event.employee_id)
