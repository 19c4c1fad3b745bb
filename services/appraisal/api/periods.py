"""HTTP in, commands out: how periods stand, closing and reopening them, and the region's settings."""

from typing import Annotated

from fastapi import APIRouter, Depends, status

from services.appraisal import commands
from services.appraisal.queries import periods
from services.appraisal.schemas import given
from services.appraisal.schemas import periods as shown
from services.appraisal.tables.windows import DEFAULT_EVALUATOR_DAYS
from shared.auth.caller import Caller
from shared.http import PROBLEMS, Now, UnitOfWorkDep, may
from shared.period import period as period_named

router = APIRouter(tags=["periods"], responses=PROBLEMS)

MayReadPeriods = Annotated[Caller, Depends(may("period.read"))]
MayClose = Annotated[Caller, Depends(may("appraisal.close"))]


@router.get("/periods/{period}")
async def period_state(period: given.PeriodPath, uow: UnitOfWorkDep, _: MayReadPeriods) -> shown.PeriodShown:
    """Activity's closing against what is here, how many are appraised, and every closing with its control totals."""
    found = await periods.period_state(uow.session, uow.tenant_id, period_named(period))
    return shown.period_shown(period, found)


@router.post("/periods/{period}/closing")
async def close_appraisals(
    period: given.PeriodPath, body: given.ClosingGiven, uow: UnitOfWorkDep, caller: MayClose, now: Now
) -> shown.ClosedShown:
    """State the period's appraisals as complete; with a reason also where some are missing, their evaluators named."""
    return shown.closed_shown(await commands.close_appraisals(uow, caller, period, body.reason, now))


@router.post("/periods/{period}/reopening")
async def reopen_appraisals(
    period: given.PeriodPath, body: given.ReopeningGiven, uow: UnitOfWorkDep, caller: MayClose, now: Now
) -> shown.ReopenedShown:
    """Let appraisals be corrected again; a closing with a higher number must follow."""
    close_seq = await commands.reopen_appraisals(uow, caller, period, body.reason, now)
    return shown.ReopenedShown(period=period, close_seq=close_seq)


@router.get("/settings")
async def settings(uow: UnitOfWorkDep, _: MayReadPeriods) -> shown.AllSettingsShown:
    """For how many days the evaluator alone may appraise, by date."""
    return shown.settings_shown(await periods.settings(uow.session, uow.tenant_id), DEFAULT_EVALUATOR_DAYS)


@router.put("/settings", status_code=status.HTTP_204_NO_CONTENT)
async def decide_settings(body: given.SettingsGiven, uow: UnitOfWorkDep, caller: MayClose) -> None:
    """Decide for how many days the evaluator alone may appraise, from a date on."""
    await commands.decide_settings(uow, caller.actor, body.valid_from, body.evaluator_days)
