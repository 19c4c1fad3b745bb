"""What an employee means to do on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from services.activity.tables import TargetRow
from services.activity.tables.fence import hold_open
from services.activity.tables.plan_terms import terms_of_results
from shared.auth.caller import Caller
from shared.errors import Fault, Invalid, Refused
from shared.period import period_of
from shared.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Target:
    """Work meant for a result of the employee's plan."""

    result_id: UUID
    text: str
    quantity: Decimal | None = None
    quantity_unit: str | None = None


async def plan_day(uow: UnitOfWork, caller: Caller, work_date: date, targets: Sequence[Target]) -> None:
    """Put these targets in the place of the day's former ones. Raises Refused and Invalid."""
    code = period_of(work_date).code
    if code not in await hold_open(uow.session, uow.tenant_id, [work_date]):
        raise Refused(f"the period {code} is closed")
    await _check_results(uow, caller.person, work_date, targets)
    own = (
        TargetRow.tenant_id == uow.tenant_id,
        TargetRow.employee_id == caller.person,
        TargetRow.work_date == work_date,
    )
    await uow.session.execute(delete(TargetRow).where(*own))
    rows = [
        {
            "tenant_id": uow.tenant_id,
            "employee_id": caller.person,
            "work_date": work_date,
            "place": place,
            "result_id": target.result_id,
            "text": target.text,
            "quantity": target.quantity,
            "quantity_unit": target.quantity_unit,
        }
        for place, target in enumerate(targets)
    ]
    if rows:
        await uow.session.execute(insert(TargetRow), rows)


async def _check_results(uow: UnitOfWork, person: UUID, day: date, targets: Sequence[Target]) -> None:
    terms = await terms_of_results(uow.session, uow.tenant_id, person, {target.result_id for target in targets})
    found = [
        Fault(
            f"targets.{place}.result_id",
            f"it is no result of your approved SKP in force on {day}",
            "name one of your results",
            value=str(target.result_id),
        )
        for place, target in enumerate(targets)
        if not any(first <= day <= last for first, last in terms.get(target.result_id, []))
    ]
    if found:
        raise Invalid("some targets belong to no result of yours", tuple(found))
