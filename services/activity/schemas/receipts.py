"""Receipts of records over HTTP. They are sent as canonical JSON, the bytes that a verifier demands."""

from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.http.signed_log import Hash, Since


class EmployeeEntry(BaseModel):
    """What a closing's tree holds of an employee: how many records, and the root over their leaves."""

    model_config = ConfigDict(extra="forbid")

    employee_id: UUID
    leaves: int
    root: Hash


class ClosingEntry(BaseModel):
    """What the log holds of a closing: its totals, and the root over the leaves of its employees."""

    model_config = ConfigDict(extra="forbid")

    format: Literal["takar.closing/1"]
    tenant_id: str
    period: str
    close_seq: int
    supersedes: int | None
    activities: int
    minutes: int
    attendance_days: int
    leaves: int = Field(description="employees with a record")
    root: Hash


class RecordReceipt(BaseModel):
    """Hashes in hex. `leaf_path` leads from the record to the employee's root, `employee_path` on to the closing's,
    `entry_path` to the checkpoint's."""

    model_config = ConfigDict(extra="forbid")

    format: Literal["takar.record-receipt/1"]
    kind: Literal["activity", "day"]
    record: dict[str, Any] = Field(description="the fact as it was stated, without salt and nulls")
    salt: Hash
    leaf_index: int
    leaf_path: list[Hash]
    employee: EmployeeEntry
    employee_index: int
    employee_path: list[Hash]
    entry: ClosingEntry
    entry_index: int
    entry_path: list[Hash]
    checkpoint: str = Field(description="C2SP tlog-checkpoint: a note signed with Ed25519")
    since: Since | None
