"""Each fault that the newer parts of the grammar can have is named with its place and a remedy."""

from typing import Any

import pytest

from services.payroll.rules import Policy, check
from tests.payroll.people import POLICIES

TEXT = (POLICIES / "serba-ada.yaml").read_text()

# what is replaced, by what, and what is said of it
CHANGES = [
    ("{event: early, take: minutes}]", "{event: early, take: minutes, made_up: {by: 30}}]", "early is not made up"),
    ("beyond: {per_day: 120, per_week: 480}", "beyond: {}", "it permits nothing"),
    ("free: 60, per: 30, whole: ceil}]\n    over: month", "free: 60, per: 30}]\n    over: day", "falls on each day"),
    ("take: days, after_holiday: true}]", "take: days, after_holiday: false}]", "with or only after holidays"),
    ("take: days, after_holiday: true}]", "take: days, letter: true}]", "known in sums, without letter"),
    ("each_time: [25 %, 50 %]", "each_time: [25 %, Rp 5.000]", "Rp 5.000 is in rupiah, the rule is in percent"),
    ("over: year\n    each_time", "over: day\n    each_time", "turns are counted over a month or a year"),
    ("each_time: [25 %, 50 %]", "each_time: [25 %, 150 %]", "150 % is more than there is"),
    ("each_time: [25 %, 50 %]", "each_time: [0 %, 0 %]", "it cuts nothing"),
    ("without_kinds: [sakit, tahunan]", "without_kinds: []", "the list is empty"),
    ("without_kinds: [sakit, tahunan]", "kinds: [sakit], without_kinds: [sakit]", "every kind is also excepted"),
    ("{event: unassessed, take: times}", "{event: unassessed, kinds: [x], take: times}", "unassessed has no kinds"),
    ("kinds: [berat], take: times", "take: times", "which kinds of penalty is not said"),
    ("of: remaining\n  - id: tgr", "of: full\n  - id: tgr", "has no full or earned amount"),
    ("kinds: [tgr], take: times}]", "take: times}]", "which kinds of instalment is not said"),
    ("as_stated: {unit: rupiah}", "as_stated: {unit: percent}\n    of: remaining", "an instalment is in rupiah"),
    ("event: penalty, kinds: [berat], take: times", "event: absent, take: days", "only decisions cut for months"),
    ("hits: [hadir], at_least: 80 %, of: full", "hits: [hadir], at_least: 80 %", "a percentage of what"),
    (
        "hits: [hadir], at_least: 80 %, of: full",
        "hits: [hadirr], at_least: 80 %, of: full",
        "there is no part 'hadirr'",
    ),
    ("hits: total, at_least:", "hits: total, of: full, at_least:", "rupiah are not a share of anything"),
    ("at_least: 80 %, of: full", "at_least: 80 %, at_most: 90 %, of: full", "at_least and at_most stand together"),
    ("at_least: 80 %, of: full", "at_least: 0 %, of: full", "nothing is paid less than nothing"),
    ('hits: total, at_least: "Rp 250.000"', 'hits: total, at_most: "Rp 250.000"', "limit 2 bounds the same already"),
    ("code: hadir", "code: BK", "'BK' is a part and a criterion as well"),
    ("di_bawah_ekspektasi: 60 %", "buruk: 60 %", "a gap: perilaku di_bawah_ekspektasi has no row"),
    ("{kind: staff, per_workday: 300, missing: 100 %}", "{kind: staff, missing: 100 %}", "target of minutes: nothing"),
    (
        "measure: {kind: minutes, per_workday: 300, without: [leave, duty]}\n    supervisor",
        "measure: {kind: minutes, per_month: 6750, without: [leave]}\n    supervisor",
        "does not follow the days",
    ),
    ("when: {flags: [berprestasi]}", "when: {flags: []}", "an empty list is met by nobody"),
    ("when: {flags: [berprestasi]}", "when: {flags: [x], without_flags: [x]}", "every flag is also excluded"),
    ("when: {flags: [berprestasi]}", "when: {kelas: [12]}", "class 12 does not exist here"),
    ("when: {flags: [berprestasi]}", "when: {golongan: [VV]}", "there is no golongan 'VV'"),
    ("when: {flags: [berprestasi]}", "when: {status_asn: [PPPK], golongan: [III/c]}", "none of these golongan"),
    ("    acting: [Plt]\n", "", "it is about acting, and the rule is not"),
    (
        "acted_share: 20 %\n    criterion: BK\n    at: end",
        "acted_instead: true\n    at: base",
        "not paid for some days",
    ),
    ("until: {months: 2}}", "until: {months: 2}, forfeits_after_months: 2}", "is never forfeited"),
    (
        "additions:",
        "entitlement:\n  - {id: e, name: e, article: e, when: {flags: [x]}, pays: 100 %}\nadditions:",
        "100 % changes",
    ),
    (
        "  - id: izin\n",
        "  - {id: dua, name: x, article: x, measure: [{event: unassessed, take: times}], over: month, per_unit: 1 %, "
        "hits: total, of: full}\n  - id: izin\n",
        "'tidak-menilai' and 'dua' cut the same events from the same target",
    ),
    ("take: minutes, made_up: {up_to: 30, by: 30}", "take: minutes, minutes_to: 30", "row 2 can never be reached"),
]


def said(change: tuple[str, str]) -> list[Any]:
    before, after = change
    assert before in TEXT
    checked = check(TEXT.replace(before, after, 1))
    return [] if isinstance(checked, Policy) else list(checked)


def test_the_example_itself_is_whole():
    assert isinstance(check(TEXT), Policy)


@pytest.mark.parametrize(("before", "after", "message"), CHANGES, ids=[message for *_, message in CHANGES])
def test_a_fault_is_named_with_its_place_and_a_remedy(before, after, message):
    found = said((before, after))
    assert any(message in one.message for one in found), found
    assert all("(line " in one.place and one.remedy for one in found)


def test_a_band_above_what_the_measure_gives_is_unreachable():
    text = TEXT.replace(
        'less: [absent, "leave:besar"]}',
        "less: [absent]}\n    bands: [{from: 0 %, pays: as_is}, {from: 110 %, pays: 100 %}]",
    )
    (only,) = check(text)
    assert "band 2 can never be reached: the measure gives at most 100 %" in only.message
