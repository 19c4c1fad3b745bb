"""Whether a period may be paid for: what activity and appraisal closed it on must be here, to the last record."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.payroll.tables import AppraisalPeriodRow, AppraisalResultRow, RunRow
from shared.errors import Refused
from shared.ledger.queries import held_totals, stated_totals
from shared.ledger.tables import ActivityPeriodRow, LedgerState


@dataclass(frozen=True)
class Ready:
    """The closings a run rests on."""

    activity_close_seq: int
    appraisal_close_seq: int


def closings_of(run: RunRow) -> Ready:
    """What a run was started on."""
    return Ready(run.activity_close_seq, run.appraisal_close_seq)


def rests_on(run: RunRow) -> str | None:
    """The month whose closings a run rests on; None for one that needs none (paid early, THR at 100 %)."""
    if not run.activity_close_seq:
        return None
    return str(run.terms["of"]) if run.terms else run.period


async def require_reconciled(session: AsyncSession, tenant_id: str, period: str) -> Ready:
    """Locks both periods against a new closing until the transaction ends. Raises Refused: which, and by how much."""
    activity = await session.get(
        ActivityPeriodRow, (tenant_id, period), with_for_update={"read": True}, populate_existing=True
    )
    if activity is None or activity.state != LedgerState.RECONCILED:
        raise Refused(await _activity_difference(session, tenant_id, period, activity), waits_for="activity")
    appraisal = await session.get(
        AppraisalPeriodRow, (tenant_id, period), with_for_update={"read": True}, populate_existing=True
    )
    if appraisal is None or appraisal.state != LedgerState.RECONCILED:
        raise Refused(await _appraisal_difference(session, tenant_id, period, appraisal), waits_for="appraisal")
    if appraisal.activity_close_seq != activity.close_seq:
        raise Refused(
            f"the appraisals of {period} were closed on closing {appraisal.activity_close_seq} of the activities, "
            f"but closing {activity.close_seq} holds: close the appraisals again",
            waits_for="appraisal",
        )
    return Ready(activity.close_seq, appraisal.close_seq)


async def _activity_difference(
    session: AsyncSession, tenant_id: str, period: str, row: ActivityPeriodRow | None
) -> str:
    if row is None:
        return f"the activities of {period} are not closed yet"
    if row.state == LedgerState.REOPENED:
        return f"the activities of {period} were reopened: they must be closed again first"
    held, stated = await held_totals(session, tenant_id, period), stated_totals(row)
    counts = ", ".join(
        f"{name.replace('_', ' ')} {own} of {said}"
        for (name, own), said in zip(held.model_dump().items(), stated.model_dump().values(), strict=True)
    )
    if row.state == LedgerState.DIFFERS:
        return f"the activities of {period} differ from closing {row.close_seq} ({counts}): a person must look"
    return f"the activities of {period} are not all here yet ({counts}): try again in a minute"


async def _appraisal_difference(
    session: AsyncSession, tenant_id: str, period: str, row: AppraisalPeriodRow | None
) -> str:
    if row is None:
        return f"the appraisals of {period} are not closed yet"
    held = await held_appraisals(session, tenant_id, period)
    counts = f"appraisals {held} of {row.appraisals}"
    if row.state == LedgerState.DIFFERS:
        return f"the appraisals of {period} differ from closing {row.close_seq} ({counts}): a person must look"
    return f"the appraisals of {period} are not all here yet ({counts}): try again in a minute"


async def held_appraisals(session: AsyncSession, tenant_id: str, period: str) -> int:
    """How many employees' predikat of a period are here."""
    counted = await session.scalar(
        select(func.count()).where(AppraisalResultRow.tenant_id == tenant_id, AppraisalResultRow.period == period)
    )
    return counted or 0
