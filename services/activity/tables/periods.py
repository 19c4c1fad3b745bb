"""Periods and their closings, and the region's dated settings for logging."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Date, DateTime, Integer, LargeBinary, SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.activity.tables.base import Base


class PeriodRow(Base):
    """A month that something was logged in. Its row is the fence: approvals share it, the closer takes it alone.

    `close_seq` counts the closings, `version` the facts stated about the period.
    """

    __tablename__ = "periods"
    __table_args__ = (CheckConstraint("state IN ('open', 'closed')", name="state"),)

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    code: Mapped[str] = mapped_column(Text, primary_key=True)
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(Text)
    close_seq: Mapped[int] = mapped_column(Integer)
    version: Mapped[int] = mapped_column(Integer)


class ClosingRow(Base):
    """One closing with its control totals; reopened, it keeps who did it and why."""

    __tablename__ = "closings"

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    code: Mapped[str] = mapped_column(Text, primary_key=True)
    close_seq: Mapped[int] = mapped_column(Integer, primary_key=True)
    supersedes: Mapped[int | None] = mapped_column(Integer)
    activities: Mapped[int] = mapped_column(Integer)
    minutes: Mapped[int] = mapped_column(BigInteger)
    attendance_days: Mapped[int] = mapped_column(Integer)
    employees: Mapped[int] = mapped_column(Integer)
    root: Mapped[bytes] = mapped_column(LargeBinary)
    closed_by: Mapped[UUID]
    closed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    reopened_by: Mapped[UUID | None]
    reopened_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    reason: Mapped[str | None] = mapped_column(Text)  # of the reopening


class SettingsRow(Base):
    """What a region decided for work dates from `valid_from` on, until its next decision."""

    __tablename__ = "settings"

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    valid_from: Mapped[date] = mapped_column(Date, primary_key=True)
    filing_window_days: Mapped[int | None] = mapped_column(SmallInteger)  # working days; None: no limit
    daily_cap_minutes: Mapped[int] = mapped_column(SmallInteger)
    set_by: Mapped[UUID]
    set_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
