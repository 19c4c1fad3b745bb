"""Dated facts that no service states, by the office's files: imported by one person, approved by another."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Date, DateTime, Index, Integer, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.payroll.tables.base import Base


class CircumstanceState(StrEnum):
    """Only what is approved reaches anybody's facts."""

    DRAFT = "draft"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


class CircumstanceFileRow(Base):
    """A file as a whole is approved or withdrawn; the same content stands once unless it was withdrawn."""

    __tablename__ = "circumstance_files"
    __table_args__ = (
        Index(
            "uq_circumstance_files_tenant_id_sha256",
            "tenant_id",
            "sha256",
            unique=True,
            postgresql_where=text("state <> 'withdrawn'"),
        ),
    )

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    file_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(Text)
    rows: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(Text)
    imported_by: Mapped[UUID]
    imported_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    approved_by: Mapped[UUID | None]
    approved_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    withdrawn_by: Mapped[UUID | None]
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    withdrawn_because: Mapped[str | None] = mapped_column(Text)


class CircumstanceRow(Base):
    """One row, never changed. Without an employee it is a unit's, without a unit everybody's; days are included."""

    __tablename__ = "circumstances"
    __table_args__ = (
        Index("ix_circumstances_tenant_id_employee_id", "tenant_id", "employee_id"),
        Index("ix_circumstances_tenant_id_file_id", "tenant_id", "file_id"),
    )

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    circumstance_id: Mapped[UUID] = mapped_column(primary_key=True)
    file_id: Mapped[UUID]
    row: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(Text)
    employee_id: Mapped[UUID | None]
    unit_code: Mapped[str | None] = mapped_column(Text)
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    author: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
