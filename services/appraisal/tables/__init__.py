"""Appraisals being written, appraisals that stand, periods and their closings, and what a region decided."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, DateTime, Integer, LargeBinary, SmallInteger, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.dialects.postgresql import UUID as PgUuid
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.db import naming

_NOW = text("clock_timestamp()")


class Base(DeclarativeBase):
    metadata = naming()


class DraftRow(Base):
    """Ratings that are being written; gone once they are final.

    `judged`: {value: {rating, feedback}} of the BerAKHLAK values rated so far.
    """

    __tablename__ = "drafts"

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    period: Mapped[str] = mapped_column(Text, primary_key=True)
    employee_id: Mapped[UUID] = mapped_column(primary_key=True)
    hasil_kerja: Mapped[str | None] = mapped_column(Text)
    perilaku_kerja: Mapped[str | None] = mapped_column(Text)
    judged: Mapped[dict[str, Any]] = mapped_column(JSONB)
    reason: Mapped[str | None] = mapped_column(Text)
    feedback: Mapped[str | None] = mapped_column(Text)
    saved_by: Mapped[UUID]
    saved_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class AppraisalRow(Base):
    """One version of an appraisal, never changed; the highest version of an employee and period stands.

    `leaf`: of the period's Merkle tree, from the AppraisalFinalized that states it.
    """

    __tablename__ = "appraisals"

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    period: Mapped[str] = mapped_column(Text, primary_key=True)
    employee_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    hasil_kerja: Mapped[str] = mapped_column(Text)
    perilaku_kerja: Mapped[str] = mapped_column(Text)
    predikat: Mapped[str] = mapped_column(Text)
    matrix_from: Mapped[date] = mapped_column(Date)  # the matrix that gave the predikat
    judged: Mapped[dict[str, Any]] = mapped_column(JSONB)
    reason: Mapped[str] = mapped_column(Text)
    feedback: Mapped[str | None] = mapped_column(Text)
    correction: Mapped[str | None] = mapped_column(Text)  # why this version replaces the one before
    evaluator_id: Mapped[UUID]
    capacity: Mapped[str] = mapped_column(Text)
    escalated_from: Mapped[UUID | None]  # the evaluator who stayed silent
    activity_close_seq: Mapped[int] = mapped_column(Integer)  # the closing whose facts it rests on
    finalized_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    leaf: Mapped[bytes] = mapped_column(LargeBinary)


class AppraisalPeriodRow(Base):
    """A period that activity has closed at least once. Its row is the fence: who finalizes shares it, who closes
    takes it alone. `close_seq` counts the closings."""

    __tablename__ = "appraisal_periods"
    __table_args__ = (CheckConstraint("status IN ('open', 'closed')", name="status"),)

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    period: Mapped[str] = mapped_column(Text, primary_key=True)
    status: Mapped[str] = mapped_column(Text, server_default=text("'open'"))
    close_seq: Mapped[int] = mapped_column(Integer, server_default=text("0"))


class ClosingRow(Base):
    """One closing with its control totals. Reopened, it keeps why, and who did it (none: activity reopened)."""

    __tablename__ = "closings"

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    period: Mapped[str] = mapped_column(Text, primary_key=True)
    close_seq: Mapped[int] = mapped_column(Integer, primary_key=True)
    activity_close_seq: Mapped[int] = mapped_column(Integer)
    supersedes: Mapped[int | None] = mapped_column(Integer)
    employees: Mapped[int] = mapped_column(Integer)
    appraisals: Mapped[int] = mapped_column(Integer)
    by_predikat: Mapped[dict[str, int]] = mapped_column(JSONB)
    root: Mapped[bytes] = mapped_column(LargeBinary)
    evaluators_in_default: Mapped[list[UUID]] = mapped_column(ARRAY(PgUuid(as_uuid=True)))
    reason: Mapped[str | None] = mapped_column(Text)
    closed_by: Mapped[UUID]
    closed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    reopened_by: Mapped[UUID | None]
    reopened_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    reopening: Mapped[str | None] = mapped_column(Text)  # why


class SettingsRow(Base):
    """What a region decided for periods that end on `valid_from` or later, until its next decision.

    `evaluator_days`: for so many days after activity's closing the evaluator alone may appraise.
    """

    __tablename__ = "settings"
    __table_args__ = (CheckConstraint("evaluator_days BETWEEN 0 AND 60", name="evaluator_days"),)

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    valid_from: Mapped[date] = mapped_column(Date, primary_key=True)
    evaluator_days: Mapped[int] = mapped_column(SmallInteger)
    set_by: Mapped[UUID]
    set_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=_NOW)
