"""Periods as payroll holds them, and the salary side of each."""

from typing import Annotated

from fastapi import APIRouter, Depends, File, Path, Query, UploadFile

from services.payroll.commands.salaries import import_salaries
from services.payroll.queries.periods import period_standing
from services.payroll.schemas.periods import MONTH, ImportOut, PeriodOut
from shared.auth.caller import Caller
from shared.http import PROBLEMS, Now, UnitOfWorkDep, may

router = APIRouter(prefix="/periods", tags=["periods"], responses=PROBLEMS)

Code = Annotated[str, Path(pattern=MONTH, description="a month, such as 2026-10")]


@router.get("/{period}", dependencies=[Depends(may("period.read"))])
async def standing(period: Code, uow: UnitOfWorkDep) -> PeriodOut:
    """What was closed, and what is here of it."""
    return PeriodOut.of(await period_standing(uow.session, uow.tenant_id, period))


@router.post("/{period}/salaries")
async def import_file(
    *,
    period: Code,
    file: Annotated[UploadFile, File(description="XLSX or CSV; README: The salary file")],
    uow: UnitOfWorkDep,
    now: Now,
    caller: Annotated[Caller, Depends(may("salary.import"))],
    dry_run: Annotated[bool, Query(description="only say what would change")] = False,
) -> ImportOut:
    """Take the salary file in: good rows go in, bad ones are named, the same file again changes nothing."""
    content = await file.read()
    imported = await import_salaries(uow, code=period, content=content, dry_run=dry_run, by=caller.actor, now=now)
    return ImportOut.of(imported, dry_run=dry_run)
