"""Performance recaps of a day, a month or a year."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from services.activity.queries.recaps import Recap
from services.activity.schemas.common import Answer, DayRange


class CountAnswer(Answer):
    activities: int
    minutes: int


class WorkAnswer(Answer):
    approved: CountAnswer
    waiting: CountAnswer
    returned: CountAnswer


class AttendanceAnswer(Answer):
    """Sums over settled employee-days."""

    days: int
    scheduled: int
    present: int
    absent: int
    leave: int
    duty: int
    late_days: int
    late_minutes: int
    early_days: int
    early_minutes: int
    missing_in: int
    missing_out: int
    apel_attended: int
    apel_missed: int


class QuantityAnswer(Answer):
    """`target`: of the result's indicator in that unit, for the whole plan."""

    unit: str
    done: Decimal
    target: Decimal | None


class ProgressAnswer(Answer):
    result_id: UUID
    text: str
    activities: int
    minutes: int
    quantities: list[QuantityAnswer]


class PersonAnswer(Answer):
    employee_id: UUID
    name: str
    nip: str
    work: WorkAnswer
    attendance: AttendanceAnswer
    results: list[ProgressAnswer]


class LineAnswer(Answer):
    """A day of a month, or a month of a year by its first day."""

    first_day: date
    work: WorkAnswer


class RecapAnswer(Answer):
    """Totals and lines over everybody asked about; people a page at a time."""

    first_day: date
    last_day: date
    employees: int
    work: WorkAnswer
    attendance: AttendanceAnswer
    lines: list[LineAnswer]
    people: list[PersonAnswer]
    next: UUID | None = None

    @classmethod
    def of(cls, recap: Recap, days: DayRange, next_after: UUID | None) -> "RecapAnswer":
        return cls(
            first_day=days.first_day,
            last_day=days.last_day,
            employees=recap.employees,
            work=WorkAnswer.model_validate(recap.work),
            attendance=AttendanceAnswer.model_validate(recap.attendance),
            lines=[LineAnswer.model_validate(line) for line in recap.lines],
            people=[PersonAnswer.model_validate(person) for person in recap.people],
            next=next_after,
        )
