"""SKP sheets into plans: the good ones in as submitted, the faults named, the same sheet again changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID, uuid5

from sqlalchemy import or_, select

from services.activity.commands.plans import LONGEST_PLAN, PlanFor, new_version
from services.activity.rules.plan_sheet import COLUMNS, SheetPlan, content_of, plain, read_plans
from services.activity.rules.plans import PlanContent, PlanState, day_of_decision, faults
from services.activity.rules.sheets import read_table
from services.activity.tables import PlanRow, PlanVersionRow
from services.activity.tables.arrays import any_of
from services.activity.tables.plan_contents import contents, write_contents
from services.activity.tables.scope import spans_of_units
from shared.auth.caller import Caller
from shared.auth.policy import Scope
from shared.clock import local_date
from shared.directory.queries import employees_by_nip, superiors_on, tenant, units_under
from shared.directory.tables import AssignmentRow
from shared.errors import Fault, Invalid
from shared.unit_of_work import UnitOfWork
from shared.words import AssignmentKind

_IDS = UUID("2f0ad6a4-91c5-5c0c-8a5e-0c39a7b3e6d1")


@dataclass(frozen=True, slots=True)
class Days:
    """The range of days the sheet's plans are for, both included."""

    first_day: date
    last_day: date


@dataclass
class ImportReport:
    """Counts of plans, every fault, and notices of results that are not linked yet."""

    rows: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    faults: list[Fault] = field(default_factory=list)
    notices: list[Fault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Kept:
    """A plan there is, its newest version and what that says."""

    plan: PlanRow
    version: PlanVersionRow
    content: PlanContent


@dataclass(frozen=True, slots=True)
class _Case:
    """A sheet's plan, whose it is, and the plan there is already."""

    sheet: SheetPlan
    plan: PlanRow
    kept: _Kept | None


async def import_plans(
    uow: UnitOfWork, caller: Caller, content: bytes, days: Days, now: datetime, *, dry_run: bool = False
) -> ImportReport:
    """Take a sheet in; a dry run says what it would do. Raises Invalid for a file that is no such table."""
    if not 0 <= (days.last_day - days.first_day).days <= LONGEST_PLAN:
        raise Invalid("a plan lasts from its first day on, for at most a year")
    rows = read_table(content, COLUMNS)
    sheets, found = read_plans(rows)
    report = ImportReport(rows=len(rows), faults=found)
    cases = await _cases(uow, caller, sheets, days, report)
    written = await _contents(uow, cases, days, report, now)
    new: list[tuple[PlanRow, PlanContent]] = []
    changed: list[tuple[_Kept, PlanContent]] = []
    for case in cases:
        if (wanted := written.get(case.plan.plan_id)) is None:
            continue
        if case.kept is None:
            new.append((case.plan, wanted))
        elif _differs(case, case.kept, wanted, report):
            changed.append((case.kept, wanted))
    report.created, report.changed = len(new), len(changed)
    if not dry_run:
        await _write(uow, caller.actor, new, changed, now)
    return report


async def _cases(
    uow: UnitOfWork, caller: Caller, sheets: Mapping[str, SheetPlan], days: Days, report: ImportReport
) -> list[_Case]:
    """The sheet's plans of people the caller may import for, with what there is already."""
    employees = await employees_by_nip(uow.session, uow.tenant_id, list(sheets))
    reachable = await _reachable(uow, caller, days)
    posts = await _positions(uow, list(employees.values()), days)
    kept = await _kept(uow, list(employees.values()), days)
    cases = []
    for nip, sheet in sheets.items():
        employee_id = employees.get(nip)
        problem = _problem(employee_id, reachable, posts)
        if employee_id is None or problem:
            report.faults.append(Fault("column nip", *(problem or _UNKNOWN), value=nip[:40], row=sheet.row))
            continue
        what = PlanFor(posts[employee_id], days.first_day, days.last_day)
        held = kept.get((employee_id, what.position_id))
        if held and (held.plan.first_day, held.plan.last_day) != (days.first_day, days.last_day):
            message = f"there is a plan from {held.plan.first_day} to {held.plan.last_day} already"
            report.faults.append(Fault("column nip", message, "import it for those days", value=nip, row=sheet.row))
            continue
        cases.append(_Case(sheet, held.plan if held else _plan(uow.tenant_id, employee_id, what), held))
    return cases


_UNKNOWN = ("nobody in this region has this NIP", "correct it, or import the employee first")


def _problem(
    employee_id: UUID | None, reachable: set[UUID] | None, posts: Mapping[UUID, UUID]
) -> tuple[str, str] | None:
    if employee_id is None:
        return _UNKNOWN
    if reachable is not None and employee_id not in reachable:
        return "this employee is in no unit of yours", "leave the row to the employee's own kepegawaian"
    if employee_id not in posts:
        return "this employee holds no position on these days", "record the assignment first"
    return None


def _plan(tenant_id: str, employee_id: UUID, what: PlanFor) -> PlanRow:
    named = f"{tenant_id}|{employee_id}|{what.position_id}|{what.first_day}|{what.last_day}"
    return PlanRow(
        tenant_id=tenant_id,
        plan_id=uuid5(_IDS, named),
        employee_id=employee_id,
        position_id=what.position_id,
        first_day=what.first_day,
        last_day=what.last_day,
    )


async def _reachable(uow: UnitOfWork, caller: Caller, days: Days) -> set[UUID] | None:
    """Whose plans the caller may import; None: everybody's."""
    if Scope.TENANT in caller.scopes("plan.import"):
        return None
    units = await units_under(uow.session, uow.tenant_id, caller.units())
    spans = await spans_of_units(uow.session, uow.tenant_id, units, days.first_day, days.last_day)
    return {span.employee_id for span in spans}


async def _positions(uow: UnitOfWork, employees: Sequence[UUID], days: Days) -> dict[UUID, UUID]:
    """The definitive position on the first of the days on which there is one."""
    a = AssignmentRow
    held = await uow.session.execute(
        select(a.employee_id, a.position_id)
        .where(a.tenant_id == uow.tenant_id, any_of(a.employee_id, employees), a.kind == AssignmentKind.DEFINITIF)
        .where(a.valid_from <= days.last_day, or_(a.valid_to.is_(None), a.valid_to >= days.first_day))
        .order_by(a.valid_from.desc())
    )
    return {employee_id: position_id for employee_id, position_id in held.all()}


async def _kept(uow: UnitOfWork, employees: Sequence[UUID], days: Days) -> dict[tuple[UUID, UUID], _Kept]:
    """Plans there are on these days, by employee and position, locked by id."""
    p, v = PlanRow, PlanVersionRow
    plans = await uow.session.scalars(
        select(p)
        .where(p.tenant_id == uow.tenant_id, any_of(p.employee_id, employees))
        .where(p.first_day <= days.last_day, p.last_day >= days.first_day)
        .order_by(p.plan_id)
        .with_for_update()
    )
    by_id = {plan.plan_id: plan for plan in plans}
    newest = await uow.session.scalars(
        select(v)
        .where(v.tenant_id == uow.tenant_id, any_of(v.plan_id, list(by_id)))
        .order_by(v.plan_id, v.version.desc())
        .distinct(v.plan_id)
    )
    versions = newest.all()
    said = await contents(uow.session, uow.tenant_id, {(one.plan_id, one.version): one.approach for one in versions})
    return {
        (one.employee_id, by_id[one.plan_id].position_id): _Kept(
            by_id[one.plan_id], one, said[one.plan_id, one.version]
        )
        for one in versions
    }


async def _contents(
    uow: UnitOfWork, cases: Sequence[_Case], days: Days, report: ImportReport, now: datetime
) -> dict[UUID, PlanContent]:
    """What each plan is to say, by plan id, linked to the superiors' results in these sheets or in the books."""
    today = local_date(now, (await tenant(uow.session, uow.tenant_id)).zone)
    day = day_of_decision(today, days.first_day, days.last_day)
    people = [case.plan.employee_id for case in cases]
    above: dict[UUID, list[UUID]] = {}
    for one in await superiors_on(uow.session, uow.tenant_id, day, people):
        above.setdefault(one.employee_id, []).append(one.superior_id)
    results = await _results_by_text(uow, {one for held in above.values() for one in held}, days)
    for case in cases:
        unlinked = content_of(case.sheet, case.plan.plan_id, _known(case), {})
        results[case.plan.employee_id] = {plain(one.text): one.result_id for one in unlinked.results}
    written = {}
    for case in cases:
        links = {
            key: result_id
            for superior in reversed(above.get(case.plan.employee_id, []))
            for key, result_id in results.get(superior, {}).items()
        }
        wanted = content_of(case.sheet, case.plan.plan_id, _known(case), links)
        if wrong := faults(wanted):
            report.faults += [Fault(one.place, one.message, one.remedy, one.value, case.sheet.row) for one in wrong]
            continue
        report.notices += _not_linked(case.sheet, wanted)
        written[case.plan.plan_id] = wanted
    return written


def _known(case: _Case) -> dict[str, UUID]:
    return {plain(one.text): one.result_id for one in case.kept.content.results} if case.kept else {}


async def _results_by_text(uow: UnitOfWork, people: set[UUID], days: Days) -> dict[UUID, dict[str, UUID]]:
    """Results in the books of these people's plans of these days, by plain text."""
    kept = await _kept(uow, sorted(people), days)
    found: dict[UUID, dict[str, UUID]] = {}
    for one in kept.values():
        found.setdefault(one.plan.employee_id, {}).update(
            {plain(result.text): result.result_id for result in one.content.results}
        )
    return found


def _not_linked(sheet: SheetPlan, wanted: PlanContent) -> list[Fault]:
    remedy = "import the superior's SKP, then this sheet again"
    return [
        Fault("column rhk atasan", "no superior has this result yet", remedy, value=held.superior_text, row=held.row)
        for held, result in zip(sheet.results.values(), wanted.results, strict=True)
        if held.superior_text and result.superior_result_id is None
    ]


def _differs(case: _Case, kept: _Kept, wanted: PlanContent, report: ImportReport) -> bool:
    """Whether a plan there is has to be written anew; an approved one is frozen."""
    decided = kept.version.state in {PlanState.SUBMITTED, PlanState.APPROVED}
    if decided and _says(kept.content) == _says(wanted):
        report.unchanged += 1
        return False
    if kept.version.state == PlanState.APPROVED:
        remedy = "make a new version of it, or take the person out of the sheet"
        report.faults.append(
            Fault("column nip", "this SKP is approved and frozen", remedy, value=case.sheet.nip, row=case.sheet.row)
        )
        return False
    return True


def _says(content: PlanContent) -> object:
    """A content without the ids of its indicators, which a sheet does not name."""
    return content.approach, [
        (
            one.result_id,
            one.kind,
            one.text,
            one.superior_result_id,
            one.weight,
            [(i.aspect, i.text, i.unit, i.target, i.target_text) for i in one.indicators],
        )
        for one in content.results
    ]


async def _write(
    uow: UnitOfWork,
    maker: UUID,
    new: Sequence[tuple[PlanRow, PlanContent]],
    changed: Sequence[tuple[_Kept, PlanContent]],
    now: datetime,
) -> None:
    written: dict[tuple[UUID, int], PlanContent] = {}
    for plan, content in new:
        version = new_version(plan, 1, content, maker=maker, valid_from=plan.first_day, now=now)
        version.state, version.submitted_at = PlanState.SUBMITTED, now
        uow.session.add_all([plan, version])
        written[plan.plan_id, 1] = content
    for kept, content in changed:
        held = kept.version
        held.approach, held.made_by, held.made_at = content.approach, maker, now
        held.state, held.submitted_at, held.reason = PlanState.SUBMITTED, now, None
        written[held.plan_id, held.version] = content
    await uow.session.flush()
    await write_contents(uow.session, uow.tenant_id, written)
