"""What was done and left undone, day by day."""

from dataclasses import dataclass

from services.payroll.rules.facts.words import STRICT, Day, Flag, Name, Whole


@dataclass(slots=True, kw_only=True, unsafe_hash=True)
class ActivityDay:
    """Approved activities of one work date, of one kind, approved on one day, with the ids behind the sum.

    Never changed, as all facts; only not `frozen`, which makes the twenty of a month cost as much as parsing them.
    """

    __pydantic_config__ = STRICT

    work_date: Day
    minutes: Whole
    count: Whole
    kind: Name = "tusi"
    approved_on: Day | None = None
    ids: tuple[Name, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceDay:
    """One settled employee-day. `absence` and `leave` name the kind; duty counts as present.

    `stayed_minutes` after the end of work; `out_minutes` away without permission, `permitted_minutes` with it.
    Of leave: `letter`, whether its letter was handed in; `inpatient` (rawat inap).
    """

    __pydantic_config__ = STRICT

    work_date: Day
    id: Name = ""
    expected: Flag = True
    late_minutes: Whole = 0
    early_minutes: Whole = 0
    out_minutes: Whole = 0
    permitted_minutes: Whole = 0
    stayed_minutes: Whole = 0
    missing_in: Flag = False
    missing_out: Flag = False
    absence: Name | None = None
    leave: Name | None = None
    letter: Flag = False
    inpatient: Flag = False
    duty: Flag = False
    after_holiday: Flag = False
    apel_expected: Whole = 0
    apel_missed: tuple[Name, ...] = ()

    def __hash__(self) -> int:
        """Of what tells most days apart: the hash of all fields takes longer than what is kept by it."""
        away = (self.absence is None) + 2 * (self.leave is None) + 4 * self.duty + 8 * self.apel_expected
        missing = 16 * self.missing_in + 32 * self.missing_out + away
        return hash(self.work_date) + 64 * (self.late_minutes + 1440 * self.early_minutes) + missing
