"""What answers show of periods, closings and settings."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel

from services.appraisal.queries.periods import PeriodState
from services.appraisal.tables import ClosingRow, SettingsRow
from shared.events.activity import PeriodTotals
from shared.events.appraisal import AppraisalPeriodClosed
from shared.words import Predikat


class ClosedShown(BaseModel):
    """The control totals a closing states to the other services."""

    period: str
    close_seq: int
    activity_close_seq: int
    supersedes: int | None
    employees: int
    appraisals: int
    by_predikat: dict[Predikat, int]
    root: str
    evaluators_in_default: list[UUID]
    reason: str | None
    closed_by: UUID
    closed_at: datetime
    reopened_by: UUID | None = None
    reopened_at: datetime | None = None
    reopening: str | None = None


def closed_shown(event: AppraisalPeriodClosed) -> ClosedShown:
    return ClosedShown(
        period=event.period,
        close_seq=event.close_seq,
        activity_close_seq=event.activity_close_seq,
        supersedes=event.supersedes,
        employees=event.totals.employees,
        appraisals=event.totals.appraisals,
        by_predikat=event.totals.by_predikat,
        root=event.root,
        evaluators_in_default=list(event.evaluators_in_default),
        reason=event.reason,
        closed_by=event.closed_by,
        closed_at=event.occurred_at,
    )


def _closing_shown(row: ClosingRow) -> ClosedShown:
    return ClosedShown(
        period=row.period,
        close_seq=row.close_seq,
        activity_close_seq=row.activity_close_seq,
        supersedes=row.supersedes,
        employees=row.employees,
        appraisals=row.appraisals,
        by_predikat={Predikat(predikat): count for predikat, count in row.by_predikat.items()},
        root=row.root.hex(),
        evaluators_in_default=row.evaluators_in_default,
        reason=row.reason,
        closed_by=row.closed_by,
        closed_at=row.closed_at,
        reopened_by=row.reopened_by,
        reopened_at=row.reopened_at,
        reopening=row.reopening,
    )


class PeriodShown(BaseModel):
    """`activity_state`: announced, reconciled, differs or reopened; null: activity has not closed the period.

    `stated` is what activity closed on, `held` what is here of it. `employees`: to be appraised, as of now.
    """

    period: str
    status: str
    activity_state: str | None
    activity_close_seq: int
    stated: PeriodTotals
    held: PeriodTotals
    employees: int
    appraised: int
    closings: list[ClosedShown]


def period_shown(period: str, found: PeriodState) -> PeriodShown:
    return PeriodShown(
        period=period,
        status=found.held.status,
        activity_state=found.held.books.state,
        activity_close_seq=found.held.activity_close_seq,
        stated=found.held.books.stated,
        held=found.held.books.held,
        employees=found.employees,
        appraised=found.appraised,
        closings=[_closing_shown(row) for row in found.closings],
    )


class ReopenedShown(BaseModel):
    """`close_seq`: the closing that no longer holds."""

    period: str
    close_seq: int


class SettingsShown(BaseModel):
    valid_from: date
    evaluator_days: int
    set_by: UUID
    set_at: datetime


class AllSettingsShown(BaseModel):
    """Newest first; before the oldest `default_evaluator_days` hold."""

    settings: list[SettingsShown]
    default_evaluator_days: int


def settings_shown(rows: Sequence[SettingsRow], default: int) -> AllSettingsShown:
    shown = [
        SettingsShown(
            valid_from=row.valid_from, evaluator_days=row.evaluator_days, set_by=row.set_by, set_at=row.set_at
        )
        for row in rows
    ]
    return AllSettingsShown(settings=shown, default_evaluator_days=default)
