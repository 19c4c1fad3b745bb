"""What is waited for after a run was stated, and from which working day on somebody is asked why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID


class Missing(StrEnum):
    """What is not there."""

    ACKNOWLEDGEMENT = "acknowledgement"  # the payroll system has not answered
    AGREEMENT = "agreement"  # it answered with other figures
    PAYMENT = "payment"  # it agreed, and not all of it is paid


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a stated run stands. `since`: when it was stated or last answered; paid: whole rupiah, as the bank says."""

    run_id: UUID
    period: str
    kind: str
    state: str
    count: int
    net: int
    paid: int
    by_bank: bool  # whether a bank file was made: then the bank's word counts, and not the mark alone
    since: date | None


@dataclass(frozen=True, slots=True)
class Chase:
    """What is missing of a run. `late_by`: working days after the due day; 0: not late yet."""

    run_id: UUID
    period: str
    kind: str
    missing: Missing
    since: date
    due: date
    late_by: int
    open_net: int


def chase_of(
    run: Standing, today: date, workdays: Mapping[date, bool], *, acknowledged: int, paid: int
) -> Chase | None:
    """None where nothing is missing. `acknowledged`, `paid`: within how many working days after `since`."""
    missing = missing_of(run)
    if missing is None or run.since is None:
        return None
    due = after_workdays(run.since, paid if missing is Missing.PAYMENT else acknowledged, workdays)
    late = sum(workdays.get(due + timedelta(days=n), True) for n in range(1, (today - due).days + 1))
    open_net = run.net - run.paid if missing is Missing.PAYMENT else run.net
    return Chase(run.run_id, run.period, run.kind, missing, run.since, due, late, open_net)


def missing_of(run: Standing) -> Missing | None:
    """A run is whole when it is acknowledged, and paid: by the bank's word where it has one, else as it was marked."""
    if run.state == "published":
        return Missing.ACKNOWLEDGEMENT
    if run.state == "differs":
        return Missing.AGREEMENT
    whole = run.paid >= run.net if run.by_bank else run.state == "paid"
    return None if whole or not run.net else Missing.PAYMENT


def after_workdays(start: date, count: int, workdays: Mapping[date, bool]) -> date:
    """The day on which so many working days have passed after a day; a day that is not known counts as one."""
    day = start
    while count > 0:
        day += timedelta(days=1)
        count -= workdays.get(day, True)
    return day
