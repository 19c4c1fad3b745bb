"""Why a statement is what it is, what it would have been, and what an activity moved."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from services.payroll.queries.explanations import Computed, computed
from services.payroll.queries.statements import statement_row
from services.payroll.queries.trace import trace_activity
from services.payroll.schemas.explanations import ActivityTraceOut, AlternativesOut, ExplanationOut
from shared.auth.caller import Caller
from shared.auth.policy import Scope
from shared.errors import NotFound
from shared.http import PROBLEMS, UnitOfWorkDep, may

router = APIRouter(prefix="/statements", tags=["statements"], responses=PROBLEMS)

Reader = Annotated[Caller, Depends(may("statement.read"))]


def _reads(caller: Caller, employee_id: UUID) -> bool:
    return Scope.TENANT in caller.scopes("statement.read") or employee_id == caller.employee_id


async def _readable(statement_id: UUID, uow: UnitOfWorkDep, caller: Reader) -> Computed:
    """Whether somebody else's statement exists is not told either."""
    row = await statement_row(uow.session, uow.tenant_id, statement_id)
    if not _reads(caller, row.employee_id):
        raise NotFound(f"there is no statement {statement_id}")
    return await computed(uow.session, row)


Readable = Annotated[Computed, Depends(_readable)]


@router.get("/{statement_id}/explanation")
async def explanation(found: Readable) -> ExplanationOut:
    """The statement as a tree: total, lines, rules, articles and formulas, down to the days and activities."""
    return ExplanationOut.of(found, found.tree())


@router.get("/{statement_id}/alternatives")
async def alternatives(found: Readable) -> AlternativesOut:
    """What one more approved day, no lateness or the next predikat would have paid, by the same function."""
    return AlternativesOut.of(found, found.alternatives())


@router.get("/by-activity/{activity_id}")
async def by_activity(activity_id: UUID, uow: UnitOfWorkDep, caller: Reader) -> ActivityTraceOut:
    """From an approved activity to the rupiah it moved: lines, run, acknowledgement."""
    found = await trace_activity(uow.session, uow.tenant_id, activity_id)
    if not _reads(caller, found.employee_id):
        raise NotFound(f"payroll's books hold no approved activity {activity_id}")
    return ActivityTraceOut.of(found)
