"""SKP sheets from an office's spreadsheets."""

from typing import Annotated

from fastapi import APIRouter, Depends, UploadFile

from services.activity.commands.plan_import import Days, import_plans
from services.activity.schemas.common import FaultAnswer, WorkDate
from services.activity.schemas.plans import ImportAnswer
from shared.auth.caller import Caller
from shared.http import PROBLEMS, Now, UnitOfWorkDep, may

router = APIRouter(prefix="/plans", tags=["plans"], responses=PROBLEMS)

Importer = Annotated[Caller, Depends(may("plan.import"))]


async def _days(first_day: WorkDate, last_day: WorkDate) -> Days:
    return Days(first_day, last_day)


@router.post("/import")
async def import_sheet(
    uow: UnitOfWorkDep,
    caller: Importer,
    now: Now,
    days: Annotated[Days, Depends(_days)],
    file: UploadFile,
    *,
    dry_run: bool = False,
) -> ImportAnswer:
    """Take in an XLSX or CSV of SKP for a range of days; good plans land as submitted, faults name row and column.

    Columns: NIP, RHK, Jenis, RHK atasan, Aspek, Indikator, Target, Satuan, Bobot. The same sheet again changes
    nothing; `dry_run` says what it would do.
    """
    report = await import_plans(uow, caller, await file.read(), days, now, dry_run=dry_run)
    return ImportAnswer(
        dry_run=dry_run,
        rows=report.rows,
        created=report.created,
        changed=report.changed,
        unchanged=report.unchanged,
        faults=[FaultAnswer.model_validate(fault) for fault in report.faults],
        notices=[FaultAnswer.model_validate(fault) for fault in report.notices],
    )
