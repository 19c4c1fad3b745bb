"""Consents of employees to be contributed for, such as zakat: who, since when, how much, and by what letter."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Date, DateTime, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.payroll.tables.base import Base


class ConsentRow(Base):
    """Both days included; without `valid_to` it lasts. Nothing of it changes but its end."""

    __tablename__ = "consents"
    __table_args__ = (Index("ix_consents_tenant_id_employee_id", "tenant_id", "employee_id"),)

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    consent_id: Mapped[UUID] = mapped_column(primary_key=True)
    employee_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(Text)
    percent: Mapped[str | None] = mapped_column(Text)  # "2.5 %"; without it, what the policy says
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    reference: Mapped[str | None] = mapped_column(Text)  # the letter, where somebody else has recorded it
    recorded_by: Mapped[UUID]
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ended_by: Mapped[UUID | None]
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
