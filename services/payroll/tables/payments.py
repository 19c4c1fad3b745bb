"""What went to banks and what came back: files, payments in them, and the documents they are written by."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Index, Integer, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.payroll.tables.base import Base


class ExportDocumentRow(Base):
    """A region's bank template or export settings, under the hash of its content; the newest of a name is in use."""

    __tablename__ = "export_documents"
    __table_args__ = (Index("ix_export_documents_tenant_id_kind_name_set_at", "tenant_id", "kind", "name", "set_at"),)

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    hash: Mapped[str] = mapped_column(Text, primary_key=True)
    kind: Mapped[str] = mapped_column(Text)  # bank, settings
    name: Mapped[str] = mapped_column(Text)
    document: Mapped[str] = mapped_column(Text)
    set_by: Mapped[UUID]
    set_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class BankFileRow(Base):
    """A file as it went to a bank: written again from its payments it has the same SHA-256."""

    __tablename__ = "bank_files"

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    run_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)  # counts a run's files from 1
    template: Mapped[str] = mapped_column(Text)  # the document's text
    words: Mapped[dict[str, Any]] = mapped_column(JSONB)  # what the template's braces stood for
    count: Mapped[int] = mapped_column(Integer)
    net: Mapped[int] = mapped_column(BigInteger)
    hash_total: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(Text)
    made_by: Mapped[UUID]
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class PaymentRow(Base):
    """One instruction of a bank file: whom, which account, how much in whole rupiah, and what became of it."""

    __tablename__ = "payments"
    __table_args__ = (
        Index("uq_payments_tenant_id_run_id_number_line", "tenant_id", "run_id", "number", "line", unique=True),
        Index("ix_payments_tenant_id_statement_id", "tenant_id", "statement_id"),
    )

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    run_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    employee_id: Mapped[UUID] = mapped_column(primary_key=True)
    statement_id: Mapped[UUID]
    line: Mapped[int] = mapped_column(Integer)
    reference: Mapped[str] = mapped_column(Text)
    nip: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    unit: Mapped[str] = mapped_column(Text)
    bank_code: Mapped[str] = mapped_column(Text)
    bank_name: Mapped[str] = mapped_column(Text)
    account: Mapped[str] = mapped_column(Text)
    holder: Mapped[str] = mapped_column(Text)
    amount: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(Text)  # rules.payments.PaymentState
    reason: Mapped[str | None] = mapped_column(Text)  # the bank's
    answered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class AnswerFileRow(Base):
    """A file that came back, by the SHA-256 of its bytes: the same file again changes nothing."""

    __tablename__ = "answer_files"

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    run_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)  # of the bank file; 0: the payroll system's
    sha256: Mapped[str] = mapped_column(Text, primary_key=True)
    outcome: Mapped[dict[str, Any]] = mapped_column(JSONB)
    imported_by: Mapped[UUID]
    imported_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
