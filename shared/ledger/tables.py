"""Copies of activity's facts, written only where the version is newer. Their owner is activity."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Date, DateTime, Index, Integer, LargeBinary, Numeric, SmallInteger, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.db import naming

_FALSE = text("false")
_ZERO = text("0")


class LedgerBase(DeclarativeBase):
    """Apart from SharedBase, because identity and activity have no such tables."""

    metadata = naming()


class LedgerState(StrEnum):
    """How a period of activity's stands in the reader's books."""

    ANNOUNCED = "announced"  # closed by activity; not all of it is here yet, or it has not been compared
    RECONCILED = "reconciled"  # equal to what was closed, to the last record
    DIFFERS = "differs"  # more than was closed, or something else: a person must look
    REOPENED = "reopened"


class ActivityRecordRow(LedgerBase):
    """An approved activity, or the mark that its approval was withdrawn (then what was approved may be unknown)."""

    __tablename__ = "activity_records"
    __table_args__ = (
        Index("ix_activity_records_tenant_id_period_employee_id", "tenant_id", "period", "employee_id", "activity_id"),
    )

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    activity_id: Mapped[UUID] = mapped_column(primary_key=True)
    employee_id: Mapped[UUID]
    period: Mapped[str] = mapped_column(Text)
    work_date: Mapped[date] = mapped_column(Date)
    minutes: Mapped[int | None] = mapped_column(SmallInteger)
    result_id: Mapped[UUID | None]
    quantity: Mapped[Decimal | None] = mapped_column(Numeric(14, 4))
    kind: Mapped[str | None] = mapped_column(Text)  # None: tusi
    occurred_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))  # of the approval
    version: Mapped[int] = mapped_column(BigInteger)
    withdrawn: Mapped[bool] = mapped_column(server_default=_FALSE)
    leaf: Mapped[bytes | None] = mapped_column(LargeBinary)


class ActivityDayRow(LedgerBase):
    """What one employee-day came to."""

    __tablename__ = "activity_days"
    __table_args__ = (
        Index("ix_activity_days_tenant_id_period_employee_id", "tenant_id", "period", "employee_id", "work_date"),
    )

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    employee_id: Mapped[UUID] = mapped_column(primary_key=True)
    work_date: Mapped[date] = mapped_column(Date, primary_key=True)
    period: Mapped[str] = mapped_column(Text)
    scheduled: Mapped[bool]
    presence: Mapped[str] = mapped_column(Text)
    leave_kind: Mapped[str | None] = mapped_column(Text)
    expected_in_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    expected_out_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    actual_in_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    actual_out_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    late_minutes: Mapped[int] = mapped_column(Integer)
    early_minutes: Mapped[int] = mapped_column(Integer)
    missing_in: Mapped[bool]
    missing_out: Mapped[bool]
    apel: Mapped[str] = mapped_column(Text)
    out_minutes: Mapped[int | None] = mapped_column(SmallInteger)
    permitted_out_minutes: Mapped[int | None] = mapped_column(SmallInteger)
    letter: Mapped[bool | None]
    inpatient: Mapped[bool | None]
    leave_refused: Mapped[bool | None]
    version: Mapped[int] = mapped_column(BigInteger)
    leaf: Mapped[bytes] = mapped_column(LargeBinary)


class ActivityPlanRow(LedgerBase):
    """An approved SKP; `state` is the data of the newest PlanApproved, its results among them."""

    __tablename__ = "activity_plans"
    __table_args__ = (Index("ix_activity_plans_tenant_id_employee_id", "tenant_id", "employee_id"),)

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    plan_id: Mapped[UUID] = mapped_column(primary_key=True)
    employee_id: Mapped[UUID]
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    state: Mapped[dict[str, Any]] = mapped_column(JSONB)
    version: Mapped[int] = mapped_column(BigInteger)


class ActivityPeriodRow(LedgerBase):
    """What activity said about the newest closing of a period, and how this ledger compares.

    The totals and the root are missing while only a reopening is known. `asked`: how often the owner was asked to
    send again for this closing.
    """

    __tablename__ = "activity_periods"
    __table_args__ = (Index("ix_activity_periods_state", "state"),)

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    period: Mapped[str] = mapped_column(Text, primary_key=True)
    first_day: Mapped[date | None] = mapped_column(Date)
    last_day: Mapped[date | None] = mapped_column(Date)
    close_seq: Mapped[int] = mapped_column(Integer)
    reopened: Mapped[bool] = mapped_column(server_default=_FALSE)
    state: Mapped[str] = mapped_column(Text)
    activities: Mapped[int | None] = mapped_column(Integer)
    minutes: Mapped[int | None] = mapped_column(BigInteger)
    attendance_days: Mapped[int | None] = mapped_column(Integer)
    employees: Mapped[int | None] = mapped_column(Integer)
    root: Mapped[bytes | None] = mapped_column(LargeBinary)
    checkpoint: Mapped[str | None] = mapped_column(Text)  # activity's signed head with this closing
    announced_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=text("clock_timestamp()"))
    asked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    asked: Mapped[int] = mapped_column(Integer, server_default=_ZERO)
