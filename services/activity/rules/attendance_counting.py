"""Days absent without reason (tanpa keterangan) in a year, and when they must be told. PP 94/2021."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

# PP 94/2021, on coming to work and keeping the hours: cumulative working days in one year at which a sanction, or the
# next grade of it, is due.
THRESHOLDS: tuple[tuple[int, str], ...] = (
    (3, "teguran lisan"),
    (4, "teguran tertulis"),
    (7, "pernyataan tidak puas secara tertulis"),
    (11, "pemotongan tukin/TPP 25 % selama 6 bulan"),
    (14, "pemotongan tukin/TPP 25 % selama 9 bulan"),
    (17, "pemotongan tukin/TPP 25 % selama 12 bulan"),
    (21, "penurunan jabatan setingkat lebih rendah selama 12 bulan"),
    (25, "pembebasan dari jabatan menjadi pelaksana selama 12 bulan"),
    (28, "pemberhentian dengan hormat tidak atas permintaan sendiri"),
)
IN_A_ROW = 10  # PP 94/2021: so many working days without a break lead to dismissal as 28 in the year do
DISMISSAL = THRESHOLDS[-1][1]


@dataclass(frozen=True, slots=True)
class Alert:
    """A threshold that was reached, and the work date that reached it."""

    days: int
    in_a_row: bool
    consequence: str
    reached_on: date


@dataclass(frozen=True, slots=True)
class Absences:
    """`longest_run`: absent working days one after another; days off between them do not break a run."""

    days: tuple[date, ...]
    longest_run: int
    alerts: tuple[Alert, ...]


def absences(scheduled: Iterable[tuple[date, bool]]) -> Absences:
    """Count a year's working days of one employee, given as (work date, absent without reason), ascending."""
    absent: list[date] = []
    alerts: list[Alert] = []
    consequences = dict(THRESHOLDS)
    run = longest = 0
    for day, was_absent in scheduled:
        run = run + 1 if was_absent else 0
        longest = max(longest, run)
        if not was_absent:
            continue
        absent.append(day)
        if len(absent) in consequences:
            alerts.append(Alert(len(absent), False, consequences[len(absent)], day))
        if run == IN_A_ROW:
            alerts.append(Alert(IN_A_ROW, True, DISMISSAL, day))
    return Absences(tuple(absent), longest, tuple(alerts))
