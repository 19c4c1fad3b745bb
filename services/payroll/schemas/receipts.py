"""Receipts over HTTP. They are sent as canonical JSON, the bytes that a verifier demands."""

from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.http.signed_log import Hash, Since


class Records(BaseModel):
    """The head of activity's log that a run rests on: its number, and the SHA-256 of its text."""

    model_config = ConfigDict(extra="forbid")

    size: int
    sha256: Hash


class RunEntry(BaseModel):
    """What the log holds of an approved run: how many statements, and the root over their leaves by employee id."""

    model_config = ConfigDict(extra="forbid")

    format: Literal["takar.run/1"]
    tenant_id: str
    period: str
    kind: str
    run_id: UUID
    leaves: int
    records: Records | None
    root: Hash


class ReceiptOut(BaseModel):
    """Hashes in hex. `leaf_path` leads from the statement to the entry's root, `entry_path` on to the checkpoint's."""

    model_config = ConfigDict(extra="forbid")

    format: Literal["takar.receipt/1"]
    statement_id: UUID
    statement: dict[str, Any]
    salt: Hash
    leaf_index: int
    leaf_path: list[Hash]
    entry: RunEntry
    entry_index: int
    entry_path: list[Hash]
    checkpoint: str = Field(description="C2SP tlog-checkpoint: a note signed with Ed25519")
    since: Since | None
