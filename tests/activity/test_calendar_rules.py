"""Working days and work hours: rows of Perpres 21/2023, and what regions decide over it."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.activity.rules.attendance import Window
from services.activity.rules.calendar import (
    Calendar,
    holiday,
    is_working_day,
    nth_working_day_after,
    working_days,
)
from services.activity.rules.calendar_defaults import BEBAS_PRESENSI, ENAM_HARI, LIMA_HARI
from services.activity.rules.calendar_hours import (
    Clocking,
    Expected,
    Hours,
    SpecialHours,
    expected_hours,
    weekly_minutes,
    worked_minutes,
)
from services.activity.rules.calendar_region import (
    ApelWord,
    Content,
    Decision,
    HolidayWord,
    RamadanWord,
    Region,
    apel_on,
    calendar_for,
    ramadans,
    schedules_for,
    window_on,
)

DINAS, SEKOLAH, GURU = uuid4(), uuid4(), uuid4()
JAKARTA, JAYAPURA = "Asia/Jakarta", "Asia/Jayapura"
LONG_AGO = date(2020, 1, 1)
NATIONAL = Calendar({})

MONDAY = date(2026, 4, 6)
FRIDAY = date(2026, 4, 10)
SATURDAY = date(2026, 4, 11)
RAMADAN_MONDAY = date(2026, 2, 23)
RAMADAN_FRIDAY = date(2026, 2, 27)
NYEPI = date(2026, 3, 19)


def decision(
    content: Content,
    first: date = LONG_AGO,
    last: date | None = None,
    *,
    unit: UUID | None = None,
    employee: UUID | None = None,
    made: int = 1,
) -> Decision:
    return Decision(content, first, last, datetime(2026, 1, made, tzinfo=UTC), unit, employee)


def region(*decisions: Decision, zone: str = JAKARTA) -> Region:
    return Region(zone, decisions, {SEKOLAH: DINAS, DINAS: None})


def hours_on(
    day: date, *decisions: Decision, unit: UUID | None = SEKOLAH, employee: UUID | None = None, zone: str = JAKARTA
) -> str | None:
    """Expected in and out on the region's own clock, such as '07:30-16:00'."""
    expected = expected_hours(schedules_for(region(*decisions, zone=zone), unit, employee), day)
    return told(expected, zone) if expected else None


def told(expected: Expected, zone: str) -> str:
    clock = ZoneInfo(zone)
    return f"{expected.in_at.astimezone(clock):%H:%M}-{expected.out_at.astimezone(clock):%H:%M}"


def test_five_days_come_to_37_hours_and_30_minutes_a_week() -> None:
    assert weekly_minutes(LIMA_HARI.regular) == 37 * 60 + 30


@pytest.mark.parametrize("pattern", [LIMA_HARI, ENAM_HARI])
def test_ramadan_comes_to_32_hours_and_30_minutes_a_week(pattern) -> None:
    assert weekly_minutes(pattern.ramadan) == 32 * 60 + 30


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (MONDAY, "07:30-16:00"),
        (FRIDAY, "07:30-16:30"),
        (SATURDAY, None),
        (RAMADAN_MONDAY, "08:00-15:00"),
        (RAMADAN_FRIDAY, "08:00-15:30"),
        (NYEPI, None),
    ],
)
def test_without_a_decision_perpres_21_2023_holds(day, expected) -> None:
    assert hours_on(day) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (MONDAY, "07:30-14:30"),
        (FRIDAY, "07:30-11:30"),
        (SATURDAY, "07:30-13:00"),
        (date(2026, 4, 12), None),
        (RAMADAN_FRIDAY, "08:00-14:00"),
        (date(2026, 2, 28), "08:00-14:00"),
    ],
)
def test_a_six_day_week_works_on_saturday(day, expected) -> None:
    assert hours_on(day, decision(ENAM_HARI)) == expected


