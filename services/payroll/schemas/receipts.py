"""Receipts and checkpoints over HTTP. They are sent as canonical JSON, the bytes that a verifier demands."""

from typing import Any, Literal
from uuid import UUID

from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field

Hash = str


class Since(BaseModel):
    """An earlier checkpoint, and the path (RFC 9162 2.1.4) that shows the log grew from it."""

    model_config = ConfigDict(extra="forbid")

    checkpoint: str
    path: list[Hash]


class RunEntry(BaseModel):
    """What the log holds of an approved run: how many statements, and the root over their leaves by employee id."""

    model_config = ConfigDict(extra="forbid")

    format: Literal["takar.run/1"]
    tenant_id: str
    period: str
    kind: str
    run_id: UUID
    leaves: int
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


class CheckpointOut(BaseModel):
    model_config = ConfigDict(extra="forbid")

    format: Literal["takar.checkpoint/1"]
    checkpoint: str
    since: Since | None


class LoggedRun(BaseModel):
    model_config = ConfigDict(extra="forbid")

    checkpoint: str
    entry: RunEntry


class CheckpointsOut(BaseModel):
    """The log: each entry with the checkpoint signed over it."""

    model_config = ConfigDict(extra="forbid")

    format: Literal["takar.checkpoints/1"]
    checkpoints: list[LoggedRun]


def sent(canonical: bytes) -> Response:
    """As it is, to the byte."""
    return Response(canonical, media_type="application/json")
