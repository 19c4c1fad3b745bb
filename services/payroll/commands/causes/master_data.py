"""Causes that come with master data: posts, status, service or a position's class, changed from a past day on."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from services.payroll.commands.causes.noting import Cause, note_causes
from services.payroll.inputs.beside import paying
from services.payroll.rules.retroactive import PaidMonth, employee_changed_from, position_changed_from
from services.payroll.tables import CauseKind
from shared.directory.commands import newest, note_employees, note_positions
from shared.directory.tables import AssignmentRow, EmployeeRow, PositionRow, PositionTermRow
from shared.events.identity import EmployeeChanged, PositionChanged
from shared.unit_of_work import UnitOfWork


async def note_employee_changes(uow: UnitOfWork, facts: list[EmployeeChanged]) -> None:
    """Take the employees in; posts, status or service changed from a past day on have their paid months looked at."""
    mine = (EmployeeRow.tenant_id == uow.tenant_id, EmployeeRow.employee_id.in_({fact.employee_id for fact in facts}))
    rows = await uow.session.execute(
        select(EmployeeRow.employee_id, EmployeeRow.state, EmployeeRow.version).where(*mine)
    )
    before = {employee_id: (state, version) for employee_id, state, version in rows.all()}
    await note_employees(uow, facts)
    for fact in newest(facts):
        state, version = before.get(fact.employee_id, (None, 0))
        since = employee_changed_from(state, fact.content) if state and fact.version > version else None
        if since is not None:
            await _note_master_data(uow, fact, f"employee/{fact.employee_id}", since, [fact.employee_id])


async def note_position_changes(uow: UnitOfWork, facts: list[PositionChanged]) -> None:
    """Take the positions in; who held one from the day on which it changed has their paid months looked at."""
    ids = {fact.position_id for fact in facts}
    rows = await uow.session.execute(
        select(PositionRow.position_id, PositionRow.version, PositionRow.active_to).where(
            PositionRow.tenant_id == uow.tenant_id, PositionRow.position_id.in_(ids)
        )
    )
    held = {position_id: (version, active_to) for position_id, version, active_to in rows.all()}
    terms = await _terms(uow, ids)
    await note_positions(uow, facts)
    for fact in newest(facts):
        version, active_to = held.get(fact.position_id, (0, None))
        if fact.version <= version:
            continue
        state = {"terms": terms.get(fact.position_id, []), "active_to": _day(active_to)} if version else None
        since = position_changed_from(state, fact.content)
        if since is not None and await _paid_since(uow, since):
            holders = await _holders(uow, _posts_concerned(state, fact), since)
            await _note_master_data(uow, fact, f"position/{fact.position_id}", since, holders)


async def _terms(uow: UnitOfWork, ids: Iterable[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    """The terms as they are held, in the shape of the event."""
    rows = await uow.session.scalars(
        select(PositionTermRow)
        .where(PositionTermRow.tenant_id == uow.tenant_id, PositionTermRow.position_id.in_(ids))
        .order_by(PositionTermRow.valid_from)
    )
    names = ("valid_from", "name", "jenis_jabatan", "kelas_jabatan", "unit_id", "reports_to", "eselon")
    found: dict[UUID, list[dict[str, Any]]] = {}
    for row in rows:
        term = {name: getattr(row, name) for name in names}
        found.setdefault(row.position_id, []).append(
            term | {"valid_from": _day(row.valid_from), "unit_id": str(row.unit_id), "reports_to": _id(row.reports_to)}
        )
    return found


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _id(value: UUID | None) -> str | None:
    return str(value) if value else None


def _posts_concerned(state: dict[str, Any] | None, fact: PositionChanged) -> set[UUID]:
    """The post itself, and those it reports or reported to: who leads staff has a duty."""
    above = {term.reports_to for term in fact.terms if term.reports_to}
    above |= {UUID(term["reports_to"]) for term in (state or {}).get("terms", ()) if term["reports_to"]}
    return {fact.position_id, *above}


async def _holders(uow: UnitOfWork, posts: Iterable[UUID], since: date) -> list[UUID]:
    rows = await uow.session.scalars(
        select(AssignmentRow.employee_id)
        .where(AssignmentRow.tenant_id == uow.tenant_id, AssignmentRow.position_id.in_(posts))
        .where(or_(AssignmentRow.valid_to.is_(None), AssignmentRow.valid_to >= since))
        .distinct()
        .order_by(AssignmentRow.employee_id)
    )
    return list(rows)


async def _note_master_data(
    uow: UnitOfWork, fact: EmployeeChanged | PositionChanged, key: str, since: date, employees: Sequence[UUID]
) -> None:
    months = await _paid_since(uow, since) if employees else []
    if not months:
        return
    reference = {
        "event_id": str(fact.event_id),
        "event": fact.type,
        "subject": fact.subject,
        "since": since.isoformat(),
    }
    cause = Cause(CauseKind.MASTER_DATA, f"{key}/{fact.version}", reference, months, employees)
    await note_causes(uow, [cause])


async def _paid_since(uow: UnitOfWork, since: date) -> list[PaidMonth]:
    """What was paid for days from this one on."""
    runs = await paying(uow.session, uow.tenant_id)
    return list(dict.fromkeys(one.paid for one in runs if one.reached(f"{since:%Y-%m}")))
