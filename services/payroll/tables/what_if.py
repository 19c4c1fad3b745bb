"""What-if reports: the only thing that is kept of a draft tried on a past month."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Index, Integer, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.payroll.tables.base import Base


class WhatIfRow(Base):
    """A report with everybody compared, as rules.what_if packs it; neither the draft nor any statement of it."""

    __tablename__ = "what_ifs"
    __table_args__ = (Index("ix_what_ifs_tenant_id_made_at", "tenant_id", "made_at"),)

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    what_if_id: Mapped[UUID] = mapped_column(primary_key=True)
    run_id: Mapped[UUID]
    period: Mapped[str] = mapped_column(Text)
    policy_hash: Mapped[str] = mapped_column(Text)  # of the run
    draft_hash: Mapped[str] = mapped_column(Text)
    draft_name: Mapped[str] = mapped_column(Text)
    employees: Mapped[int] = mapped_column(Integer)
    difference: Mapped[int] = mapped_column(BigInteger)  # of TPP paid out, in rupiah
    report: Mapped[bytes] = mapped_column(LargeBinary)
    made_by: Mapped[UUID]
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
