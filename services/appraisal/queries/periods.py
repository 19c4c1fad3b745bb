"""How a period stands: activity's closing against what is here, progress, closings, and the region's settings."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.appraisal.tables import AppraisalRow, ClosingRow, SettingsRow
from services.appraisal.tables.population import to_be_appraised
from services.appraisal.tables.windows import Window, window
from shared.period import Period


@dataclass(frozen=True, slots=True)
class PeriodState:
    held: Window
    employees: int  # to be appraised, as of now
    appraised: int
    closings: Sequence[ClosingRow]  # newest first


async def period_state(session: AsyncSession, tenant_id: str, span: Period) -> PeriodState:
    appraised = await session.scalar(
        select(func.count(AppraisalRow.employee_id.distinct())).where(
            AppraisalRow.tenant_id == tenant_id, AppraisalRow.period == span.code
        )
    )
    closings = await session.scalars(
        select(ClosingRow)
        .where(ClosingRow.tenant_id == tenant_id, ClosingRow.period == span.code)
        .order_by(ClosingRow.close_seq.desc())
    )
    return PeriodState(
        held=await window(session, tenant_id, span.code),
        employees=len(await to_be_appraised(session, tenant_id, span)),
        appraised=appraised or 0,
        closings=closings.all(),
    )


async def settings(session: AsyncSession, tenant_id: str) -> Sequence[SettingsRow]:
    """The region's decisions, newest first."""
    query = select(SettingsRow).where(SettingsRow.tenant_id == tenant_id).order_by(SettingsRow.valid_from.desc())
    return (await session.scalars(query)).all()
