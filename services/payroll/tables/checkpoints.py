"""Checkpoints: the signed heads of a region's log of approved runs."""

from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from services.payroll.tables.base import Base
from shared.signed_log.heads import HeadColumns


class CheckpointRow(HeadColumns, Base):
    """The entry that a run added to the log, and the note signed over the log's head with it."""

    __tablename__ = "checkpoints"
    __table_args__ = (Index("uq_checkpoints_tenant_id_run_id", "tenant_id", "run_id", unique=True),)

    run_id: Mapped[UUID] = mapped_column()
