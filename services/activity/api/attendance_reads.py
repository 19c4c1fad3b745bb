"""What was settled: an employee's month, a unit's day, a year's absences."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path

from services.activity.queries.attendance import absence_alerts, absences_of, days_of, unit_day
from services.activity.schemas.attendance import (
    AbsencesAnswer,
    AbsentEmployeeAnswer,
    AlertAnswer,
    DayAnswer,
    MonthAnswer,
    UnitDayAnswer,
)
from services.activity.schemas.common import WorkDate
from services.activity.tables.attendance import AttendanceDayRow
from services.activity.tables.attendance_scope import check_reading, check_unit, reachable_units
from shared.auth.caller import Caller
from shared.clock import local_date
from shared.directory.queries import tenant
from shared.http import PROBLEMS, Now, UnitOfWorkDep, may
from shared.period import period
from shared.words import Apel, Presence

router = APIRouter(responses=PROBLEMS)

ACTION = "attendance.read"
Reader = Annotated[Caller, Depends(may(ACTION))]
Code = Annotated[str, Path(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$", examples=["2026-03"])]
Year = Annotated[int, Path(ge=2000, le=2099)]


@router.get("/employees/{employee_id}/months/{code}")
async def show_month(employee_id: UUID, code: Code, uow: UnitOfWorkDep, caller: Reader) -> MonthAnswer:
    """An employee's month, day by day; for themself, their superiors, their unit's kepegawaian, auditors."""
    month = period(code)
    await check_reading(uow.session, caller, employee_id, month.first_day, month.last_day)
    rows = await days_of(uow.session, uow.tenant_id, employee_id, month.first_day, month.last_day)
    return _month(employee_id, code, rows)


@router.get("/units/{unit_id}/days/{day}")
async def show_unit_day(
    unit_id: UUID, day: Annotated[WorkDate, Path()], uow: UnitOfWorkDep, caller: Reader
) -> list[UnitDayAnswer]:
    """The people of a unit and those below it on a day."""
    await check_unit(uow.session, caller, ACTION, unit_id)
    lines = await unit_day(uow.session, uow.tenant_id, unit_id, day)
    return [UnitDayAnswer.model_validate(line) for line in lines]


@router.get("/employees/{employee_id}/absences/{year}")
async def show_absences(employee_id: UUID, year: Year, uow: UnitOfWorkDep, caller: Reader, now: Now) -> AbsencesAnswer:
    """Days tanpa keterangan in a year, and the thresholds of PP 94/2021 that were reached."""
    today = local_date(now, (await tenant(uow.session, uow.tenant_id)).zone)
    await check_reading(uow.session, caller, employee_id, date(year, 1, 1), min(today, date(year, 12, 31)))
    counted = await absences_of(uow.session, uow.tenant_id, employee_id, year)
    return AbsencesAnswer(
        employee_id=employee_id,
        year=year,
        days=list(counted.days),
        longest_run=counted.longest_run,
        alerts=[AlertAnswer.model_validate(alert) for alert in counted.alerts],
    )


@router.get("/absences/{year}")
async def list_alerts(year: Year, uow: UnitOfWorkDep, caller: Reader, now: Now) -> list[AbsentEmployeeAnswer]:
    """Employees of the caller's units who have reached a threshold of PP 94/2021 in a year."""
    today = local_date(now, (await tenant(uow.session, uow.tenant_id)).zone)
    units = await reachable_units(uow.session, caller, ACTION)
    found = await absence_alerts(uow.session, uow.tenant_id, year, units, on=min(today, date(year, 12, 31)))
    return [
        AbsentEmployeeAnswer(
            employee_id=one.employee_id,
            name=one.name,
            nip=one.nip,
            year=year,
            days=list(one.counted.days),
            longest_run=one.counted.longest_run,
            alerts=[AlertAnswer.model_validate(alert) for alert in one.counted.alerts],
        )
        for one in found
    ]


def _month(employee_id: UUID, code: str, rows: Sequence[AttendanceDayRow]) -> MonthAnswer:
    def count(presence: Presence) -> int:
        return sum(row.presence == presence for row in rows)

    return MonthAnswer(
        employee_id=employee_id,
        period=code,
        scheduled_days=sum(row.scheduled for row in rows),
        present_days=count(Presence.PRESENT),
        duty_days=count(Presence.DUTY),
        leave_days=count(Presence.LEAVE),
        absent_days=count(Presence.ABSENT),
        late_minutes=sum(row.late_minutes for row in rows),
        early_minutes=sum(row.early_minutes for row in rows),
        missing_punches=sum(row.missing_in + row.missing_out for row in rows),
        apel_missed=sum(row.apel == Apel.MISSED for row in rows),
        days=[DayAnswer.model_validate(row) for row in rows],
    )
