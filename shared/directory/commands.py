"""Taking identity's facts into a service's own copy. Each command takes a batch of one tenant's facts."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import DeclarativeBase

from shared.directory.tables import (
    AssignmentRow,
    EmployeeRow,
    PositionRow,
    PositionTermRow,
    RevocationRow,
    TenantRow,
    UnitRow,
)
from shared.events import Event
from shared.events.identity import (
    EmployeeChanged,
    PositionChanged,
    PositionTerm,
    SessionRevoked,
    TenantConfigured,
    UnitChanged,
)
from shared.handlers import Handler
from shared.unit_of_work import UnitOfWork

Fact = TypeVar("Fact", bound=Event)


async def note_tenants(uow: UnitOfWork, facts: list[TenantConfigured]) -> None:
    rows = [
        {
            "tenant_id": uow.tenant_id,
            "name": fact.name,
            "kind": fact.kind,
            "zone": fact.zone,
            "version": fact.version,
        }
        for fact in newest(facts)
    ]
    await write_newer(uow, TenantRow, rows)


async def note_units(uow: UnitOfWork, facts: list[UnitChanged]) -> None:
    rows = [
        {"tenant_id": uow.tenant_id, "version": fact.version}
        | fact.model_dump(include={"unit_id", "code", "name", "kind", "parent_id", "active_from", "active_to"})
        for fact in newest(facts)
    ]
    await write_newer(uow, UnitRow, rows)


async def note_positions(uow: UnitOfWork, facts: list[PositionChanged]) -> None:
    by_id = {fact.position_id: fact for fact in newest(facts)}
    rows = [
        {"tenant_id": uow.tenant_id, "version": fact.version}
        | fact.model_dump(include={"position_id", "code", "active_to"})
        for fact in by_id.values()
    ]
    changed = await write_newer(uow, PositionRow, rows)
    await uow.session.execute(
        delete(PositionTermRow).where(
            PositionTermRow.tenant_id == uow.tenant_id, PositionTermRow.position_id.in_(changed)
        )
    )
    terms = [row for position_id in changed for row in _term_rows(uow.tenant_id, by_id[position_id])]
    if terms:
        await uow.session.execute(insert(PositionTermRow), terms)


def _term_rows(tenant_id: str, fact: PositionChanged) -> Iterable[dict[str, Any]]:
    terms: Sequence[PositionTerm] = sorted(fact.terms, key=lambda term: term.valid_from)
    ends: list[date | None] = [term.valid_from - timedelta(days=1) for term in terms[1:]]
    for term, valid_to in zip(terms, [*ends, fact.active_to], strict=True):
        yield {
            "tenant_id": tenant_id,
            "position_id": fact.position_id,
            "valid_to": valid_to,
        } | term.model_dump()


async def note_employees(uow: UnitOfWork, facts: list[EmployeeChanged]) -> None:
    by_id = {fact.employee_id: fact for fact in newest(facts)}
    rows = [
        {
            "tenant_id": uow.tenant_id,
            "employee_id": fact.employee_id,
            "name": fact.name,
            "nip": fact.nips[-1].nip if fact.nips else "",
            "left_on": fact.left_on,
            "state": fact.content,
            "version": fact.version,
        }
        for fact in by_id.values()
    ]
    changed = await write_newer(uow, EmployeeRow, rows)
    await uow.session.execute(
        delete(AssignmentRow).where(AssignmentRow.tenant_id == uow.tenant_id, AssignmentRow.employee_id.in_(changed))
    )
    assignments = [
        {"tenant_id": uow.tenant_id, "employee_id": employee_id} | assignment.model_dump()
        for employee_id in changed
        for assignment in by_id[employee_id].assignments
    ]
    if assignments:
        await uow.session.execute(insert(AssignmentRow), assignments)


async def note_revocations(uow: UnitOfWork, facts: list[SessionRevoked]) -> None:
    rows = [
        {"tenant_id": uow.tenant_id, "version": fact.version}
        | fact.model_dump(include={"account_id", "session_id", "issued_before"})
        for fact in facts
    ]
    await uow.session.execute(insert(RevocationRow).on_conflict_do_nothing(), rows)


def newest(facts: Sequence[Fact]) -> list[Fact]:
    """The newest fact about each subject, ordered by subject, so that batches lock rows in one order."""
    by_subject: dict[str, Fact] = {}
    for fact in facts:
        held = by_subject.get(fact.subject)
        if held is None or fact.version > held.version:
            by_subject[fact.subject] = fact
    return [by_subject[subject] for subject in sorted(by_subject)]


async def write_newer(uow: UnitOfWork, table: type[DeclarativeBase], rows: Sequence[dict[str, Any]]) -> list[UUID]:
    """Insert, or update where the version is newer; returns the last key column of the rows written."""
    if not rows:
        return []
    keys = [column.name for column in table.__table__.primary_key]
    statement = insert(table)
    others = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    statement = statement.on_conflict_do_update(
        index_elements=keys,
        set_=others,
        where=table.__table__.c.version < statement.excluded["version"],
    )
    written = await uow.session.execute(statement.returning(table.__table__.c[keys[-1]]), list(rows))
    return list(written.scalars())


# what every service but identity listens to
DIRECTORY_HANDLERS: dict[type[Event], Handler] = {
    TenantConfigured: note_tenants,
    UnitChanged: note_units,
    PositionChanged: note_positions,
    EmployeeChanged: note_employees,
    SessionRevoked: note_revocations,
}
