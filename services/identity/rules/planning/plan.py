"""The organisation an import starts from and works on, and what came of it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from services.identity.rules.columns import Row, fault
from services.identity.rules.structure import newest_superiors
from shared.errors import Fault
from shared.events.identity import EmployeeChanged, PositionChanged, UnitChanged


@dataclass
class Organisation:
    """A region as facts by id; an import puts its changes in here, row by row, each with its next version."""

    tenant_id: str
    units: dict[UUID, UnitChanged]
    positions: dict[UUID, PositionChanged]
    employees: dict[UUID, EmployeeChanged]
    numbers: dict[str, UUID]  # every NIP ever had, and whose


@dataclass
class Counts:
    """Of one list. A subject counts once, whatever number of rows it has."""

    rows: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0


@dataclass
class Plan:
    """`since`: the day from which holds what a row gives no day for."""

    organisation: Organisation
    since: date
    now: datetime
    counts: dict[str, Counts] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    notices: list[Fault] = field(default_factory=list)
    units: dict[UUID, UnitChanged] = field(default_factory=dict)
    positions: dict[UUID, PositionChanged] = field(default_factory=dict)
    employees: dict[UUID, EmployeeChanged] = field(default_factory=dict)
    parents: dict[UUID, UUID | None] = field(init=False)
    superiors: dict[UUID, UUID | None] = field(init=False)

    def __post_init__(self) -> None:
        self.parents = {unit.unit_id: unit.parent_id for unit in self.organisation.units.values()}
        self.superiors = newest_superiors(list(self.organisation.positions.values()))

    def refuse(self, row: Row, name: str, message: str, remedy: str) -> None:
        self.faults.append(fault(row, name, message, remedy))

    def notice(self, row: Row, name: str, message: str, remedy: str) -> None:
        self.notices.append(fault(row, name, message, remedy))

    def unit_by(self, text: str) -> UnitChanged | None:
        """A unit by its code, or by its name where only one has it."""
        return self._units_by_code().get(text) or self._units_by_name().get(text.casefold())

    def put_unit(self, unit: UnitChanged) -> None:
        self.units[unit.unit_id] = self.organisation.units[unit.unit_id] = unit
        self.parents[unit.unit_id] = unit.parent_id
        self._by_code = self._by_name = None

    def put_position(self, position: PositionChanged) -> None:
        self.positions[position.position_id] = self.organisation.positions[position.position_id] = position
        self.superiors[position.position_id] = position.terms[-1].reports_to

    def _units_by_code(self) -> dict[str, UnitChanged]:
        if self._by_code is None:
            self._by_code = {unit.code: unit for unit in self.organisation.units.values()}
        return self._by_code

    def _units_by_name(self) -> dict[str, UnitChanged]:
        if self._by_name is None:
            named: dict[str, list[UnitChanged]] = {}
            for unit in self.organisation.units.values():
                named.setdefault(unit.name.casefold(), []).append(unit)
            self._by_name = {name: units[0] for name, units in named.items() if len(units) == 1}
        return self._by_name

    _by_code: dict[str, UnitChanged] | None = None
    _by_name: dict[str, UnitChanged] | None = None
