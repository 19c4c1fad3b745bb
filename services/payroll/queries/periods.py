"""What payroll holds of a period, beside what was closed: the links of the chain of control totals."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.payroll.tables import AppraisalPeriodRow, AppraisalResultRow, SalaryRow
from shared.ledger.queries import activity_period, held_totals, stated_totals


@dataclass(frozen=True)
class Link:
    """A closing and our own count of it; None where nothing was closed yet."""

    state: str
    close_seq: int | None
    stated: dict[str, Any] | None
    held: dict[str, Any]


@dataclass(frozen=True)
class PeriodStanding:
    period: str
    activity: Link
    appraisal: Link
    salaries: int  # employees with a salary side


async def period_standing(session: AsyncSession, tenant_id: str, code: str) -> PeriodStanding:
    """How the period's facts stand here; an unknown period is open and empty."""
    return PeriodStanding(
        period=code,
        activity=await _activity(session, tenant_id, code),
        appraisal=await _appraisal(session, tenant_id, code),
        salaries=await session.scalar(
            select(func.count()).where(SalaryRow.tenant_id == tenant_id, SalaryRow.period == code)
        )
        or 0,
    )


async def _activity(session: AsyncSession, tenant_id: str, code: str) -> Link:
    row = await activity_period(session, tenant_id, code)
    held = (await held_totals(session, tenant_id, code)).model_dump()
    if row is None:
        return Link("open", None, None, held)
    return Link(row.state, row.close_seq, stated_totals(row).model_dump(), held)


async def _appraisal(session: AsyncSession, tenant_id: str, code: str) -> Link:
    counted = await session.execute(
        select(AppraisalResultRow.predikat, func.count())
        .where(AppraisalResultRow.tenant_id == tenant_id, AppraisalResultRow.period == code)
        .group_by(AppraisalResultRow.predikat)
        .order_by(AppraisalResultRow.predikat)
    )
    by_predikat = {predikat: count for predikat, count in counted.all()}
    held = {"appraisals": sum(by_predikat.values()), "by_predikat": by_predikat}
    row = await session.get(AppraisalPeriodRow, (tenant_id, code))
    if row is None:
        return Link("open", None, None, held)
    stated = {"employees": row.employees, "appraisals": row.appraisals, "by_predikat": row.by_predikat}
    return Link(row.state, row.close_seq, stated, held)
