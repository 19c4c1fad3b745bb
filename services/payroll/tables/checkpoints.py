"""Checkpoints: the signed heads of a region's log of approved runs."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Index, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.payroll.tables.base import Base


class CheckpointRow(Base):
    """The entry that a run added to the log, and the note signed over the log's head with it; never changed.

    A log has one checkpoint an entry, so `size` is its number too: 1, 2, 3, ..., without gaps.
    """

    __tablename__ = "checkpoints"
    __table_args__ = (Index("uq_checkpoints_tenant_id_run_id", "tenant_id", "run_id", unique=True),)

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    run_id: Mapped[UUID]
    period: Mapped[str] = mapped_column(Text)
    entry: Mapped[bytes] = mapped_column(LargeBinary)  # canonical JSON
    leaf: Mapped[bytes] = mapped_column(LargeBinary)  # of the entry
    root: Mapped[bytes] = mapped_column(LargeBinary)  # of the log
    note: Mapped[str] = mapped_column(Text)
    key_id: Mapped[str] = mapped_column(Text)
    signed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
