"""What employees plan for a day and log of it, and who may approve in a superior's stead."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Date,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    SmallInteger,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from services.activity.tables.base import Base


class ActivityRow(Base):
    """A logged activity. Its id is made from employee and client id, so the key itself stops a resent entry.

    `start_minute` and `end_minute` count from the work date's local midnight; past midnight they go on to 2880.
    `version` counts the facts stated about it. `leaf` is that of the approval in force, for the period's root.
    """

    __tablename__ = "activities"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'returned', 'approved')", name="state"),
        CheckConstraint("minutes BETWEEN 1 AND 1440", name="minutes"),
        CheckConstraint("(state = 'approved') = (leaf IS NOT NULL)", name="leaf"),
        Index("ix_activities_tenant_id_employee_id_work_date", "tenant_id", "employee_id", "work_date"),
        Index(
            "ix_activities_waiting",
            "tenant_id",
            "employee_id",
            "work_date",
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    activity_id: Mapped[UUID] = mapped_column(primary_key=True)
    employee_id: Mapped[UUID]
    client_id: Mapped[UUID]
    work_date: Mapped[date] = mapped_column(Date)
    start_minute: Mapped[int | None] = mapped_column(SmallInteger)
    end_minute: Mapped[int | None] = mapped_column(SmallInteger)
    minutes: Mapped[int] = mapped_column(SmallInteger)
    result_id: Mapped[UUID]
    quantity: Mapped[Decimal | None] = mapped_column(Numeric)
    quantity_unit: Mapped[str | None] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    evidence_link: Mapped[str | None] = mapped_column(Text)
    evidence_sha256: Mapped[str | None] = mapped_column(Text)
    kind: Mapped[str | None] = mapped_column(Text)  # None: tugas dan fungsi (tusi)
    sent_digest: Mapped[bytes] = mapped_column(LargeBinary)  # of the entry as first sent
    filed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    state: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    capacity: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)  # of the return, or of the withdrawal
    leaf: Mapped[bytes | None] = mapped_column(LargeBinary)


class TargetRow(Base):
    """What an employee means to do on a day, for a result of their plan."""

    __tablename__ = "targets"

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    employee_id: Mapped[UUID] = mapped_column(primary_key=True)
    work_date: Mapped[date] = mapped_column(Date, primary_key=True)
    place: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    result_id: Mapped[UUID]
    text: Mapped[str] = mapped_column(Text)
    quantity: Mapped[Decimal | None] = mapped_column(Numeric)
    quantity_unit: Mapped[str | None] = mapped_column(Text)


class DelegationRow(Base):
    """For work dates from `first_day` to `last_day` the delegate may approve as the superior may."""

    __tablename__ = "delegations"
    __table_args__ = (
        Index("ix_delegations_tenant_id_delegate_id", "tenant_id", "delegate_id"),
        Index("ix_delegations_tenant_id_superior_id", "tenant_id", "superior_id"),
    )

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    delegation_id: Mapped[UUID] = mapped_column(primary_key=True)
    superior_id: Mapped[UUID]
    delegate_id: Mapped[UUID]
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text)
    made_by: Mapped[UUID]
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ended_by: Mapped[UUID | None]
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
