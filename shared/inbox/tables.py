"""What an inbox remembers: facts noted, records in quarantine, facts that wait for another."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Identity, Index, Integer, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from shared.db import SharedBase

_NOW = text("clock_timestamp()")


class InboxRow(SharedBase):
    """A fact that has taken effect. It may be pruned: a business unique key stands behind it for ever."""

    __tablename__ = "inbox"
    __table_args__ = (Index("ix_inbox_seen_at", "seen_at", postgresql_using="brin"),)

    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=_NOW)


class QuarantineRow(SharedBase):
    """A record that could not be used, as it came, and why. `redriven_at` is set when it was used after all."""

    __tablename__ = "quarantine"
    __table_args__ = (Index("uq_quarantine_topic_partition_offset", "topic", "partition", "offset", unique=True),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    topic: Mapped[str] = mapped_column(Text)
    partition: Mapped[int] = mapped_column(Integer)
    offset: Mapped[int] = mapped_column(BigInteger)
    key: Mapped[bytes | None] = mapped_column(LargeBinary)
    payload: Mapped[bytes | None] = mapped_column(LargeBinary)
    headers: Mapped[list[list[str | None]]] = mapped_column(JSONB)  # [name, base64 of the value]
    tenant_id: Mapped[str | None] = mapped_column(Text)  # where the record says one
    reason: Mapped[str] = mapped_column(Text)
    kept_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=_NOW)
    redriven_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    redriven_by: Mapped[str | None] = mapped_column(Text)


class WaitingRow(SharedBase):
    """A good fact that cannot take effect yet; later facts of its key queue behind it."""

    __tablename__ = "inbox_waiting"
    __table_args__ = (
        Index("ix_inbox_waiting_tenant_id_key_id", "tenant_id", "key", "id"),
        Index("uq_inbox_waiting_event_id", "event_id", unique=True),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(Text)
    event_id: Mapped[UUID]
    payload: Mapped[bytes] = mapped_column(LargeBinary)
    reason: Mapped[str] = mapped_column(Text)
    since: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=_NOW)
