"""Every fault is named where it stands and alone: an office that mends that one place has a whole policy."""

import json
from typing import Any

import pytest

from services.payroll.rules import Policy, check
from services.payroll.rules.reading import read
from services.payroll.rules.wholeness.payment import PPPK
from tests.payroll.people import POLICIES

TEXT = (POLICIES / "serba-ada.yaml").read_text()
OUT = object()
NAMED = {"name": "x", "article": "y"}
FINAL = dict.fromkeys(PPPK, "III")
PREDIKAT = {
    "kind": "predikat",
    "pays": {"sangat_baik": "100 %", "baik": "100 %", "butuh_perbaikan": "90 %", "kurang": "75 %"}
    | {"sangat_kurang": "0 %"},
    "missing": {"no_plan": "40 %", "supervisor_silent": "baik", "not_due": "100 %"},
}
LATE, DAILY, LEFT, EARLY, HOLIDAY = (("deductions", at) for at in range(5))
PENALTY, TGR = ("deductions", 7), ("deductions", 8)


def paid_by(**said: Any) -> dict[str, Any]:
    return NAMED | {"id": "iuran", "payer": "employee"} | said


def changed(*changes: Any) -> dict[str, Any]:
    """The example's plain data with (path, value) put in; OUT takes an entry out, a list's end adds to it."""
    document = read(TEXT).value
    for path, value in zip(changes[::2], changes[1::2], strict=True):
        at = document
        for step in path[:-1]:
            at = at[step]
        if value is OUT:
            del at[path[-1]]
        elif isinstance(at, list) and path[-1] == len(at):
            at.append(value)
        else:
            at[path[-1]] = value
    return document


def faults(document: dict[str, Any]) -> list[tuple[str, str]]:
    found = check(json.dumps(document, indent=1))
    assert isinstance(found, Policy) or all(one.remedy and "(line " in one.place for one in found)
    return [] if isinstance(found, Policy) else [(one.place.partition(" (line")[0], one.message) for one in found]


