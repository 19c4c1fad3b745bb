"""Units and positions: adding, changing and ending them."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, select

from services.identity.commands import stating
from services.identity.rules import structure
from shared.directory.tables import AssignmentRow, PositionTermRow
from shared.errors import NotFound, Refused
from shared.events.identity import PositionChanged, PositionTerm, UnitChanged
from shared.unit_of_work import UnitOfWork
from shared.words import UnitKind


@dataclass(frozen=True, slots=True)
class UnitData:
    """What a unit is; `active_to` is its last day."""

    name: str
    kind: UnitKind
    parent_id: UUID | None
    active_from: date
    active_to: date | None = None


async def add_unit(uow: UnitOfWork, now: datetime, code: str, data: UnitData) -> UUID:
    """Raises Refused for a code that is there already, or a parent that is not."""
    await stating.hold_organisation(uow)
    known = await stating.units(uow.session, uow.tenant_id)
    unit_id = structure.unit_id_of(uow.tenant_id, code)
    if unit_id in known:
        raise Refused(f"unit {code} is there already: change it instead")
    await _state_unit(uow, known, _unit(uow.tenant_id, unit_id, code, data, now))
    return unit_id


async def change_unit(uow: UnitOfWork, now: datetime, unit_id: UUID, data: UnitData) -> None:
    """Sets the unit's whole state; its code stays. Raises Refused while posts stand in a unit that is to end."""
    await stating.hold_organisation(uow)
    known = await stating.units(uow.session, uow.tenant_id)
    if unit_id not in known:
        raise NotFound("there is no such unit in this region")
    held = known[unit_id]
    changed = structure.changed_unit(
        held,
        now,
        name=data.name,
        kind=data.kind,
        parent_id=data.parent_id,
        active_from=data.active_from,
        active_to=data.active_to,
    )
    if changed.content == held.content:
        return
    if data.active_to is not None:
        await _check_empty(uow, unit_id, data.active_to)
    await _state_unit(uow, known, changed)


async def add_position(
    uow: UnitOfWork, now: datetime, code: str, term: PositionTerm, active_to: date | None = None
) -> UUID:
    """Raises Refused for a code that is there already, or a unit or superior that is not."""
    await stating.hold_organisation(uow)
    position_id = structure.position_id_of(uow.tenant_id, code)
    known = await stating.positions(uow.session, uow.tenant_id)
    if position_id in known:
        raise Refused(f"position {code} is there already: change it instead")
    position = PositionChanged(
        tenant_id=uow.tenant_id,
        occurred_at=now,
        position_id=position_id,
        code=code,
        terms=(term,),
        active_to=active_to,
    )
    await _state_position(uow, known, position, term)
    return position_id


async def set_position_term(uow: UnitOfWork, now: datetime, position_id: UUID, term: PositionTerm) -> None:
    """What the position is from a day on: name, class, unit, superior. Saying the same again changes nothing."""
    await stating.hold_organisation(uow)
    known = await stating.positions(uow.session, uow.tenant_id)
    held = _position(known, position_id)
    terms = structure.with_term(held.terms, term)
    if terms != held.terms:
        await _state_position(uow, known, structure.changed_position(held, now, terms=terms), term)


async def end_position(uow: UnitOfWork, now: datetime, position_id: UUID, last_day: date) -> None:
    """Raises Refused while somebody holds it, or another reports to it, after its last day."""
    await stating.hold_organisation(uow)
    known = await stating.positions(uow.session, uow.tenant_id)
    held = _position(known, position_id)
    if last_day < held.terms[-1].valid_from:
        raise Refused(f"the position has a term from {held.terms[-1].valid_from}; it cannot end on {last_day}")
    await _check_vacant(uow, position_id, last_day)
    if last_day != held.active_to:
        await stating.state_positions(uow, [structure.changed_position(held, now, active_to=last_day)])


def _unit(tenant_id: str, unit_id: UUID, code: str, data: UnitData, now: datetime) -> UnitChanged:
    return UnitChanged(
        tenant_id=tenant_id,
        occurred_at=now,
        unit_id=unit_id,
        code=code,
        name=data.name,
        kind=data.kind,
        parent_id=data.parent_id,
        active_from=data.active_from,
        active_to=data.active_to,
    )


async def _state_unit(uow: UnitOfWork, known: dict[UUID, UnitChanged], unit: UnitChanged) -> None:
    if structure.ends_before_it_begins(unit.active_from, unit.active_to):
        raise Refused(f"the unit would end on {unit.active_to}, before it begins on {unit.active_from}")
    parents = {one.unit_id: one.parent_id for one in known.values()}
    structure.check_unit_place(unit.unit_id, unit.parent_id, parents)
    await stating.state_units(uow, [unit])


async def _state_position(
    uow: UnitOfWork, known: dict[UUID, PositionChanged], position: PositionChanged, term: PositionTerm
) -> None:
    if structure.ends_before_it_begins(term.valid_from, position.active_to):
        raise Refused(f"the position ends on {position.active_to}, before this begins on {term.valid_from}")
    if term.unit_id not in await stating.units(uow.session, uow.tenant_id):
        raise Refused("the position's unit is not known: add it first")
    structure.check_superior(position.position_id, term.reports_to, structure.newest_superiors(list(known.values())))
    await stating.state_positions(uow, [position])


def _position(known: dict[UUID, PositionChanged], position_id: UUID) -> PositionChanged:
    if position_id not in known:
        raise NotFound("there is no such position in this region")
    return known[position_id]


async def _check_empty(uow: UnitOfWork, unit_id: UUID, last_day: date) -> None:
    after = await uow.session.scalar(
        select(PositionTermRow.name)
        .where(PositionTermRow.tenant_id == uow.tenant_id, PositionTermRow.unit_id == unit_id)
        .where(or_(PositionTermRow.valid_to.is_(None), PositionTermRow.valid_to > last_day))
        .limit(1)
    )
    if after is not None:
        raise Refused(f"{after} stands in this unit after {last_day}: end or move its positions first")


async def _check_vacant(uow: UnitOfWork, position_id: UUID, last_day: date) -> None:
    held = await uow.session.scalar(
        select(AssignmentRow.assignment_id)
        .where(AssignmentRow.tenant_id == uow.tenant_id, AssignmentRow.position_id == position_id)
        .where(or_(AssignmentRow.valid_to.is_(None), AssignmentRow.valid_to > last_day))
        .limit(1)
    )
    if held is not None:
        raise Refused(f"somebody holds this position after {last_day}: end the assignment first")
    below = await uow.session.scalar(
        select(PositionTermRow.name)
        .where(PositionTermRow.tenant_id == uow.tenant_id, PositionTermRow.reports_to == position_id)
        .where(or_(PositionTermRow.valid_to.is_(None), PositionTermRow.valid_to > last_day))
        .limit(1)
    )
    if below is not None:
        raise Refused(f"{below} reports to this position after {last_day}: give it another superior first")
