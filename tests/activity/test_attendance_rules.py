"""What one employee-day comes to, and how absences count up."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.activity.rules.attendance import DayFacts, DutyKind, Excuse, Outcome, Span, Window, settle
from services.activity.rules.attendance_counting import absences
from services.activity.rules.attendance_pins import PinTerm, mapped
from services.activity.rules.calendar_hours import Clocking, Expected
from shared.words import Apel, LeaveKind, Presence
from tests.support.service import an_id

WIT = ZoneInfo("Asia/Jayapura")
MONDAY = date(2026, 4, 6)


def at(clock: str, day: date = MONDAY) -> datetime:
    """A time on the office's clock, in Papua."""
    return datetime.fromisoformat(f"{day} {clock}").replace(tzinfo=WIT).astimezone(UTC)


def expected(clocking: Clocking = Clocking.FIXED, end: str = "16:00") -> Expected:
    return Expected(at("07:30"), at(end), 60, clocking, "Perpres 21/2023")


def day(*punches: str, **more: object) -> Outcome:
    facts = {"expected": expected(), "punches": sorted(at(clock) for clock in punches)} | more
    return settle(DayFacts(**facts))


def test_in_time_and_to_the_end_is_a_full_day() -> None:
    outcome = day("07:12", "16:03")
    assert outcome.presence is Presence.PRESENT
    assert (outcome.late_minutes, outcome.early_minutes) == (0, 0)
    assert (outcome.actual_in_at, outcome.actual_out_at) == (at("07:12"), at("16:03"))


@pytest.mark.parametrize(
    ("punch", "late"), [("07:30:59", 0), ("07:31", 1), ("08:00", 30), ("08:01", 31), ("09:01:59", 91)]
)
def test_lateness_counts_whole_minutes_after_the_start(punch, late) -> None:
    assert day(punch, "16:00").late_minutes == late


def test_leaving_at_15_20_is_40_minutes_early() -> None:
    assert day("07:30", "15:20").early_minutes == 40


def test_the_first_punch_of_the_morning_and_the_last_of_the_afternoon_count() -> None:
    outcome = day("07:25", "07:26", "12:01", "12:58", "16:01", "16:40")
    assert (outcome.actual_in_at, outcome.actual_out_at) == (at("07:25"), at("16:40"))


def test_the_entry_window_opens_90_minutes_before_the_start() -> None:
    assert day("06:00", "16:00").actual_in_at == at("06:00")
    assert day("05:59", "16:00").missing_in


def test_the_exit_window_closes_240_minutes_after_the_end() -> None:
    assert day("07:30", "20:00").actual_out_at == at("20:00")
    assert day("07:30", "20:01").missing_out


def test_windows_are_the_regions_own_figures() -> None:
    assert day("07:00", "16:00", window=Window(before_minutes=20, after_minutes=240)).missing_in
    noon = day("11:00", "16:00", window=Window(entry_minutes=120))
    assert noon.missing_in
    assert noon.actual_out_at == at("16:00")


def test_only_a_morning_punch_is_a_missing_exit() -> None:
    outcome = day("07:20")
    assert outcome.presence is Presence.PRESENT
    assert (outcome.missing_in, outcome.missing_out) == (False, True)
    assert outcome.early_minutes == 0


def test_only_an_afternoon_punch_is_a_missing_entry() -> None:
    assert day("16:10").missing_in


def test_no_punch_and_no_word_is_tanpa_keterangan_and_nothing_besides() -> None:
    outcome = day()
    assert outcome.presence is Presence.ABSENT
    assert (outcome.missing_in, outcome.missing_out, outcome.late_minutes) == (False, False, 0)


def test_yesterdays_and_tomorrows_punches_are_not_todays() -> None:
    around = sorted([at("16:00", date(2026, 4, 5)), at("07:30", date(2026, 4, 7))])
    assert day(punches=around).presence is Presence.ABSENT