CASES: list[tuple[str, str, tuple[Any, ...]]] = [
    # bases
    ("classes[4]", "kelas '7' stands twice", (("classes", 3), 7)),
    ("effective_to", "it ends before it begins", (("effective_to",), "2025-12-31")),
    ("criteria[3]", "criterion 'BK' stands twice",
     (("criteria", 2), NAMED | {"code": "BK", "base": {"by_class": {"7": "1", "8": "1", "9": "1"}}})),
    ("criteria[1].base", "base: by_class and percent_of_basic stand together",
     (("basic",), {"7": "1", "8": "1", "9": "1"}, ("criteria", 0, "base", "percent_of_basic"), "50 %")),
    ("criteria[1].base.percent_of_basic", "it is a share of the basic table, and there is none",
     (("criteria", 0, "base"), {"percent_of_basic": "50 %"})),
    ("criteria[1].base.by_class", "class 8 has no base", (("criteria", 0, "base", "by_class", "8"), OUT)),
    ("criteria[1].base.by_class.10", "the row of class 10 can never be reached",
     (("criteria", 0, "base", "by_class", "10"), "1")),
    ("basic", "class 9 has no base", (("basic",), {"7": "1", "8": "1"})),
    ("criteria[1].variants[1].base.by_class", "class 8 has no base",
     (("criteria", 0, "variants"), [{"when": {"kelas": [8]}, "base": {"by_class": {}}}])),
    ("criteria[1].variants[1].base.by_class.7", "the row of class 7 can never be reached",
     (("criteria", 0, "variants"), [{"when": {"kelas": [8]}, "base": {"by_class": {"7": "1", "8": "1"}}}])),
    ("criteria[1].variants[2]", "it can never be reached: variant 1 takes everyone it would take",
     (("criteria", 0, "variants"), [{"when": {"flags": ["a"]}, "base": {"stated": "s"}}] * 2)),
    ("additions[1]", "addition: acted_share and rupiah stand together", (("additions", 0, "rupiah"), "500000")),
    ("additions[1]", "addition: nothing is said", (("additions", 0, "acted_share"), OUT)),
    ("additions[1].criterion", "there is no criterion 'XX'", (("additions", 0, "criterion"), "XX")),
    ("additions[2].level", "it is about acting, and the rule is not",
     (("additions", 1), NAMED | {"id": "z", "level": "same", "rupiah": "5", "criterion": "BK", "at": "end"})),
    ("additions[2]", "it pays for an acted post, but not for whom who acts",
     (("additions", 1), NAMED | {"id": "z", "acted_share": "5 %", "criterion": "BK", "at": "end"})),
    # parts
    ("parts", "the weights 50 % + 20 % + 20 % total 90 %", (("parts", 2, "weight"), "20 %")),
    ("parts[4].weight", "part 'nol' weighs nothing",
     (("parts", 3), NAMED | {"code": "nol", "weight": "0 %", "measure": {"kind": "full"}})),
    ("parts[3]", "nobody fills part 'hadir'", (("parts", 2, "measure"), OUT)),
    ("parts[3]", "part 'hadir' has parts of its own and a measure as well",
     (("parts", 2, "parts"), [NAMED | {"code": "h1", "weight": "100 %", "measure": {"kind": "full"}}])),
    ("parts", "part 'perilaku' stands twice", (("parts", 2, "parts"),
     [NAMED | {"code": "perilaku", "weight": "100 %", "measure": {"kind": "full"}}], ("parts", 2, "measure"), OUT,
     ("deductions", 0, "hits"), ["BK"], ("deductions", 3, "hits"), ["BK"], ("limits", 0, "hits"), ["BK"],
     ("parts", 2, "code"), "hadir")),
    ("parts[1].supervisor_measure.of", "the weights total 80 %",
     (("parts", 0, "supervisor_measure", "of", 0, "weight"), "50 %")),
    ("parts[2].measure.pays", "a gap: perilaku sesuai_ekspektasi has no row",
     (("parts", 1, "measure", "pays", "sesuai_ekspektasi"), OUT)),
    ("parts[2].measure.pays.istimewa", "no perilaku is rated 'istimewa'",
     (("parts", 1, "measure", "pays", "istimewa"), "100 %")),
    ("parts[2].measure.pays", "nobody fills this part: every rating pays 0 %",
     (("parts", 1, "measure", "pays"),
      dict.fromkeys(["di_atas_ekspektasi", "sesuai_ekspektasi", "di_bawah_ekspektasi"], "0 %"))),
    ("parts[3].measure.pays", "nobody fills this part: every predikat pays 0 %",
     (("parts", 2, "measure"), PREDIKAT | {"pays": dict.fromkeys(PREDIKAT["pays"], "0 %")})),
    ("parts[3].measure.missing.supervisor_silent",
     "an employee would lose pay because the supervisor is silent (90 %)",
     (("parts", 2, "measure"), PREDIKAT | {"missing": PREDIKAT["missing"] | {"supervisor_silent": "butuh_perbaikan"}})),
    ("parts[3].bands[1]", "a gap: results below 10 % belong to no band",
     (("parts", 2, "bands"), [{"from": "10 %", "pays": "as_is"}])),
    ("parts[3].bands[2]", "band 2 (from 0 %) can never be reached or overlaps the one before",
     (("parts", 2, "bands"), [{"from": "0 %", "pays": "0 %"}, {"from": "0 %", "pays": "as_is"}])),
    ("parts[3].bands[2]", "band 2 can never be reached: the measure gives at most 80 %",
     (("parts", 2, "measure"), {"kind": "score", "score": "s", "missing": "50 %", "at_most": "80 %"},
      ("parts", 2, "bands"), [{"from": "0 %", "pays": "as_is"}, {"from": "90 %", "pays": "100 %"}])),
    ("parts[3].bands[2]", "band 2 can never be reached: the measure gives at most 100 %",
     (("parts", 2, "measure"), PREDIKAT,
      ("parts", 2, "bands"), [{"from": "0 %", "pays": "as_is"}, {"from": "101 %", "pays": "100 %"}])),
    ("parts", "no criterion uses these parts: each has its own",
     (("criteria", 0, "parts"), [NAMED | {"code": "a", "weight": "100 %", "measure": {"kind": "full"}}],
      ("criteria", 1, "parts"), [NAMED | {"code": "b", "weight": "100 %", "measure": {"kind": "full"}}])),
    # deductions
    ("deductions[1].hits[1]", "there is no part 'hadirr' and no such criterion", ((*LATE, "hits"), ["hadirr"])),
    ("deductions[1].tiers[2]", "a gap: 31 to 39 minutes belong to no row", ((*LATE, "tiers", 1, "from"), 40)),
    ("deductions[1].tiers[2]", "row 2 (35 to 34) ends before it begins",
     ((*LATE, "tiers", 1, "from"), 35, (*LATE, "tiers", 1, "to"), 34, (*LATE, "tiers", 2), {"from": 31, "cut": "3 %"})),
    ("deductions[1].tiers[2].cut", "row 2 cuts 0.5 %, less than 1 % for less in row 1",
     ((*LATE, "tiers", 1, "cut"), "0.5 %")),
    ("deductions[1].tiers[2].cut", "200 % is more than there is", ((*LATE, "tiers", 1, "cut"), "200 %")),
    ("deductions[1]", "a percentage of what is not said", ((*LATE, "of"), OUT)),
    ("deductions[1].measure[1].made_up", "early is not made up by staying on",
     ((*LATE, "measure", 0, "event"), "early")),
    ("deductions[2].measure[1]", "no event can last that long",
     ((*DAILY, "measure", 0, "minutes_from"), 5, (*DAILY, "measure", 0, "minutes_to"), 4)),
    ("deductions[2].measure", "days and minutes are added up unconverted", ((*DAILY, "measure", 1, "take"), "days")),
    ("deductions[3].measure[1].beyond", "only minutes can go beyond what is permitted",
     ((*LEFT, "measure", 0, "take"), "times")),
    ("deductions[4].measure[1].free", "free units are taken off a sum, and the cut falls on each day",
     ((*EARLY, "over"), "day")),
    ("deductions[5].measure[1].forgive", "the months before the period are known in sums, without forgive",
     ((*HOLIDAY, "measure", 0, "forgive"), 1)),
    ("deductions[5].each_time[2]", "150 % is more than there is", ((*HOLIDAY, "each_time", 1), "150 %")),
    ("deductions[8].months", "only a penalty is lifted", ((*PENALTY, "measure", 0, "event"), "incident")),
    ("deductions[8].of", "what additions gave at the end has no full or earned amount", ((*PENALTY, "of"), "full")),
    ("deductions[9].as_stated.unit", "an instalment is in rupiah",
     ((*TGR, "as_stated", "unit"), "percent", (*TGR, "of"), "remaining")),
    ("deductions[9].of", "rupiah are not a share of anything", ((*TGR, "of"), "remaining")),
    ("deductions[9]", "rule 'terlambat' stands twice", ((*TGR, "id"), "terlambat")),
    ("caps[1].rules[1]", "there is no deduction 'x'",
     (("caps",), [NAMED | {"id": "c", "rules": ["x"], "at_most": "5 %"}])),
    ("caps[1].rules[1]", "'tgr' cuts rupiah, the cap is a percentage",
     (("caps",), [NAMED | {"id": "c", "rules": ["tgr"], "at_most": "5 %"}])),
    ("caps[2].rules[1]", "'terlambat' is already capped",
     (("caps",), [NAMED | {"id": "c", "rules": ["terlambat"], "at_most": "5 %"}] * 2)),
    ("caps[1]", "its rules hit different parts",
     (("caps",), [NAMED | {"id": "c", "rules": ["terlambat", "harian"], "at_most": "5 %"}])),
    # limits
    ("limits[1].hits[1]", "there is no part 'x' and no such criterion", (("limits", 0, "hits"), ["x"])),
    ("limits[1]", "a percentage of what is not said", (("limits", 0, "of"), OUT)),
    ("limits[2].of", "rupiah are not a share of anything", (("limits", 1, "of"), "full")),
    ("limits[1].at_least", "120 % is more than there is", (("limits", 0, "at_least"), "120 %")),
    ("limits[3].at_least", "nothing is paid less than nothing", (("limits", 2, "at_least"), "Rp 0")),
    ("limits[4].of", "what additions gave at the end was not earned by performance",
     (("limits", 3, "at_most"), "90 %", ("limits", 3, "of"), "earned")),
    ("limits[2]", "limit 'hadir-80' stands twice", (("limits", 1, "id"), "hadir-80")),
    ("limits[3]", "limit: at_least and at_most stand together", (("limits", 2, "at_most"), "Rp 5")),
    # withholding
    ("withholding[1]", "a measure and more_than belong together", (("withholding", 0, "more_than"), OUT)),
    ("withholding[2]", "it would hold back everyone's TPP", (("withholding", 1, "when"), OUT)),
    ("withholding[1].holds", "it holds back nothing", (("withholding", 0, "holds"), "0 %")),
    ("withholding[1].forfeits_after_months", "what is paid later by itself is never forfeited",
     (("withholding", 0, "forfeits_after_months"), 2)),
    ("withholding[2]", "rule 'tunda' stands twice", (("withholding", 1, "id"), "tunda")),
    # conditions
    ("withholding[2].when.flags", "an empty list is met by nobody", (("withholding", 1, "when", "flags"), [])),
    ("withholding[2].when.kelas[2]", "class 12 does not exist here: this is never met",
     (("withholding", 1, "when", "kelas"), [7, 12])),
    ("withholding[2].when.golongan[1]", "there is no golongan 'V/a'",
     (("withholding", 1, "when", "golongan"), ["V/a", "IV/e", "IX"])),
    ("withholding[2].when.flags", "nobody can meet it: every flag is also excluded",
     (("withholding", 1, "when", "without_flags"), ["lhkpn_belum", "mpp"])),
    ("withholding[2].when.golongan", "nobody can meet it: none of these golongan belongs to these statuses",
     (("withholding", 1, "when"), {"status_asn": ["CPNS", "PNS"], "golongan": ["IX"]})),
    ("entitlement[1].pays", "100 % changes nothing",
     (("entitlement",), [NAMED | {"id": "e", "when": {"flags": ["x"]}, "pays": "100 %"}])),
    # tax and contributions
    ("tax.pppk", "PPPK golongan XVII has no group for the final tax",
     (("tax",), {"mode": "final", "article": "a", "pppk": {key: at for key, at in FINAL.items() if key != "XVII"}})),
    ("tax.pppk.XVIII", "PPPK has no such golongan",
     (("tax",), {"mode": "final", "article": "a", "pppk": FINAL | {"XVIII": "IV"}})),
    ("tax.pppk", "mode ter does not use golongan", (("tax",), {"mode": "ter", "article": "a", "pppk": "default"})),
    ("tax.settlement", "only TER is settled by Pasal 17",
     (("tax",), {"mode": "final", "article": "a", "pppk": "default", "settlement": "pasal17"})),
    ("contributions[1]", "contribution: nothing is said", (("contributions",), [paid_by()])),
    ("contributions[1]", "contribution: rate and rupiah stand together",
     (("contributions",), [paid_by(rate="1 %", rupiah="5")])),
    ("contributions[2]", "contribution 'iuran' stands twice", (("contributions",), [paid_by(rupiah="5")] * 2)),
    ("contributions[1].of", "an employer's contribution does not depend on tax",
     (("contributions",), [paid_by(payer="employer", rate="1 %", of="tpp_after_tax")])),
    ("contributions[1].taxable", "what employees pay is income already",
     (("contributions",), [paid_by(rate="1 %", taxable=True)])),
    ("contributions[1].column", "SIPD's column jkk is not for what the employee pays",
     (("contributions",), [paid_by(rate="1 %", column="jkk")])),
    ("contributions[1].column", "SIPD's column zakat is not for what the employer pays",
     (("contributions",), [paid_by(rate="1 %", payer="employer", column="zakat")])),
    # runs
    ("runs.recovery.at_most", "nothing paid too much would ever be taken back",
     (("runs",), {"recovery": NAMED | {"id": "r", "at_most": "0 %"}})),
    ("runs.thr[1].period", "this policy is not in force in 2025-12",
     (("runs",), {"thr": [NAMED | {"id": "t", "period": "2025-12", "share": "100 %"}]})),
    ("runs.thr[1].share", "it pays nothing",
     (("runs",), {"thr": [NAMED | {"id": "t", "period": "2026-03", "share": "0 %"}]})),
    ("runs.tpp13[1].of", "it would be paid in 2026-06 on the posts of 2026-07, which comes later",
     (("runs",), {"tpp13": [NAMED | {"id": "t", "period": "2026-06", "of": "2026-07", "share": "100 %"}]})),
]  # fmt: skip