def test_the_same_morning_is_two_hours_earlier_in_papua() -> None:
    papua = expected_hours(schedules_for(region(zone=JAYAPURA), None), MONDAY)
    java = expected_hours(schedules_for(region(), None), MONDAY)
    assert papua.in_at == datetime(2026, 4, 5, 22, 30, tzinfo=UTC)
    assert java.in_at - papua.in_at == timedelta(hours=2)


def test_the_nearest_pattern_counts() -> None:
    decisions = (decision(LIMA_HARI), decision(ENAM_HARI, unit=DINAS), decision(BEBAS_PRESENSI, employee=GURU))
    assert hours_on(SATURDAY, *decisions, unit=None) is None
    assert hours_on(SATURDAY, *decisions, unit=SEKOLAH) == "07:30-13:00"
    assert hours_on(SATURDAY, *decisions, unit=SEKOLAH, employee=GURU) is None


def test_a_pattern_holds_from_its_day_on_and_the_later_outdoes_the_earlier() -> None:
    decisions = (decision(ENAM_HARI, date(2026, 1, 1)), decision(LIMA_HARI, SATURDAY))
    assert hours_on(SATURDAY - timedelta(days=7), *decisions) == "07:30-13:00"
    assert hours_on(SATURDAY, *decisions) is None


def test_in_january_of_the_next_years_the_same_pattern_still_holds() -> None:
    from_february = decision(ENAM_HARI, date(2026, 2, 1))
    for saturday in (date(2027, 1, 9), date(2028, 1, 8)):
        assert hours_on(saturday, from_february) == "07:30-13:00"


def test_a_special_friday_ends_earlier_and_the_thursday_before_does_not() -> None:
    short = Hours(time(7, 30), time(11, 0))
    fridays = decision(SpecialHours(FRIDAY, date(2026, 12, 31), short, "Perwali 31/2022", weekday=4))
    assert hours_on(FRIDAY, fridays) == "07:30-11:00"
    assert hours_on(FRIDAY + timedelta(days=7), fridays) == "07:30-11:00"
    assert hours_on(FRIDAY - timedelta(days=1), fridays) == "07:30-16:00"


def test_special_hours_are_not_worked_on_a_day_off_unless_they_say_so() -> None:
    event = SpecialHours(SATURDAY, SATURDAY, Hours(time(6), time(9)), "jalan santai")
    duty = SpecialHours(SATURDAY, SATURDAY, Hours(time(6), time(9)), "pengganti", also_when_off=True)
    assert hours_on(SATURDAY, decision(event)) is None
    assert hours_on(SATURDAY, decision(duty)) == "06:00-09:00"


def test_a_night_duty_ends_on_the_following_day() -> None:
    night = SpecialHours(NYEPI, NYEPI, Hours(time(21), time(7)), "jaga malam", also_when_off=True)
    expected = expected_hours(schedules_for(region(decision(night, employee=GURU)), SEKOLAH, GURU), NYEPI)
    assert (expected.out_at - expected.in_at) == timedelta(hours=10)
    assert expected.out_at.astimezone(ZoneInfo(JAKARTA)).date() == NYEPI + timedelta(days=1)


def test_around_the_clock_is_a_day_of_24_hours() -> None:
    assert worked_minutes(Hours(time(8), time(8), 60)) == 23 * 60


def test_cuti_bersama_is_no_working_day_and_has_its_name() -> None:
    assert holiday(NATIONAL, date(2026, 3, 18)) == "Cuti Bersama Hari Suci Nyepi"
    assert not is_working_day(NATIONAL, date(2026, 3, 18))


def test_march_2026_has_17_working_days() -> None:
    assert len(working_days(NATIONAL, date(2026, 3, 1), date(2026, 3, 31))) == 17


def test_a_region_adds_a_holiday_and_works_on_another() -> None:
    anniversary = decision(HolidayWord("HUT Kabupaten"), MONDAY, MONDAY)
    worked = decision(HolidayWord(None), NYEPI, NYEPI)
    calendar = calendar_for(region(anniversary, worked))
    assert holiday(calendar, MONDAY) == "HUT Kabupaten"
    assert is_working_day(calendar, NYEPI)


