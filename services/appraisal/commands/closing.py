"""Closing a period's appraisals on exact totals, and reopening them with a reason."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update

from services.appraisal.rules.periods import CLOSED, OPEN, check_complete, check_open, check_reconciled
from services.appraisal.tables import AppraisalPeriodRow, ClosingRow
from services.appraisal.tables.evaluators import evaluators
from services.appraisal.tables.population import Standing, root_of, standing, to_be_appraised
from services.appraisal.tables.windows import Window, window
from shared.auth.caller import Caller
from shared.directory.tables import EmployeeRow
from shared.errors import Refused
from shared.events.appraisal import AppraisalPeriodClosed, AppraisalTotals
from shared.period import Period
from shared.period import period as period_named
from shared.unit_of_work import UnitOfWork
from shared.words import Predikat


@dataclass(frozen=True, slots=True)
class _Found:
    """What a period holds at its closing."""

    employees: frozenset[UUID]
    appraisals: Sequence[Standing]
    silent: tuple[UUID, ...]  # evaluators whose staff are not appraised, by id

    @property
    def unappraised(self) -> int:
        return len(self.employees) - len(self.appraisals)


async def close_appraisals(
    uow: UnitOfWork, caller: Caller, period: str, reason: str | None, now: datetime
) -> AppraisalPeriodClosed:
    """State that the period's appraisals are complete, with totals and root.

    Raises Refused where the period is not reconciled, closed already, or people are unappraised and no reason is
    given; with one, the event names the evaluators who stayed silent.
    """
    span = period_named(period)
    held = await window(uow.session, uow.tenant_id, period, alone=True)
    check_open(period, held.status)
    check_reconciled(period, held.books)
    found = await _found(uow, span)
    check_complete(period, found.unappraised, await _names(uow, found.silent), reason)
    event = _event(uow, held, found, period=period, closed_by=caller.actor, reason=reason, now=now)
    uow.session.add(_closing(event))
    await uow.session.execute(
        update(AppraisalPeriodRow)
        .where(AppraisalPeriodRow.tenant_id == uow.tenant_id, AppraisalPeriodRow.period == period)
        .values(status=CLOSED, close_seq=event.close_seq)
    )
    uow.record(event)
    return event


async def _found(uow: UnitOfWork, span: Period) -> _Found:
    """Whoever was appraised counts, too, where a later closing of activity's took their records away."""
    due = await to_be_appraised(uow.session, uow.tenant_id, span)
    appraisals = await standing(uow.session, uow.tenant_id, span.code)
    appraised = {one.employee_id for one in appraisals}
    unappraised = [employee_id for employee_id in due if employee_id not in appraised]
    entitled = await evaluators(uow.session, uow.tenant_id, span, unappraised)
    silent = {superiors[0].superior_id for superiors in entitled.values()}  # the holder of the post before Plt, Plh
    return _Found(frozenset(due) | appraised, appraisals, tuple(sorted(silent)))


async def _names(uow: UnitOfWork, people: Sequence[UUID]) -> list[str]:
    names = await uow.session.scalars(
        select(EmployeeRow.name)
        .where(EmployeeRow.tenant_id == uow.tenant_id, EmployeeRow.employee_id.in_(people))
        .order_by(EmployeeRow.name)
    )
    return list(names.all())


def _event(
    uow: UnitOfWork, held: Window, found: _Found, *, period: str, closed_by: UUID, reason: str | None, now: datetime
) -> AppraisalPeriodClosed:
    by_predikat = Counter(Predikat(one.predikat) for one in found.appraisals)
    return AppraisalPeriodClosed(
        tenant_id=uow.tenant_id,
        occurred_at=now,
        version=held.close_seq + 1,
        period=period,
        close_seq=held.close_seq + 1,
        activity_close_seq=held.activity_close_seq,
        supersedes=held.close_seq or None,
        totals=AppraisalTotals(
            employees=len(found.employees),
            appraisals=len(found.appraisals),
            by_predikat={predikat: by_predikat[predikat] for predikat in Predikat},
        ),
        root=root_of(found.appraisals).hex(),
        evaluators_in_default=found.silent,
        reason=reason if found.unappraised else None,
        closed_by=closed_by,
    )


def _closing(event: AppraisalPeriodClosed) -> ClosingRow:
    return ClosingRow(
        tenant_id=event.tenant_id,
        period=event.period,
        close_seq=event.close_seq,
        activity_close_seq=event.activity_close_seq,
        supersedes=event.supersedes,
        employees=event.totals.employees,
        appraisals=event.totals.appraisals,
        by_predikat={str(predikat): count for predikat, count in event.totals.by_predikat.items()},
        root=bytes.fromhex(event.root),
        evaluators_in_default=list(event.evaluators_in_default),
        reason=event.reason,
        closed_by=event.closed_by,
        closed_at=event.occurred_at,
    )


async def reopen_appraisals(uow: UnitOfWork, caller: Caller, period: str, reason: str, now: datetime) -> int:
    """Let appraisals be corrected again; the close_seq that no longer holds. A closing with a higher one follows."""
    held = await window(uow.session, uow.tenant_id, period, alone=True)
    if held.status == OPEN:
        raise Refused(f"the appraisals of {period} are not closed, so they can be corrected as they are")
    await uow.session.execute(
        update(AppraisalPeriodRow)
        .where(AppraisalPeriodRow.tenant_id == uow.tenant_id, AppraisalPeriodRow.period == period)
        .values(status=OPEN)
    )
    await uow.session.execute(
        update(ClosingRow)
        .where(
            ClosingRow.tenant_id == uow.tenant_id,
            ClosingRow.period == period,
            ClosingRow.close_seq == held.close_seq,
        )
        .values(reopened_by=caller.actor, reopened_at=now, reopening=reason)
    )
    return held.close_seq
