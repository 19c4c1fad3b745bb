"""Files of circumstances and their rows."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.payroll.tables import CircumstanceFileRow, CircumstanceRow
from shared.errors import NotFound


async def circumstance_files(session: AsyncSession, tenant_id: str, *, limit: int) -> Sequence[CircumstanceFileRow]:
    """The region's files, newest first."""
    rows = await session.scalars(
        select(CircumstanceFileRow)
        .where(CircumstanceFileRow.tenant_id == tenant_id)
        .order_by(CircumstanceFileRow.imported_at.desc(), CircumstanceFileRow.file_id)
        .limit(limit)
    )
    return rows.all()


async def circumstances_in(
    session: AsyncSession, tenant_id: str, file_id: UUID, *, after: int, limit: int
) -> tuple[CircumstanceFileRow, Sequence[CircumstanceRow]]:
    """A file and its rows behind a row's number. Raises NotFound."""
    file = await session.get(CircumstanceFileRow, (tenant_id, file_id))
    if file is None:
        raise NotFound(f"there is no file of circumstances {file_id}")
    rows = await session.scalars(
        select(CircumstanceRow)
        .where(CircumstanceRow.tenant_id == tenant_id, CircumstanceRow.file_id == file_id, CircumstanceRow.row > after)
        .order_by(CircumstanceRow.row)
        .limit(limit)
    )
    return file, rows.all()
