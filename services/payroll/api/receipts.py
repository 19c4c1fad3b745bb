"""Receipts of statements, the region's signed checkpoints, and the public keys to check them by."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from services.payroll.queries.receipts import receipt
from services.payroll.queries.statements import statement_row
from services.payroll.schemas.receipts import ReceiptOut
from services.payroll.tables import CheckpointRow
from shared.auth.caller import Caller
from shared.auth.policy import Scope
from shared.errors import NotFound
from shared.http import PROBLEMS, UnitOfWorkDep, may
from shared.http.signed_log import MaybeNumber, log_router, sent

router = APIRouter(tags=["receipts"], responses=PROBLEMS)


@router.get("/statements/{statement_id}/receipt", response_model=ReceiptOut)
async def of_statement(
    statement_id: UUID,
    uow: UnitOfWorkDep,
    caller: Annotated[Caller, Depends(may("statement.read"))],
    size: MaybeNumber = None,
    since: MaybeNumber = None,
) -> Response:
    """What proves offline that this statement is the one the region signed; deploy/verify/takar_verify.py reads it.

    `size`: under a later checkpoint than the run's own. `since`: with the proof that the log grew from that one.
    """
    row = await statement_row(uow.session, uow.tenant_id, statement_id)
    if Scope.TENANT not in caller.scopes("statement.read") and row.employee_id != caller.employee_id:
        # whether somebody else's statement exists is not told either
        raise NotFound(f"there is no statement {statement_id}")
    return sent(await receipt(uow.session, uow.tenant_id, row, size=size, since=since))


router.include_router(log_router(CheckpointRow))
