"""Corrections of paid months: what caused them, the work they are, what was found, and what runs paid of it."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Index, Integer, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.dialects.postgresql import UUID as PgUuid
from sqlalchemy.orm import Mapped, mapped_column

from services.payroll.tables.base import Base

_ZERO = text("0")
_INDUK = text("'induk'")


class CauseKind(StrEnum):
    """Why paid months are looked at again."""

    APPRAISAL = "appraisal"  # a newer version of somebody's predikat, as an objection won makes
    MASTER_DATA = "master_data"  # a class, post, status or leaving, changed from a past day on
    POLICY = "policy"  # approved with a date in the past
    CIRCUMSTANCE = "circumstance"  # an exemption, penalty, score, ... approved or withdrawn for a past day
    CLOSING = "closing"  # the month was closed anew, or for the first time after it was paid early
    REOPENING = "reopening"  # says why; what follows from it comes with the closing


class CorrectionStage(StrEnum):
    """What a piece of the work waits for."""

    EXPAND = "expand"  # for whom it is, is not taken down yet: all who were paid
    RECOMPUTE = "recompute"
    DONE = "done"


class CorrectionCauseRow(Base):
    """A cause, once: `key` is the same for the same cause however often it is heard. `reference` links to it."""

    __tablename__ = "correction_causes"
    __table_args__ = (Index("uq_correction_causes_tenant_id_kind_key", "tenant_id", "kind", "key", unique=True),)

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    cause_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(Text)
    reference: Mapped[dict[str, Any]] = mapped_column(JSONB)
    noted_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class CorrectionChunkRow(Base):
    """Some employees of one paid month who are looked at for a cause; one worker does it in one transaction.

    It waits while the month is open or its run is not approved. The counts say what was found. kind: of run; induk
    stands for a month's own TPP, by whichever run.
    """

    __tablename__ = "correction_chunks"
    __table_args__ = (
        Index("ix_correction_chunks_tenant_id_period", "tenant_id", "period", postgresql_where=text("stage <> 'done'")),
    )

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    cause_id: Mapped[UUID] = mapped_column(primary_key=True)
    chunk: Mapped[int] = mapped_column(Integer, primary_key=True)
    period: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text, server_default=_INDUK)
    rank: Mapped[int] = mapped_column(Integer)  # the narrower cause is looked at first, and named
    employees: Mapped[list[UUID]] = mapped_column(ARRAY(PgUuid(as_uuid=True)))
    stage: Mapped[str] = mapped_column(Text)
    looked_at: Mapped[int] = mapped_column(Integer, server_default=_ZERO)
    unchanged: Mapped[int] = mapped_column(Integer, server_default=_ZERO)
    differing: Mapped[int] = mapped_column(Integer, server_default=_ZERO)
    set_aside: Mapped[int] = mapped_column(Integer, server_default=_ZERO)
    failures: Mapped[int] = mapped_column(Integer, server_default=_ZERO)
    failure: Mapped[str | None] = mapped_column(Text)
    done_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class CorrectionRow(Base):
    """A paid month computed again; never changed. `number` counts an employee's corrections of a month and kind.

    `difference` is against what stood: the paid statement, or the correction before (`earlier_id`). 0: looked at,
    other facts, the same amount. Money in whole rupiah; `facts` and `activity_ids` (`rules.frozen.Frozen`), and
    `body`, are what the hashes are of.
    """

    __tablename__ = "corrections"
    __table_args__ = (
        CheckConstraint("difference = tpp_after - tpp_before", "difference_adds_up"),
        Index("uq_corrections_tenant_id_correction_id", "tenant_id", "correction_id", unique=True),
        Index("ix_corrections_tenant_id_period_correction_id", "tenant_id", "period", "correction_id"),
    )

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    employee_id: Mapped[UUID] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(Text, primary_key=True)
    kind: Mapped[str] = mapped_column(Text, primary_key=True, server_default=_INDUK)  # as of a chunk
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    correction_id: Mapped[UUID]
    base_month: Mapped[str | None] = mapped_column(Text)  # whose facts count; None: the period's own
    contributes: Mapped[bool] = mapped_column(server_default=text("true"))  # whether contributions fall on it
    cause_id: Mapped[UUID]
    cause: Mapped[str] = mapped_column(Text)  # in words
    changes: Mapped[list[dict[str, str]]] = mapped_column(JSONB)  # what, before, after
    statement_id: Mapped[UUID]  # the paid one
    earlier_id: Mapped[UUID | None]
    hash_before: Mapped[str] = mapped_column(Text)
    tpp_before: Mapped[int] = mapped_column(BigInteger)
    tpp_after: Mapped[int] = mapped_column(BigInteger)
    difference: Mapped[int] = mapped_column(BigInteger)
    policy_hash: Mapped[str] = mapped_column(Text)
    facts: Mapped[bytes] = mapped_column(LargeBinary)
    activity_ids: Mapped[bytes] = mapped_column(LargeBinary)
    inputs_hash: Mapped[str] = mapped_column(Text)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    statement_hash: Mapped[str] = mapped_column(Text)
    computed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class CorrectionLineRow(Base):
    """What a run's statement pays (or takes back) of a correction; it counts once the run is approved."""

    __tablename__ = "correction_lines"
    __table_args__ = (
        Index("ix_correction_lines_tenant_id_correction_id", "tenant_id", "correction_id"),
        Index("ix_correction_lines_tenant_id_run_id_employee_id", "tenant_id", "run_id", "employee_id"),
    )

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    run_id: Mapped[UUID] = mapped_column(primary_key=True)
    correction_id: Mapped[UUID] = mapped_column(primary_key=True)
    employee_id: Mapped[UUID]
    amount: Mapped[int] = mapped_column(BigInteger)


class CorrectionSetAsideRow(Base):
    """Whose paid month could not be computed again, and why; the others go on, and a person must look."""

    __tablename__ = "correction_set_aside"

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    cause_id: Mapped[UUID] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(Text, primary_key=True)
    kind: Mapped[str] = mapped_column(Text, primary_key=True, server_default=_INDUK)
    employee_id: Mapped[UUID] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    remedy: Mapped[str] = mapped_column(Text)
