"""Months: their totals, closing and reopening."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path

from services.activity.commands.periods import close_period, reopen_period
from services.activity.queries.periods import closings_of, period_named, periods_of, waiting_in
from services.activity.schemas.common import ReasonForm
from services.activity.schemas.periods import ClosingAnswer, PeriodAnswer, PeriodDetail
from services.activity.tables import ClosingRow
from shared.auth.caller import Caller
from shared.http import PROBLEMS, Now, UnitOfWorkDep, may
from shared.http.signed_log import SignerDep
from shared.unit_of_work import UnitOfWork

router = APIRouter(prefix="/periods", tags=["periods"], responses=PROBLEMS)

Code = Annotated[str, Path(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$", examples=["2026-03"])]
Reader = Annotated[Caller, Depends(may("period.read"))]
Closer = Annotated[Caller, Depends(may("period.close"))]
Reopener = Annotated[Caller, Depends(may("period.reopen"))]


@router.get("")
async def list_periods(uow: UnitOfWorkDep, caller: Reader) -> list[PeriodAnswer]:
    """The region's months, newest first."""
    rows = await periods_of(uow.session, uow.tenant_id)
    return [PeriodAnswer.model_validate(row) for row in rows]


@router.get("/{code}")
async def show_period(code: Code, uow: UnitOfWorkDep, caller: Reader) -> PeriodDetail:
    """A month with the chain of its closings and their control totals."""
    return await _detail(uow, code)


@router.post("/{code}/closing")
async def close(code: Code, uow: UnitOfWorkDep, caller: Closer, now: Now, signer: SignerDep) -> PeriodDetail:
    """Close a month on exact totals, and sign them: approvals under way are counted, later ones refused."""
    await close_period(uow, caller, code, now, signer)
    await uow.session.flush()
    return await _detail(uow, code)


@router.post("/{code}/reopening")
async def reopen(code: Code, uow: UnitOfWorkDep, caller: Reopener, now: Now, form: ReasonForm) -> PeriodDetail:
    """Open a closed month again; who did it and why is kept."""
    await reopen_period(uow, caller, code, form.reason, now)
    await uow.session.flush()
    return await _detail(uow, code)


async def _detail(uow: UnitOfWork, code: str) -> PeriodDetail:
    period = await period_named(uow.session, uow.tenant_id, code)
    closings = await closings_of(uow.session, uow.tenant_id, code)
    return PeriodDetail(
        **PeriodAnswer.model_validate(period).model_dump(),
        waiting=await waiting_in(uow.session, period),
        closings=[_closing(row) for row in closings],
    )


def _closing(row: ClosingRow) -> ClosingAnswer:
    named = {name: getattr(row, name) for name in ClosingAnswer.model_fields}
    return ClosingAnswer(**named | {"root": row.root.hex()})
