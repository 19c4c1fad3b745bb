"""SKP: a plan, its dated versions, their results (RHK) and indicators (PermenPANRB 6/2022)."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Date, DateTime, Index, Numeric, SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.activity.tables.base import Base


class PlanRow(Base):
    """An employee's SKP for a range of days in one position; what it says stands in its versions."""

    __tablename__ = "plans"
    __table_args__ = (Index("ix_plans_tenant_id_employee_id", "tenant_id", "employee_id"),)

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    plan_id: Mapped[UUID] = mapped_column(primary_key=True)
    employee_id: Mapped[UUID]
    position_id: Mapped[UUID]
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)


class PlanVersionRow(Base):
    """A version in force from `valid_from`; once approved it is frozen, and only the next one's approval ends it.

    `valid_to` is the last day it is in force; before `valid_from` where the next version replaced all of it.
    """

    __tablename__ = "plan_versions"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'submitted', 'returned', 'approved')", name="state"),
        Index("ix_plan_versions_tenant_id_employee_id", "tenant_id", "employee_id"),
    )

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    plan_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    employee_id: Mapped[UUID]
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date] = mapped_column(Date)
    approach: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    made_by: Mapped[UUID]
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    submitted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    capacity: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)  # of the return


class PlanResultRow(Base):
    """A work result (RHK); it keeps its id through the versions of its plan."""

    __tablename__ = "plan_results"
    __table_args__ = (
        CheckConstraint("kind IN ('utama', 'tambahan')", name="kind"),
        Index("ix_plan_results_tenant_id_result_id", "tenant_id", "result_id"),
    )

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    plan_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    result_id: Mapped[UUID] = mapped_column(primary_key=True)
    place: Mapped[int] = mapped_column(SmallInteger)
    kind: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    superior_result_id: Mapped[UUID | None]
    weight: Mapped[Decimal | None] = mapped_column(Numeric)


class PlanIndicatorRow(Base):
    """An indicator (IKI) of a result: aspect, target and unit."""

    __tablename__ = "plan_indicators"
    __table_args__ = (CheckConstraint("aspect IN ('kuantitas', 'kualitas', 'waktu', 'biaya')", name="aspect"),)

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    plan_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    result_id: Mapped[UUID] = mapped_column(primary_key=True)
    indicator_id: Mapped[UUID] = mapped_column(primary_key=True)
    place: Mapped[int] = mapped_column(SmallInteger)
    aspect: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    target: Mapped[Decimal | None] = mapped_column(Numeric)
    target_text: Mapped[str | None] = mapped_column(Text)
    unit: Mapped[str] = mapped_column(Text)
