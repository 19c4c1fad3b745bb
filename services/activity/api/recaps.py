"""Recaps of performance per day, month and year, for the employee, the superior and the unit."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from services.activity.queries.recap_scope import Asked, spans_asked_for
from services.activity.queries.recaps import recap_of
from services.activity.schemas.common import DayRange, WorkDate
from services.activity.schemas.recaps import RecapAnswer
from shared.auth.caller import Caller
from shared.http import PROBLEMS, UnitOfWorkDep, may
from shared.period import period
from shared.unit_of_work import UnitOfWork

router = APIRouter(prefix="/recaps", tags=["recaps"], responses=PROBLEMS)

Reader = Annotated[Caller, Depends(may("activity.read"))]
Code = Annotated[str, Query(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$", examples=["2026-03"])]
Year = Annotated[int, Query(ge=2000, le=2099)]


async def _asked(
    of: Literal["self", "staff", "unit"] = "self",
    employee_id: UUID | None = None,
    unit_id: UUID | None = None,
    after: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Asked:
    return Asked(of, employee_id, unit_id, after, limit)


AskedDep = Annotated[Asked, Depends(_asked)]


@router.get("/day")
async def of_day(uow: UnitOfWorkDep, caller: Reader, asked: AskedDep, day: WorkDate) -> RecapAnswer:
    """A day: of oneself, one's staff, a unit with those below it, or one employee (`employee_id`)."""
    return await _recap(uow, caller, asked, DayRange(day, day), "day")


@router.get("/month")
async def of_month(uow: UnitOfWorkDep, caller: Reader, asked: AskedDep, code: Code) -> RecapAnswer:
    """A month, with a line for each of its days."""
    month = period(code)
    return await _recap(uow, caller, asked, DayRange(month.first_day, month.last_day), "day")


@router.get("/year")
async def of_year(uow: UnitOfWorkDep, caller: Reader, asked: AskedDep, year: Year) -> RecapAnswer:
    """A year, with a line for each of its months."""
    return await _recap(uow, caller, asked, DayRange(date(year, 1, 1), date(year, 12, 31)), "month")


async def _recap(uow: UnitOfWork, caller: Caller, asked: Asked, days: DayRange, step: str) -> RecapAnswer:
    spans = await spans_asked_for(uow.session, caller, asked, days.first_day, days.last_day)
    recap = await recap_of(uow.session, uow.tenant_id, spans, step=step, after=asked.after, limit=asked.limit)
    last = recap.people[-1].employee_id if len(recap.people) == asked.limit else None
    return RecapAnswer.of(recap, days, last)
