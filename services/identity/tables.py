"""What identity keeps beside the directory: numbers, accounts, sessions and grants.

The organisation itself stands in the directory's tables (shared/directory/tables.py), which identity writes first and
by the same functions as its readers: docs/decisions/0020.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Date, DateTime, Index, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.db import naming


class Base(DeclarativeBase):
    metadata = naming()


class NipRow(Base):
    """Every number in an employee's history; one number, one employee."""

    __tablename__ = "nips"
    __table_args__ = (Index("ix_nips_tenant_id_employee_id", "tenant_id", "employee_id"),)

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    nip: Mapped[str] = mapped_column(Text, primary_key=True)
    employee_id: Mapped[UUID]
    left_on: Mapped[date | None] = mapped_column(Date)  # the employee's: a number of somebody who left may move


class AccountRow(Base):
    """Who may log in. `login`: the newest NIP, or a name where the account is no employee's."""

    __tablename__ = "accounts"
    __table_args__ = (
        UniqueConstraint("tenant_id", "login"),
        UniqueConstraint("tenant_id", "employee_id"),
    )

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    employee_id: Mapped[UUID | None]
    password_hash: Mapped[str | None] = mapped_column(Text)  # argon2id
    one_time_digest: Mapped[bytes | None] = mapped_column(LargeBinary)  # SHA-256 of 128 random bits
    one_time_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    disabled: Mapped[bool] = mapped_column(Boolean)
    revocations: Mapped[int] = mapped_column(BigInteger)  # version of the newest SessionRevoked
    revoked_before: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    password_set_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class SessionRow(Base):
    """A login on one device, and the family of the refresh tokens that come from it."""

    __tablename__ = "sessions"
    __table_args__ = (Index("ix_sessions_tenant_id_account_id", "tenant_id", "account_id"),)

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    session_id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID]
    begun_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    used_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    address: Mapped[str] = mapped_column(Text)
    device: Mapped[str] = mapped_column(Text)
    must_set_password: Mapped[bool] = mapped_column(Boolean)
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    end_reason: Mapped[str | None] = mapped_column(Text)


class RefreshTokenRow(Base):
    """The digest of a refresh token; each may be used once."""

    __tablename__ = "refresh_tokens"
    __table_args__ = (Index("ix_refresh_tokens_tenant_id_session_id", "tenant_id", "session_id"),)

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    session_id: Mapped[UUID]
    issued_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class GrantRow(Base):
    """A role of an account from a day to a day, both included; never erased, only ended."""

    __tablename__ = "grants"
    __table_args__ = (Index("ix_grants_tenant_id_account_id", "tenant_id", "account_id"),)

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True)
    grant_id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID]
    role: Mapped[str] = mapped_column(Text)
    unit_id: Mapped[UUID | None]
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    given_by: Mapped[UUID | None]  # account; None: the platform, when it made the region's first admin
    given_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ended_by: Mapped[UUID | None]
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class AttemptRow(Base):
    """How far ahead of its rate a key is (GCRA). The key is a digest, so the row tells of no tenant and no person."""

    __tablename__ = "login_attempts"
    __table_args__ = (Index("ix_login_attempts_due_at", "due_at"),)

    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    due_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
