"""Payroll runs: their states, their work in chunks, and who did what when."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Index, Integer, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.dialects.postgresql import UUID as PgUuid
from sqlalchemy.orm import Mapped, mapped_column

from services.payroll.tables.base import Base

_ZERO = text("0")


class Stage(StrEnum):
    """What a chunk waits for."""

    FREEZE = "freeze"
    CALCULATE = "calculate"
    CLOSE = "close"
    PUBLISH = "publish"
    ANNOUNCE = "announce"
    DONE = "done"


class RunRow(Base):
    """One run of a region over a period. Money in whole rupiah; totals are None until all is calculated."""

    __tablename__ = "runs"
    __table_args__ = (
        Index(
            "uq_runs_tenant_id_period_kind",
            "tenant_id",
            "period",
            "kind",
            unique=True,
            postgresql_where=text("kind = 'induk' AND state <> 'cancelled'"),
        ),
    )

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    run_id: Mapped[UUID] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    policy_hash: Mapped[str] = mapped_column(Text)
    terms: Mapped[dict[str, Any] | None] = mapped_column(JSONB)  # rules.kinds.Terms; None: the month's own run
    activity_close_seq: Mapped[int] = mapped_column(Integer)  # 0: it rests on no closing, as THR and an early month
    appraisal_close_seq: Mapped[int] = mapped_column(Integer)
    employees: Mapped[int] = mapped_column(Integer)  # who were to be paid
    workdays: Mapped[dict[str, bool]] = mapped_column(JSONB)  # the region's, by date, as they were at the start
    closings: Mapped[int] = mapped_column(Integer, server_default=_ZERO)  # RunClosed stated so far
    count: Mapped[int | None] = mapped_column(Integer)
    gross: Mapped[int | None] = mapped_column(BigInteger)
    deductions: Mapped[int | None] = mapped_column(BigInteger)
    net: Mapped[int | None] = mapped_column(BigInteger)
    hash_total: Mapped[str | None] = mapped_column(Text)
    root: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_by: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    verified_by: Mapped[UUID | None]
    approved_by: Mapped[UUID | None]
    first_sequence: Mapped[int | None] = mapped_column(BigInteger)
    last_sequence: Mapped[int | None] = mapped_column(BigInteger)
    digest: Mapped[str | None] = mapped_column(Text)


class RunHistoryRow(Base):
    """What happened to a run, one after another; never changed."""

    __tablename__ = "run_history"

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    run_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    act: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)  # the state it led to
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    by: Mapped[UUID | None]  # None: the worker
    note: Mapped[str | None] = mapped_column(Text)


class RunChunkRow(Base):
    """Work of a run that one worker does in one transaction, holding this row's lock.

    A worker that dies loses its lock with its connection, and the chunk, unchanged, is taken by another.
    """

    __tablename__ = "run_chunks"
    __table_args__ = (
        Index(
            "ix_run_chunks_tenant_id_run_id_chunk",
            "tenant_id",
            "run_id",
            "chunk",
            postgresql_where=text("stage <> 'done'"),
        ),
    )

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    run_id: Mapped[UUID] = mapped_column(primary_key=True)
    chunk: Mapped[int] = mapped_column(Integer, primary_key=True)
    stage: Mapped[str] = mapped_column(Text)
    employees: Mapped[list[UUID]] = mapped_column(ARRAY(PgUuid(as_uuid=True)))
    failures: Mapped[int] = mapped_column(Integer, server_default=_ZERO)  # since it last got on
    failure: Mapped[str | None] = mapped_column(Text)
    done_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class RunInputRow(Base):
    """What an employee's statement is computed from, as `rules.frozen.Frozen` has it, and whom to pay."""

    __tablename__ = "run_inputs"

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    run_id: Mapped[UUID] = mapped_column(primary_key=True)
    employee_id: Mapped[UUID] = mapped_column(primary_key=True)
    facts: Mapped[bytes] = mapped_column(LargeBinary)
    activity_ids: Mapped[bytes] = mapped_column(LargeBinary)
    inputs_hash: Mapped[str] = mapped_column(Text)
    payee: Mapped[dict[str, Any]] = mapped_column(JSONB)  # inputs.building.Payee and inputs.payees.payee_details


class RunSetAsideRow(Base):
    """An employee who could not be calculated in a run, and why; the others go on."""

    __tablename__ = "run_set_aside"

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    run_id: Mapped[UUID] = mapped_column(primary_key=True)
    employee_id: Mapped[UUID] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    remedy: Mapped[str] = mapped_column(Text)