def test_a_school_holiday_is_one_for_the_schools_alone() -> None:
    school_holiday = decision(HolidayWord("Libur semester"), MONDAY, FRIDAY, unit=SEKOLAH)
    assert hours_on(MONDAY, school_holiday, unit=SEKOLAH) is None
    assert hours_on(MONDAY, school_holiday, unit=DINAS) == "07:30-16:00"


def test_the_later_decision_on_a_holiday_outdoes_the_earlier() -> None:
    added = decision(HolidayWord("Pilkada"), MONDAY, MONDAY, made=1)
    moved = decision(HolidayWord(None), MONDAY, MONDAY, made=2)
    assert is_working_day(calendar_for(region(added, moved)), MONDAY)


def test_a_region_sets_its_own_days_of_ramadan() -> None:
    later = decision(RamadanWord(), date(2026, 2, 20), date(2026, 3, 20))
    assert hours_on(date(2026, 2, 19), later) == "07:30-16:00"
    assert hours_on(date(2026, 2, 20), later) == "08:00-15:30"
    assert len(ramadans(region(later))) == len(ramadans(region()))


def test_filing_within_three_working_days_after_thursday_ends_on_tuesday() -> None:
    assert nth_working_day_after(NATIONAL, date(2026, 4, 9), 3) == date(2026, 4, 14)


def test_the_long_holidays_of_idul_fitri_stretch_a_filing_window() -> None:
    assert nth_working_day_after(NATIONAL, date(2026, 3, 17), 1) == date(2026, 3, 25)


def test_a_window_of_no_days_ends_on_the_day_itself() -> None:
    assert nth_working_day_after(NATIONAL, SATURDAY, 0) == SATURDAY


def test_a_calendar_without_working_days_is_refused_and_not_searched_for_ever() -> None:
    never = calendar_for(region(decision(HolidayWord("libur"), MONDAY, MONDAY + timedelta(days=4000))))
    with pytest.raises(ValueError, match="fewer than 1 working days"):
        nth_working_day_after(never, MONDAY, 1)


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.integers(0, 40))
def test_between_a_day_and_its_nth_working_day_lie_n_working_days(day, n) -> None:
    end = nth_working_day_after(NATIONAL, day, n)
    assert len(working_days(NATIONAL, day + timedelta(days=1), end)) == n


def test_apel_is_every_monday_where_the_region_says_so_and_an_upacara_goes_before_it() -> None:
    mondays = decision(ApelWord(0, time(7, 15), "Apel Senin"))
    upacara = decision(ApelWord(None, time(7, 0), "Upacara"), MONDAY, MONDAY)
    both = region(mondays, upacara)
    assert apel_on(both, SEKOLAH, MONDAY).name == "Upacara"
    assert apel_on(both, SEKOLAH, MONDAY + timedelta(days=7)).name == "Apel Senin"
    assert apel_on(both, SEKOLAH, FRIDAY) is None


def test_the_windows_are_those_of_the_nearest_unit_from_their_day_on() -> None:
    decisions = region(decision(Window(30, 60), MONDAY), decision(Window(15, 30), FRIDAY, unit=DINAS))
    assert window_on(decisions, SEKOLAH, FRIDAY) == Window(15, 30)
    assert window_on(decisions, SEKOLAH, MONDAY) == Window(30, 60)
    assert window_on(decisions, SEKOLAH, MONDAY - timedelta(days=1)) == Window(90, 240)


def test_bebas_presensi_asks_for_no_punch() -> None:
    expected = expected_hours(schedules_for(region(decision(BEBAS_PRESENSI)), DINAS), MONDAY)
    assert expected.clocking is Clocking.EXEMPT


def test_units_in_a_circle_end_somewhere() -> None:
    circle = Region(JAKARTA, [decision(ENAM_HARI, unit=DINAS)], {DINAS: SEKOLAH, SEKOLAH: DINAS})
    assert expected_hours(schedules_for(circle, SEKOLAH), SATURDAY) is not None
