"""Machines and their punches, decisions on leave and excuses, and what employee-days came to."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    Uuid,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from services.activity.tables.base import Base
from services.activity.tables.decided import Decided


class MachineRow(Base):
    """A fingerprint machine: whose unit's it is, and the zone its clock shows."""

    __tablename__ = "attendance_machines"

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    serial: Mapped[str] = mapped_column(Text, primary_key=True)
    unit_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(Text)
    zone: Mapped[str] = mapped_column(Text)
    added_by: Mapped[UUID]
    added_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class PinRow(Base):
    """From `valid_from` to `valid_to`, both included, a machine's number means this employee; None: open."""

    __tablename__ = "attendance_pins"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="days"),
        Index("ix_attendance_pins_tenant_id_employee_id", "tenant_id", "employee_id"),
    )

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    serial: Mapped[str] = mapped_column(Text, primary_key=True)
    pin: Mapped[str] = mapped_column(Text, primary_key=True)
    valid_from: Mapped[date] = mapped_column(Date, primary_key=True)
    valid_to: Mapped[date | None] = mapped_column(Date)
    employee_id: Mapped[UUID]
    mapped_by: Mapped[UUID]
    mapped_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class PunchRow(Base):
    """A punch as the machine wrote it, also of a number nobody is known by yet. Partitioned by month."""

    __tablename__ = "attendance_punches"
    __table_args__ = ({"postgresql_partition_by": "RANGE (punched_at)"},)

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    serial: Mapped[str] = mapped_column(Text, primary_key=True)
    pin: Mapped[str] = mapped_column(Text, primary_key=True)
    punched_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), primary_key=True)
    status: Mapped[int | None] = mapped_column(SmallInteger)
    verify: Mapped[int | None] = mapped_column(SmallInteger)


class LogImportRow(Base):
    """A machine's file that was taken in; the same bytes again leave one row."""

    __tablename__ = "attendance_imports"

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    serial: Mapped[str] = mapped_column(Text, primary_key=True)
    sha256: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    file_name: Mapped[str] = mapped_column(Text)
    lines: Mapped[int] = mapped_column(Integer)
    stored: Mapped[int] = mapped_column(Integer)
    refused: Mapped[int] = mapped_column(Integer)
    imported_by: Mapped[UUID]
    imported_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class AttendanceDecisionRow(Decided, Base):
    """Leave, duty, an excuse or a refusal of leave of one employee, decided by another person.

    `detail`: the kind of leave or duty. `letter`: whether the doctor's was handed in; `inpatient`: rawat inap.
    """

    __tablename__ = "attendance_decisions"
    __table_args__ = (
        CheckConstraint("kind IN ('leave', 'duty', 'excuse', 'refusal')", name="kind"),
        CheckConstraint("(kind = 'excuse') = (detail IS NULL)", name="detail"),
        CheckConstraint("last_day >= first_day", name="days"),
        CheckConstraint("decided_by <> employee_id", name="four_eyes"),
        Index("ix_attendance_decisions_tenant_id_employee_id", "tenant_id", "employee_id", "first_day"),
    )

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    decision_id: Mapped[UUID] = mapped_column(primary_key=True)
    employee_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(Text)
    detail: Mapped[str | None] = mapped_column(Text)
    excuses: Mapped[list[str]] = mapped_column(ARRAY(Text))
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    reference: Mapped[str | None] = mapped_column(Text)  # number of the letter, the SPT or the surat sakit
    letter: Mapped[bool] = mapped_column(Boolean, server_default=text("true"))
    inpatient: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    reason: Mapped[str] = mapped_column(Text)


class OutingRow(Decided, Base):
    """An employee away from the office between two moments of a work date, with permission or found without."""

    __tablename__ = "attendance_outings"
    __table_args__ = (
        CheckConstraint("ended_at > started_at", name="moments"),
        CheckConstraint("decided_by <> employee_id", name="four_eyes"),
        Index("ix_attendance_outings_tenant_id_employee_id", "tenant_id", "employee_id", "work_date"),
    )

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    outing_id: Mapped[UUID] = mapped_column(primary_key=True)
    employee_id: Mapped[UUID]
    work_date: Mapped[date] = mapped_column(Date)
    started_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ended_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    permitted: Mapped[bool] = mapped_column(Boolean)
    reference: Mapped[str | None] = mapped_column(Text)  # of the surat izin keluar, or of the inspection
    reason: Mapped[str] = mapped_column(Text)


