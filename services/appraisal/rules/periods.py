"""When a period may be rated, appraised and closed; each refusal names the state that stands in the way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from shared.errors import Refused
from shared.events.activity import PeriodTotals

RECONCILED, ANNOUNCED, DIFFERS, REOPENED = "reconciled", "announced", "differs", "reopened"
OPEN, CLOSED = "open", "closed"


@dataclass(frozen=True, slots=True)
class Books:
    """What is known here of activity's closing: its state, what was closed, what has arrived."""

    state: str | None  # None: activity has not closed the period
    stated: PeriodTotals
    held: PeriodTotals


def check_reconciled(period: str, books: Books) -> None:
    """Raises Refused, naming the state: nothing is appraised on half of the facts, or on changed ones."""
    if books.state == RECONCILED:
        return
    raise Refused(_not_reconciled(period, books), state=books.state or OPEN)


def _not_reconciled(period: str, books: Books) -> str:
    held, stated = books.held, books.stated
    came = (
        f"{held.activities} of {stated.activities} approved activities and {held.attendance_days} of "
        f"{stated.attendance_days} attendance days"
    )
    if books.state is None:
        return f"activity has not closed {period} yet, so its facts may still change: appraise after that"
    if books.state == REOPENED:
        return f"{period} was reopened by activity: wait until it is closed again"
    if books.state == DIFFERS:
        return f"{period} differs from what activity closed ({came} are here): a person must look first"
    return f"{period} is announced, not yet reconciled: {came} have arrived; the rest is on its way"


def check_open(period: str, status: str) -> None:
    """Raises Refused for a period whose appraisals are closed."""
    if status != OPEN:
        raise Refused(f"the appraisals of {period} are closed; they must be reopened with a reason first", state=status)


def check_begun(period: str, first_day: date, today: date) -> None:
    """Raises Refused for a month that lies ahead; `today` in the region's zone."""
    if first_day > today:
        raise Refused(f"{period} has not begun: there is nothing to rate yet")


def alone_until(announced_at: datetime, evaluator_days: int) -> datetime:
    """Until when the evaluator alone may appraise; after that the next superior above may, too."""
    return announced_at + timedelta(days=evaluator_days)


def check_complete(period: str, unappraised: int, silent: Sequence[str], reason: str | None) -> None:
    """Raises Refused while people are unappraised, unless the closer says why it must close all the same."""
    if not unappraised or reason:
        return
    named = ", ".join(silent[:10]) + (f" and {len(silent) - 10} more" if len(silent) > 10 else "")
    whose = f" by {named}" if silent else ""
    raise Refused(
        f"{unappraised} employees of {period} are not appraised{whose}: appraise them, or close with a reason; "
        "the closing then names the evaluators who stayed silent, and the employees do not lose by it",
        unappraised=unappraised,
    )