@pytest.mark.parametrize(("place", "message", "changes"), CASES, ids=[f"{place}: {said}" for place, said, _ in CASES])
def test_a_fault_is_named_where_it_stands(place, message, changes):
    found = faults(changed(*changes))
    assert [(at, said[: len(message)]) for at, said in found] == [(place, message)], found


WHOLE = [
    (("effective_to",), "2026-01-01"),
    (("criteria", 0, "variants"), [{"when": {"kelas": [8]}, "base": {"by_class": {"8": "1"}}}]),
    (("criteria", 0, "variants"), [{"when": {"flags": [flag]}, "base": {"stated": "s"}} for flag in "ab"]),
    (("parts", 2, "measure"), PREDIKAT | {"missing": PREDIKAT["missing"] | {"supervisor_silent": "sangat_baik"}}),
    (("parts", 2, "bands"), [{"from": "0 %", "pays": "as_is"}, {"from": "100 %", "pays": "100 %"}]),
    ((*LATE, "tiers", 1, "cut"), "1 %"),
    ((*LATE, "tiers", 1, "cut"), "100 %"),
    (("caps",), [NAMED | {"id": "c", "rules": ["terlambat"], "at_most": "5 %"}]),
    (("limits", 0, "at_least"), "100 %"),
    (("withholding", 1, "when", "without_flags"), ["mpp"]),
    (("withholding", 1, "when"), {"status_asn": ["PPPK_PARUH_WAKTU"], "golongan": ["IX"]}),
    (("withholding", 1, "when"), {"status_asn": ["CPNS"], "golongan": ["I/a", "IV/e"]}),
    (("entitlement",), [NAMED | {"id": "e", "when": {"flags": ["x"]}, "pays": "99 %"}]),
    (("tax",), {"mode": "final", "article": "a", "pppk": FINAL}),
    (("tax",), {"mode": "ter", "article": "a", "settlement": "pasal17"}),
    (("contributions",), [paid_by(payer="employer", rate="1 %", taxable=True, column="jkm")]),
    (("contributions",), [paid_by(rate="1 %", of="tpp_after_tax", column="zakat", consent="zakat")]),
    (("runs",), {"thr": [NAMED | {"id": "t", "period": "2026-01", "of": "2026-01", "share": "1 %"}]}),
]


@pytest.mark.parametrize(("path", "value"), WHOLE)
def test_what_just_fits_is_whole(path, value):
    assert faults(changed(path, value)) == []


def test_the_year_ends_with_the_month_in_which_the_policy_does():
    runs = {"thr": [NAMED | {"id": "t", "period": "2026-10", "share": "100 %"}]}
    assert faults(changed(("runs",), runs, ("effective_to",), "2026-10-15")) == []
    (only,) = faults(changed(("runs",), runs, ("effective_to",), "2026-09-30"))
    assert only == ("runs.thr[1].period", "this policy is not in force in 2026-10")
