"""What a region may spend: the ceiling of a class a month, the budget of an office a year. Dated, never edited."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Date, DateTime, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.payroll.tables.base import Base


class LimitKind(StrEnum):
    CLASS_MONTH = "class_month"  # of one person's TPP in a month, by kelas jabatan
    OFFICE_YEAR = "office_year"  # of an OPD's gross in a calendar year, by the OPD's code


class LimitRow(Base):
    """Of two for the same subject and day, the one set last holds. `amount`: whole rupiah. `source`: its decree."""

    __tablename__ = "limits"
    __table_args__ = (
        CheckConstraint("kind IN ('class_month', 'office_year')", name="kind"),
        CheckConstraint("amount >= 0", name="amount"),
    )

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    subject: Mapped[str] = mapped_column(Text, primary_key=True)
    valid_from: Mapped[date] = mapped_column(Date, primary_key=True)
    set_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), primary_key=True)
    amount: Mapped[int] = mapped_column(BigInteger)
    source: Mapped[str] = mapped_column(Text)
    set_by: Mapped[UUID]
