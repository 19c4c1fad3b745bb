"""The salary side (gaji) of a period, as the treasurer's file says it; taxes and contributions build on it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from services.payroll.tables.base import Base

_ZERO = text("0")


class SalaryRow(Base):
    """Whole rupiah. A later file replaces what an earlier one said; a run keeps what it was frozen with."""

    __tablename__ = "salaries"

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    period: Mapped[str] = mapped_column(Text, primary_key=True)
    employee_id: Mapped[UUID] = mapped_column(primary_key=True)
    gross: Mapped[int] = mapped_column(BigInteger)  # gaji kotor
    tax: Mapped[int] = mapped_column(BigInteger)  # PPh 21 on gaji
    bpjs_base: Mapped[int] = mapped_column(BigInteger)  # dasar BPJS Kesehatan used by gaji
    gaji_pokok: Mapped[int] = mapped_column(BigInteger)
    pension_base: Mapped[int] = mapped_column(BigInteger, server_default=_ZERO)  # gaji pokok and tunjangan keluarga
    pension: Mapped[int] = mapped_column(BigInteger, server_default=_ZERO)  # iuran pensiun and JHT
    zakat: Mapped[int] = mapped_column(BigInteger, server_default=_ZERO)
    tpp_elsewhere: Mapped[int] = mapped_column(BigInteger, server_default=_ZERO)  # TPP that Takar did not pay
    tpp_elsewhere_tax: Mapped[int] = mapped_column(BigInteger, server_default=_ZERO)
    ptkp: Mapped[str | None] = mapped_column(Text)  # as the salary side has it
    imported_by: Mapped[UUID]
    imported_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