def test_leave_stands_over_punches() -> None:
    outcome = day("09:00", away=LeaveKind.SAKIT)
    assert (outcome.presence, outcome.leave_kind) == (Presence.LEAVE, LeaveKind.SAKIT)
    assert (outcome.late_minutes, outcome.missing_out) == (0, False)


@pytest.mark.parametrize("kind", list(DutyKind))
def test_dinas_luar_wfh_and_diklat_count_as_present_without_a_punch(kind) -> None:
    outcome = day(away=kind)
    assert outcome.presence is Presence.DUTY
    assert outcome.scheduled
    assert (outcome.missing_in, outcome.missing_out) == (False, False)


def test_leave_on_a_day_off_takes_nothing() -> None:
    outcome = day(expected=None, away=LeaveKind.TAHUNAN)
    assert (outcome.scheduled, outcome.presence, outcome.leave_kind) == (False, Presence.OFF, None)


def test_free_hours_ask_for_any_punch_and_count_no_minute() -> None:
    free = expected(Clocking.FREE)
    assert day("11:47", expected=free).presence is Presence.PRESENT
    assert day("11:47", expected=free).late_minutes == 0
    assert day(expected=free).presence is Presence.ABSENT


def test_who_is_exempt_is_present_without_a_punch() -> None:
    assert day(expected=expected(Clocking.EXEMPT)).presence is Presence.PRESENT


def test_a_night_duty_over_midnight_is_one_day() -> None:
    night = Expected(at("21:00"), at("07:00", date(2026, 4, 7)), 0, Clocking.FIXED, "jaga")
    outcome = day(expected=night, punches=[at("21:10"), at("06:50", date(2026, 4, 7))])
    assert (outcome.late_minutes, outcome.early_minutes) == (10, 10)


def test_minutes_of_an_outage_are_not_late() -> None:
    """The machine was down from 07:00 to 08:10; who punched at 08:15 is 5 minutes late, not 45."""
    outcome = day("08:15", "16:00", incidents=[Span(at("07:00"), at("08:10"))])
    assert (outcome.late_minutes, outcome.excused_minutes) == (5, 40)


def test_an_outage_at_the_end_excuses_the_missing_exit() -> None:
    outcome = day("07:30", incidents=[Span(at("15:50"), at("18:00"))])
    assert not outcome.missing_out


def test_an_outage_over_the_morning_makes_nobody_absent() -> None:
    outcome = day(incidents=[Span(at("07:00"), at("09:00"))])
    assert outcome.presence is Presence.PRESENT
    assert (outcome.missing_in, outcome.missing_out) == (False, True)


def test_an_outage_at_night_excuses_nobody() -> None:
    assert day(incidents=[Span(at("01:00"), at("03:00"))]).presence is Presence.ABSENT


def test_an_excuse_takes_away_what_it_names_and_no_more() -> None:
    outcome = day("08:00", "15:00", excused=frozenset({Excuse.LATE}))
    assert (outcome.late_minutes, outcome.early_minutes, outcome.excused_minutes) == (0, 60, 30)


def test_both_missing_punches_excused_is_present() -> None:
    outcome = day(excused=frozenset({Excuse.MISSING_IN, Excuse.MISSING_OUT}))
    assert outcome.presence is Presence.PRESENT


@pytest.mark.parametrize(
    ("facts", "apel"),
    [
        ({}, Apel.NONE),
        ({"apel_at": at("07:15"), "punches": [at("07:14")]}, Apel.ATTENDED),
        ({"apel_at": at("07:15"), "punches": [at("07:16")]}, Apel.MISSED),
        ({"apel_at": at("07:15")}, Apel.MISSED),
        ({"apel_at": at("07:15"), "punches": [at("07:00")], "apel_listed": False}, Apel.MISSED),
        ({"apel_at": at("07:15"), "punches": [at("07:25")], "apel_listed": True}, Apel.ATTENDED),
        ({"apel_at": at("07:15"), "excused": frozenset({Excuse.APEL})}, Apel.NONE),
        ({"apel_at": at("07:15"), "incidents": [Span(at("07:00"), at("08:00"))]}, Apel.NONE),
        ({"apel_at": at("07:15"), "away": DutyKind.DINAS_LUAR}, Apel.NONE),
    ],
)
def test_apel_goes_by_the_roll_else_by_a_punch_in_time(facts, apel) -> None:
    assert day(**facts).apel is apel


