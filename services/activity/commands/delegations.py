"""A superior lets somebody approve in their stead, for some work dates."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import select

from services.activity.tables import DelegationRow
from shared.auth.caller import Caller
from shared.auth.policy import Scope
from shared.directory.tables import EmployeeRow
from shared.errors import Fault, Forbidden, Invalid, NotFound, Refused
from shared.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Delegation:
    """For work dates from first to last, both included."""

    superior_id: UUID
    delegate_id: UUID
    first_day: date
    last_day: date
    reason: str


async def delegate(uow: UnitOfWork, caller: Caller, given: Delegation, now: datetime) -> DelegationRow:
    """Record a delegation: one's own, or as an admin that of a superior who cannot. Raises Invalid and Forbidden."""
    if given.superior_id != caller.employee_id and Scope.TENANT not in caller.scopes("delegation.write"):
        raise Forbidden("only the superior, or an admin, delegates a superior's approvals")
    if given.superior_id == given.delegate_id:
        raise Invalid("nobody is their own delegate")
    if given.last_day < given.first_day:
        fault = Fault("last_day", "it is before first_day", "give the last day of the delegation")
        raise Invalid("the delegation ends before it begins", (fault,))
    await _check_people(uow, given)
    row = DelegationRow(
        tenant_id=uow.tenant_id, delegation_id=uuid4(), made_by=caller.actor, made_at=now, **asdict(given)
    )
    uow.session.add(row)
    return row


async def _check_people(uow: UnitOfWork, given: Delegation) -> None:
    people = {"superior_id": given.superior_id, "delegate_id": given.delegate_id}
    known = set(
        await uow.session.scalars(
            select(EmployeeRow.employee_id).where(
                EmployeeRow.tenant_id == uow.tenant_id, EmployeeRow.employee_id.in_(people.values())
            )
        )
    )
    found = [
        Fault(field, "there is no such employee in this region", "name an employee", value=str(employee_id))
        for field, employee_id in people.items()
        if employee_id not in known
    ]
    if found:
        raise Invalid("the delegation names somebody who is not here", tuple(found))


async def end_delegation(uow: UnitOfWork, caller: Caller, delegation_id: UUID, now: datetime) -> None:
    """It gives no right any more; what was approved under it stays. Raises NotFound, Forbidden and Refused."""
    d = DelegationRow
    row = await uow.session.scalar(
        select(d).where(d.tenant_id == uow.tenant_id, d.delegation_id == delegation_id).with_for_update()
    )
    if row is None:
        raise NotFound("there is no such delegation")
    if row.superior_id != caller.employee_id and Scope.TENANT not in caller.scopes("delegation.write"):
        raise Forbidden("only the superior who delegated, or an admin, ends it")
    if row.ended_at is not None:
        raise Refused("it was ended already")
    row.ended_by, row.ended_at = caller.actor, now
