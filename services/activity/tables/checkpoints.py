"""Checkpoints: the signed heads of a region's log of closings, and the trees they were signed over."""

from uuid import UUID

from sqlalchemy import Index, Integer, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.activity.tables.base import Base
from shared.signed_log.heads import HeadColumns

ID_BYTES = 16


class CheckpointRow(HeadColumns, Base):
    """The entry that a closing added to the log, and the note signed over the log's head with it."""

    __tablename__ = "checkpoints"
    __table_args__ = (Index("uq_checkpoints_tenant_id_period", "tenant_id", "period", "close_seq", unique=True),)

    close_seq: Mapped[int] = mapped_column(Integer)


class ClosingTreeRow(Base):
    """A closing's tree: its employees by id, 16 bytes each, and the leaf of each, 32 bytes; never changed.

    One row a closing: a receipt needs all of it at once, and ten thousand employees are half a megabyte.
    """

    __tablename__ = "closing_trees"

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    code: Mapped[str] = mapped_column(Text, primary_key=True)
    close_seq: Mapped[int] = mapped_column(Integer, primary_key=True)
    employees: Mapped[bytes] = mapped_column(LargeBinary)
    leaves: Mapped[bytes] = mapped_column(LargeBinary)

    def place_of(self, employee_id: UUID) -> int | None:
        """Where an employee stands, from 0; None for somebody who had no record."""
        for place in range(0, len(self.employees), ID_BYTES):
            if self.employees[place : place + ID_BYTES] == employee_id.bytes:
                return place // ID_BYTES
        return None
