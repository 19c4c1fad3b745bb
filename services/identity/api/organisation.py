"""Units and positions."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from services.identity.api.signing import today
from services.identity.commands import organisation as commands
from services.identity.queries import organisation as queries
from services.identity.schemas.organisation import (
    HolderTold,
    LastDayGiven,
    MadeTold,
    NewPositionGiven,
    NewUnitGiven,
    PositionTold,
    PostsTold,
    PostTold,
    TermGiven,
    UnitGiven,
    UnitTold,
)
from services.identity.schemas.values import Day
from shared.auth.caller import Caller
from shared.http import PROBLEMS, Now, UnitOfWorkDep, may

router = APIRouter(tags=["organisation"], responses=PROBLEMS)
Reads = Annotated[Caller, Depends(may("organisation.read"))]
Changes = Annotated[Caller, Depends(may("organisation.change"))]
Asked = Annotated[Day | None, Query()]


@router.get("/units")
async def units(caller: Reads, uow: UnitOfWorkDep, day: Asked = None) -> list[UnitTold]:
    """The tree of units by code; those there on a day, or all there ever were."""
    return [UnitTold.model_validate(row) for row in await queries.units(uow.session, caller.tenant_id, day)]


@router.post("/units", status_code=201)
async def add_unit(given: NewUnitGiven, caller: Changes, uow: UnitOfWorkDep, now: Now) -> MadeTold:
    return MadeTold(id=await commands.add_unit(uow, now, given.code, given.data()))


@router.put("/units/{unit_id}", status_code=204)
async def change_unit(unit_id: UUID, given: UnitGiven, caller: Changes, uow: UnitOfWorkDep, now: Now) -> Response:
    """Sets the unit's whole state; its code stays."""
    await commands.change_unit(uow, now, unit_id, given.data())
    return Response(status_code=204)


@router.get("/positions")
async def positions(
    *,
    caller: Reads,
    uow: UnitOfWorkDep,
    now: Now,
    day: Asked = None,
    unit_id: UUID | None = None,
    after: Annotated[str, Query(max_length=120)] = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> PostsTold:
    """The organisation on a day (default: today): posts by code, each with whoever holds it."""
    asked = day or await today(uow, now)
    rows = await queries.positions_on(uow.session, caller.tenant_id, asked, unit_id, after=after, limit=limit)
    holders: dict[UUID, list[HolderTold]] = {}
    found = await queries.holders_on(
        uow.session, caller.tenant_id, asked, [position.position_id for position, _ in rows]
    )
    for position_id, employee_id, name, kind in found:
        holders.setdefault(position_id, []).append(HolderTold(employee_id=employee_id, name=name, kind=kind))
    posts = [_post(position, term, holders.get(position.position_id, [])) for position, term in rows]
    return PostsTold(day=asked, positions=posts, after=posts[-1].code if len(posts) == limit else None)


@router.post("/positions", status_code=201)
async def add_position(given: NewPositionGiven, caller: Changes, uow: UnitOfWorkDep, now: Now) -> MadeTold:
    return MadeTold(id=await commands.add_position(uow, now, given.code, given.term(), given.active_to))


@router.get("/positions/{position_id}")
async def position(position_id: UUID, caller: Reads, uow: UnitOfWorkDep) -> PositionTold:
    """A position's whole dated state."""
    row, terms = await queries.position(uow.session, caller.tenant_id, position_id)
    return PositionTold.model_validate(
        {
            "position_id": row.position_id,
            "code": row.code,
            "active_to": row.active_to,
            "version": row.version,
            "terms": [_columns(term) for term in terms],
        }
    )


@router.put("/positions/{position_id}/terms", status_code=204)
async def set_term(position_id: UUID, given: TermGiven, caller: Changes, uow: UnitOfWorkDep, now: Now) -> Response:
    """What the position is from a day on: name, class (kelas jabatan), unit, superior."""
    await commands.set_position_term(uow, now, position_id, given.term())
    return Response(status_code=204)


@router.post("/positions/{position_id}/end", status_code=204)
async def end_position(
    position_id: UUID, given: LastDayGiven, caller: Changes, uow: UnitOfWorkDep, now: Now
) -> Response:
    await commands.end_position(uow, now, position_id, given.last_day)
    return Response(status_code=204)


def _post(position: Any, term: Any, holders: list[HolderTold]) -> PostTold:
    return PostTold.model_validate(
        {**_columns(term), "position_id": position.position_id, "code": position.code, "holders": holders}
    )


def _columns(row: Any) -> dict[str, Any]:
    return {column.name: getattr(row, column.name) for column in row.__table__.columns}
