"""What other services' facts lead to here, beyond the copies in the ledger."""

from collections.abc import Sequence

from sqlalchemy import text

from services.appraisal.tables.population import standing
from shared.events.activity import PeriodClosed, PeriodReopened
from shared.events.appraisal import AppraisalFinalized
from shared.events.payroll import PayrollReconciliationRequested
from shared.ledger.commands import note_period_closed, note_period_reopened
from shared.outbox import send_again
from shared.unit_of_work import UnitOfWork


async def take_period_closings(uow: UnitOfWork, facts: list[PeriodClosed]) -> None:
    """The period can be appraised once it is reconciled; appraisals closed on an earlier closing are open again."""
    await note_period_closed(uow, facts)
    await _open(uow, [fact.period for fact in facts])


async def take_period_reopenings(uow: UnitOfWork, facts: list[PeriodReopened]) -> None:
    """Appraisals closed on the closing that no longer holds must be closed again, after activity's next closing."""
    await note_period_reopened(uow, facts)
    await _open(uow, [fact.period for fact in facts])


_ADD = text(
    """
    INSERT INTO appraisal_periods (tenant_id, period)
    SELECT :tenant_id, period FROM unnest(CAST(:periods AS text[])) AS period ORDER BY period
    ON CONFLICT DO NOTHING
    """
)
_OPEN = text(
    """
    WITH opened AS (
        UPDATE appraisal_periods AS own SET status = 'open'
        FROM activity_periods AS theirs, closings AS last
        WHERE own.tenant_id = :tenant_id AND own.period = ANY(CAST(:periods AS text[])) AND own.status = 'closed'
          AND theirs.tenant_id = own.tenant_id AND theirs.period = own.period
          AND last.tenant_id = own.tenant_id AND last.period = own.period AND last.close_seq = own.close_seq
          AND (theirs.close_seq > last.activity_close_seq
               OR (theirs.reopened AND theirs.close_seq = last.activity_close_seq))
        RETURNING own.period, own.close_seq
    )
    UPDATE closings SET reopened_at = clock_timestamp(), reopening = 'activity reopened the period'
    FROM opened
    WHERE closings.tenant_id = :tenant_id AND closings.period = opened.period
      AND closings.close_seq = opened.close_seq
    """
)


async def _open(uow: UnitOfWork, periods: Sequence[str]) -> None:
    given = {"tenant_id": uow.tenant_id, "periods": sorted(set(periods))}
    await uow.session.execute(_ADD, given)
    await uow.session.execute(_OPEN, given)


async def answer_requests(uow: UnitOfWork, facts: list[PayrollReconciliationRequested]) -> None:
    """Send again what payroll lacks of a period's appraisals; what it asks of other services is theirs to answer."""
    for fact in facts:
        if fact.owner == "appraisal":
            await _answer(uow, fact)


async def _answer(uow: UnitOfWork, fact: PayrollReconciliationRequested) -> None:
    """Of the employees the part speaks for: those not held, and the corrected, whose newest version may be missing."""
    held = {count.employee_id for count in fact.held if count.records}
    for one in await standing(uow.session, uow.tenant_id, fact.period):
        after = fact.after is None or one.employee_id > fact.after
        upto = fact.upto is None or one.employee_id <= fact.upto
        if after and upto and (one.employee_id not in held or one.version > 1):
            key = f"{uow.tenant_id}:{one.employee_id}"
            await send_again(uow.session, uow.tenant_id, key, [AppraisalFinalized.type], period=fact.period)
