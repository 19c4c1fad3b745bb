"""What regions decided about their days and hours. Nothing is changed or deleted: a decision is withdrawn, and told."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, Index, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.activity.tables.base import Base
from services.activity.tables.decided import Decided


class CalendarDecisionRow(Decided, Base):
    """A dated decision for the region, a unit and those below it, or one employee.

    `content` has the shape of its `kind` (schemas.calendar). The nearest decision counts, of equally near ones the
    one with the latest `first_day`, then the latest made.
    """

    __tablename__ = "calendar_decisions"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('holiday', 'work_hours', 'special_hours', 'ramadan', 'apel', 'window')",
            name="kind",
        ),
        CheckConstraint("unit_id IS NULL OR employee_id IS NULL", name="scope"),
        CheckConstraint("last_day IS NULL OR last_day >= first_day", name="days"),
        Index("ix_calendar_decisions_tenant_id_kind_first_day", "tenant_id", "kind", "first_day"),
    )

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    decision_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    unit_id: Mapped[UUID | None]
    employee_id: Mapped[UUID | None]
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date | None] = mapped_column(Date)  # None: until another decision
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    reason: Mapped[str] = mapped_column(Text)
