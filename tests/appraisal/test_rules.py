"""The quadrant of PermenPANRB 6/2022, spellings from other sheets, the seven values, and when a period may go on."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.appraisal.rules import periods
from services.appraisal.rules.behaviour import BERAKHLAK, Value, suggested_perilaku
from services.appraisal.rules.predikat import MATRICES, Matrix, matrix_on, predikat
from services.appraisal.rules.ratings import Complete, Judged, Ratings, completed
from services.appraisal.rules.spellings import predikat_named, rating_named
from shared.errors import Refused
from shared.events.activity import PeriodTotals
from shared.words import Predikat, Rating

ATAS, SESUAI, BAWAH = Rating.DI_ATAS, Rating.SESUAI, Rating.DI_BAWAH
MATRIX = matrix_on(date(2026, 3, 31))


@pytest.mark.parametrize(
    ("hasil_kerja", "perilaku_kerja", "expected"),
    [
        (ATAS, ATAS, Predikat.SANGAT_BAIK),
        (ATAS, SESUAI, Predikat.BAIK),
        (ATAS, BAWAH, Predikat.KURANG),
        (SESUAI, ATAS, Predikat.BAIK),
        (SESUAI, SESUAI, Predikat.BAIK),
        (SESUAI, BAWAH, Predikat.KURANG),
        (BAWAH, ATAS, Predikat.BUTUH_PERBAIKAN),
        (BAWAH, SESUAI, Predikat.BUTUH_PERBAIKAN),
        (BAWAH, BAWAH, Predikat.SANGAT_KURANG),
    ],
)
def test_each_cell_of_the_quadrant(hasil_kerja: Rating, perilaku_kerja: Rating, expected: Predikat) -> None:
    assert predikat(MATRIX, hasil_kerja, perilaku_kerja) is expected


def test_good_work_with_bad_conduct_is_kurang_not_baik() -> None:
    assert predikat(MATRIX, ATAS, BAWAH) is Predikat.KURANG


def test_good_conduct_does_not_make_up_for_missing_work() -> None:
    assert predikat(MATRIX, BAWAH, ATAS) is Predikat.BUTUH_PERBAIKAN


def test_a_matrix_names_its_source_and_lacks_no_cell() -> None:
    for matrix in MATRICES:
        assert matrix.source
        assert len(matrix.cells) == 9
    with pytest.raises(ValueError, match="no cell"):
        Matrix(date(2030, 1, 1), "half of a regulation", {(ATAS, ATAS): Predikat.SANGAT_BAIK})


def test_the_newest_matrix_that_has_begun_is_in_force() -> None:
    cells = dict.fromkeys(MATRIX.cells, Predikat.BAIK)
    later = Matrix(date(2027, 1, 1), "a later regulation", cells)
    assert matrix_on(date(2026, 12, 31), [*MATRICES, later]) is MATRIX
    assert matrix_on(date(2027, 1, 1), [*MATRICES, later]) is later


def test_before_the_regulation_there_is_no_predikat() -> None:
    with pytest.raises(Refused, match="no matrix of predikat was in force on 2021-12-31"):
        matrix_on(date(2021, 12, 31))


@pytest.mark.parametrize(
    ("spelt", "meant"),
    [
        ("Cukup/Butuh Perbaikan", Predikat.BUTUH_PERBAIKAN),
        ("Cukup", Predikat.BUTUH_PERBAIKAN),
        ("butuh_perbaikan", Predikat.BUTUH_PERBAIKAN),
        ("KURANG (MISCONDUCT)", Predikat.KURANG),
        ("Kurang/misconduct", Predikat.KURANG),
        ("KURANG", Predikat.KURANG),
        ("SANGATBAIK", Predikat.SANGAT_BAIK),
        ("Sangat Baik", Predikat.SANGAT_BAIK),
        (" sangat  kurang ", Predikat.SANGAT_KURANG),
        ("baik", Predikat.BAIK),
    ],
)
def test_spellings_of_other_sheets_mean_one_predikat(spelt: str, meant: Predikat) -> None:
    assert predikat_named(spelt) is meant


@pytest.mark.parametrize(
    ("spelt", "meant"),
    [("DI ATAS EKSPEKTASI", ATAS), ("sesuai_ekspektasi", SESUAI), ("Di bawah", BAWAH), ("Dibawah Ekspektasi", BAWAH)],
)
def test_spellings_of_other_sheets_mean_one_rating(spelt: str, meant: Rating) -> None:
    assert rating_named(spelt) is meant


@pytest.mark.parametrize("spelt", ["", "Buruk", "sangat", "9"])
def test_an_unknown_word_is_no_predikat(spelt: str) -> None:
    with pytest.raises(ValueError, match="is no predikat"):
        predikat_named(spelt)


def seven(*others: Rating) -> dict[Value, Rating]:
    return dict(zip(Value, [*others, *[SESUAI] * (7 - len(others))], strict=True))


@pytest.mark.parametrize(
    ("ratings", "suggested"),
    [
        (seven(), SESUAI),
        (seven(ATAS, ATAS, ATAS), SESUAI),
        (seven(ATAS, ATAS, ATAS, ATAS), ATAS),
        (seven(ATAS, ATAS, ATAS, ATAS, ATAS, ATAS, BAWAH), SESUAI),
        (seven(BAWAH, BAWAH, BAWAH), SESUAI),
        (seven(BAWAH, BAWAH, BAWAH, BAWAH), BAWAH),
    ],
)
def test_the_seven_values_suggest_their_middle_but_no_praise_over_a_failing(
    ratings: dict[Value, Rating], suggested: Rating
) -> None:
    assert suggested_perilaku(ratings) is suggested


def test_nothing_is_suggested_before_all_seven_are_rated() -> None:
    six = seven()
    del six[Value.KB]
    assert suggested_perilaku(six) is None


def test_each_value_of_berakhlak_has_three_guides() -> None:
    assert [len(BERAKHLAK[value].conduct) for value in Value] == [3] * 7


def test_complete_ratings_are_an_appraisal() -> None:
    ratings = Ratings(SESUAI, ATAS, {value: Judged(SESUAI) for value in Value}, "target tercapai", None)
    assert isinstance(completed(ratings), Complete)


def test_every_missing_part_is_named_with_what_to_do() -> None:
    faults = completed(Ratings(hasil_kerja=SESUAI, values={Value.BP: Judged(BAWAH)}))
    assert isinstance(faults, tuple)
    assert [fault.place for fault in faults] == [
        "perilaku_kerja",
        "reason",
        *[f"values.{value}" for value in Value if value is not Value.BP],
        "values.BP.feedback",
    ]
    assert all(fault.remedy for fault in faults)


def books(state: str | None, activities: int = 10, days: int = 5) -> periods.Books:
    stated = PeriodTotals(activities=12, minutes=600, attendance_days=8, employees=4)
    held = PeriodTotals(activities=activities, minutes=500, attendance_days=days, employees=4)
    return periods.Books(state, stated, held)


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (None, "activity has not closed 2026-03 yet"),
        ("announced", "10 of 12 approved activities and 5 of 8 attendance days have arrived"),
        ("differs", "a person must look first"),
        ("reopened", "was reopened by activity"),
    ],
)
def test_an_unreconciled_period_is_refused_with_its_state(state: str | None, said: str) -> None:
    with pytest.raises(Refused, match=said):
        periods.check_reconciled("2026-03", books(state))


def test_a_reconciled_period_goes_on() -> None:
    periods.check_reconciled("2026-03", books("reconciled"))


def test_a_month_ahead_cannot_be_rated() -> None:
    with pytest.raises(Refused, match="has not begun"):
        periods.check_begun("2026-04", date(2026, 4, 1), date(2026, 3, 31))
    periods.check_begun("2026-04", date(2026, 4, 1), date(2026, 4, 1))


def test_the_evaluator_is_alone_for_as_many_days_as_the_region_says() -> None:
    announced = datetime(2026, 4, 1, 8, tzinfo=UTC)
    assert periods.alone_until(announced, 5) == announced + timedelta(days=5)


def test_closing_with_people_unappraised_names_the_silent_and_asks_for_a_reason() -> None:
    with pytest.raises(Refused, match="3 employees of 2026-03 are not appraised by Ani, Budi: appraise them"):
        periods.check_complete("2026-03", 3, ["Ani", "Budi"], None)
    with pytest.raises(Refused, match="and 2 more"):
        periods.check_complete("2026-03", 30, [f"Pegawai {n}" for n in range(12)], None)
    periods.check_complete("2026-03", 3, ["Ani"], "Budi is ill")
    periods.check_complete("2026-03", 0, [], None)
