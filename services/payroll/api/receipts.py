"""Receipts of statements, the region's signed checkpoints, and the public keys to check them by."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from services.payroll.queries.receipts import head, heads, receipt
from services.payroll.queries.statements import statement_row
from services.payroll.schemas.receipts import CheckpointOut, CheckpointsOut, ReceiptOut, sent
from shared.auth.caller import Caller
from shared.auth.policy import Scope
from shared.checkpoint import ReceiptKeys, Signer
from shared.errors import NotFound
from shared.http import PROBLEMS, UnitOfWorkDep, may

router = APIRouter(tags=["receipts"], responses=PROBLEMS)

Number = Annotated[int, Query(ge=1, le=2**31, description="the checkpoint's number: entries in the log under it")]
MaybeNumber = Annotated[int | None, Query(ge=1, le=2**31, description="a checkpoint's number")]


def signer(request: Request) -> Signer:
    held: Signer = request.app.state.signer
    return held


SignerDep = Annotated[Signer, Depends(signer)]


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


@router.get("/checkpoints", response_model=CheckpointsOut, dependencies=[Depends(may("checkpoint.read"))])
async def listed(
    uow: UnitOfWorkDep,
    after: Annotated[int, Query(ge=0, le=2**31, description="the last checkpoint that is known")] = 0,
    limit: Annotated[int, Query(ge=1, le=5000)] = 1000,
) -> Response:
    """The region's log: every approved run's entry and the checkpoint signed over it. Keep what you were given."""
    return sent(await heads(uow.session, uow.tenant_id, after=after, limit=limit))


@router.get("/checkpoints/latest", response_model=CheckpointOut, dependencies=[Depends(may("checkpoint.read"))])
async def latest(uow: UnitOfWorkDep, since: MaybeNumber = None) -> Response:
    """The newest checkpoint; with `since`, the proof that the log grew to it from that one."""
    return sent(await head(uow.session, uow.tenant_id, since=since))


@router.get("/checkpoints/consistency", response_model=CheckpointOut, dependencies=[Depends(may("checkpoint.read"))])
async def consistency(uow: UnitOfWorkDep, first: Number, second: Number) -> Response:
    """The proof (RFC 9162 2.1.4) that the log of the second checkpoint begins with the log of the first."""
    return sent(await head(uow.session, uow.tenant_id, size=second, since=first))


@router.get("/receipt-keys")
async def keys(signer: SignerDep, response: Response) -> ReceiptKeys:
    """The public keys that sign, signed or will sign checkpoints, with their days. Compare them with the board's."""
    response.headers["Cache-Control"] = "public, max-age=300"
    return signer.published
