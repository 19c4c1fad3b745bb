"""Units, positions and employees as a list, on a day, and who was above whom when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import Row, and_, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.identity.tables import NipRow
from shared.auth.caller import Caller
from shared.auth.policy import Role, Scope
from shared.directory.queries import Superior, posts_on, superiors_on, units_under
from shared.directory.tables import AssignmentRow, EmployeeRow, PositionRow, PositionTermRow, TenantRow, UnitRow
from shared.errors import Forbidden, NotFound


@dataclass(frozen=True, slots=True)
class SuperiorsFor:
    """Who could approve for an employee from a day to a day, both included."""

    first_day: date
    last_day: date
    superiors: tuple[Superior, ...]


async def regions(session: AsyncSession) -> Sequence[TenantRow]:
    """Every region; in the platform's context alone (row-level security)."""
    return list(await session.scalars(select(TenantRow).order_by(TenantRow.tenant_id)))


_TWICE = text(
    """
    SELECT nip, array_agg(tenant_id ORDER BY tenant_id) FROM nips
    WHERE left_on IS NULL GROUP BY nip HAVING count(*) > 1 ORDER BY nip LIMIT 1000
    """
)


async def numbers_in_two_regions(session: AsyncSession) -> list[tuple[str, list[str]]]:
    """NIPs of people whom two regions employ at once; in the platform's context alone."""
    return [(row[0], row[1]) for row in (await session.execute(_TWICE)).all()]


async def units(session: AsyncSession, tenant_id: str, day: date | None = None) -> Sequence[UnitRow]:
    """By code; those there on a day, or all."""
    query = select(UnitRow).where(UnitRow.tenant_id == tenant_id).order_by(UnitRow.code)
    if day is not None:
        query = query.where(UnitRow.active_from <= day, or_(UnitRow.active_to.is_(None), UnitRow.active_to >= day))
    return list(await session.scalars(query))


async def positions_on(
    session: AsyncSession, tenant_id: str, day: date, unit_id: UUID | None, *, after: str, limit: int
) -> Sequence[Row[PositionRow, PositionTermRow]]:
    """(position, term) on a day by code, after a code."""
    query = (
        select(PositionRow, PositionTermRow)
        .join(
            PositionTermRow,
            and_(
                PositionTermRow.tenant_id == PositionRow.tenant_id,
                PositionTermRow.position_id == PositionRow.position_id,
            ),
        )
        .where(PositionRow.tenant_id == tenant_id, PositionRow.code > after)
        .where(PositionTermRow.valid_from <= day)
        .where(or_(PositionTermRow.valid_to.is_(None), PositionTermRow.valid_to >= day))
        .order_by(PositionRow.code)
        .limit(limit)
    )
    if unit_id is not None:
        query = query.where(PositionTermRow.unit_id == unit_id)
    return (await session.execute(query)).all()


async def position(
    session: AsyncSession, tenant_id: str, position_id: UUID
) -> tuple[PositionRow, list[PositionTermRow]]:
    row = await session.get(PositionRow, (tenant_id, position_id))
    if row is None:
        raise NotFound("there is no such position in this region")
    terms = await session.scalars(
        select(PositionTermRow)
        .where(PositionTermRow.tenant_id == tenant_id, PositionTermRow.position_id == position_id)
        .order_by(PositionTermRow.valid_from)
    )
    return row, list(terms)


async def holders_on(
    session: AsyncSession, tenant_id: str, day: date, positions: Sequence[UUID]
) -> Sequence[Row[UUID, UUID, str, str]]:
    """(position, employee, name, kind) of whoever holds these positions on a day."""
    a, e = AssignmentRow, EmployeeRow
    query = (
        select(a.position_id, a.employee_id, e.name, a.kind)
        .join(e, and_(e.tenant_id == a.tenant_id, e.employee_id == a.employee_id))
        .where(a.tenant_id == tenant_id, a.position_id.in_(positions))
        .where(a.valid_from <= day, or_(a.valid_to.is_(None), a.valid_to >= day))
        .order_by(a.position_id, a.kind, e.name)
    )
    return (await session.execute(query)).all()