class IncidentRow(Decided, Base):
    """An outage between two moments in which a unit's people, or the whole region's, could not punch."""

    __tablename__ = "attendance_incidents"
    __table_args__ = (CheckConstraint("ended_at > started_at", name="moments"),)

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    incident_id: Mapped[UUID] = mapped_column(primary_key=True)
    unit_id: Mapped[UUID | None]  # with the units below it; None: the whole region
    started_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ended_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    reason: Mapped[str] = mapped_column(Text)


class ApelRollRow(Base):
    """What the roll of an apel says of one employee; it stands over the punches."""

    __tablename__ = "attendance_apel_rolls"

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    work_date: Mapped[date] = mapped_column(Date, primary_key=True)
    employee_id: Mapped[UUID] = mapped_column(primary_key=True)
    attended: Mapped[bool] = mapped_column(Boolean)
    listed_by: Mapped[UUID]
    listed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class AttendanceDayRow(Base):
    """A settled employee-day as it was last stated. Partitioned by month.

    `leaf`: of the fact with `version` and `salt`, for the period's root.
    """

    __tablename__ = "attendance_days"
    __table_args__ = ({"postgresql_partition_by": "RANGE (work_date)"},)

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    employee_id: Mapped[UUID] = mapped_column(primary_key=True)
    work_date: Mapped[date] = mapped_column(Date, primary_key=True)
    scheduled: Mapped[bool] = mapped_column(Boolean)
    presence: Mapped[str] = mapped_column(Text)
    leave_kind: Mapped[str | None] = mapped_column(Text)
    expected_in_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    expected_out_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    actual_in_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    actual_out_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    late_minutes: Mapped[int] = mapped_column(Integer)
    early_minutes: Mapped[int] = mapped_column(Integer)
    missing_in: Mapped[bool] = mapped_column(Boolean)
    missing_out: Mapped[bool] = mapped_column(Boolean)
    apel: Mapped[str] = mapped_column(Text)
    excused_minutes: Mapped[int] = mapped_column(Integer)
    out_minutes: Mapped[int | None] = mapped_column(Integer)
    permitted_out_minutes: Mapped[int | None] = mapped_column(Integer)
    letter: Mapped[bool | None]
    inpatient: Mapped[bool | None]
    leave_refused: Mapped[bool | None]
    version: Mapped[int] = mapped_column(Integer)
    salt: Mapped[str] = mapped_column(Text)
    leaf: Mapped[bytes] = mapped_column(LargeBinary)
    settled_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class SettlementRow(Base):
    """A request to settle days, worked off in chunks of employees by whichever worker takes it.

    `employees`: None for all of the region. `again`: only days that were settled before. `done_to`: the last employee
    of the chunks done; `touched_at` puts regions in turn.
    """

    __tablename__ = "attendance_settlements"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'done', 'refused', 'failed')", name="state"),
        CheckConstraint("last_day >= first_day", name="days"),
        Index("ix_attendance_settlements_waiting", "touched_at", postgresql_where=text("state = 'waiting'")),
    )

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    settlement_id: Mapped[UUID] = mapped_column(primary_key=True)
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    employees: Mapped[list[UUID] | None] = mapped_column(ARRAY(Uuid))
    again: Mapped[bool] = mapped_column(Boolean)
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    done_to: Mapped[UUID | None]
    people: Mapped[int] = mapped_column(Integer)  # settled so far
    days: Mapped[int] = mapped_column(Integer)
    changed: Mapped[int] = mapped_column(Integer)
    told: Mapped[str | None] = mapped_column(Text)  # why it was refused, or failed
    requested_by: Mapped[UUID]
    requested_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    touched_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
