"""The region's own figures for logging: filing window and daily cap, dated."""

from typing import Annotated

from fastapi import APIRouter, Depends

from services.activity.commands.settings import decide_limits
from services.activity.queries.settings import settings_of
from services.activity.rules.filing import UNDECIDED, Limits
from services.activity.schemas.common import WorkDate
from services.activity.schemas.periods import SettingsAnswer, SettingsForm
from shared.auth.caller import Caller
from shared.http import PROBLEMS, Now, UnitOfWorkDep, may

router = APIRouter(prefix="/settings", tags=["settings"], responses=PROBLEMS)

Reader = Annotated[Caller, Depends(may("calendar.read"))]
Writer = Annotated[Caller, Depends(may("calendar.write"))]


@router.get("")
async def list_settings(uow: UnitOfWorkDep, caller: Reader) -> list[SettingsAnswer]:
    """What holds from which work date on; the first line is what holds where the region decided nothing."""
    rows = await settings_of(uow.session, uow.tenant_id)
    return [SettingsAnswer.model_validate(row) for row in (UNDECIDED, *rows)]


@router.put("/{valid_from}")
async def decide(
    valid_from: WorkDate, uow: UnitOfWorkDep, caller: Writer, now: Now, form: SettingsForm
) -> SettingsAnswer:
    """Decide the filing window and the daily cap for work dates from a day on."""
    limits = Limits(valid_from, form.filing_window_days, form.daily_cap_minutes)
    await decide_limits(uow, caller, limits, now)
    return SettingsAnswer.model_validate(limits)