async def employees(
    session: AsyncSession,
    caller: Caller,
    day: date,
    *,
    search: str | None,
    unit_id: UUID | None,
    after: tuple[str, UUID] | None,
    limit: int,
) -> list[EmployeeRow]:
    """Those the caller may see, by name; `search` is a part of the name or the beginning of a NIP."""
    query = select(EmployeeRow).where(EmployeeRow.tenant_id == caller.tenant_id)
    visible = await _visible(session, caller, day, unit_id)
    if visible is not None:
        query = query.where(EmployeeRow.employee_id.in_(visible))
    if search:
        pattern = search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        numbered = select(NipRow.employee_id).where(
            NipRow.tenant_id == caller.tenant_id, NipRow.nip.like(f"{pattern}%")
        )
        query = query.where(or_(EmployeeRow.name.ilike(f"%{pattern}%"), EmployeeRow.employee_id.in_(numbered)))
    if after is not None:
        name, employee_id = after
        query = query.where(
            or_(EmployeeRow.name > name, and_(EmployeeRow.name == name, EmployeeRow.employee_id > employee_id))
        )
    query = query.order_by(EmployeeRow.name, EmployeeRow.employee_id).limit(limit)
    return list(await session.scalars(query))


async def employee(session: AsyncSession, caller: Caller, employee_id: UUID, day: date) -> EmployeeRow:
    """Raises Forbidden for one the caller may not see, NotFound for one who is not there."""
    row = await session.get(EmployeeRow, (caller.tenant_id, employee_id))
    scopes = caller.scopes("organisation.read")
    if Scope.TENANT not in scopes and employee_id != caller.employee_id:
        visible = await _visible(session, caller, day, None)
        if visible is None or employee_id not in visible:
            raise Forbidden("you may see yourself, and as kepegawaian the employees of your units")
    if row is None:
        raise NotFound("there is no such employee in this region")
    return row


async def superior_history(
    session: AsyncSession, tenant_id: str, employee_id: UUID, first_day: date, last_day: date
) -> list[SuperiorsFor]:
    """Who could approve for an employee, by stretches of days on which it was the same."""
    changes = set(
        await session.scalars(
            _CHANGES, {"tenant_id": tenant_id, "employee": employee_id, "first": first_day, "last": last_day}
        )
    )
    days = sorted(changes | {first_day})
    stretches: list[SuperiorsFor] = []
    for begins, following in zip(days, [*days[1:], last_day + timedelta(days=1)], strict=True):
        superiors = tuple(await superiors_on(session, tenant_id, begins, [employee_id]))
        ends = following - timedelta(days=1)
        if stretches and stretches[-1].superiors == superiors:
            stretches[-1] = SuperiorsFor(stretches[-1].first_day, ends, superiors)
        else:
            stretches.append(SuperiorsFor(begins, ends, superiors))
    return stretches


# days on which something may have changed for an employee: anywhere up the line of posts they ever reported to
_CHANGES = text(
    """
    WITH RECURSIVE line AS (
        SELECT position_id FROM identity_assignments WHERE tenant_id = :tenant_id AND employee_id = :employee
        UNION
        SELECT t.reports_to FROM line
        JOIN identity_position_terms t ON t.tenant_id = :tenant_id AND t.position_id = line.position_id
        WHERE t.reports_to IS NOT NULL
    ), turns AS (
        SELECT valid_from AS day FROM identity_assignments
        WHERE tenant_id = :tenant_id AND position_id IN (SELECT position_id FROM line)
        UNION
        SELECT valid_to + 1 FROM identity_assignments
        WHERE tenant_id = :tenant_id AND position_id IN (SELECT position_id FROM line)
        UNION
        SELECT valid_from FROM identity_position_terms
        WHERE tenant_id = :tenant_id AND position_id IN (SELECT position_id FROM line)
        UNION
        SELECT valid_to + 1 FROM identity_position_terms
        WHERE tenant_id = :tenant_id AND position_id IN (SELECT position_id FROM line)
    )
    SELECT day FROM turns WHERE day > :first AND day <= :last ORDER BY day
    """
)


async def _visible(session: AsyncSession, caller: Caller, day: date, unit_id: UUID | None) -> set[UUID] | None:
    """The employees the caller may see, in a unit and below where one is asked for; None: everybody."""
    everybody = Scope.TENANT in caller.scopes("organisation.read")
    if everybody and unit_id is None:
        return None
    allowed = await units_under(session, caller.tenant_id, caller.units(Role.KEPEGAWAIAN))
    asked = await units_under(session, caller.tenant_id, [unit_id]) if unit_id else allowed
    seen = asked if everybody else [one for one in asked if one in set(allowed)]
    found = set(await posts_on(session, caller.tenant_id, day, units=seen))
    if unit_id is None and caller.employee_id is not None:
        found.add(caller.employee_id)
    return found
