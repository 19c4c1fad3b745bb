"""What holds of tax for every income: the net that was promised, no rupiah below zero, the year in the end."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.payroll.rules import evaluate, facts_from, facts_to_dict, national
from services.payroll.rules.settlement.dues import Due, gross_up
from shared.money import ROUNDING_MODES, round_ratio
from tests.payroll.slow_tpp import CATEGORY, LAYERS, PTKP
from tests.payroll.slow_tpp import TER as TER_ROWS
from tests.payroll.taxes import BPJS_1, BPJS_4, FINAL, NONE, ROUNDING, TER, ZAKAT, earning, paid, taxed

some = settings(max_examples=120, deadline=None)
statuses = st.sampled_from(sorted(CATEGORY))
EDGES = [int(row.split(":")[0]) * 1000 for rows in TER_ROWS.values() for row in rows.split()]
# as likely near a bracket's edge as anywhere
incomes = st.one_of(
    st.integers(0, 60_000_000),
    st.tuples(st.sampled_from(EDGES), st.integers(-3, 3)).map(sum),
    st.integers(0, 2_000_000_000),
)
earned = incomes.map(lambda amount: min(amount, 999_999_999))
small = st.integers(0, 3_000_000)
roundings = st.fixed_dictionaries({"mode": st.sampled_from(ROUNDING_MODES), "unit": st.sampled_from([1, 1, 100, 1000])})
REGION = {"borne_by": "region"}
golongan = st.sampled_from(["I/a", "II/c", "III/b", "IV/e"])


def tax_of(ptkp, gross, rounding):
    """TER once more, from the oracle's table."""
    rows = (row.split(":") for row in TER_ROWS[CATEGORY[ptkp]].split())
    rate = next((Fraction(percent) / 100 for top, percent in rows if gross <= int(top) * 1000), Fraction(34, 100))
    exact = gross * rate
    return round_ratio(exact.numerator, exact.denominator, rounding["unit"], rounding["mode"])


@some
@given(ptkp=statuses, tpp=earned, salary=incomes, taxed_salary=small, rounding=roundings)
def test_where_the_region_bears_ter_the_net_is_that_without_tax_and_the_tax_is_ter_of_all(
    ptkp, tpp, salary, taxed_salary, rounding
):
    rule = {"rounding": ROUNDING | {"tax": rounding}}
    said = {"employee": {"ptkp": ptkp}, "salary": {"gross": str(salary), "tax": str(taxed_salary)}}
    borne = paid(taxed(TER | REGION, BPJS_4, BPJS_1, **rule), tpp, **said)
    free = paid(taxed(NONE, BPJS_4, BPJS_1, **rule), tpp, **said)
    assert borne.net == free.net
    assert borne.tax == borne.tax_allowance
    assert borne.tax == max(0, tax_of(ptkp, salary + tpp + borne.tax_allowance, rounding) - taxed_salary)


@some
@given(golongan=golongan, tpp=earned, rounding=roundings)
def test_where_the_region_bears_final_tax_the_net_is_that_without_tax(golongan, tpp, rounding):
    rule = {"rounding": ROUNDING | {"tax": rounding}}
    borne = paid(taxed(FINAL | REGION, BPJS_1, **rule), tpp, employee={"golongan": golongan})
    rate = {"I": 0, "II": 0, "III": 5, "IV": 15}[golongan.split("/")[0]]
    assert borne.net == paid(taxed(NONE, BPJS_1, **rule), tpp).net
    assert borne.tax == borne.tax_allowance
    assert borne.tax == round_ratio((tpp + borne.tax) * rate, 100, rounding["unit"], rounding["mode"])


