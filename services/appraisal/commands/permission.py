"""May this person appraise this employee now? Asked for many employees at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from services.appraisal.rules.periods import alone_until
from services.appraisal.tables.evaluators import Evaluator, as_evaluator
from services.appraisal.tables.windows import Window, evaluator_days
from shared.auth.caller import Caller
from shared.directory.tables import EmployeeRow
from shared.errors import Forbidden, NotFound, Refused, TakarError
from shared.period import Period
from shared.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Permission:
    """What the region's directory says about the caller and some employees in a period."""

    span: Period
    names: Mapping[UUID, str]  # of the employees known here
    over: Mapping[UUID, Evaluator]
    alone_until: datetime | None  # None: activity has not closed the period
    now: datetime

    def evaluator(self, employee_id: UUID) -> Evaluator | TakarError:
        """In what capacity the caller may appraise them, or why not."""
        if employee_id not in self.names:
            return NotFound(f"there is no employee {employee_id} in this region")
        found = self.over.get(employee_id)
        if found is None:
            return Forbidden(
                f"you were not the superior of {self.names[employee_id]} at the end of {self.span.code}, nor the next "
                "one above; ask kepegawaian whether the assignments are right"
            )
        if found.silent_id is not None and (self.alone_until is None or self.now < self.alone_until):
            return Refused(self._too_early(employee_id))
        return found

    def _too_early(self, employee_id: UUID) -> str:
        until = f"until {self.alone_until:%Y-%m-%d %H:%M} UTC" if self.alone_until else "until activity has closed it"
        return (
            f"the evaluator of {self.names[employee_id]} alone may appraise {self.span.code} {until}; "
            "after that the next superior above may, where the evaluator stays silent"
        )


async def permission(
    uow: UnitOfWork, caller: Caller, held: Window, employees: Sequence[UUID], *, span: Period, now: datetime
) -> Permission:
    """What the caller may do over these employees. Raises Forbidden for an account that is nobody's."""
    over = await as_evaluator(uow.session, uow.tenant_id, span, employees, caller.person)
    names = await uow.session.execute(
        select(EmployeeRow.employee_id, EmployeeRow.name).where(
            EmployeeRow.tenant_id == uow.tenant_id, EmployeeRow.employee_id.in_(employees)
        )
    )
    days = await evaluator_days(uow.session, uow.tenant_id, span)
    until = alone_until(held.announced_at, days) if held.announced_at else None
    return Permission(span, {row[0]: row[1] for row in names.all()}, over, until, now)
