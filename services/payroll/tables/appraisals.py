"""Copies of appraisal's facts, written only where the version is newer. Their owner is appraisal."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Index, Integer, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.dialects.postgresql import UUID as PgUuid
from sqlalchemy.orm import Mapped, mapped_column

from services.payroll.tables.base import Base


class AppraisalResultRow(Base):
    """An employee's predikat of a period: the newest version."""

    __tablename__ = "appraisal_results"

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    period: Mapped[str] = mapped_column(Text, primary_key=True)
    employee_id: Mapped[UUID] = mapped_column(primary_key=True)
    predikat: Mapped[str] = mapped_column(Text)
    ratings: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))  # as the facts' ratings
    evaluator_id: Mapped[UUID]
    version: Mapped[int] = mapped_column(BigInteger)
    leaf: Mapped[bytes] = mapped_column(LargeBinary)


class AppraisalPeriodRow(Base):
    """What appraisal said when it closed a period, and how our copies compare; states as of shared.ledger."""

    __tablename__ = "appraisal_periods"
    __table_args__ = (Index("ix_appraisal_periods_state", "state"),)

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    period: Mapped[str] = mapped_column(Text, primary_key=True)
    close_seq: Mapped[int] = mapped_column(Integer)
    activity_close_seq: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(Text)
    employees: Mapped[int] = mapped_column(Integer)
    appraisals: Mapped[int] = mapped_column(Integer)
    by_predikat: Mapped[dict[str, Any]] = mapped_column(JSONB)
    root: Mapped[bytes] = mapped_column(LargeBinary)
    evaluators_in_default: Mapped[list[UUID]] = mapped_column(ARRAY(PgUuid(as_uuid=True)))
    announced_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=text("clock_timestamp()"))
    asked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    asked: Mapped[int] = mapped_column(Integer, server_default=text("0"))