@st.composite
def years(draw):
    """A year that is settled now, of which TPP bore some share of the tax."""
    taken, share = draw(st.integers(0, 100_000_000)), draw(st.integers(0, 100))
    return {
        "gross_before": str(draw(incomes)),
        "tax_before": str(taken),
        "tpp_tax_before": str(taken * share // 100),
        "months": draw(st.integers(1, 12)),
    }


@some
@given(ptkp=statuses, tpp=earned, year=years())
def test_where_the_region_bears_the_years_tax_the_net_is_that_without_tax(ptkp, tpp, year):
    said = {"employee": {"ptkp": ptkp}, "salary": {"gross": "5000000"}, "tax_year": year}
    borne = paid(taxed(TER | REGION), tpp, month=12, **said)
    assert borne.net == tpp
    assert borne.tax == borne.tax_allowance
    assert borne.gross >= 0


@some
@given(ptkp=statuses, tpp=earned, salary=incomes)
def test_the_allowance_is_the_least_that_makes_up_for_the_tax_and_is_found_in_few_steps(ptkp, tpp, salary):
    document = taxed(TER | REGION).document
    table, law = national.income_tax(national.book(date(2026, 10, 1)))
    ter, asked = table.ter[law.category[ptkp]], []

    def tax(allowance):
        asked.append(allowance)
        return ter.tax(salary + tpp + allowance, 1, document.rounding.tax.mode)

    allowance = gross_up(Due(tax, lambda allowance: {}))
    assert len(asked) <= 80
    assert tax(allowance) == allowance
    for less in {0, allowance // 2, allowance - 1, allowance * 99 // 100} - {allowance}:
        assert less < 0 or tax(less) > less


@some
@given(ptkp=statuses, one=incomes, other=incomes)
def test_within_a_bracket_tax_grows_with_income_and_over_an_edge_it_grows_too(ptkp, one, other):
    table, law = national.income_tax(national.book(date(2026, 10, 1)))
    ter = table.ter[law.category[ptkp]]
    low, high = sorted((one, other))
    assert ter.tax(low, 1, "half_up") <= ter.tax(high, 1, "half_up") <= high
    if ter.rate(low) == ter.rate(high) and low < high:
        grown = ter.tax(high, 1, "half_up") - ter.tax(low, 1, "half_up")
        assert (
            abs(grown * ter.rate(low).denominator - (high - low) * ter.rate(low).numerator) <= ter.rate(low).denominator
        )


@some
@given(one=incomes, other=incomes)
def test_pasal_17_agrees_with_the_layers_counted_one_by_one(one, other):
    layers = national.income_tax(national.book(date(2026, 10, 1)))[0].layers
    for taxable in (one, other):
        tax, below = Fraction(0), 0
        for top, rate in LAYERS:
            tax += Fraction(max(0, min(taxable, top * 1000) - below) * rate, 100)
            below = top * 1000
        assert layers.tax(taxable) == tax
    assert layers.tax(min(one, other)) <= layers.tax(max(one, other))


money = st.integers(0, 30_000_000).map(str)


@st.composite
def months(draw):
    """A month with debts, unpaid tax and contributions that may be more than there is."""
    recoveries = draw(st.lists(st.tuples(st.sampled_from(["debt", "tax"]), money), max_size=3))
    return earning(
        draw(st.integers(0, 30_000_000)),
        month=draw(st.sampled_from([3, 10, 12])),
        salary={name: draw(money) for name in ("gross", "tax", "bpjs_base", "gaji_pokok")},
        tax_year=draw(st.none() | years()),
        consents=[{"id": "c", "kind": "zakat", "valid_from": "2026-01-01"}],
        recoveries=[
            {"id": str(at), "cause": "x", "amount": amount, "kind": kind}
            for at, (kind, amount) in enumerate(recoveries)
        ],
    )


@pytest.mark.parametrize("borne", [{}, REGION])
@pytest.mark.parametrize("tax", [TER, FINAL, NONE])
@settings(some, max_examples=60)
@given(month=months(), fee=st.integers(0, 5_000_000), jht=st.booleans())
def test_nobody_is_paid_below_zero_and_every_rupiah_not_taken_is_carried(tax, borne, month, fee, jht):
    rules = [BPJS_4, BPJS_1, {"id": "iuran", "payer": "employee", "rupiah": fee}, ZAKAT]
    if jht:
        rules.append({"id": "jht", "payer": "employee", "scheme": "jht", "of": "gaji_pokok"})
    statement = evaluate(taxed(tax | borne, *rules), month)
    assert statement.net == statement.gross - statement.deductions >= 0
    assert statement.net == sum(int(one["amount"]) for one in statement.lines if one["kind"] != "base")
    assert 0 <= statement.unrecovered_tax <= statement.unrecovered
    assert bool(statement.unrecovered) is any(one["code"] == "carried-forward" for one in statement.warnings)
    assert facts_from(facts_to_dict(month)) == month


@settings(some, max_examples=60)
@given(
    ptkp=statuses,
    monthly=st.lists(st.tuples(st.integers(0, 40_000_000), st.integers(2_000_000, 9_000_000)), min_size=1, max_size=12),
    pension=st.integers(0, 400_000),
)
def test_the_months_and_the_settlement_add_up_to_pasal_17_on_the_year(ptkp, monthly, pension):
    """Month by month with TER and a settlement at the end (a leaver's in any month), tax carried and given back."""
    policy, employee = taxed(TER), {"ptkp": ptkp}
    gross = tax = carried = 0
    last = 12 if len(monthly) > 6 else len(monthly)
    first = last - len(monthly) + 1
    for at, (tpp, salary) in enumerate(monthly):
        month = first + at
        said = {
            "employee": employee,
            "salary": {"gross": str(salary), "pension": str(pension)},
            "recoveries": [{"id": "t", "cause": "PPh 21", "amount": str(carried), "kind": "tax"}] if carried else [],
        }
        if month == last:
            said["tax_year"] = {
                "gross_before": str(gross),
                "tax_before": str(tax),
                "tpp_tax_before": str(tax),
                "pension": str(pension * at),
                "months": len(monthly),
            }
        statement = paid(policy, tpp, month=month, **said)
        gross += salary + statement.taxable
        tax += statement.year_tax
        carried = statement.unrecovered_tax
    cost = min(Fraction(gross, 20), Fraction(500_000 * len(monthly)))
    taxable = max(0, (gross - cost - pension * len(monthly) - PTKP[ptkp] * 1000) // 1000)
    due, below = Fraction(0), 0
    for top, rate in LAYERS:
        due += Fraction(max(0, min(taxable, top) - below) * 1000 * rate, 100)
        below = top
    assert tax + carried == due
