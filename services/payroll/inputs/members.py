"""Who is paid by a run of a kind: the region's employees of the month, less those whom such a run has paid."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.payroll.inputs.beside import MONTHLY_KINDS, owed_to
from services.payroll.rules.kinds import MONTHLY, Terms, months_after
from services.payroll.rules.lifecycle import FINAL_STATES
from shared.directory.tables import EmployeeRow
from shared.errors import Fault, Invalid
from shared.period import period
from shared.words import RunKind

_IN_POST = """
    SELECT DISTINCT a.employee_id FROM identity_assignments a
    JOIN identity_employees e ON e.tenant_id = a.tenant_id AND e.employee_id = a.employee_id
    WHERE a.tenant_id = :tenant_id AND a.kind = 'definitif'
      AND a.valid_from <= :last_day AND (a.valid_to IS NULL OR a.valid_to >= :first_day)
      AND (e.left_on IS NULL OR e.left_on > :employed_on)
"""
_NOT_PAID = f"""
      AND NOT EXISTS (
          SELECT 1 FROM statements s JOIN runs r ON r.tenant_id = s.tenant_id AND r.run_id = s.run_id
          WHERE s.tenant_id = :tenant_id AND s.employee_id = a.employee_id AND s.period = :period
            AND r.kind = ANY(CAST(:kinds AS text[])) AND r.state IN {FINAL_STATES})
"""
_EVERYBODY = text(f"{_IN_POST} ORDER BY a.employee_id")
_LEFT_OUT = text(f"{_IN_POST} {_NOT_PAID} ORDER BY a.employee_id")
_NAMED = text(
    f"SELECT a.employee_id FROM identity_employees a WHERE a.tenant_id = :tenant_id"
    f" AND a.employee_id = ANY(CAST(:employees AS uuid[])) {_NOT_PAID} ORDER BY a.employee_id"
)


async def members(
    session: AsyncSession, tenant_id: str, code: str, kind: RunKind, *, terms: Terms | None, named: Sequence[UUID]
) -> Sequence[UUID]:
    """Employee ids, ascending. `named`: those whose heirs are paid (terusan), the only kind that takes names.

    Raises Invalid naming each of those who cannot be paid by it, and why.
    """
    if named and kind is not RunKind.TERUSAN:
        fault = Fault("employees", f"a run of kind {kind} finds its own employees", "leave `employees` out")
        raise Invalid("the run cannot be started so", (fault,))
    if kind is RunKind.KEKURANGAN:
        return await owed_to(session, tenant_id, code)
    if kind is RunKind.TERUSAN:
        await _require_left(session, tenant_id, code, terms.months if terms else 0, named)
        heirs = {"tenant_id": tenant_id, "employees": list(named), "period": code, "kinds": [kind.value]}
        return (await session.scalars(_NAMED, heirs)).all()
    of = period(terms.of if terms else code)
    given = {
        "tenant_id": tenant_id,
        "first_day": of.first_day,
        "last_day": of.last_day,
        "employed_on": period(code).first_day,
    }
    if kind is RunKind.INDUK:
        return (await session.scalars(_EVERYBODY, given)).all()
    kinds = list(MONTHLY_KINDS) if kind in MONTHLY else [kind.value]
    return (await session.scalars(_LEFT_OUT, given | {"period": code, "kinds": kinds})).all()


async def _require_left(session: AsyncSession, tenant_id: str, code: str, months: int, named: Sequence[UUID]) -> None:
    """Terusan is for those who left service at most so many months ago; that they died a person must know."""
    rows = await session.execute(
        select(EmployeeRow.employee_id, EmployeeRow.left_on).where(
            EmployeeRow.tenant_id == tenant_id, EmployeeRow.employee_id.in_(named)
        )
    )
    left = {employee_id: left_on for employee_id, left_on in rows.all()}
    faults = []
    for at, employee_id in enumerate(named):
        left_on = left.get(employee_id)
        if left_on is None:
            message = "is not known here" if employee_id not in left else "is still in service"
            faults.append(Fault(f"employees.{at}", message, "record the leaving in identity first", str(employee_id)))
        elif not 1 <= months_after(left_on, code) <= months:
            message = f"left on {left_on}: {code} is not among the {months} months after it"
            faults.append(Fault(f"employees.{at}", message, "take the employee out", str(employee_id)))
    if not named:
        faults.append(Fault("employees", "nobody is named", "name those whose heirs are to be paid"))
    if faults:
        raise Invalid("a run of kind terusan cannot be started so", tuple(faults))
