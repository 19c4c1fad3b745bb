"""Work patterns to start from, as data with their source. What a region decides from a date on stands over them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import time
from types import MappingProxyType

from services.activity.rules.calendar_hours import Clocking, Hours, Pattern, Week


def _hours(start: str, end: str, break_minutes: int) -> Hours:
    return Hours(time.fromisoformat(start), time.fromisoformat(end), break_minutes)


def _week(weekday: Hours, friday: Hours, saturday: Hours | None, legal_basis: str) -> Week:
    return Week((weekday, weekday, weekday, weekday, friday, saturday, None), legal_basis)


# Art. 3: five days. Art. 4: (1) 37 h 30 m a week without breaks, (3) from 07:30 local time, (5) breaks of 60 minutes,
# on Fridays 90; in Ramadan (2) 32 h 30 m, (4) from 08:00, (6) breaks of 30 minutes, on Fridays 60.
LIMA_HARI = Pattern(
    code="5-hari",
    name="Lima hari kerja",
    regular=_week(
        _hours("07:30", "16:00", 60), _hours("07:30", "16:30", 90), None, "Perpres 21/2023 art. 4 (1), (3), (5)"
    ),
    ramadan=_week(
        _hours("08:00", "15:00", 30), _hours("08:00", "15:30", 60), None, "Perpres 21/2023 art. 4 (2), (4), (6)"
    ),
)

# Perpres 21/2023 leaves the hours of six days to the PPK (art. 7). The regular ones are those of one region, breaks
# not stated there; those of Ramadan come to the 32 h 30 m of art. 4 (2) with the breaks of art. 4 (6).
ENAM_HARI = Pattern(
    code="6-hari",
    name="Enam hari kerja",
    regular=_week(
        _hours("07:30", "14:30", 0),
        _hours("07:30", "11:30", 0),
        _hours("07:30", "13:00", 0),
        "Perwali Samarinda 31/2022 (an example: set the region's own)",
    ),
    ramadan=_week(
        _hours("08:00", "14:00", 30),
        _hours("08:00", "14:00", 60),
        _hours("08:00", "14:00", 30),
        "Perpres 21/2023 art. 4 (2), (4), (6)",
    ),
)

BEBAS_PRESENSI = replace(LIMA_HARI, code="bebas-presensi", name="Bebas presensi", clocking=Clocking.EXEMPT)

BUILT_IN: Mapping[str, Pattern] = MappingProxyType(
    {pattern.code: pattern for pattern in (LIMA_HARI, ENAM_HARI, BEBAS_PRESENSI)}
)
