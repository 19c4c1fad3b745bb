"""A region's calendar as its rows say it, for commands and queries alike."""

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.activity.rules.attendance import Window
from services.activity.rules.calendar import Calendar
from services.activity.rules.calendar_hours import Clocking, Hours, Pattern, SpecialHours, Week
from services.activity.rules.calendar_region import (
    ApelWord,
    Content,
    Decision,
    HolidayWord,
    RamadanWord,
    Region,
    calendar_for,
)
from services.activity.tables.calendar import CalendarDecisionRow
from shared.directory.queries import tenant
from shared.directory.tables import UnitRow

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_OF_DAYS = ("holiday", "special_hours", "ramadan")  # these end; the others hold until another decision


async def region_of(session: AsyncSession, tenant_id: str, first: date, last: date) -> Region:
    """What decides the days from `first` to `last` in a region. Raises NotFound for a region not known yet."""
    row = await tenant(session, tenant_id)
    units = await session.execute(select(UnitRow.unit_id, UnitRow.parent_id).where(UnitRow.tenant_id == tenant_id))
    parents = {unit_id: parent_id for unit_id, parent_id in units.all()}
    return Region(row.zone, await _decisions(session, tenant_id, first, last), parents)


async def calendar_of(
    session: AsyncSession, tenant_id: str, first: date, last: date, unit_id: UUID | None = None
) -> Calendar:
    """The working days of a region, or a unit; right for days from `first` to `last`."""
    return calendar_for(await region_of(session, tenant_id, first, last), unit_id)


async def _decisions(session: AsyncSession, tenant_id: str, first: date, last: date) -> Sequence[Decision]:
    d = CalendarDecisionRow
    rows = await session.scalars(
        select(d)
        .where(d.tenant_id == tenant_id, d.withdrawn_at.is_(None), d.first_day <= last)
        .where(or_(d.last_day.is_(None), d.last_day >= first))
        .order_by(d.first_day, d.decided_at, d.decision_id)
    )
    return [_decision(row) for row in rows]


def _decision(row: CalendarDecisionRow) -> Decision:
    return Decision(
        content=content_of(row.kind, row.content, row.first_day, row.last_day, row.reason),
        first_day=row.first_day,
        last_day=row.last_day if row.last_day is not None or row.kind not in _OF_DAYS else row.first_day,
        decided_at=row.decided_at,
        unit_id=row.unit_id,
        employee_id=row.employee_id,
    )


def content_of(kind: str, content: Mapping[str, Any], first: date, last: date | None, reason: str) -> Content:
    """A decision's content as a value; the API has checked its shape (schemas.calendar)."""
    if kind == "holiday":
        return HolidayWord(content["name"] if content["effect"] == "add" else None)
    if kind == "work_hours":
        return pattern_of(content)
    if kind == "special_hours":
        return SpecialHours(
            first_day=first,
            last_day=last or first,
            hours=_hours(content["hours"]),
            reason=reason,
            weekday=_weekday(content["weekday"]),
            also_when_off=content["also_when_off"],
        )
    if kind == "apel":
        return ApelWord(_weekday(content["weekday"]), time.fromisoformat(content["at"]), content["name"])
    if kind == "window":
        return Window(
            before_minutes=content["before_minutes"],
            after_minutes=content["after_minutes"],
            entry_minutes=content["entry_minutes"],
            legal_basis=reason,
        )
    return RamadanWord()


def pattern_of(content: Mapping[str, Any]) -> Pattern:
    ramadan = content.get("ramadan")
    return Pattern(
        code=content["code"],
        name=content["name"],
        regular=_week(content["regular"]),
        ramadan=_week(ramadan) if ramadan else None,
        clocking=Clocking(content["clocking"]),
    )


def content_of_pattern(pattern: Pattern) -> dict[str, Any]:
    """A pattern as a decision keeps it; pattern_of reads it back."""
    return {
        "code": pattern.code,
        "name": pattern.name,
        "clocking": pattern.clocking.value,
        "regular": _of_week(pattern.regular),
        "ramadan": _of_week(pattern.ramadan) if pattern.ramadan else None,
    }


def _week(content: Mapping[str, Any]) -> Week:
    days = content["days"]
    return Week(tuple(_hours(days[name]) if days.get(name) else None for name in WEEKDAYS), content["legal_basis"])


def _of_week(week: Week) -> dict[str, Any]:
    named = zip(WEEKDAYS, week.days, strict=True)
    return {
        "legal_basis": week.legal_basis,
        "days": {name: _of_hours(hours) if hours else None for name, hours in named},
    }


def _hours(content: Mapping[str, Any]) -> Hours:
    return Hours(
        time.fromisoformat(content["start"]), time.fromisoformat(content["end"]), int(content["break_minutes"])
    )


def _of_hours(hours: Hours) -> dict[str, Any]:
    return {
        "start": f"{hours.start:%H:%M}",
        "end": f"{hours.end:%H:%M}",
        "break_minutes": hours.break_minutes,
    }


def _weekday(name: str | None) -> int | None:
    return None if name is None else WEEKDAYS.index(name)
