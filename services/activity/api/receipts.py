"""Receipts of approved activities and settled days, and the signed log of the region's closings."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Response

from services.activity.queries.activities import activity_of
from services.activity.queries.receipts import Shown, activity_receipt, day_receipt
from services.activity.schemas.common import WorkDate
from services.activity.schemas.receipts import RecordReceipt
from services.activity.tables import CheckpointRow
from services.activity.tables.attendance_scope import check_reading
from services.activity.tables.scope import Span, spans_seen
from shared.auth.caller import Caller
from shared.http import PROBLEMS, UnitOfWorkDep, may
from shared.http.signed_log import MaybeNumber, log_router, sent

router = APIRouter(tags=["receipts"], responses=PROBLEMS)


async def _shown(size: MaybeNumber = None, since: MaybeNumber = None) -> Shown:
    return Shown(size, since)


ShownDep = Annotated[Shown, Depends(_shown)]


@router.get("/activities/{activity_id}/receipt", response_model=RecordReceipt)
async def of_activity(
    activity_id: UUID, uow: UnitOfWorkDep, caller: Annotated[Caller, Depends(may("activity.read"))], shown: ShownDep
) -> Response:
    """What proves offline that an approved activity is among those its month was closed on: takar_verify.py reads it.

    `size`: under a later checkpoint than the closing's own. `since`: with the proof that the log grew from that one.
    """
    row = await activity_of(uow.session, uow.tenant_id, activity_id)
    await spans_seen(uow.session, caller, "activity.read", Span(row.employee_id, row.work_date, row.work_date))
    return sent(await activity_receipt(uow.session, row, shown))


@router.get("/attendance/employees/{employee_id}/days/{day}/receipt", response_model=RecordReceipt)
async def of_day(
    employee_id: UUID,
    day: Annotated[WorkDate, Path()],
    uow: UnitOfWorkDep,
    caller: Annotated[Caller, Depends(may("attendance.read"))],
    shown: ShownDep,
) -> Response:
    """The same of a settled attendance day."""
    await check_reading(uow.session, caller, employee_id, day, day)
    return sent(await day_receipt(uow.session, uow.tenant_id, employee_id, day, shown))


router.include_router(log_router(CheckpointRow))
