"""Copies of identity's facts, written only where the version is newer. Their owner is identity."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Date, DateTime, Index, SmallInteger, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from shared.db import SharedBase


class TenantRow(SharedBase):
    __tablename__ = "identity_tenants"

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    zone: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(BigInteger)


class UnitRow(SharedBase):
    __tablename__ = "identity_units"

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    unit_id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    parent_id: Mapped[UUID | None]
    active_from: Mapped[date] = mapped_column(Date)
    active_to: Mapped[date | None] = mapped_column(Date)
    version: Mapped[int] = mapped_column(BigInteger)


class PositionRow(SharedBase):
    __tablename__ = "identity_positions"

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    position_id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(Text)
    active_to: Mapped[date | None] = mapped_column(Date)
    version: Mapped[int] = mapped_column(BigInteger)


class PositionTermRow(SharedBase):
    """What a position was from `valid_from` to `valid_to`, both included; None: open."""

    __tablename__ = "identity_position_terms"
    __table_args__ = (
        Index("ix_identity_position_terms_tenant_id_reports_to", "tenant_id", "reports_to"),
        Index("ix_identity_position_terms_tenant_id_unit_id", "tenant_id", "unit_id"),
    )

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    position_id: Mapped[UUID] = mapped_column(primary_key=True)
    valid_from: Mapped[date] = mapped_column(Date, primary_key=True)
    valid_to: Mapped[date | None] = mapped_column(Date)
    name: Mapped[str] = mapped_column(Text)
    jenis_jabatan: Mapped[str] = mapped_column(Text)
    kelas_jabatan: Mapped[int] = mapped_column(SmallInteger)
    unit_id: Mapped[UUID]
    reports_to: Mapped[UUID | None]
    eselon: Mapped[str | None] = mapped_column(Text)


class EmployeeRow(SharedBase):
    """`state` is the data of the newest EmployeeChanged; the columns beside it are for finding."""

    __tablename__ = "identity_employees"
    __table_args__ = (Index("ix_identity_employees_tenant_id_nip", "tenant_id", "nip"),)

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    employee_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    nip: Mapped[str] = mapped_column(Text)  # the newest
    left_on: Mapped[date | None] = mapped_column(Date)
    state: Mapped[dict[str, Any]] = mapped_column(JSONB)
    version: Mapped[int] = mapped_column(BigInteger)


class AssignmentRow(SharedBase):
    """A dated holding of a position; both days included."""

    __tablename__ = "identity_assignments"
    __table_args__ = (
        Index("ix_identity_assignments_tenant_id_employee_id", "tenant_id", "employee_id"),
        Index("ix_identity_assignments_tenant_id_position_id", "tenant_id", "position_id"),
    )

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    assignment_id: Mapped[UUID] = mapped_column(primary_key=True)
    employee_id: Mapped[UUID]
    position_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)


class RevocationRow(SharedBase):
    """Tokens of an account issued before a moment are void."""

    __tablename__ = "identity_revocations"

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    session_id: Mapped[UUID | None]  # None: every session
    issued_before: Mapped[datetime] = mapped_column(DateTime(timezone=True))
