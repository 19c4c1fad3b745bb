"""Asking for days to be settled, and how far that is."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from services.activity.commands.attendance_jobs import request_settlement
from services.activity.queries.attendance import settlement
from services.activity.schemas.attendance import SettlementAnswer, SettlementForm
from shared.auth.caller import Caller
from shared.http import PROBLEMS, Now, UnitOfWorkDep, may

router = APIRouter(prefix="/settlements", responses=PROBLEMS)

Settler = Annotated[Caller, Depends(may("attendance.settle"))]


@router.post("", status_code=202)
async def settle(uow: UnitOfWorkDep, caller: Settler, now: Now, form: SettlementForm) -> SettlementAnswer:
    """Have days settled by the worker; only those that are over, and only what differs is stated again."""
    row = await request_settlement(uow, caller, form.first_day, form.last_day, form.unit_id, now=now)
    return SettlementAnswer.model_validate(row)


@router.get("/{settlement_id}")
async def show_settlement(settlement_id: UUID, uow: UnitOfWorkDep, caller: Settler) -> SettlementAnswer:
    """How far a settlement is."""
    return SettlementAnswer.model_validate(await settlement(uow.session, uow.tenant_id, settlement_id))
