"""Why somebody's month is paid otherwise than the one before: every thing that is looked at, said in both languages."""

from typing import Any

import pytest

from services.payroll.rules.comparing import Basis, reasons
from services.payroll.rules.words import Said
from tests.payroll.people import day, facts, segment

PLAIN = Basis(facts(), "a" * 64)
DECIDED = {"author": "BKPSDM", "reason": "SK 1"}
ACTING = {"id": "plt-1", "capacity": "Plt", "level": "higher", "kelas": 11, "workdays": 21}
CORRECTION = {"id": "k", "period": "2026-09", "cause": "susulan", "amount": "-70000", "paid": "a", "now": "b"}


def changed(policy: str = "a" * 64, **said: Any) -> list[Said]:
    return reasons(PLAIN, Basis(facts(**said), policy))


def test_two_months_alike_in_facts_and_rules_have_nothing_to_tell() -> None:
    assert reasons(PLAIN, PLAIN) == []
    assert reasons(PLAIN, Basis(facts(), "a" * 64)) == []


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"segments": [segment(kelas=9)]}, ("kelas 7 menjadi 9", "class 7 to 9")),
        ({"segments": [segment(position="Kepala")]}, ("jabatan Analis menjadi Kepala", "position Analis to Kepala")),
        ({"employee": {"status_asn": "CPNS"}}, ("status PNS menjadi CPNS", "status PNS to CPNS")),
        ({"employee": {"golongan": "III/c"}}, ("golongan III/b menjadi III/c", "golongan III/b to III/c")),
        ({"employee": {"ptkp": "K/1"}}, ("PTKP K/0 menjadi K/1", "PTKP K/0 to K/1")),
        ({"predikat": "kurang"}, ("predikat baik menjadi kurang", "predikat baik to kurang")),
        (
            {"predikat": None, "predikat_missing": "not_due"},
            ("predikat baik menjadi not_due", "predikat baik to not_due"),
        ),
        ({"predikat": None}, ("predikat baik menjadi -", "predikat baik to -")),
        ({"segments": [segment(workdays=20)]}, ("hari kerja 21 menjadi 20", "workdays 21 to 20")),
        (
            {"activities": [{"work_date": f"2026-10-0{n}", "minutes": 5400, "count": 1} for n in (1, 2)]},
            ("menit kinerja 0 menjadi 10.800", "approved minutes 0 to 10.800"),
        ),
        (
            {"attendance": [day(6, absence="tanpa_keterangan"), day(7, absence="tanpa_keterangan")]},
            ("hari tidak hadir 0 menjadi 2", "days absent 0 to 2"),
        ),
        ({"attendance": [day(6, leave="sakit")]}, ("hari cuti 0 menjadi 1", "days of leave 0 to 1")),
        (
            {"attendance": [day(6, late_minutes=12), day(7, late_minutes=30)]},
            ("menit terlambat 0 menjadi 42", "minutes late 0 to 42"),
        ),
        ({"attendance": [day(6, early_minutes=9)]}, ("menit pulang cepat 0 menjadi 9", "minutes early 0 to 9")),
        (
            {"attendance": [day(6, missing_in=True, missing_out=True), day(7, missing_out=True)]},
            ("lupa absen 0 menjadi 3", "missing punches 0 to 3"),
        ),
        (
            {"attendance": [day(6, apel_missed=["apel", "senam"])]},
            ("apel ditinggalkan 0 menjadi 2", "apel missed 0 to 2"),
        ),
        ({"acting": [ACTING]}, ("Plt/Plh - menjadi Plt 11", "acting posts - to Plt 11")),
        (
            {"penalties": [{"id": "p", "kind": "sedang_6", "effective_from": "2026-10-01"}]},
            ("hukuman disiplin - menjadi sedang_6", "penalties - to sedang_6"),
        ),
        (
            {
                "instalments": [
                    {"id": "u", "kind": "tgr", "start": "2026-10-01", "monthly": "250000", "total": "500000"} | DECIDED
                ]
            },
            ("angsuran - menjadi Rp 250.000", "instalments - to Rp 250.000"),
        ),
        (
            {"carried": [{"id": "c", "period": "2026-09", "amount": "1500000"}]},
            ("TPP tertunda Rp 0 menjadi Rp 1.500.000", "TPP carried over Rp 0 to Rp 1.500.000"),
        ),
        ({"corrections": [CORRECTION]}, ("koreksi Rp 0 menjadi Rp -70.000", "corrections Rp 0 to Rp -70.000")),
        (
            {"recoveries": [{"id": "r", "cause": "lebih bayar", "amount": "5000"}]},
            ("penagihan Rp 0 menjadi Rp 5.000", "recoveries Rp 0 to Rp 5.000"),
        ),
        (
            {"salary": {"gross": "5200000"}},
            ("gaji kotor Rp 0 menjadi Rp 5.200.000", "gross salary Rp 0 to Rp 5.200.000"),
        ),
    ],
)
def test_what_differs_is_told_as_it_was_and_as_it_is(said: dict[str, Any], told: tuple[str, str]) -> None:
    assert changed(**said) == [Said(*told)]


def test_what_was_held_one_after_another_is_told_in_that_order_and_each_once() -> None:
    posts = [
        segment(1, 10, kelas=7, workdays=7),
        segment(11, 20, kelas=9, workdays=7),
        segment(21, 31, kelas=7, workdays=7),
    ]
    assert changed(segments=posts) == [Said("kelas 7 menjadi 7 + 9", "class 7 to 7 + 9")]


def test_other_rules_are_told_last_by_the_beginning_of_their_hashes() -> None:
    told = changed("b" * 64, predikat="kurang", employee={"ptkp": "TK/0"})
    assert [one.en for one in told] == [
        "predikat baik to kurang",
        "PTKP K/0 to TK/0",
        "policy aaaaaaaa to bbbbbbbb",
    ]
    assert told[-1].id == "aturan aaaaaaaa menjadi bbbbbbbb"


def test_rules_alone_explain_a_difference_where_the_facts_are_the_same() -> None:
    assert changed("0123456789" + "a" * 54) == [Said("aturan aaaaaaaa menjadi 01234567", "policy aaaaaaaa to 01234567")]
