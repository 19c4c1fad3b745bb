"""Units and positions: their ids, the tree they stand in, and their dated terms."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from shared.errors import Refused
from shared.events.identity import PositionChanged, PositionTerm, UnitChanged

_IDS = UUID("5b1e4cf0-91c5-5a43-8f0b-2d7c6c9d3e11")
DEEPEST = 12


def unit_id_of(tenant_id: str, code: str) -> UUID:
    """A unit's code is its name for ever, so the id follows from it and the same file makes the same unit."""
    return uuid5(_IDS, f"{tenant_id}|unit|{code}")


def position_id_of(tenant_id: str, code: str) -> UUID:
    return uuid5(_IDS, f"{tenant_id}|position|{code}")


def position_code(unit_code: str, name: str, kelas_jabatan: int, reports_to: UUID | None) -> str:
    """A code for a post that the office's list names without one: unit, name, class and superior tell posts apart."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:60]
    above = uuid5(_IDS, str(reports_to)).hex[:6]
    return f"{unit_code}/{slug}.{kelas_jabatan}.{above}"


def changed_unit(unit: UnitChanged, now: datetime, **what: Any) -> UnitChanged:
    return unit.model_copy(update={**what, "version": unit.version + 1, "occurred_at": now})


def changed_position(position: PositionChanged, now: datetime, **what: Any) -> PositionChanged:
    return position.model_copy(update={**what, "version": position.version + 1, "occurred_at": now})


def with_term(terms: Sequence[PositionTerm], new: PositionTerm) -> tuple[PositionTerm, ...]:
    """The history with what the position is from a day on."""
    kept = [term for term in terms if term.valid_from != new.valid_from]
    return tuple(sorted([*kept, new], key=lambda term: term.valid_from))


def check_unit_place(unit_id: UUID, parent_id: UUID | None, parents: Mapping[UUID, UUID | None]) -> None:
    """Raises Refused for a parent that is not there, or that stands below the unit itself."""
    _check_chain(unit_id, parent_id, parents, "unit", "below")


def check_superior(position_id: UUID, reports_to: UUID | None, superiors: Mapping[UUID, UUID | None]) -> None:
    """Raises Refused for a superior post that is not there, or that reports to the position itself."""
    _check_chain(position_id, reports_to, superiors, "position", "under")


def newest_superiors(positions: Sequence[PositionChanged]) -> dict[UUID, UUID | None]:
    return {position.position_id: position.terms[-1].reports_to for position in positions}


def ends_before_it_begins(first_day: date, last_day: date | None) -> bool:
    return last_day is not None and last_day < first_day


def _check_chain(own: UUID, above: UUID | None, chain: Mapping[UUID, UUID | None], what: str, relation: str) -> None:
    level = 0
    while above is not None:
        if above == own:
            raise Refused(f"this {what} would stand {relation} itself: choose another one above it")
        if above not in chain:
            raise Refused(f"the {what} above is not known: add it first")
        level += 1
        if level >= DEEPEST:
            raise Refused(f"more than {DEEPEST} levels of {what}s: choose one nearer the top")
        above = chain[above]
