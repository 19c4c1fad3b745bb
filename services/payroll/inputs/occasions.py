"""The facts of runs beside the month's own: paid early, THR, TPP-13, terusan, kekurangan; by the one builder."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.payroll.inputs.beside import MONTHLY_KINDS, OTHER_KINDS, open_corrections, paid_beside
from services.payroll.inputs.building import Made, Unbuildable, correction_of, made_of
from services.payroll.inputs.reading import NO_WORK
from services.payroll.inputs.taxes import earlier_of, salary_of, tax_years
from services.payroll.rules import Policy
from services.payroll.rules.kinds import Terms, at_full, last_full_month, paid_by
from services.payroll.rules.national import pins
from services.payroll.tables import RunRow, SalaryRow
from shared.directory.tables import EmployeeRow
from shared.period import period

_LAST_CORRECTED = text(
    """
    SELECT employee_id, max(coalesce(base_month, period)) FROM corrections
    WHERE tenant_id = :tenant_id AND employee_id = ANY(CAST(:employees AS uuid[])) AND period <= :upto
    GROUP BY employee_id
    """
)


async def made_for(
    session: AsyncSession, run: RunRow, policy: Policy, terms: Terms, employees: Sequence[UUID]
) -> tuple[dict[UUID, Made], dict[UUID, Unbuildable]]:
    """As `made_of`, for a run with terms of its own: facts of the month the terms name, paid in the run's month."""
    paid = _Paid(run.tenant_id, run.period, _workdays(run))
    made, aside = await _of_months(session, paid, terms, employees)
    if terms.kind != "early":
        made = await _in_month_of_payment(session, paid, made)
    return _as_terms_say(made, policy, terms, run.period), aside


async def made_again(
    session: AsyncSession, tenant_id: str, code: str, employees: Sequence[UUID], *, policy: Policy, terms: Terms
) -> tuple[dict[UUID, Made], dict[UUID, Unbuildable]]:
    """As `made_for`, with the facts as they are now, of what such a run has paid in month `code`.

    What the month of payment adds (salary, tax of the year, corrections) is left out: it stays as it was paid.
    """
    made, aside = await _of_months(session, _Paid(tenant_id, code, None), terms, employees)
    return _as_terms_say(made, policy, terms, code), aside


class _Paid(NamedTuple):
    """Where and when it is paid. workdays: that month's, where they are known."""

    tenant_id: str
    code: str
    workdays: dict[date, bool] | None


async def _of_months(
    session: AsyncSession, paid: _Paid, terms: Terms, employees: Sequence[UUID]
) -> tuple[dict[UUID, Made], dict[UUID, Unbuildable]]:
    made: dict[UUID, Made] = {}
    aside: dict[UUID, Unbuildable] = {}
    for code, of_month in sorted((await _months(session, paid, terms, employees)).items()):
        workdays = paid.workdays if code == paid.code else None
        found, lacking = await made_of(session, paid.tenant_id, period(code), of_month, workdays=workdays)
        made |= found
        aside |= lacking
    return made, aside


def _as_terms_say(made: dict[UUID, Made], policy: Policy, terms: Terms, code: str) -> dict[UUID, Made]:
    """The facts as if the work were full, where the terms do not look at it, and as they are paid."""
    parts = tuple(leaf.code for leaf in policy.compiled.leaves)
    full = terms.performance == "full" and terms.kind != "kekurangan"
    return {
        employee_id: one._replace(
            facts=paid_by(at_full(one.facts, parts, terms) if full else one.facts, terms, code),
            work=NO_WORK if full else one.work,
        )
        for employee_id, one in made.items()
    }


def _workdays(run: RunRow) -> dict[date, bool]:
    return {date.fromisoformat(day): is_one for day, is_one in run.workdays.items()}


async def _months(session: AsyncSession, paid: _Paid, terms: Terms, employees: Sequence[UUID]) -> dict[str, list[UUID]]:
    """Whose facts come from which month: the heirs' from the last full month of service, a shortfall's from its own."""
    if terms.kind == "terusan":
        left = await session.execute(
            select(EmployeeRow.employee_id, EmployeeRow.left_on).where(
                EmployeeRow.tenant_id == paid.tenant_id, EmployeeRow.employee_id.in_(employees)
            )
        )
        months = {one: last_full_month(left_on) for one, left_on in left.all() if left_on is not None}
    elif terms.kind == "kekurangan":
        given = {"tenant_id": paid.tenant_id, "employees": list(employees), "upto": paid.code}
        months = {one: code for one, code in (await session.execute(_LAST_CORRECTED, given)).all()}
    else:
        months = dict.fromkeys(employees, terms.of)
    found: dict[str, list[UUID]] = defaultdict(list)
    for employee_id in employees:
        found[months.get(employee_id, terms.of)].append(employee_id)
    return found


async def _in_month_of_payment(session: AsyncSession, paid: _Paid, made: dict[UUID, Made]) -> dict[UUID, Made]:
    """The salary side, the year and the open corrections of the month it is paid and taxed in."""
    tenant_id, code, employees = paid.tenant_id, paid.code, list(made)
    rows = await session.execute(
        select(SalaryRow.__table__).where(
            SalaryRow.tenant_id == tenant_id, SalaryRow.period == code, SalaryRow.employee_id.in_(employees)
        )
    )
    salaries = {row["employee_id"]: row for row in rows.mappings()}
    beside = await paid_beside(session, tenant_id, code, employees, (*MONTHLY_KINDS, *OTHER_KINDS))
    years = await tax_years(session, tenant_id, period(code), employees)
    still_open = await open_corrections(session, tenant_id, code, employees)
    return {
        employee_id: one._replace(
            facts=replace(
                one.facts,
                salary=replace(salary_of(salaries.get(employee_id)), gaji_pokok=one.facts.salary.gaji_pokok),
                earlier=earlier_of(salaries.get(employee_id), beside.get(employee_id)),
                tax_year=years.get(employee_id),
                tables=pins(period(code).first_day),
                corrections=tuple(correction_of(row) for row in still_open.get(employee_id, [])),
            )
        )
        for employee_id, one in made.items()
    }
