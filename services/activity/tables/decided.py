"""What somebody decided and may withdraw: the columns of it, and the withdrawal."""

from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import DateTime, Text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from shared.errors import NotFound, Refused


class Decided:
    """Columns of a decision. It is never edited: withdrawn it stays to be read, with by whom, when and why."""

    decided_by: Mapped[UUID]
    decided_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    withdrawn_by: Mapped[UUID | None]
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    withdrawal_reason: Mapped[str | None] = mapped_column(Text)


Row = TypeVar("Row", bound=Decided)


async def to_withdraw(session: AsyncSession, kind: type[Row], key: tuple[str, UUID], called: str) -> Row:
    """The decision of a region (tenant and id), locked until the transaction ends. Raises NotFound."""
    row = await session.get(kind, key, with_for_update=True)
    if row is None:
        raise NotFound(f"there is no such {called}")
    return row


def note_withdrawal(row: Decided, called: str, *, by: UUID, reason: str, now: datetime) -> None:
    """It no longer holds. Raises Refused where that was done before."""
    if row.withdrawn_at is not None:
        raise Refused(f"this {called} was withdrawn before")
    row.withdrawn_by, row.withdrawn_at, row.withdrawal_reason = by, now, reason
