"""Policy documents: drafts, and what a second person approved."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Date, DateTime, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.payroll.tables.base import Base


class PolicyState(StrEnum):
    DRAFT = "draft"
    APPROVED = "approved"


class PolicyRow(Base):
    """A document as it was uploaded, under the hash of its content. Once approved nothing of it changes."""

    __tablename__ = "policies"
    __table_args__ = (Index("ix_policies_tenant_id_state_effective_from", "tenant_id", "state", "effective_from"),)

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    hash: Mapped[str] = mapped_column(Text, primary_key=True)  # rules.policy_of: SHA-256 of the canonical JSON
    name: Mapped[str] = mapped_column(Text)
    effective_from: Mapped[date] = mapped_column(Date)
    effective_to: Mapped[date | None] = mapped_column(Date)
    document: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    drafted_by: Mapped[UUID]
    drafted_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    approved_by: Mapped[UUID | None]
    approved_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    compared_with: Mapped[str | None] = mapped_column(Text)  # the policy in force on its first day when it was approved