@given(
    st.lists(st.integers(0, 2 * 1440 - 1), max_size=8),
    st.lists(st.tuples(st.integers(0, 1440), st.integers(1, 300)), max_size=3),
)
def test_excuses_and_outages_never_make_a_day_worse(punched, outages) -> None:
    start = at("00:00")
    punches = sorted(start + timedelta(minutes=minute) for minute in punched)
    spans, free_from = [], start
    for begins, lasts in sorted(outages):
        begin = max(start + timedelta(minutes=begins), free_from)
        free_from = begin + timedelta(minutes=lasts)
        spans.append(Span(begin, free_from))
    plain = day(punches=punches)
    excused = day(punches=punches, incidents=spans)
    assert excused.late_minutes <= plain.late_minutes
    assert excused.early_minutes <= plain.early_minutes
    assert not (plain.presence is Presence.PRESENT and excused.presence is Presence.ABSENT)
    assert excused.late_minutes + excused.early_minutes + excused.excused_minutes == (
        plain.late_minutes + plain.early_minutes
    )


def workdays(marks: str) -> list[tuple[date, bool]]:
    """A: absent without reason; anything else: there. One working day after another."""
    return [(MONDAY + timedelta(days=n), mark == "A") for n, mark in enumerate(marks)]


def test_three_days_in_a_year_are_told_on_the_third() -> None:
    counted = absences(workdays("A.A..A."))
    assert [(alert.days, alert.reached_on) for alert in counted.alerts] == [(3, MONDAY + timedelta(days=5))]


def test_all_thresholds_of_pp_94_2021_are_told() -> None:
    counted = absences(workdays("A." * 30))
    assert [alert.days for alert in counted.alerts] == [3, 4, 7, 11, 14, 17, 21, 25, 28]
    assert counted.longest_run == 1


def test_ten_in_a_row_are_told_apart() -> None:
    nine = absences(workdays("A" * 9 + "." + "A" * 9))
    ten = absences(workdays("A" * 10))
    assert not any(alert.in_a_row for alert in nine.alerts)
    assert [alert.reached_on for alert in ten.alerts if alert.in_a_row] == [MONDAY + timedelta(days=9)]


BUDI, SITI, WATI = an_id("budi"), an_id("siti"), an_id("wati")


def test_a_number_passes_to_the_next_person_the_day_before_theirs_begins() -> None:
    held = [PinTerm(BUDI, date(2025, 1, 1))]
    after = mapped(held, PinTerm(SITI, date(2026, 4, 1)))
    assert after == (PinTerm(BUDI, date(2025, 1, 1), date(2026, 3, 31)), PinTerm(SITI, date(2026, 4, 1)))


def test_an_earlier_mapping_learned_later_ends_where_the_known_one_begins() -> None:
    after = mapped([PinTerm(SITI, date(2026, 4, 1))], PinTerm(BUDI, date(2026, 1, 1)))
    assert after == (PinTerm(BUDI, date(2026, 1, 1), date(2026, 3, 31)), PinTerm(SITI, date(2026, 4, 1)))


def test_a_mapping_of_the_same_day_is_corrected() -> None:
    assert mapped([PinTerm(BUDI, MONDAY)], PinTerm(WATI, MONDAY)) == (PinTerm(WATI, MONDAY),)


def test_mapping_the_same_again_changes_nothing() -> None:
    held = mapped([PinTerm(BUDI, date(2025, 1, 1))], PinTerm(SITI, MONDAY))
    assert mapped(held, PinTerm(SITI, MONDAY)) == held
