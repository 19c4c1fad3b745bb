"""A draft over a month, by pure functions: sums, bands, order, the chart and the workbook."""

import io
import re
from datetime import UTC, datetime
from xml.etree import ElementTree

import python_calamine
from hypothesis import given
from hypothesis import strategies as st

from services.payroll.exports.what_if import chart, what_if_workbook
from services.payroll.rules import evaluate
from services.payroll.rules.facts_format import facts_from
from services.payroll.rules.frozen import with_ids
from services.payroll.rules.what_if import Blocked, Compared, WhatIf, changes, outcome, pack, report, unpack
from tests.payroll import people
from tests.payroll.test_rules_properties import people as anybody
from tests.payroll.test_rules_properties import relaxed

rupiah = st.integers(0, 20_000_000)
somebody = st.builds(
    Compared,
    employee_id=st.uuids().map(str),
    nip=st.from_regex(r"[0-9]{18}", fullmatch=True),
    name=st.text(max_size=20),
    unit=st.sampled_from(["Dinas A", "Dinas <B> & C", "Badan \x0b D"]),
    kelas=st.integers(1, 15),
    before=rupiah,
    after=rupiah,
    gross_before=rupiah,
    gross_after=rupiah,
    net_before=rupiah,
    net_after=rupiah,
)
everybody = st.lists(somebody, max_size=40)


def told(compared, blocked=()) -> WhatIf:
    return WhatIf(
        region="19.05",
        period="2026-10",
        run_id="r",
        run_kind="induk",
        policy_hash="a",
        policy_name="Perbup 1/2026",
        draft_hash="b",
        draft_name="Rancangan <Perbup> & 2/2027",
        report=report(compared, len(blocked)),
        people=tuple(compared),
        reasons={},
        blocked=tuple(blocked),
    )


@relaxed
@given(compared=everybody)
def test_units_classes_bands_and_people_add_up_to_the_same_totals(compared):
    found = report(compared)
    for groups in (found.units, found.classes):
        for name in ("people", "winners", "losers", "before", "after", "gross_before", "gross_after", "net_after"):
            assert sum(getattr(one, name) for one in groups) == getattr(found.total, name)
    assert sum(band.people for band in found.bands) == found.total.people == len(compared)
    assert sum(band.difference for band in found.bands) == found.total.after - found.total.before
    assert sum(band.people for band in found.bands[:5]) == found.total.losers
    assert sum(band.people for band in found.bands[6:]) == found.total.winners
    assert [one.difference for one in found.winners] == sorted((one.difference for one in found.winners), reverse=True)
    assert all(one.difference < 0 for one in found.losers)
    if compared:
        differences = sorted(one.difference for one in compared)
        quantiles = dict(found.quantiles)
        assert (quantiles[0], quantiles[100]) == (differences[0], differences[-1])
        assert list(quantiles.values()) == sorted(quantiles.values())


def one(before: int, after: int, **said) -> Compared:
    plain = {"employee_id": "e", "nip": "1" * 18, "name": "A", "unit": "Dinas", "kelas": 7}
    amounts = {"gross_before": before, "gross_after": after, "net_before": before, "net_after": after}
    return Compared(**plain | amounts | {"before": before, "after": after} | said)


def test_a_change_falls_in_the_band_whose_far_edge_it_does_not_exceed():
    def band(before: int, after: int) -> tuple[int | None, int | None]:
        (found,) = [(one.low, one.high) for one in report([one(before, after)]).bands if one.people]
        return found

    assert band(100, 100) == (0, 0)
    assert (band(100, 105), band(100, 106)) == ((0, 5), (5, 10))
    assert (band(100, 95), band(100, 94)) == ((-5, 0), (-10, -5))
    assert (band(100, 151), band(0, 1), band(100, 49)) == ((50, None), (50, None), (None, -50))


@relaxed
@given(person=anybody())
def test_facts_without_the_ids_of_activities_come_to_the_same_amounts(person):
    without = facts_from(person)
    whole = with_ids(without, bytes(16 * sum(day.count for day in without.activities)))
    assert all(len(day.ids) == day.count for day in whole.activities)
    for name in ("jambi-kind", "samarinda-kind", "bertingkat"):
        policy, paid = people.policy(name), evaluate(people.policy(name), whole)
        found = outcome(policy, without)
        assert (found.payable, found.gross, found.net) == (paid.payable, paid.gross, paid.net)
        assert bool(found.blocked) == paid.blocked


def test_the_lines_that_differ_are_named_by_what_they_change():
    facts = people.example("jambi-kind-t1")
    jambi, samarinda = (evaluate(people.policy(name), facts).lines for name in ("jambi-kind", "samarinda-kind"))
    assert changes(jambi, jambi) == ()
    found = changes(jambi, samarinda)
    sums = [sum(int(line["amount"]) for line in lines if line["kind"] != "base") for lines in (jambi, samarinda)]
    assert sum(line.after - line.before for line in found) == sums[1] - sums[0]
    sizes = [abs(line.after - line.before) for line in found]
    assert sizes == sorted(sizes, reverse=True)


@relaxed
@given(compared=everybody)
def test_what_is_packed_is_what_comes_out_and_the_same_bytes_each_time(compared):
    found = told(compared, [Blocked("1" * 18, "B", "Dinas", "no base")])
    assert unpack(pack(found)) == found
    assert pack(unpack(pack(found))) == pack(found)


@relaxed
@given(compared=everybody, language=st.sampled_from(["id", "en"]))
def test_the_chart_is_well_formed_tells_its_sums_to_a_screen_reader_and_is_the_same_each_time(compared, language):
    found = told(compared)
    drawn = chart(found, language)
    assert drawn == chart(unpack(pack(found)), language)
    svg = ElementTree.fromstring(drawn)
    named = "{http://www.w3.org/2000/svg}"
    assert svg.get("role") == "img"
    assert svg.find(f"{named}title").text.endswith("Rancangan <Perbup> & 2/2027")
    assert "Rp" in svg.find(f"{named}desc").text
    shown = " ".join(text.text or "" for text in svg.iter(f"{named}text"))
    assert all(word in shown for word in (("tetap", "sebelum") if language == "id" else ("unchanged", "before")))
    height = int(svg.get("height"))
    assert all(0 <= int(text.get("y")) < height for text in svg.iter(f"{named}text"))


def test_the_workbook_holds_the_sums_and_everybody_by_name_and_is_the_same_each_time():
    compared = [one(100, 150, nip="1" * 18), one(200, 120, nip="2" * 18, kelas=9, unit="Badan")]
    found = told(compared, [Blocked("3" * 18, "C", "Dinas", "no base for kelas 3")])
    made_at = datetime(2026, 11, 2, tzinfo=UTC)
    written = what_if_workbook(found, made_at=made_at)
    assert written == what_if_workbook(unpack(pack(found)), made_at=made_at)
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(written))
    assert book.sheet_names == ["Kelas", "Unit", "Sebaran", "Pegawai", "Tidak dihitung"]
    rows = book.get_sheet_by_name("Pegawai").to_python()
    (losing, winning) = [row for row in rows if re.fullmatch(r"[0-9]{18}", str(row[0]))]
    assert losing[:7] == ["2" * 18, "A", "Badan", 9.0, 200.0, 120.0, -80.0]
    assert winning[6] == 50.0
    assert rows[-1][4:7] == [300.0, 270.0, -30.0]
