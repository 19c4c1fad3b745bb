"""Holding a region's organisation still, reading it as facts, and stating it anew."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.identity.tables import NipRow
from shared.directory.commands import note_employees, note_positions, note_units
from shared.directory.tables import EmployeeRow, PositionRow, PositionTermRow, TenantRow, UnitRow
from shared.errors import NotFound
from shared.events.identity import EmployeeChanged, PositionChanged, PositionTerm, UnitChanged
from shared.unit_of_work import UnitOfWork

AT_ONCE = 2_000  # rows of a statement: PostgreSQL binds at most 32,767 values
_WRITTEN = datetime(1970, 1, 1, tzinfo=UTC)  # of a state that was read back; the next version says its own moment


async def hold_organisation(uow: UnitOfWork) -> TenantRow:
    """The region, locked: its organisation changes in one transaction at a time, so rules see all of it.

    Raises NotFound for a region nobody has added.
    """
    row = await uow.session.scalar(select(TenantRow).where(TenantRow.tenant_id == uow.tenant_id).with_for_update())
    if row is None:
        raise NotFound(f"region {uow.tenant_id} has not been added yet")
    return row


async def units(session: AsyncSession, tenant_id: str) -> dict[UUID, UnitChanged]:
    rows = await session.scalars(select(UnitRow).where(UnitRow.tenant_id == tenant_id))
    return {row.unit_id: UnitChanged(occurred_at=_WRITTEN, **_columns(row)) for row in rows}


async def positions(session: AsyncSession, tenant_id: str) -> dict[UUID, PositionChanged]:
    terms: dict[UUID, list[PositionTerm]] = {}
    rows = await session.scalars(
        select(PositionTermRow)
        .where(PositionTermRow.tenant_id == tenant_id)
        .order_by(PositionTermRow.position_id, PositionTermRow.valid_from)
    )
    for row in rows:
        terms.setdefault(row.position_id, []).append(PositionTerm.model_validate(_columns(row)))
    held = await session.scalars(select(PositionRow).where(PositionRow.tenant_id == tenant_id))
    return {
        row.position_id: PositionChanged(occurred_at=_WRITTEN, terms=tuple(terms[row.position_id]), **_columns(row))
        for row in held
    }


async def employees(
    session: AsyncSession, tenant_id: str, only: Sequence[UUID] | None = None
) -> dict[UUID, EmployeeChanged]:
    """Everybody's state, or that of some."""
    query = select(EmployeeRow).where(EmployeeRow.tenant_id == tenant_id)
    if only is not None:
        query = query.where(EmployeeRow.employee_id.in_(only))
    return {row.employee_id: _employee(row) for row in await session.scalars(query)}


async def employee(session: AsyncSession, tenant_id: str, employee_id: UUID) -> EmployeeChanged:
    found = (await employees(session, tenant_id, [employee_id])).get(employee_id)
    if found is None:
        raise NotFound("there is no such employee in this region")
    return found


async def holders_of(session: AsyncSession, tenant_id: str, nips: Sequence[str] | None = None) -> dict[str, UUID]:
    """Whose numbers these are, or all; old numbers of a person count too."""
    query = select(NipRow.nip, NipRow.employee_id).where(NipRow.tenant_id == tenant_id)
    if nips is not None:
        query = query.where(NipRow.nip.in_(nips))
    return {nip: employee_id for nip, employee_id in (await session.execute(query)).all()}


async def state_units(uow: UnitOfWork, facts: Sequence[UnitChanged]) -> None:
    for some in _parts(facts):
        await note_units(uow, some)
    uow.record(*facts)


async def state_positions(uow: UnitOfWork, facts: Sequence[PositionChanged]) -> None:
    for some in _parts(facts):
        await note_positions(uow, some)
    uow.record(*facts)


async def state_employees(uow: UnitOfWork, facts: Sequence[EmployeeChanged]) -> None:
    """Also claims their numbers, which the caller has checked by `holders_of` while holding the organisation."""
    for some in _parts(facts):
        await note_employees(uow, some)
        await _claim_numbers(uow, some)
    uow.record(*facts)


async def _claim_numbers(uow: UnitOfWork, facts: Sequence[EmployeeChanged]) -> None:
    rows = {
        term.nip: {
            "tenant_id": uow.tenant_id,
            "nip": term.nip,
            "employee_id": fact.employee_id,
            "left_on": fact.left_on,
        }
        for fact in facts
        for term in fact.nips
    }
    await _release_numbers(uow, [fact for fact in facts if fact.version > 1], list(rows))
    statement = insert(NipRow)
    await uow.session.execute(
        statement.on_conflict_do_update(
            index_elements=["tenant_id", "nip"],
            set_={"left_on": statement.excluded.left_on},
            where=NipRow.employee_id == statement.excluded.employee_id,
        ),
        [rows[nip] for nip in sorted(rows)],
    )


async def _release_numbers(uow: UnitOfWork, facts: Sequence[EmployeeChanged], kept: Sequence[str]) -> None:
    """A number that is no more in its holder's history was mistyped, and may be somebody else's."""
    await uow.session.execute(
        delete(NipRow).where(
            NipRow.tenant_id == uow.tenant_id,
            NipRow.employee_id.in_([fact.employee_id for fact in facts]),
            NipRow.nip.not_in(kept),
        )
    )


def _employee(row: EmployeeRow) -> EmployeeChanged:
    return EmployeeChanged.model_validate(
        row.state | {"tenant_id": row.tenant_id, "version": row.version, "occurred_at": _WRITTEN}
    )


def _columns(row: Any) -> dict[str, Any]:
    return {column.name: getattr(row, column.name) for column in row.__table__.columns}


def _parts(facts: Sequence[Any]) -> list[list[Any]]:
    return [list(facts[at : at + AT_ONCE]) for at in range(0, len(facts), AT_ONCE)]
