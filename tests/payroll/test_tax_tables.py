"""National tables: the boundary oracle of PMK 168/2023, what the check refuses, which holds when."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from importlib import import_module
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from deploy.cli.policy import app
from services.payroll.rules import Policy, canonical, evaluate, national
from services.payroll.rules.national import Table
from tests.payroll.people import line
from tests.payroll.slow_tpp import CATEGORY, LAYERS, TER
from tests.payroll.taxes import BPJS_1, earning, taxed
from tests.payroll.taxes import TER as TAX
from tests.payroll.test_policy_reading import RUBBISH

DAY = date(2026, 10, 1)
DATA = Path("services/payroll/rules/data")


def held(on: date = DAY) -> Table:
    found = national.income_tax(national.book(on))
    assert found is not None
    return found[0]


def ter(ptkp: str) -> national.Ter:
    table = held()
    assert isinstance(table.document, national.IncomeTax)
    return table.ter[table.document.category[ptkp]]


def edges():
    for category, rows in TER.items():
        ptkp = next(status for status, of in CATEGORY.items() if of == category)
        steps = [row.split(":") for row in rows.split()]
        rates = [Fraction(rate) / 100 for _, rate in steps] + [Fraction(34, 100)]
        for at, (top, _) in enumerate(steps):
            yield ptkp, int(top) * 1000, rates[at], rates[at + 1]


@pytest.mark.parametrize(("ptkp", "edge", "below", "above"), list(edges()))
def test_each_edge_of_ter_belongs_to_the_lower_bracket(ptkp, edge, below, above):
    table = ter(ptkp)
    assert table.tax(edge, 1, "half_up") == int(edge * below + Fraction(1, 2))
    assert table.tax(edge + 1, 1, "half_up") == int((edge + 1) * above + Fraction(1, 2))
    assert (table.rate(edge).numerator, table.rate(edge).denominator) == (below.numerator, below.denominator)


@pytest.mark.parametrize(
    ("ptkp", "gross", "tax"),
    [
        ("TK/0", 5_400_000, 0),
        ("TK/0", 5_400_001, 13_500),
        ("TK/1", 15_000_000, 900_000),
        ("K/1", 6_200_000, 0),
        ("K/1", 6_200_001, 15_500),
        ("K/3", 30_000_000, 3_300_000),
        ("K/3", 9_800_000, 122_500),
        ("K/3", 9_800_001, 147_000),
        ("K/2", 9_200_000, 92_000),
        ("TK/2", 9_200_001, 138_000),
        ("K/0", 2_000_000_000, 680_000_000),
    ],
)
def test_ter_at_the_boundaries_of_the_oracle(ptkp, gross, tax):
    assert ter(ptkp).tax(gross, 1, "half_up") == tax


@pytest.mark.parametrize("category", ["A", "B", "C"])
def test_ter_brackets_rise_without_gap_to_34_percent(category):
    table = held().ter[category]
    assert all(low < high for low, high in pairwise(table.bounds))
    shares = [Fraction(rate.numerator, rate.denominator) for rate in table.rates]
    assert all(low < high for low, high in pairwise(shares))
    assert (shares[0], shares[-1], len(shares)) == (0, Fraction(34, 100), len(table.bounds) + 1)


def test_pasal_17_goes_through_every_layer():
    layers = held().layers
    assert layers.tax(0) == 0
    assert layers.tax(60_000_000) == 3_000_000
    assert layers.tax(60_001_000) == 3_000_150
    assert layers.tax(6_000_000_000) == 3_000_000 + 28_500_000 + 62_500_000 + 1_350_000_000 + 350_000_000
    for top, _ in LAYERS[:-1]:
        assert layers.tax(top * 1000 + 1000) - layers.tax(top * 1000) > layers.tax(top * 1000) - layers.tax(
            top * 1000 - 1000
        )


def test_no_table_holds_before_its_day():
    assert "income_tax" not in national.book(date(2023, 12, 31))
    assert "income_tax" in national.book(date(2024, 1, 1))
    assert "final_tax" in national.book(date(2011, 1, 1))


def test_every_table_is_read_back_by_the_name_that_facts_keep_of_it():
    pinned = national.pins(DAY)
    assert national.book(DAY, pinned) == national.book(DAY)
    assert national.book(date(1990, 1, 1), pinned) == national.book(DAY)
    assert national.book(DAY, ("0" * 16,)) == {}


def document(name: str, **changed: object) -> str:
    """A table of ours with some entries written otherwise."""
    (file,) = DATA.glob(f"{name}-*.yaml")
    return yaml.safe_dump(yaml.safe_load(file.read_text()) | changed, sort_keys=False)


def whole(text: str) -> Table:
    checked = national.check_table(text)
    assert isinstance(checked, Table), checked
    return checked


def test_a_new_laws_table_takes_effect_by_its_date_and_a_correction_replaces_the_wrong_edition():
    future = whole(document("bpjs_kesehatan", effective_from="2027-01-01", ceiling=15_000_000))
    mended = whole(document("bpjs_kesehatan", edition=2, ceiling=12_500_000))
    among = national.arranged([*national.tables(), future, mended])
    ceilings = {
        day: national.in_force(day, among)["bpjs_kesehatan"].document.ceiling
        for day in (date(2026, 12, 31), date(2027, 1, 1))
    }
    assert ceilings == {date(2026, 12, 31): 12_500_000, date(2027, 1, 1): 15_000_000}
    assert len({future.hash, mended.hash, held().hash}) == 3
    with pytest.raises(ValueError, match="same name, day and edition"):
        national.arranged([*national.tables(), whole(document("bpjs_kesehatan", ceiling=1))])


def test_the_employer_pays_for_death_by_the_rate_of_the_month():
    """PP 70/2015 Pasal 30, and PP 66/2017, which raised it; that for accidents stayed (Pasal 22)."""
    rates = {
        (scheme, day): national.contributions(national.book(day), scheme)[1].employer * 10_000
        for scheme in ("jkk", "jkm")
        for day in (date(2015, 7, 1), date(2017, 12, 1), date(2018, 1, 1))
    }
    assert [rates["jkm", day] for day in (date(2015, 7, 1), date(2017, 12, 1), date(2018, 1, 1))] == [30, 30, 72]
    assert {rates["jkk", day] for _, day in rates} == {24}


def test_the_published_tables_are_never_edited():
    """A run names the tables it used by these hashes: a change is a new document or a new edition."""
    published = {
        f"{one.document.name}-{one.document.effective_from}.{one.document.edition}": one.hash
        for one in national.tables()
    }
    assert published == {
        line.split()[0]: line.split()[1] for line in (DATA / "published.txt").read_text().splitlines() if line
    }


BROKEN = {
    "a last row with an end": (
        {"ter": {"A": [{"up_to": 5_400_000, "rate": "0 %"}]}},
        ("ter.A[1].up_to", "a gap: amounts above 5400000 belong to no row"),
    ),
    "rows in the wrong order": (
        {"ter": {"A": [{"up_to": 9, "rate": "0 %"}, {"up_to": 9, "rate": "1 %"}, {"up_to": None, "rate": "2 %"}]}},
        ("ter.A[2].up_to", "row 2 (up to 9) can never be reached: rows before it go to 9"),
    ),
    "rows after the end": (
        {"ter": {"A": [{"up_to": None, "rate": "0 %"}, {"up_to": 9, "rate": "1 %"}]}},
        ("ter.A[1].up_to", "rows after row 1 can never be reached: it has no end"),
    ),
    "a falling rate": (
        {"ter": {"A": [{"up_to": 9, "rate": "3 %"}, {"up_to": None, "rate": "2 %"}]}},
        ("ter.A[2].rate", "row 2 taxes more income at a lower rate"),
    ),
    "a rate that takes all": (
        {"ter": {"A": [{"up_to": None, "rate": "100 %"}]}},
        ("ter.A[1].rate", "a tax of 100 % leaves nothing"),
    ),
    "a status without category": (
        {"category": {"TK/0": "A"}},
        ("category", "PTKP status K/3 is missing"),
    ),
    "a category without table": (
        {"category": {"TK/0": "D"}},
        ("category.TK/0", "there is no TER table D"),
    ),
    "a table nobody needs": (
        {"category": dict.fromkeys(CATEGORY, "A")},
        ("ter.C", "no PTKP status leads to this table"),
    ),
    "a status that is not the law's": (
        {"category": CATEGORY | {"K/4": "C"}},
        ("category.K/4", "the row of K/4 can never be reached"),
    ),
    "a rate without its unit": (
        {"ter": {"A": [{"up_to": None, "rate": 5}]}},
        ("ter.A[1].rate", "5 does not fit"),
    ),
    "a percentage for rupiah": (
        {"ptkp": {"TK/0": "5 %"}},
        ("ptkp.TK/0", "'5 %' does not fit"),
    ),
    "an unknown key": ({"terr": {}}, ("terr", "this key is not known here")),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_table_that_is_not_whole_is_refused_with_the_place(name):
    changed, (place, message) = BROKEN[name]
    problems = national.check_table(document("income_tax", **changed))
    assert isinstance(problems, tuple)
    found = [(one.place.partition(" (line")[0], one.message) for one in problems]
    assert (place, message) in [(at, said[: len(message)]) for at, said in found], found
    assert all("(line" in one.place or one.place == "document" for one in problems)
    assert all(one.remedy for one in problems)


@pytest.mark.parametrize(
    ("name", "changed", "message"),
    [
        ("final_tax", {"rates": {"I": "0 %"}}, "golongan IV has no rate"),
        ("final_tax", {"rates": dict.fromkeys(("I", "II", "III", "IV"), "100 %")}, "a tax of 100 % leaves nothing"),
        ("final_tax", {"pppk": {"I": "I"}}, "PPPK golongan XVII has no group"),
        ("final_tax", {"pppk": {"XVIII": "I"}}, "PPPK has no such golongan"),
        ("bpjs_kesehatan", {"floor": 13_000_000}, "the floor is above the ceiling of 12000000"),
        ("bpjs_kesehatan", {"ceiling": 0}, "a ceiling of 0 takes nothing from anybody"),
        ("bpjs_kesehatan", {"kind": "rates"}, "does not fit"),
        ("bpjs_kesehatan", {"scheme": "bpjs"}, "'bpjs' does not fit"),
    ],
)
def test_a_rate_table_that_is_not_whole_is_refused(name, changed, message):
    problems = national.check_table(document(name, **changed))
    assert isinstance(problems, tuple)
    assert any(message in one.message for one in problems), problems


@pytest.mark.parametrize("text", ["", "[]", "x: [", "format: takar.national/1", "format: takar.policy/1", "\x00"])
def test_what_is_no_table_is_refused_without_a_traceback(text):
    problems = national.check_table(text)
    assert isinstance(problems, tuple)
    assert problems


def test_a_national_table_is_told_from_a_policy():
    assert national.is_national(document("jkk"))
    assert not national.is_national("format: takar.policy/1")
    assert not national.is_national("x: [")
    assert not isinstance(national.check_table(document("jkk")), Policy)
    assert "IncomeTax" in national.table_schema()["$defs"]


@pytest.fixture
def later(monkeypatch):
    """A time in which TER has been corrected for the same day, and a new law has doubled the BPJS ceiling."""
    rows = yaml.safe_load(next(DATA.glob("income_tax-*.yaml")).read_text())["ter"]
    mended = whole(document("income_tax", edition=2, ter=rows | {"A": [{"up_to": None, "rate": "3 %"}]}))
    ceiling = whole(document("bpjs_kesehatan", effective_from="2026-10-01", ceiling=24_000_000))
    known = national.arranged([*national.tables(), mended, ceiling])
    national.book.cache_clear()
    monkeypatch.setattr(import_module("services.payroll.rules.national.book"), "tables", lambda: known)
    yield
    national.book.cache_clear()


FROZEN = earning(9_000_000, salary={"gross": "6000000", "bpjs_base": "6000000"}, tables=list(national.pins(DAY)))
THEN = canonical(evaluate(taxed(TAX, BPJS_1), FROZEN))


@pytest.mark.usefixtures("later")
def test_what_was_frozen_before_gives_the_same_bytes_after_later_tables_came():
    assert canonical(evaluate(taxed(TAX, BPJS_1), FROZEN)) == THEN
    now = evaluate(taxed(TAX, BPJS_1), replace(FROZEN, tables=()))
    assert (now.tax, line(now, "bpjs-1")) == (450_000, -90_000)
    assert now.tables["income_tax"] != evaluate(taxed(TAX, BPJS_1), FROZEN).tables["income_tax"]


@pytest.mark.parametrize("text", RUBBISH)
def test_rubbish_is_no_table_and_gives_no_traceback(text):
    assert isinstance(national.check_table(text), tuple)
    assert not national.is_national(text)


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_a_table_with_an_entry_exchanged_is_refused_or_whole_and_gives_no_traceback(data):
    (file,) = DATA.glob(f"{data.draw(st.sampled_from(['income_tax', 'final_tax', 'jkk', 'bpjs_kesehatan']))}-*.yaml")
    lines = file.read_text().splitlines()
    at = data.draw(st.integers(0, len(lines) - 1))
    lines[at] = data.draw(
        st.sampled_from(["", "x: 1", "- 5", f"{lines[at]}{lines[at]}", "kind: tax", "ter: [1]", "a: {"])
    )
    checked = national.check_table("\n".join(lines))
    assert isinstance(checked, Table) or all(problem.remedy for problem in checked)


def test_takar_policy_check_says_whether_a_national_table_is_whole(tmp_path):
    runner = CliRunner()
    good = runner.invoke(app, ["check", str(next(DATA.glob("income_tax-*.yaml")))])
    assert good.exit_code == 0, good.output
    assert held().hash in good.output
    broken = tmp_path / "bpjs.yaml"
    broken.write_text(document("bpjs_kesehatan", floor=13_000_000))
    refused = runner.invoke(app, ["check", str(broken)])
    assert refused.exit_code == 1
    assert "the floor is above the ceiling" in refused.output
    schema = runner.invoke(app, ["schema", "--national"])
    assert "IncomeTax" in schema.output
