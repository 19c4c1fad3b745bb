"""Causes that come with a month's work: it was reopened or closed anew, or an appraisal of it has a newer version."""

from typing import Any

from sqlalchemy import select

from services.payroll.commands.appraisals import note_appraisal_closings, note_appraisals
from services.payroll.commands.causes.noting import Cause, note_causes
from services.payroll.inputs.beside import paying
from services.payroll.tables import CauseKind, CorrectionCauseRow
from shared.events.activity import PeriodReopened
from shared.events.appraisal import AppraisalFinalized, AppraisalPeriodClosed
from shared.ledger.commands import note_period_reopened
from shared.unit_of_work import UnitOfWork


async def note_reopenings(uow: UnitOfWork, facts: list[PeriodReopened]) -> None:
    """Take the reopenings in; of a month that was paid by its work, keep who reopened it and why."""
    await note_period_reopened(uow, facts)
    paid = {one.of for one in await paying(uow.session, uow.tenant_id) if one.by_work}
    await note_causes(
        uow,
        [
            Cause(
                CauseKind.REOPENING,
                f"{fact.period}/{fact.close_seq}",
                {"event_id": str(fact.event_id), "reason": fact.reason, "reopened_by": str(fact.reopened_by)},
                [],
            )
            for fact in facts
            if fact.period in paid
        ],
    )


async def note_closings(uow: UnitOfWork, facts: list[AppraisalPeriodClosed]) -> None:
    """Take the closings in; what was paid by the month's work on another closing, or before any, is looked at again."""
    await note_appraisal_closings(uow, facts)
    runs = [one for one in await paying(uow.session, uow.tenant_id) if one.by_work]
    for fact in facts:
        closed = (fact.activity_close_seq, fact.close_seq)
        months = [one.paid for one in runs if one.of == fact.period and one.closings != closed]
        if not months:
            continue
        reopened = await _reopening(uow, fact.period, fact.activity_close_seq - 1)
        reference = {
            "event_id": str(fact.event_id),
            "period": fact.period,
            "activity_close_seq": fact.activity_close_seq,
            "appraisal_close_seq": fact.close_seq,
            "closed_by": str(fact.closed_by),
        }
        key = f"{fact.period}/{closed[0]}/{closed[1]}"
        await note_causes(uow, [Cause(CauseKind.CLOSING, key, reference | reopened, list(dict.fromkeys(months)))])


async def _reopening(uow: UnitOfWork, period: str, close_seq: int) -> dict[str, Any]:
    """Why the closing before was reopened, where it was."""
    held = await uow.session.scalar(
        select(CorrectionCauseRow.reference).where(
            CorrectionCauseRow.tenant_id == uow.tenant_id,
            CorrectionCauseRow.kind == CauseKind.REOPENING,
            CorrectionCauseRow.key == f"{period}/{close_seq}",
        )
    )
    return {"reopened": held} if held else {}


async def note_new_appraisals(uow: UnitOfWork, facts: list[AppraisalFinalized]) -> None:
    """Take the appraisals in; one that supersedes another, of a month paid by its work, is a cause of its own."""
    await note_appraisals(uow, facts)
    newer = [fact for fact in facts if fact.supersedes is not None]
    runs = [one for one in await paying(uow.session, uow.tenant_id) if one.by_work] if newer else []
    await note_causes(
        uow,
        [
            Cause(
                CauseKind.APPRAISAL,
                f"{fact.employee_id}/{fact.period}/{fact.version}",
                {
                    "event_id": str(fact.event_id),
                    "version": fact.version,
                    "supersedes": fact.supersedes,
                    "predikat": fact.predikat.value,
                    "reason": fact.reason,
                },
                months,
                [fact.employee_id],
            )
            for fact in newer
            if (months := list(dict.fromkeys(one.paid for one in runs if one.of == fact.period)))
        ],
    )
