"""The region's figures for logging."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.activity.tables import SettingsRow


async def settings_of(session: AsyncSession, tenant_id: str) -> Sequence[SettingsRow]:
    """All that was decided, by the day it holds from."""
    query = select(SettingsRow).where(SettingsRow.tenant_id == tenant_id).order_by(SettingsRow.valid_from)
    return (await session.scalars(query)).all()
