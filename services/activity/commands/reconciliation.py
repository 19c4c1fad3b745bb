"""A reader holds other facts than a closing says: those of the differing employees are sent again."""

import structlog
from sqlalchemy import select

from services.activity.tables import PeriodRow
from services.activity.tables.holdings import Holding, holdings
from shared.events.activity import ActivityApproved, ApprovalWithdrawn, AttendanceDaySettled
from shared.events.appraisal import ReconciliationRequested
from shared.outbox import send_again
from shared.unit_of_work import UnitOfWork

OWNER = "activity"
SENT_AGAIN = (ActivityApproved.type, ApprovalWithdrawn.type, AttendanceDaySettled.type)

log = structlog.get_logger()


async def send_differing_again(uow: UnitOfWork, requests: list[ReconciliationRequested]) -> None:
    """Put the facts of each employee whose count differs from ours into the outbox again.

    Asked of another owner, or about a closing that no longer holds, there is nothing to send.
    """
    for request in requests:
        if request.owner != OWNER:
            continue
        period = await uow.session.scalar(
            select(PeriodRow).where(PeriodRow.tenant_id == uow.tenant_id, PeriodRow.code == request.period)
        )
        if period is None or period.close_seq != request.close_seq:
            log.warning("asked about a closing that does not hold", period=request.period, seq=request.close_seq)
            continue
        await _answer(uow, period, request)


async def _answer(uow: UnitOfWork, period: PeriodRow, request: ReconciliationRequested) -> None:
    given = {"tenant_id": uow.tenant_id, "first_day": period.first_day, "last_day": period.last_day}
    ours = {
        one.employee_id: _counted(one)
        for one in await holdings(uow.session, given, after=request.after, upto=request.upto)
    }
    theirs = {one.employee_id: (one.records, one.amount) for one in request.held}
    differing = sorted(
        employee_id for employee_id in ours.keys() | theirs.keys() if ours.get(employee_id) != theirs.get(employee_id)
    )
    sent = 0
    for employee_id in differing:
        key = f"{uow.tenant_id}:{employee_id}"
        sent += await send_again(uow.session, uow.tenant_id, key, SENT_AGAIN, period=period.code)
    log.info("facts sent again", period=period.code, part=request.part, employees=len(differing), facts=sent)


def _counted(holding: Holding) -> tuple[int, int]:
    return holding.activities + holding.attendance_days, holding.minutes
