"""Which post a row of the employees' list means: by code, or by name, unit, class and superior."""

from collections.abc import Sequence
from uuid import UUID

from services.identity.rules import people, structure
from services.identity.rules.columns import EmployeeLine
from services.identity.rules.planning.plan import Plan
from shared.errors import Fault, Refused
from shared.events.identity import PositionChanged, PositionTerm
from shared.nip import check_nip


class Unresolved(Exception):
    """The row's post cannot be told; the fault is of the column named."""

    def __init__(self, column: str, message: str, remedy: str) -> None:
        super().__init__(message)
        self.column, self.message, self.remedy = column, message, remedy


class Posts:
    """Finds posts, and adds those the list names in full. A superior may stand further down the list."""

    def __init__(self, plan: Plan, lines: Sequence[EmployeeLine]) -> None:
        self.plan = plan
        self._lines = {line.nip: line for line in lines if line.kind == "definitif"}
        self._found: dict[str, UUID | None] = {}
        self._resolving: set[str] = set()
        self._by_name: dict[tuple[str, UUID], list[PositionChanged]] = {}
        for position in plan.organisation.positions.values():
            self._note(position)

    def of(self, line: EmployeeLine) -> UUID | None:
        """The row's post; None where it names none. Raises Unresolved."""
        if line.position_code is not None:
            return self._by_code(line.position_code)
        if line.position_name is None:
            return None
        if line.nip in self._resolving:
            raise Unresolved("superior", "the rows are above each other in a circle", "correct one of them")
        self._resolving.add(line.nip)
        try:
            return self._by_description(line, line.position_name)
        finally:
            self._resolving.discard(line.nip)

    def _by_code(self, code: str) -> UUID:
        position_id = structure.position_id_of(self.plan.organisation.tenant_id, code)
        if position_id not in self.plan.organisation.positions:
            raise Unresolved("position_code", "no position has this code", "import the positions first, or correct it")
        return position_id

    def _by_description(self, line: EmployeeLine, name: str) -> UUID:
        unit = self.plan.unit_by(line.unit) if line.unit else None
        if unit is None:
            raise Unresolved("unit", "no unit has this code or name", "import the units first, or correct it")
        superior = self._superior(line)
        for position in self._by_name.get((name.casefold(), unit.unit_id), []):
            term = position.terms[-1]
            if line.kelas in (None, term.kelas_jabatan) and (line.superior is None or superior == term.reports_to):
                return position.position_id
        return self._add(line, name, unit.unit_id, unit.code, superior)

    def _add(self, line: EmployeeLine, name: str, unit_id: UUID, unit_code: str, superior: UUID | None) -> UUID:
        if line.kelas is None or line.jenis is None:
            lacking, what = ("kelas", "Kelas Jabatan") if line.kelas is None else ("jenis", "Jenis Jabatan")
            raise Unresolved(
                lacking,
                f"{name} is not there yet, and the row does not say its {what}",
                f"fill in {what}, or import the positions first",
            )
        code = structure.position_code(unit_code, name, line.kelas, superior)
        position_id = structure.position_id_of(self.plan.organisation.tenant_id, code)
        try:
            structure.check_superior(position_id, superior, self.plan.superiors)
        except Refused as refused:
            raise Unresolved("superior", refused.detail, "correct the column") from refused
        term = PositionTerm(
            valid_from=line.since or self.plan.since,
            name=name,
            jenis_jabatan=line.jenis,
            kelas_jabatan=line.kelas,
            unit_id=unit_id,
            reports_to=superior,
        )
        position = PositionChanged(
            tenant_id=self.plan.organisation.tenant_id,
            occurred_at=self.plan.now,
            position_id=position_id,
            code=code,
            terms=(term,),
        )
        self.plan.put_position(position)
        self._note(position)
        return position_id

    def _superior(self, line: EmployeeLine) -> UUID | None:
        """The post of the superior, whom the office names by NIP, or by the code or name of the post."""
        if line.superior is None:
            return None
        checked = check_nip(line.superior)
        if not isinstance(checked, Fault):
            return self._post_of(checked.text, line)
        code = structure.position_id_of(self.plan.organisation.tenant_id, line.superior)
        if code in self.plan.organisation.positions:
            return code
        named = [
            position.position_id
            for (name, _), positions in self._by_name.items()
            if name == line.superior.casefold()
            for position in positions
        ]
        if len(named) != 1:
            raise Unresolved(
                "superior",
                "no post, or more than one, has this name, and it is no NIP of 18 digits",
                "give the superior's NIP, or the code of the post",
            )
        return named[0]

    def _post_of(self, nip: str, line: EmployeeLine) -> UUID:
        if nip in self._lines and nip not in self._found:
            try:
                self._found[nip] = self.of(self._lines[nip])
            except Unresolved as error:
                if error.column == "superior" and nip in self._resolving:
                    raise
                self._found[nip] = None
        found = self._found.get(nip) or self._held(nip, line)
        if found is None:
            raise Unresolved("superior", "this NIP holds no post we know", "correct that employee's row, or the NIP")
        return found

    def _held(self, nip: str, line: EmployeeLine) -> UUID | None:
        employee_id = self.plan.organisation.numbers.get(nip)
        employee = self.plan.organisation.employees.get(employee_id) if employee_id else None
        held = people.definitive_on(employee.assignments, line.since or self.plan.since) if employee else None
        return held.position_id if held else None

    def _note(self, position: PositionChanged) -> None:
        term = position.terms[-1]
        self._by_name.setdefault((term.name.casefold(), term.unit_id), []).append(position)
