"""Statements: what an employee's allowance came to in a run, explained."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Index, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.payroll.tables.base import Base


class StatementRow(Base):
    """`body` is the statement's canonical JSON, the bytes that are hashed; the columns beside it are for finding.

    Money in whole rupiah. A statement is never changed: a run's key with its employee's stands once for ever.
    """

    __tablename__ = "statements"
    __table_args__ = (
        CheckConstraint("net = gross - deductions AND net >= 0", "net_adds_up"),
        Index("uq_statements_tenant_id_statement_id", "tenant_id", "statement_id", unique=True),
        Index("ix_statements_tenant_id_employee_id_period", "tenant_id", "employee_id", "period"),
    )

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    run_id: Mapped[UUID] = mapped_column(primary_key=True)
    employee_id: Mapped[UUID] = mapped_column(primary_key=True)
    statement_id: Mapped[UUID]
    period: Mapped[str] = mapped_column(Text)
    payable: Mapped[int] = mapped_column(BigInteger)
    gross: Mapped[int] = mapped_column(BigInteger)
    deductions: Mapped[int] = mapped_column(BigInteger)
    net: Mapped[int] = mapped_column(BigInteger)
    tax: Mapped[int] = mapped_column(BigInteger)
    suspended: Mapped[int] = mapped_column(BigInteger)
    suspended_until: Mapped[str | None] = mapped_column(Text)
    unrecovered: Mapped[int] = mapped_column(BigInteger)
    taxable: Mapped[int] = mapped_column(BigInteger)  # what it adds to the year's income
    year_tax: Mapped[int] = mapped_column(BigInteger)  # what of `tax` counts to the year
    inputs_hash: Mapped[str] = mapped_column(Text)
    statement_hash: Mapped[str] = mapped_column(Text)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    leaf: Mapped[bytes] = mapped_column(LargeBinary)
    body: Mapped[bytes] = mapped_column(LargeBinary)


class AllowanceRow(Base):
    """A final allowance on the region's feed; the sequence counts a region's allowances from 1, without gaps."""

    __tablename__ = "allowances"
    __table_args__ = (
        Index("uq_allowances_tenant_id_run_id_employee_id", "tenant_id", "run_id", "employee_id", unique=True),
    )

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    feed_sequence: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    run_id: Mapped[UUID]
    employee_id: Mapped[UUID]
    finalized_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class FeedRow(Base):
    """How far a region's feed has been numbered."""

    __tablename__ = "feeds"

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    last_sequence: Mapped[int] = mapped_column(BigInteger)


class AcknowledgementRow(Base):
    """What a region's payroll system says it has booked of a run: the newest version, compared with ours."""

    __tablename__ = "acknowledgements"

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    run_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    count: Mapped[int] = mapped_column(BigInteger)
    net: Mapped[int] = mapped_column(BigInteger)
    hash_total: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(Text)
    booked_by: Mapped[str] = mapped_column(Text)
    agrees: Mapped[bool]
    heard_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
