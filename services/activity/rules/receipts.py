"""What is signed of a closing, and the receipt of a record in it, as plain values."""

from collections.abc import Sequence
from typing import Any, Literal
from uuid import UUID

import rfc8785

from shared.events.activity import PeriodClosed
from shared.ledger.leaves import employee_entry
from shared.merkle import inclusion_path, unpacked
from shared.signed_log.documents import hexed

RECEIPT = "takar.record-receipt/1"

Kind = Literal["activity", "day"]


def entry_of(closing: PeriodClosed) -> bytes:
    """A closing's entry in its region's log, canonical JSON: what it ended on, and the root over its employees."""
    return rfc8785.dumps(
        {
            "activities": closing.totals.activities,
            "attendance_days": closing.totals.attendance_days,
            "close_seq": closing.close_seq,
            "format": "takar.closing/1",
            "leaves": closing.totals.employees,
            "minutes": closing.totals.minutes,
            "period": closing.period,
            "root": closing.root,
            "supersedes": closing.supersedes,
            "tenant_id": closing.tenant_id,
        }
    )


def receipt_of(
    kind: Kind,
    content: dict[str, Any],
    *,
    employee_id: UUID,
    index: int,
    records: bytes,
    place: int,
    employees: Sequence[bytes],
    in_log: dict[str, Any],
) -> bytes:
    """A record's receipt, canonical JSON: its way up the employee's `records`, theirs up `employees`, the closing's up.

    `content`: the fact as it was stated; `records`: the employee's leaves one after another, this one at `index`;
    `in_log`: the upper half, shared.signed_log.documents.in_log.
    """
    record = {name: value for name, value in content.items() if value is not None and name != "salt"}
    return rfc8785.dumps(
        in_log
        | {
            "employee": employee_entry(employee_id, records),
            "employee_index": place,
            "employee_path": hexed(inclusion_path(employees, place)),
            "format": RECEIPT,
            "kind": kind,
            "leaf_index": index,
            "leaf_path": hexed(inclusion_path(unpacked(records), index)),
            "record": record,
            "salt": content["salt"],
        }
    )
