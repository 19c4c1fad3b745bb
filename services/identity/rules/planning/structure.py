"""Units and positions of a list, in whatever order the rows stand."""

from collections.abc import Callable, Sequence
from typing import TypeVar
from uuid import UUID

from services.identity.rules import structure
from services.identity.rules.columns import PositionLine, Row, UnitLine, position_line, unit_line
from services.identity.rules.planning.plan import Counts, Plan
from shared.errors import Fault, Refused
from shared.events.identity import PositionChanged, PositionTerm, UnitChanged

Line = TypeVar("Line", UnitLine, PositionLine)
Parse = Callable[[Row], "Line | list[Fault]"]


def plan_units(plan: Plan, rows: Sequence[Row]) -> None:
    """Adds and changes units; a parent may stand further down the same list."""
    _plan(plan, "units", rows, parse=unit_line, above=lambda line: line.parent, place=_plan_unit)


def plan_positions(plan: Plan, rows: Sequence[Row]) -> None:
    """Adds positions and their new terms; a superior may stand further down the same list."""
    _plan(plan, "positions", rows, parse=position_line, above=lambda line: line.superior, place=_plan_position)


def _plan(
    plan: Plan,
    what: str,
    rows: Sequence[Row],
    *,
    parse: Callable[[Row], Line | list[Fault]],
    above: Callable[[Line], str | None],
    place: Callable[[Plan, Line], str],
) -> None:
    counts = plan.counts.setdefault(what, Counts())
    counts.rows += len(rows)
    waiting = _parsed(plan, counts, rows, parse)
    while waiting:
        codes = {line.code for line in waiting}
        ready = [line for line in waiting if above(line) not in codes or above(line) == line.code]
        if not ready:
            for line in waiting:
                counts.refused += 1
                plan.refuse(
                    line.row, _above(what), "the rows stand above each other in a circle", "correct one of them"
                )
            return
        for line in ready:
            outcome = place(plan, line)
            setattr(counts, outcome, getattr(counts, outcome) + 1)
        done = {line.code for line in ready}
        waiting = [line for line in waiting if line.code not in done]


def _parsed(plan: Plan, counts: Counts, rows: Sequence[Row], parse: Callable[[Row], Line | list[Fault]]) -> list[Line]:
    lines: dict[str, Line] = {}
    for row in rows:
        line = parse(row)
        if isinstance(line, list):
            plan.faults.extend(line)
            counts.refused += 1
        elif line.code in lines:
            plan.refuse(row, "code", f"stands on row {lines[line.code].row.number} already", "keep one of the rows")
            counts.refused += 1
        else:
            lines[line.code] = line
    return list(lines.values())


def _above(what: str) -> str:
    return "parent" if what == "units" else "superior"


def _plan_unit(plan: Plan, line: UnitLine) -> str:
    parent = plan.unit_by(line.parent) if line.parent else None
    if line.parent and parent is None:
        plan.refuse(line.row, "parent", "no unit has this code or name", "add that unit, or correct the code")
        return "refused"
    unit_id = structure.unit_id_of(plan.organisation.tenant_id, line.code)
    held = plan.organisation.units.get(unit_id)
    wanted = UnitChanged(
        tenant_id=plan.organisation.tenant_id,
        occurred_at=plan.now,
        version=held.version + 1 if held else 1,
        unit_id=unit_id,
        code=line.code,
        name=line.name,
        kind=line.kind,
        parent_id=parent.unit_id if parent else None,
        active_from=line.since or (held.active_from if held else plan.since),
        active_to=line.until,
    )
    if held is not None and held.content == wanted.content:
        return "unchanged"
    if structure.ends_before_it_begins(wanted.active_from, wanted.active_to):
        plan.refuse(line.row, "until", f"is before its first day, {wanted.active_from}", "correct one of the days")
        return "refused"
    if not _placed(plan, line.row, "parent", structure.check_unit_place, unit_id, wanted.parent_id, plan.parents):
        return "refused"
    plan.put_unit(wanted)
    return "changed" if held else "added"


def _plan_position(plan: Plan, line: PositionLine) -> str:
    tenant_id = plan.organisation.tenant_id
    unit = plan.unit_by(line.unit)
    if unit is None:
        plan.refuse(line.row, "unit", "no unit has this code or name", "import the units first, or correct it")
        return "refused"
    superior = structure.position_id_of(tenant_id, line.superior) if line.superior else None
    if superior is not None and superior not in plan.organisation.positions:
        plan.refuse(line.row, "superior", "no position has this code", "add that position, or correct the code")
        return "refused"
    position_id = structure.position_id_of(tenant_id, line.code)
    held = plan.organisation.positions.get(position_id)
    term = PositionTerm(
        valid_from=line.since or plan.since,
        name=line.name,
        jenis_jabatan=line.jenis,
        kelas_jabatan=line.kelas,
        unit_id=unit.unit_id,
        reports_to=superior,
        eselon=line.eselon,
    )
    if not _placed(plan, line.row, "superior", structure.check_superior, position_id, superior, plan.superiors):
        return "refused"
    return _put_position(plan, line, held, term, position_id)


def _put_position(
    plan: Plan, line: PositionLine, held: PositionChanged | None, term: PositionTerm, position_id: UUID
) -> str:
    until = line.until if line.until is not None or held is None else held.active_to
    terms = (term,) if held is None else _terms(held, term, given=line.since is not None)
    if held is not None and (terms, until) == (held.terms, held.active_to):
        return "unchanged"
    if structure.ends_before_it_begins(terms[-1].valid_from, until):
        plan.refuse(
            line.row, "until", f"is before the day it begins, {terms[-1].valid_from}", "correct one of the days"
        )
        return "refused"
    if held is not None:
        plan.put_position(structure.changed_position(held, plan.now, terms=terms, active_to=until))
        return "changed"
    plan.put_position(
        PositionChanged(
            tenant_id=plan.organisation.tenant_id,
            occurred_at=plan.now,
            position_id=position_id,
            code=line.code,
            terms=terms,
            active_to=until,
        )
    )
    return "added"


def _terms(held: PositionChanged, term: PositionTerm, *, given: bool) -> tuple[PositionTerm, ...]:
    """The history with what the row says; without a day of its own, a row that says what holds changes nothing."""
    if not given:
        begun = [one for one in held.terms if one.valid_from <= term.valid_from] or [held.terms[0]]
        if begun[-1].model_copy(update={"valid_from": term.valid_from}) == term:
            return held.terms
    return structure.with_term(held.terms, term)


def _placed(
    plan: Plan,
    row: Row,
    name: str,
    check: Callable[..., None],
    *given: object,
) -> bool:
    try:
        check(*given)
    except Refused as refused:
        plan.refuse(row, name, refused.detail, "correct the column, or the row above it")
        return False
    return True
