"""Statements with their explanation, and the live preview."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from services.payroll.queries.statements import explained, explanation, own_statements, preview, statement_row
from services.payroll.schemas.statements import OwnStatement, PreviewOut, StatementOut
from shared.auth.caller import Caller
from shared.auth.policy import Scope
from shared.clock import local_date
from shared.directory.queries import tenant
from shared.errors import Forbidden, NotFound, Refused
from shared.http import PROBLEMS, Now, UnitOfWorkDep, may

router = APIRouter(tags=["statements"], responses=PROBLEMS)

Reader = Annotated[Caller, Depends(may("statement.read"))]


@router.get("/statements")
async def own(uow: UnitOfWorkDep, caller: Reader) -> list[OwnStatement]:
    """The caller's own statements, newest first."""
    return [OwnStatement.of(row, run) for row, run in await own_statements(uow.session, uow.tenant_id, caller.person)]


@router.get("/statements/{statement_id}")
async def one(statement_id: UUID, uow: UnitOfWorkDep, caller: Reader) -> StatementOut:
    """A statement, each line with its rule, article, formula in words, and the days and activities behind it."""
    row = await statement_row(uow.session, uow.tenant_id, statement_id)
    if Scope.TENANT not in caller.scopes("statement.read") and row.employee_id != caller.employee_id:
        # whether somebody else's statement exists is not told either
        raise NotFound(f"there is no statement {statement_id}")
    return StatementOut.of(row, await explanation(uow.session, row))


@router.get("/preview")
async def previewed(
    uow: UnitOfWorkDep,
    now: Now,
    caller: Annotated[Caller, Depends(may("preview.read"))],
    employee: Annotated[UUID | None, Query(description="whom; without it, the caller")] = None,
    as_of: Annotated[date | None, Query(description="up to this day; without it, today")] = None,
) -> PreviewOut:
    """Where somebody stands: the run's own calculation, on what is here up to a day."""
    whom = employee or caller.person
    if Scope.TENANT not in caller.scopes("preview.read") and whom != caller.employee_id:
        raise Forbidden("the preview of others is for the treasurer and auditors", action="preview.read")
    today = local_date(now, (await tenant(uow.session, uow.tenant_id)).zone)
    day = as_of or today
    if day > today or day.year < today.year - 10:
        raise Refused(f"a preview is of today ({today}) or of an earlier day")
    statement, facts = await preview(uow.session, uow.tenant_id, whom, day)
    return PreviewOut.model_validate(explained(statement.to_dict(), facts) | {"as_of": day})
