"""Employees of a list: newcomers, and what the rows change about those who are known."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from services.identity.rules import people
from services.identity.rules.columns import EmployeeLine, Row, employee_line
from services.identity.rules.planning.plan import Counts, Plan
from services.identity.rules.planning.posts import Posts, Unresolved
from shared.errors import Refused
from shared.events.identity import Assignment, BankAccount, EmployeeChanged, MasaKerja, NipTerm, StatusTerm
from shared.words import AssignmentKind, StatusAsn


def plan_employees(plan: Plan, rows: Sequence[Row]) -> None:
    """Adds and changes employees and their posts. A second row of one NIP may add a Plt or Plh, nothing else."""
    counts = plan.counts.setdefault("employees", Counts())
    counts.rows += len(rows)
    lines = _parsed(plan, counts, rows)
    planning = _Planning(plan, lines)
    for line in lines:
        if not planning.take(line):
            counts.refused += 1
    planning.finish(counts)


def _parsed(plan: Plan, counts: Counts, rows: Sequence[Row]) -> list[EmployeeLine]:
    lines: list[EmployeeLine] = []
    first: dict[tuple[str, bool], Row] = {}
    for row in rows:
        line = employee_line(row)
        if isinstance(line, list):
            plan.faults.extend(line)
            counts.refused += 1
            continue
        definitive = line.kind is AssignmentKind.DEFINITIF
        if definitive and (line.nip, True) in first:
            number = first[line.nip, True].number
            plan.refuse(row, "nip", f"stands on row {number} already", "keep one of the rows; Plt and Plh may be more")
            counts.refused += 1
            continue
        first[line.nip, definitive] = row
        plan.notices.extend(line.notices)
        lines.append(line)
    return sorted(lines, key=lambda line: (line.kind is not AssignmentKind.DEFINITIF, line.row.number))


class _Planning:
    """Takes rows one by one; an employee is stated once at the end, whatever number of rows changed them."""

    def __init__(self, plan: Plan, lines: Sequence[EmployeeLine]) -> None:
        self.plan = plan
        self.posts = Posts(plan, lines)
        self.before = dict(plan.organisation.employees)
        self.touched: dict[UUID, EmployeeChanged] = {}
        self.leaders = self._leaders()

    def take(self, line: EmployeeLine) -> bool:
        """Whether the row could be used."""
        try:
            held = self._held(line)
            if held is None:
                return False
            state = held.model_copy(update=self._plain(held, line))
            state = state.model_copy(update={"assignments": self._assignments(state, line)})
        except Unresolved as error:
            self.plan.refuse(line.row, error.column, error.message, error.remedy)
            return False
        except Refused as refused:
            self.plan.refuse(line.row, "position_code", refused.detail, "correct the row, or change the post by hand")
            return False
        self._keep(line, state)
        return True

    def finish(self, counts: Counts) -> None:
        """State what differs from before, each employee's next version once."""
        for employee_id, state in self.touched.items():
            before = self.before.get(employee_id)
            if before is None:
                counts.added += 1
                self._put(state)
            elif people.same(before, state):
                counts.unchanged += 1
            else:
                counts.changed += 1
                self._put(people.changed(state, self.plan.now))

    def _put(self, employee: EmployeeChanged) -> None:
        self.plan.employees[employee.employee_id] = employee
        self.plan.organisation.employees[employee.employee_id] = employee

    def _keep(self, line: EmployeeLine, state: EmployeeChanged) -> None:
        self.touched[state.employee_id] = state
        self.plan.organisation.numbers[line.nip] = state.employee_id
        for one in state.assignments:
            if one.kind is AssignmentKind.DEFINITIF and self._leads(one.position_id):
                self.leaders.setdefault(one.position_id, {})[state.employee_id] = one

    def _held(self, line: EmployeeLine) -> EmployeeChanged | None:
        """The employee as they are so far, or somebody new; None with a fault for a row that lacks too much."""
        numbers = self.plan.organisation.numbers
        known = numbers.get(line.nip) or (numbers.get(line.old_nip) if line.old_nip else None)
        if known is not None:
            return self._known(line, self.touched.get(known) or self.plan.organisation.employees[known])
        lacking = [name for name in ("name", "status", "golongan") if getattr(line, name) is None]
        for name in lacking:
            self.plan.refuse(line.row, name, "is empty, and the employee is new", "fill it in")
        if lacking or line.name is None:
            return None
        begins = line.golongan_since or line.since or self.plan.since
        return EmployeeChanged(
            tenant_id=self.plan.organisation.tenant_id,
            occurred_at=self.plan.now,
            employee_id=uuid4(),
            name=line.name,
            birth_date=line.born,
            nips=(NipTerm(valid_from=begins, nip=line.nip),),
            statuses=(),
            assignments=(),
        )

    def _known(self, line: EmployeeLine, held: EmployeeChanged) -> EmployeeChanged | None:
        if line.nip in {term.nip for term in held.nips}:
            return held
        if line.born != held.birth_date:
            self.plan.refuse(line.row, "nip", f"the employee was born on {held.birth_date}", "compare both NIPs")
            return None
        begins = line.golongan_since or line.since or self.plan.since
        return held.model_copy(update={"nips": people.with_nip(held.nips, line.nip, begins)})

    def _plain(self, held: EmployeeChanged, line: EmployeeLine) -> dict[str, Any]:
        given = {"name": line.name, "ptkp": line.ptkp, "npwp": line.npwp, "nik": line.nik, "address": line.address}
        what: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
        what["masa_kerja"] = self._masa_kerja(held, line)
        what["bank"] = self._bank(held, line)
        what["statuses"] = self._statuses(held, line)
        return what

    def _masa_kerja(self, held: EmployeeChanged, line: EmployeeLine) -> MasaKerja | None:
        """A row without a day speaks of the list's; what it says again without one stays as it was stated."""
        if line.masa_kerja is None:
            return held.masa_kerja
        years, months = line.masa_kerja
        stated = held.masa_kerja
        if line.masa_kerja_on is None and stated and (stated.years, stated.months) == (years, months):
            return stated
        return MasaKerja(years=years, months=months, on=line.masa_kerja_on or self.plan.since)

    def _bank(self, held: EmployeeChanged, line: EmployeeLine) -> BankAccount | None:
        """A new account number needs its bank; what the row leaves open stays."""
        if line.account is None and line.bank_name is None:
            return held.bank
        number = line.account or (held.bank.number if held.bank else None)
        bank = line.bank_name or (held.bank.bank_name if held.bank else None)
        if number is None or bank is None:
            lacking = "account" if number is None else "bank_name"
            raise Unresolved(lacking, "bank and account number go together", "fill in both, or neither")
        code = line.bank_code or (held.bank.bank_code if held.bank and held.bank.bank_name == bank else "")
        holder = line.holder or (held.bank.holder if held.bank else line.name or held.name)
        return BankAccount(bank_code=code, bank_name=bank, number=number, holder=holder)

    def _statuses(self, held: EmployeeChanged, line: EmployeeLine) -> tuple[StatusTerm, ...]:
        if line.status is None and line.golongan is None:
            return held.statuses
        if line.status is None or line.golongan is None:
            lacking = "status" if line.status is None else "golongan"
            raise Unresolved(lacking, "status and golongan go together", "fill in both, or neither")
        begins = line.golongan_since or (self.plan.since if held.statuses else line.since or self.plan.since)
        term = StatusTerm(valid_from=begins, status_asn=StatusAsn(line.status), golongan=line.golongan)
        begun = [one for one in held.statuses if one.valid_from <= begins] or list(held.statuses[:1])
        in_force = begun[-1] if begun else None
        if line.golongan_since is None and in_force and _says(in_force) == _says(term):
            return held.statuses
        return people.with_status(held.statuses, term)

    def _assignments(self, state: EmployeeChanged, line: EmployeeLine) -> tuple[Assignment, ...]:
        position_id = self.posts.of(line)
        if position_id is None:
            return state.assignments
        begins = line.since or self.plan.since
        if any(self._stands(one, line, position_id, begins) for one in state.assignments):
            return state.assignments
        if state.left_on is not None and (line.until is None or line.until >= state.left_on):
            raise Refused(f"the employee left on {state.left_on}")
        new = Assignment(
            assignment_id=uuid4(), position_id=position_id, kind=line.kind, valid_from=begins, valid_to=line.until
        )
        if line.kind is not AssignmentKind.DEFINITIF:
            return people.with_assignment(state.assignments, new)
        self._check_leader(state.employee_id, new)
        return people.moved(state.assignments, new)

    def _stands(self, one: Assignment, line: EmployeeLine, position_id: UUID, begins: date) -> bool:
        """Whether the row says only what is so already."""
        if (one.position_id, one.kind) != (position_id, line.kind):
            return False
        begun = one.valid_from == begins if line.since is not None else people.holds_on(one, begins)
        return begun and (line.until is None or line.until == one.valid_to)

    def _check_leader(self, employee_id: UUID, new: Assignment) -> None:
        for other, held in self.leaders.get(new.position_id, {}).items():
            current = self.touched.get(other)
            still = held if current is None else _same_post(current, held)
            if other != employee_id and still is not None and people.overlap(still, new):
                raise Refused(
                    "this post has a definitive holder on these days: end that assignment, or write Plt or Plh"
                )

    def _leaders(self) -> dict[UUID, dict[UUID, Assignment]]:
        leaders: dict[UUID, dict[UUID, Assignment]] = {}
        for employee in self.plan.organisation.employees.values():
            for one in employee.assignments:
                if one.kind is AssignmentKind.DEFINITIF and self._leads(one.position_id):
                    held = leaders.setdefault(one.position_id, {}).get(employee.employee_id)
                    if held is None or held.valid_from < one.valid_from:
                        leaders[one.position_id][employee.employee_id] = one
        return leaders

    def _leads(self, position_id: UUID) -> bool:
        position = self.plan.organisation.positions.get(position_id)
        return position is not None and position.terms[-1].jenis_jabatan in people.LEADING


def _same_post(employee: EmployeeChanged, held: Assignment) -> Assignment | None:
    return next((one for one in employee.assignments if one.assignment_id == held.assignment_id), None)


def _says(term: StatusTerm) -> tuple[StatusAsn, str]:
    return term.status_asn, term.golongan
