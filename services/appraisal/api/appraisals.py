"""HTTP in, commands out: rating, appraising, correcting, and what an appraisal rests on."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, status

from services.appraisal import commands
from services.appraisal.commands import Outcome
from services.appraisal.queries import appraisals, evidence, reach
from services.appraisal.rules.predikat import matrix_on
from services.appraisal.schemas import given, proof, shown
from services.appraisal.tables.windows import window
from shared.auth.caller import Caller
from shared.clock import local_date
from shared.directory.queries import tenant
from shared.http import PROBLEMS, Now, UnitOfWorkDep, may
from shared.period import period as period_named

router = APIRouter(tags=["appraisals"], responses=PROBLEMS)

MayRate = Annotated[Caller, Depends(may("appraisal.rate"))]
MayRead = Annotated[Caller, Depends(may("appraisal.read"))]
After = Annotated[UUID | None, Query(description="the last employee id of the page before")]
Limit = Annotated[int, Query(ge=1, le=1000)]


@router.get("/scales")
async def scales(uow: UnitOfWorkDep, _: MayRead, now: Now, on: date | None = None) -> shown.ScalesShown:
    """The ratings, the BerAKHLAK values with their guides, and the matrix in force on a day (today)."""
    zone = (await tenant(uow.session, uow.tenant_id)).zone
    return shown.scales_shown(matrix_on(on or local_date(now, zone)))


@router.get("/appraisals/{period}")
async def results(
    period: given.PeriodPath, uow: UnitOfWorkDep, caller: MayRead, after: After = None, limit: Limit = 200
) -> shown.ResultsShown:
    """The appraisals that stand, for kepegawaian (their units), BKPSDM and auditors (the region)."""
    employees = await reach.visible_employees(uow.session, uow.tenant_id, caller, period_named(period))
    found = await appraisals.results(uow.session, uow.tenant_id, period, employees=employees, after=after, limit=limit)
    return shown.results_shown(found, limit)


@router.get("/appraisals/{period}/queue")
async def queue(
    *, period: given.PeriodPath, uow: UnitOfWorkDep, caller: MayRate, now: Now, after: After = None, limit: Limit = 200
) -> shown.QueueShown:
    """Whom the caller still has to appraise, and those whose evaluator stayed silent for too long."""
    found = await appraisals.queue(
        uow.session, uow.tenant_id, period_named(period), caller.person, now=now, after=after, limit=limit
    )
    return shown.queue_shown(found, limit)


@router.post("/appraisals/{period}/finalizations")
async def finalize_several(
    period: given.PeriodPath, body: given.FinalizationsGiven, uow: UnitOfWorkDep, caller: MayRate, now: Now
) -> shown.OutcomesShown:
    """Make up to 1,000 appraisals final at once; each entry has its own answer, one that is refused stops no other."""
    entries = [one.entry(one.employee_id) for one in body.entries]
    return shown.outcomes_shown(await commands.finalize(uow, caller, period, entries, now))


@router.get("/appraisals/{period}/{employee_id}")
async def appraisal(
    period: given.PeriodPath, employee_id: UUID, uow: UnitOfWorkDep, caller: MayRead
) -> shown.AppraisalShown:
    """One employee's appraisal with the evidence behind it: approved work per result, attendance day by day."""
    span = period_named(period)
    sight = await reach.sight_of(uow.session, uow.tenant_id, caller, span, employee_id)
    draft = await appraisals.draft_of(uow.session, uow.tenant_id, period, employee_id)
    versions = await appraisals.versions_of(uow.session, uow.tenant_id, period, employee_id)
    held = await window(uow.session, uow.tenant_id, period)
    return shown.AppraisalShown(
        employee_id=employee_id,
        period=period,
        state=held.books.state,
        status=held.status,
        draft=shown.draft_shown(draft) if draft and sight is reach.Sight.EVALUATOR else None,
        versions=[shown.version_shown(row) for row in versions],
        evidence=proof.evidence_shown(await evidence.evidence(uow.session, uow.tenant_id, span, employee_id)),
    )


@router.put("/appraisals/{period}/{employee_id}/draft", status_code=status.HTTP_204_NO_CONTENT)
async def save_draft(
    *,
    period: given.PeriodPath,
    employee_id: UUID,
    body: given.DraftGiven,
    uow: UnitOfWorkDep,
    caller: MayRate,
    now: Now,
) -> None:
    """Keep what the evaluator has written so far, while the period is open."""
    await commands.save_draft(uow, caller, period, employee_id, ratings=body.ratings(), now=now)


@router.post("/appraisals/{period}/{employee_id}/finalization")
async def finalize(
    *,
    period: given.PeriodPath,
    employee_id: UUID,
    body: given.FinalizationGiven,
    uow: UnitOfWorkDep,
    caller: MayRate,
    now: Now,
) -> shown.OutcomeShown:
    """Make one appraisal final, with the ratings sent or those of the draft."""
    [outcome] = await commands.finalize(uow, caller, period, [body.entry(employee_id)], now)
    return _told(outcome)


@router.post("/appraisals/{period}/{employee_id}/corrections")
async def correct(
    *,
    period: given.PeriodPath,
    employee_id: UUID,
    body: given.CorrectionGiven,
    uow: UnitOfWorkDep,
    caller: MayRate,
    now: Now,
) -> shown.OutcomeShown:
    """Replace the appraisal that stands by a new version; the one before stays to be seen."""
    entry = body.entry(employee_id)
    return _told(await commands.correct(uow, caller, period, entry, correction=body.reason, now=now))


def _told(outcome: Outcome) -> shown.OutcomeShown:
    if outcome.error is not None:
        raise outcome.error
    return shown.outcome_shown(outcome)
