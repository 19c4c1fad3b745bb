"""Tax and contributions case by case: each mode, gross-up, the year, who bears what, what is carried."""

import pytest

from services.payroll.rules import check, evaluate, formula, national
from tests.payroll.people import REGIONS, facts, line, policy
from tests.payroll.taxes import BPJS_1, BPJS_4, FINAL, NONE, TER, ZAKAT, document, earning, paid, taxed

REGION = {"borne_by": "region"}
PPPK = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV", "XVI", "XVII"]


def codes(statement):
    return [one["code"] for one in statement.warnings]


# PP 80/2010


@pytest.mark.parametrize(
    ("status", "golongan", "rate"),
    [("PNS", "I/c", 0), ("PNS", "II/d", 0), ("PNS", "III/a", 5), ("CPNS", "III/a", 5), ("PNS", "IV/b", 15)],
)
def test_final_tax_goes_by_golongan(status, golongan, rate):
    given = facts(employee={"status_asn": status, "golongan": golongan})
    assert evaluate(policy("tulang-bawang"), given).tax == 2_750_000 * rate // 100


@pytest.mark.parametrize("status", ["PPPK", "PPPK_PARUH_WAKTU"])
@pytest.mark.parametrize(("at", "golongan"), enumerate(PPPK))
def test_the_stated_default_takes_pppk_in_the_order_of_the_ruang_i_a_to_iv_e(status, at, golongan):
    statement = paid(taxed(FINAL), 1_000_000, employee={"status_asn": status, "golongan": golongan})
    assert statement.tax == [0, 0, 50_000, 150_000, 150_000][at // 4]
    assert statement.lines[-1]["inputs"]["mapping"] == "default"


def test_a_policy_may_map_pppk_itself():
    own = FINAL | {"pppk": dict.fromkeys(PPPK, "III")}
    assert paid(taxed(own), 1_000_000, employee={"status_asn": "PPPK", "golongan": "V"}).tax == 50_000


def test_an_unknown_golongan_or_ptkp_blocks_the_payment_and_says_why():
    unknown = evaluate(policy("tulang-bawang"), facts(employee={"golongan": "V/a"}))
    assert unknown.blocked
    assert "golongan 'V/a' of a PNS has no final tax rate" in unknown.warnings[0]["message"]
    assert evaluate(policy("jambi-kind"), facts(employee={"ptkp": "K/9"})).blocked


def test_final_tax_may_fall_on_what_contributions_leave():
    after = taxed(FINAL | {"of": "tpp_less_contributions"}, BPJS_1)
    assert paid(after, 5_000_000).tax == (5_000_000 - 50_000) * 5 // 100


def test_final_tax_does_not_count_to_the_year():
    statement = paid(taxed(FINAL), 5_000_000)
    assert (statement.tax, statement.taxable, statement.year_tax) == (250_000, 0, 0)
    assert set(statement.tables) == {"final_tax"}


# TER


def test_salary_and_earlier_runs_of_the_month_fill_the_same_bracket():
    salary = {"gross": "5200000", "tax": "0"}
    first = paid(taxed(TER), 3_748_000, employee={"ptkp": "K/1"}, salary=salary)
    assert first.tax == 89_480  # B: 8,948,000 at 1 %
    again = paid(
        taxed(TER), 1_000_000, employee={"ptkp": "K/1"}, salary=salary, earlier={"gross": "3748000", "tax": "89480"}
    )
    assert again.tax == 149_220 - 89_480  # B: 9,948,000 at 1.5 %
    assert "Rp 89.480" in formula(again.lines[-1])


def test_tax_already_on_salary_is_not_taken_again_nor_given_back_in_a_month():
    assert paid(taxed(TER), 1_000_000, salary={"gross": "9000000", "tax": "150000"}).tax == 200_000 - 150_000
    assert paid(taxed(TER), 1_000_000, salary={"gross": "9000000", "tax": "250000"}).tax == 0


def test_an_employers_contribution_may_count_as_income():
    jkm = {"id": "jkm", "payer": "employer", "scheme": "jkm", "of": "tpp"}
    salary = {"gross": "5000000"}
    without = paid(taxed(TER, jkm), 5_000_000, salary=salary)
    counted = paid(taxed(TER, jkm | {"taxable": True}), 5_000_000, salary=salary)
    assert (without.taxable, counted.taxable) == (5_000_000, 5_036_000)
    assert (without.tax, counted.tax) == (200_000, 200_720)


def test_without_a_known_salary_the_statement_says_so():
    assert "salary-unknown" in codes(paid(taxed(TER), 1_000_000))
    assert "salary-unknown" not in codes(paid(taxed(TER), 1_000_000, salary={"gross": "1"}))
    assert "salary-unknown" not in codes(paid(taxed(FINAL), 1_000_000))


# gross-up


def test_where_the_region_bears_final_tax_the_net_is_what_it_was_without_tax():
    borne = paid(taxed(FINAL | REGION, BPJS_4, BPJS_1), 6_000_000)
    # 5 % of 6,315,789 is 315,789.45
    assert (borne.tax_allowance, borne.tax) == (315_789, 315_789)
    assert borne.net == 6_000_000 - 60_000
    assert borne.gross == 6_000_000 + 240_000 + 315_789
    assert "(Rp 6.000.000 + Rp 315.789)" in formula(borne.lines[-1])


def test_where_the_region_bears_ter_the_allowance_is_taxed_in_the_bracket_it_leads_to():
    # A: 10,000,000 at 2 % would be 200,000; with it the month's 10,200,000 lie above 10,050,000: 2.25 %
    borne = paid(taxed(TER | REGION), 4_000_000, salary={"gross": "6000000"})
    assert borne.tax_allowance == borne.tax == 230_179  # 2.25 % of 10,230,179 is 230,179.03
    assert borne.net == 4_000_000
    assert borne.taxable == 4_230_179


def test_an_edge_that_cannot_be_stood_on_is_stepped_over():
    # A: at 9,650,000 and 1.75 % the allowance fits; a rupiah more pay lifts everything to 2 %
    below = paid(taxed(TER | REGION), 481_125, salary={"gross": "9000000"})
    above = paid(taxed(TER | REGION), 481_126, salary={"gross": "9000000"})
    assert below.tax_allowance == 168_875
    assert 9_000_000 + 481_125 + 168_875 == 9_650_000
    assert above.tax_allowance == 193_492  # 2 % of 9,674,618
    assert (below.net, above.net) == (481_125, 481_126)


def test_where_the_region_bears_it_no_tax_means_no_allowance():
    borne = paid(taxed(TER | REGION), 1_000_000, salary={"gross": "2000000"})
    assert (borne.tax_allowance, borne.tax, borne.net) == (0, 0, 1_000_000)


# the year


def december(tpp, policy=None, *, salary=None, employee=None, month=12, **year):
    before = {"gross_before": "0", "tax_before": "0"} | {name: value for name, value in year.items()}
    return paid(
        policy or taxed(TER),
        tpp,
        month=month,
        employee=employee,
        salary=salary or {"gross": "5200000"},
        tax_year=before,
    )


def test_december_is_settled_by_pasal_17_on_the_whole_year():
    statement = december(
        4_000_000,
        employee={"ptkp": "K/1"},
        gross_before="101200000",
        tax_before="700000",
        pension="2400000",
    )
    # 110.4 m - 5.52 m biaya jabatan - 2.4 m pension - 63 m PTKP = 39.48 m at 5 %
    assert statement.tax == 1_974_000 - 700_000
    assert statement.year_tax == statement.tax
    said = statement.lines[-1]["inputs"]
    assert (said["biaya_jabatan"], said["taxable"], said["year_tax"]) == ("5520000", "39480000", "1974000")


def test_biaya_jabatan_ends_at_its_limit_and_pkp_is_whole_thousands():
    statement = december(4_000_777, employee={"ptkp": "TK/0"}, gross_before="150000000", tax_before="8000000")
    said = statement.lines[-1]["inputs"]
    assert said["biaya_jabatan"] == "6000000"
    assert said["taxable"] == "99200000"  # 159,200,777 - 6,000,000 - 54,000,000, whole thousands
    assert statement.tax == 3_000_000 + 39_200_000 * 15 // 100 - 8_000_000


def test_what_was_taken_too_much_from_tpp_is_given_back_and_the_rest_is_shown():
    over = december(4_000_000, gross_before="60000000", tax_before="900000", tpp_tax_before="600000")
    # 69.2 m - 3.46 m - 58.5 m = 7.24 m at 5 % = 362,000; 900,000 were taken
    assert over.tax == 362_000 - 900_000
    assert over.net == 4_000_000 + 538_000
    assert over.deductions == -538_000
    assert codes(over) == ["pension-unknown"]
    partly = december(4_000_000, gross_before="60000000", tax_before="900000", tpp_tax_before="200000")
    assert partly.tax == -200_000
    assert "Rp 338.000 of tax was withheld too much" in partly.warnings[-1]["message"]


def test_too_much_salary_tax_alone_is_the_salarys_to_give_back():
    statement = december(4_000_000, gross_before="60000000", tax_before="900000")
    assert statement.tax == 0
    assert "tax-over-withheld" in codes(statement)


def test_zakat_is_taken_from_what_tpp_leaves_after_tax_even_when_tax_is_given_back():
    policy = taxed(TER, ZAKAT)
    consent = [{"id": "c", "kind": "zakat", "valid_from": "2026-01-01"}]
    before = {"gross_before": "60000000", "tax_before": "900000", "tpp_tax_before": "900000"}
    statement = paid(policy, 4_000_000, month=12, salary={"gross": "5200000"}, tax_year=before, consents=consent)
    assert statement.tax < 0
    assert line(statement, "zakat") == -100_000


def test_who_joined_in_july_has_six_months_of_biaya_jabatan_and_the_whole_ptkp():
    statement = december(
        10_000_000, employee={"ptkp": "TK/0"}, salary={"gross": "10000000"}, gross_before="100000000", months=6
    )
    said = statement.lines[-1]["inputs"]
    assert said["biaya_jabatan"] == "3000000"  # 5 % would be 6 m
    assert said["taxable"] == str(120_000_000 - 3_000_000 - 54_000_000)


def test_who_leaves_in_march_is_settled_in_march():
    statement = december(
        5_000_000,
        month=3,
        employee={"ptkp": "TK/0"},
        gross_before="20400000",
        tax_before="408000",
        months=3,
        tpp_tax_before="408000",
    )
    # 30.6 m - 1.5 m are below PTKP: all that was taken comes back
    assert statement.tax == -408_000


def test_december_without_the_years_figures_or_with_months_missing_may_not_be_paid_unseen():
    unknown = paid(taxed(TER), 4_000_000, month=12, salary={"gross": "5200000"})
    assert unknown.blocked
    holes = december(4_000_000, gross_before="60000000", missing=["2026-02", "2026-03"])
    assert holes.blocked
    assert any("2026-02, 2026-03" in one["message"] for one in holes.warnings)


def test_a_second_run_in_december_takes_only_what_the_first_left():
    year = {"gross_before": "101200000", "tax_before": "700000", "pension": "2400000"}
    salary, employee = {"gross": "5200000"}, {"ptkp": "K/1"}
    first = paid(taxed(TER), 4_000_000, month=12, employee=employee, salary=salary, tax_year=year)
    earlier = {"gross": "4000000", "tax": str(first.tax)}
    second = paid(taxed(TER), 1_000_000, month=12, employee=employee, salary=salary, tax_year=year, earlier=earlier)
    assert second.tax == 950_000 * 5 // 100  # 1 m less 5 % biaya jabatan, at 5 %


def test_where_the_region_bears_the_year_december_adds_or_takes_back_its_allowance_alone():
    borne = taxed(TER | REGION)
    due = december(4_000_000, borne, employee={"ptkp": "K/1"}, gross_before="101200000", pension="2400000")
    # 5 % of 39,480,000 and 95 % of the allowance itself, in whole thousands: PKP 41,448,000
    assert due.tax == due.tax_allowance == 2_072_400
    assert due.net == 4_000_000
    back = december(4_000_000, borne, gross_before="60000000", tax_before="900000", tpp_tax_before="900000")
    assert back.tax == back.tax_allowance < 0
    assert back.net == 4_000_000


def test_a_region_takes_no_more_allowance_back_than_there_is_to_pay():
    """Its gross would fall below zero; what is left is shown."""
    said = {"gross_before": "60000000", "tax_before": "900000", "tpp_tax_before": "900000"}
    statement = december(100_000, taxed(TER | REGION), **said)
    assert (statement.tax, statement.tax_allowance) == (-100_000, -100_000)
    assert (statement.gross, statement.net) == (0, 100_000)
    assert "tax-over-withheld" in codes(statement)


def test_zakat_and_pension_of_salary_lower_the_years_taxable_income():
    plain = december(4_000_000, gross_before="101200000")
    less = december(
        4_000_000,
        gross_before="101200000",
        pension="1000000",
        zakat="2000000",
        salary={"gross": "5200000", "pension": "100000", "zakat": "200000"},
    )
    assert plain.tax - less.tax == 3_300_000 * 5 // 100


# contributions


@pytest.mark.parametrize(("used", "base"), [(4_900_000, 3_000_000), (11_000_000, 1_000_000), (12_500_000, 0)])
def test_salary_and_tpp_share_one_bpjs_ceiling(used, base):
    assert evaluate(policy("jambi-kind"), facts(salary={"bpjs_base": str(used)})).contributions == base * 5 // 100


def test_earlier_runs_of_the_month_use_the_same_bpjs_ceiling():
    statement = paid(
        taxed(NONE, BPJS_4, BPJS_1), 3_000_000, salary={"bpjs_base": "5000000"}, earlier={"bpjs_base": "6000000"}
    )
    assert (line(statement, "bpjs-1"), line(statement, "bpjs-4")) == (-10_000, 0)
    assert statement.contributions == 50_000


def test_a_regional_floor_lifts_the_bpjs_base_of_salary_and_tpp_together():
    text = (REGIONS / "tulang-bawang" / "policy.yaml").read_text()
    checked = check(text.replace("scheme: bpjs_kesehatan", "scheme: bpjs_kesehatan\n    floor: 3725000"))
    assert not isinstance(checked, tuple)
    assert evaluate(checked, facts()).contributions == 37_250
    assert evaluate(checked, facts(salary={"bpjs_base": "900000"})).contributions == 28_250
    assert evaluate(checked, facts(salary={"bpjs_base": "3000000"})).contributions == 27_500


SALARY = {"gross": "6000000", "gaji_pokok": "4000000", "pension_base": "4560000"}


@pytest.mark.parametrize(
    ("scheme", "payer", "of", "due", "column"),
    [
        ("jkk", "employer", "gaji_pokok", 9_600, "jkk"),
        ("jkm", "employer", "gaji_pokok", 28_800, "jkm"),
        ("tapera", "employer", "gaji_pokok", 20_000, "tapera"),
        ("tapera", "employee", "gaji_pokok", 100_000, None),
        ("iuran_pensiun", "employee", "pension_base", 216_600, None),
        ("jht", "employee", "pension_base", 148_200, None),
        ("jkk", "employer", "salary", 14_400, "jkk"),
        ("jkm", "employer", "tpp", 36_000, "jkm"),
    ],
)
def test_each_scheme_has_its_dated_rate_its_base_and_its_column(scheme, payer, of, due, column):
    rule = {"id": "x", "payer": payer, "scheme": scheme, "of": of}
    taken = paid(taxed(NONE, rule), 5_000_000, salary=SALARY)
    amounts = [int(one["amount"]) for one in taken.lines if one["rule"] == "x"]
    assert amounts == ([due, -due] if payer == "employer" else [-due])
    assert taken.net == 5_000_000 - (0 if payer == "employer" else due)
    assert taken.lines[-1]["inputs"].get("column") == column
    assert taken.tables == {scheme: national.book(earning(1).start)[scheme].named}
    shown = paid(taxed(NONE, rule | {"shown": True}), 5_000_000, salary=SALARY)
    (only,) = (one for one in shown.lines if one["rule"] == "x")
    assert (only["amount"], only["inputs"]["shown"]) == ("0", str(due))
    assert (shown.net, shown.gross, shown.contributions) == (5_000_000, 5_000_000, 0)
    assert "hanya ditampilkan" in formula(only)
    assert "shown only" in formula(only, "en")


def test_a_scheme_without_a_table_on_the_day_blocks():
    given = facts(
        start="2010-01-01",
        end="2010-01-31",
        segments=[
            {
                "start": "2010-01-01",
                "end": "2010-01-31",
                "position": "a",
                "kelas": 7,
                "unit": "u",
                "workdays": 21,
                "nilai_jabatan": 1_000_000,
            }
        ],
    )
    statement = evaluate(taxed(NONE, BPJS_1), given)
    assert statement.blocked
    assert "no table of bpjs_kesehatan holds on 2010-01-01" in statement.warnings[-1]["message"]


# zakat


@pytest.mark.parametrize(
    ("consents", "taken"),
    [
        ([], 0),
        ([{"id": "a", "kind": "zakat", "valid_from": "2026-01-01"}], 25_000),
        ([{"id": "a", "kind": "zakat", "valid_from": "2026-10-31"}], 25_000),
        ([{"id": "a", "kind": "zakat", "valid_from": "2026-11-01"}], 0),
        ([{"id": "a", "kind": "zakat", "valid_from": "2026-01-01", "valid_to": "2026-10-31"}], 25_000),
        ([{"id": "a", "kind": "zakat", "valid_from": "2026-01-01", "valid_to": "2026-10-30"}], 0),
        ([{"id": "a", "kind": "zakat", "valid_from": "2026-01-01", "percent": "1 %"}], 10_000),
        ([{"id": "a", "kind": "infaq", "valid_from": "2026-01-01"}], 0),
        (
            [
                {"id": "b", "kind": "zakat", "valid_from": "2026-01-01", "percent": "1 %"},
                {"id": "a", "kind": "zakat", "valid_from": "2026-06-01", "percent": "2 %"},
            ],
            20_000,
        ),
    ],
)
def test_zakat_is_taken_only_by_a_consent_in_force_at_the_periods_end_and_at_its_percentage(consents, taken):
    statement = paid(taxed(NONE, ZAKAT), 1_000_000, consents=consents, employee={"flags": ["zakat"]})
    assert line(statement, "zakat") == -taken
    assert statement.net == 1_000_000 - taken


def test_a_flag_is_no_consent():
    assert paid(taxed(NONE, ZAKAT), 1_000_000, employee={"flags": ["zakat"]}).net == 1_000_000


# never below zero


def test_what_cannot_be_taken_is_carried_and_shown_and_tax_stays_tax():
    fee = {"id": "iuran", "payer": "employee", "rupiah": 900_000}
    short = paid(
        taxed(TER, fee),
        1_000_000,
        salary={"gross": "20000000"},
        recoveries=[{"id": "r", "cause": "lebih bayar", "amount": "50000"}],
    )
    # A: 21,000,000 at 9 % = 1,890,000, and 100,000 are left
    assert (short.net, short.tax, short.year_tax) == (0, 100_000, 100_000)
    assert (short.unrecovered, short.unrecovered_tax) == (1_790_000 + 50_000, 1_790_000)
    assert codes(short) == ["carried-forward", "carried-forward"]
    after = paid(
        taxed(TER),
        3_000_000,
        month=11,
        salary={"gross": "2000000"},
        recoveries=[
            {"id": "t", "cause": "PPh 21", "amount": "1790000", "kind": "tax"},
            {"id": "u", "cause": "lebih bayar", "amount": "50000"},
        ],
    )
    assert (after.tax, after.year_tax, after.recovered, after.net) == (1_790_000, 1_790_000, 50_000, 1_160_000)
    assert "yang belum terpotong" in formula(after.lines[-2])


def test_what_can_just_be_taken_is_taken_without_a_word():
    fee = {"id": "iuran", "payer": "employee", "rupiah": 1_000_000}
    statement = paid(taxed(NONE, fee), 1_000_000)
    assert (statement.net, statement.unrecovered, codes(statement)) == (0, 0, [])


def test_tax_carried_within_the_year_is_not_taken_beside_the_years_settlement():
    statement = paid(
        taxed(TER),
        4_000_000,
        month=12,
        salary={"gross": "5200000"},
        employee={"ptkp": "K/1"},
        tax_year={"gross_before": "101200000", "tax_before": "700000", "pension": "2400000"},
        recoveries=[{"id": "t", "cause": "PPh 21", "amount": "300000", "kind": "tax"}],
    )
    assert statement.tax == 1_274_000
    assert "sudah termasuk" in formula(statement.lines[-1])


def test_tax_carried_that_still_cannot_be_taken_is_carried_on_as_tax():
    short = paid(taxed(NONE), 100, recoveries=[{"id": "t", "cause": "PPh 21", "amount": "300", "kind": "tax"}])
    assert (short.net, short.tax, short.unrecovered, short.unrecovered_tax) == (0, 100, 200, 200)


# what the statement names


def test_the_statement_names_its_tables_and_pinned_facts_keep_theirs():
    statement = paid(taxed(TER, BPJS_1), 5_000_000, salary={"gross": "1"})
    names = statement.to_dict()["tables"]
    assert sorted(names) == ["bpjs_kesehatan", "income_tax"]
    assert names["income_tax"]["effective_from"] == "2024-01-01"
    assert len(names["income_tax"]["hash"]) == 64
    pinned = earning(5_000_000, salary={"gross": "1"}, tables=list(national.pins(earning(1).start)))
    assert evaluate(taxed(TER, BPJS_1), pinned) == statement


def test_facts_frozen_with_a_table_that_is_not_here_may_not_be_paid_unseen():
    pinned = earning(5_000_000, salary={"gross": "1"}, tables=["0123456789abcdef"])
    assert evaluate(taxed(TER, BPJS_1), pinned).blocked
    assert evaluate(taxed(FINAL), pinned).blocked


# what the check of a policy refuses


@pytest.mark.parametrize(
    ("tax", "contribution", "message"),
    [
        ({"mode": "final", "article": "a"}, None, "PPPK golongan I has no group"),
        (FINAL | {"pppk": {"XVIII": "I"}}, None, "PPPK has no such golongan"),
        (TER | {"pppk": "default"}, None, "mode ter does not use golongan"),
        (NONE, BPJS_1 | {"taxable": True}, "what employees pay is income already"),
        (NONE, BPJS_1 | {"column": "jkk"}, "SIPD's column jkk is not for what the employee pays"),
        (NONE, BPJS_4 | {"column": "zakat"}, "SIPD's column zakat is not for what the employer pays"),
        (NONE, BPJS_4 | {"consent": "zakat"}, "an employer's contribution needs no consent"),
        (NONE, BPJS_4 | {"of": "tpp_after_tax"}, "does not depend on tax"),
        (FINAL | {"settlement": "pasal17"}, None, "only TER is settled by Pasal 17"),
    ],
)
def test_a_policy_that_contradicts_itself_about_money_is_refused(tax, contribution, message):
    problems = check(document(tax, *([contribution] if contribution else [])))
    assert isinstance(problems, tuple)
    assert any(message in one.message for one in problems), problems
