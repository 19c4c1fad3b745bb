"""Every region under deploy/policies: documents that are whole, and cases that come out to the rupiah."""

import re
from functools import cache
from pathlib import Path

import pytest

from deploy.cli._regions import Outcome, regions_in
from services.payroll.rules.cases import read_cases

FOLDER = Path("deploy/policies")
REGIONS = sorted(folder.name for folder in FOLDER.iterdir() if folder.is_dir())
LEAST_CASES = 120
EXAMPLES = {"T1", "T2", "T4", "T6", "T8", "T9", "T10", "T11"}  # domain 13.1

# what domain 4.3, 4.4, 4.5 and 4.9 name, and the folder that computes it
VARIANTS = {
    "60/40 by predikat": "jambi",
    "60/40 by points, with subordinates": "kota-bogor",
    "60/40, a nominative list": "pemda-nominatif",
    "70/30, then 60/10/30": "sumedang",
    "40/18/42": "pemda-40-18-42",
    "kehadiran 30, SKP 20, laporan 50": "deli-serdang",
    "30/50/20, before 30/45/20 + 5": "kota-perwal-2017",
    "70 predikat / 30 presensi": "simpegnas-kemnaker",
    "300 minutes a day": "jakarta-puskesmas",
    "390 minutes a day": "kemenkes-390",
    "6,750 minutes a month": "seruyan",
    "basic x (persentase + tambahan)": "pemda-persentase",
    "tiers on discipline alone": "tulang-bawang",
    "tiers on the whole, postponement": "samarinda",
    "a cliff": "ngawi",
    "1 minute, 1, 2 and 4 hours": "oku-timur",
    "TL1 to TL4": "tebo",
    "3 to 4 % a day": "sleman",
    "ten days, exclusions": "padang-pariaman",
    "apel by the day": "mukomuko",
    "first day after a holiday: 50 %": "bolmong",
    "first day after a holiday: 50 %, a city": "kotamobagu",
    "first day after a holiday: 25 %, then 50 %": "bontang",
    "flat rupiah": "tanjung-jabung-barat",
    "penalties over months": "permentan-68-2012",
    "lateness made up": "tkpkn-kemenkeu",
    "an hour, more than an hour": "bgn-2025",
    "Plt, an early December": "balangan",
    "LHKPN": "bengkulu",
    "PPPK paruh waktu, minimum wage": "kalsel",
    "THR and TPP-13": "timor-tengah-utara",
    "SAKIP, nested parts": "regency-a",
    "daily value": "regency-b",
}


@cache
def outcome_of(region: str) -> Outcome:
    (one,) = regions_in([FOLDER / region])
    return one


def case_files() -> list[Path]:
    return sorted(FOLDER.glob("*/cases/*.yaml"))


@pytest.mark.parametrize("region", REGIONS)
def test_a_regions_documents_are_whole_and_its_cases_come_out(region):
    assert outcome_of(region).failures == []
    assert outcome_of(region).cases > 0


def test_there_are_enough_cases_and_none_is_left_out():
    assert sum(outcome_of(region).cases for region in REGIONS) >= LEAST_CASES
    read_in = sum(len(read_cases(file.read_bytes()).file.cases) for file in case_files())
    assert sum(outcome_of(region).passed for region in REGIONS) == read_in


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_variant_of_the_domain_sheet_is_present(variant):
    assert VARIANTS[variant] in REGIONS


def test_every_worked_example_of_the_domain_sheet_is_among_the_cases():
    sources = [case.source or "" for file in case_files() for case in read_cases(file.read_bytes()).file.cases]
    assert {number for source in sources for number in re.findall(r"13\.1 (T\d+)", source)} == EXAMPLES


@pytest.mark.parametrize("file", case_files(), ids=lambda file: f"{file.parts[-3]}/{file.stem}")
def test_a_case_says_where_it_comes_from_and_how_it_is_worked_out(file):
    for case in read_cases(file.read_bytes()).file.cases:
        assert case.source, f"{case.id} has no source"
        assert case.because, f"{case.id} has no arithmetic"


@pytest.mark.parametrize("region", REGIONS)
def test_a_document_says_that_it_is_a_reconstruction_and_the_readme_names_it(region):
    for policy in outcome_of(region).documents.values():
        assert "ekonstruksi" in policy.document.legal_basis.title
        assert "ekonstruksi" in policy.document.name
    assert f"`{region}`" in (FOLDER / "README.md").read_text()


def test_sumedangs_rule_of_february_2023_holds_in_every_later_january():
    januaries = read_cases((FOLDER / "sumedang" / "cases" / "januari.yaml").read_bytes()).file.cases
    months = {case.facts["month"]: case.expect.lines["TPP/statis"] for case in januaries}
    assert months["2023-01"] == 3_500_000
    assert {months[f"{year}-01"] for year in (2024, 2025, 2026)} == {3_000_000}
