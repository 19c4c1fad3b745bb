"""What holds for any employee: the oracle's amounts, sums, order, monotony, the same bytes."""

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from services.payroll.rules import canonical, evaluate, facts_from, facts_to_dict, formula, measured, policy_of
from services.payroll.rules.document.policy import TppRounding
from shared.money import parse_percent
from tests.payroll.people import earning_lines, plain_facts, policy
from tests.payroll.slow_tpp import PPPK, PTKP, slow_net
from tests.payroll.strategies import some

DAYS = [date(2026, 10, 1) + timedelta(days=at) for at in range(31)]
NAMES = ["jambi-kind", "samarinda-kind"]
ALL = [*NAMES, "tulang-bawang", "sumedang", "ngawi", "balangan", "bertingkat", "serba-ada"]
relaxed = some(12)

rupiah = st.integers(0, 20_000_000).map(str)
minutes = st.sampled_from([0, 0, 0, 1, 29, 30, 31, 60, 61, 90, 91, 240])
attendance_day = st.fixed_dictionaries(
    {},
    optional={
        "late_minutes": minutes,
        "early_minutes": minutes,
        "out_minutes": minutes,
        "missing_in": st.booleans(),
        "missing_out": st.booleans(),
        "absence": st.sampled_from(["tanpa_keterangan", "izin_ditolak"]),
        "leave": st.sampled_from(["sakit", "tahunan"]),
        "duty": st.booleans(),
        "apel_missed": st.lists(st.sampled_from(["apel", "senam"]), max_size=2),
    },
)


@st.composite
def attendance(draw):
    days = draw(st.lists(st.sampled_from(DAYS), unique=True, max_size=22))
    return [{"work_date": day.isoformat()} | draw(attendance_day) for day in days]


@st.composite
def segments(draw, workdays):
    one = {"position": "Analis", "unit": "Dinas"}
    kelas, flags = st.integers(1, 15), st.sampled_from([[], [], [], ["tugas_belajar"], ["mpp"]])
    if draw(st.booleans()):
        whole = {"start": "2026-10-01", "end": "2026-10-31", "workdays": workdays}
        return [one | whole | {"kelas": draw(kelas), "flags": draw(flags)}]
    first = draw(st.integers(0, workdays))
    before = {"start": "2026-10-01", "end": "2026-10-15", "workdays": first}
    after = {"start": "2026-10-16", "end": "2026-10-31", "workdays": workdays - first}
    return [one | half | {"kelas": draw(kelas), "flags": draw(flags)} for half in (before, after)]


@st.composite
def people(draw):
    status = draw(st.sampled_from(["CPNS", "PNS", "PPPK"]))
    ranks = sorted(PPPK) if status == "PPPK" else ["I/c", "II/a", "III/d", "IV/b"]
    employee = {
        "status_asn": status,
        "golongan": draw(st.sampled_from(ranks)),
        "ptkp": draw(st.sampled_from(sorted(PTKP))),
        "is_supervisor": draw(st.booleans()),
        "assessed_staff": draw(st.booleans()),
        "flags": draw(st.sampled_from([[], [], ["lhkpn_belum"], ["mpp"]])),
    }
    workdays = draw(st.integers(18, 23))
    capacity, level = st.sampled_from(["Plt", "Plh"]), st.sampled_from(["same", "higher"])
    kinds = st.sampled_from(["sedang_6", "sedang_9", "sedang_12", "ringan"])
    return plain_facts(
        employee=employee,
        workdays=workdays,
        segments=draw(segments(workdays)),
        predikat=draw(st.sampled_from([None, "sangat_baik", "baik", "butuh_perbaikan", "kurang", "sangat_kurang"])),
        plan_exists=draw(st.booleans()),
        attendance=draw(attendance()),
        activities=[
            {"work_date": day.isoformat(), "minutes": draw(st.integers(0, 700)), "count": 1, "kind": kind}
            for day in draw(st.lists(st.sampled_from(DAYS), unique=True, max_size=22))
            for kind in draw(st.sampled_from([["tusi"], ["tusi", "lain"]]))
        ],
        penalties=[
            {
                "id": f"sk-{at}",
                "kind": draw(kinds),
                "effective_from": draw(st.dates(date(2025, 9, 1), date(2026, 11, 1))).isoformat(),
            }
            for at in range(draw(st.integers(0, 2)))
        ],
        acting=[
            {
                "id": f"plt-{at}",
                "capacity": draw(capacity),
                "level": draw(level),
                "kelas": draw(st.integers(1, 15)),
                "workdays": draw(st.integers(17, 22)),
            }
            for at in range(draw(st.integers(0, 2)))
        ],
        salary={
            "gross": draw(rupiah),
            "tax": draw(st.integers(0, 500_000).map(str)),
            "bpjs_base": draw(rupiah),
            "pension": draw(st.sampled_from(["0", "216600"])),
        },
        earlier=draw(
            st.sampled_from([{}, {}, {"gross": "2750000", "tax": "41250", "bpjs_base": "2750000"}]),
        ),
        tax_year=draw(
            st.sampled_from(
                [
                    None,
                    {"gross_before": "99000000", "tax_before": "500000"},
                    {"gross_before": "60000000", "tax_before": "4000000", "tpp_tax_before": "1500000", "months": 9},
                ]
            )
        ),
        incidents=[
            {"id": f"i-{at}", "kind": draw(st.sampled_from(["tgr", "razia"])), "on": "2026-10-09", "percent": share}
            for at, share in enumerate(draw(st.lists(st.sampled_from(["10 %", "1/3", "60 %"]), max_size=2)))
        ],
        scores=draw(
            st.dictionaries(st.sampled_from(["sakip", "kuantitas"]), st.sampled_from(["1/3", "93 %", "120 %"]))
        ),
        ytd=draw(st.dictionaries(st.sampled_from(["absent", "late"]), st.integers(0, 9))),
        exemptions=[
            {
                "id": "x",
                "covers": draw(st.sampled_from([["late"], ["late", "apel", "absent"]])),
                "start": "2026-10-05",
                "end": "2026-10-12",
                "author": "BKPSDM",
                "reason": "isolasi",
            }
        ]
        * draw(st.integers(0, 1)),
        carried=[{"id": "2026-09", "period": "2026-09", "amount": draw(rupiah)}] * draw(st.integers(0, 1)),
        recoveries=[
            {"id": kind, "cause": "lebih bayar", "amount": draw(rupiah), "kind": kind}
            for kind in draw(st.sampled_from([[], ["debt"], ["tax"], ["debt", "tax"]]))
        ],
    )


@pytest.mark.parametrize("name", NAMES)
@some(80)
@given(person=people())
def test_evaluate_agrees_with_the_slow_oracle_to_the_rupiah(name, person):
    facts = facts_from(person)
    paid = evaluate(policy(name), facts)
    expected = slow_net(name, facts)
    assert {key: getattr(paid, key) for key in expected} == expected


def rounded(name, at, unit, mode):
    """An example policy with another rounding point."""
    document = policy(name).document
    rounding = document.rounding.model_copy(update={"tpp": TppRounding(at=at, unit=unit, mode=mode)})
    return policy_of(document.model_copy(update={"rounding": rounding}))


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("at", ["line", "part", "total"])
@pytest.mark.parametrize("mode", ["half_up", "floor", "ceil", "half_even"])
@some(3)
@given(person=people(), unit=st.sampled_from([1, 100, 1000]))
def test_lines_add_up_under_every_rounding_and_no_part_exceeds_its_cap(name, at, mode, person, unit):
    paid = evaluate(rounded(name, at, unit, mode), facts_from(person))
    assert earning_lines(paid) == paid.tpp == sum(paid.criteria.values())
    assert paid.tpp >= 0
    assert min(paid.criteria.values()) >= 0
    assert sum(int(line["amount"]) for line in paid.lines if line["kind"] != "base") == paid.net
    assert paid.net == paid.gross - paid.deductions >= 0
    bases = {line["rule"]: int(line["amount"]) for line in paid.lines if line["kind"] == "base"}
    for line in paid.lines:
        if line["kind"] == "part":
            whole = bases[line["inputs"]["criterion"]] * parse_percent(line["inputs"]["weight"])
            assert 0 <= int(line["amount"]) < whole + unit + 1
        if line["kind"] == "deduction":
            assert int(line["amount"]) <= 0


@pytest.mark.parametrize("name", ALL)
@relaxed
@given(person=people(), extra=st.integers(1, 200))
def test_more_lateness_never_pays_more(name, person, extra):
    facts = facts_from(person)
    before = evaluate(policy(name), facts)
    days = [
        replace(day, late_minutes=day.late_minutes + extra) if not at else day
        for at, day in enumerate(facts.attendance)
    ]
    after = evaluate(policy(name), replace(facts, attendance=tuple(days)))
    assert after.tpp <= before.tpp
    assert after.payable <= before.payable


@pytest.mark.parametrize("name", ALL)
@relaxed
@given(person=people(), seed=st.integers(0, 2**32))
def test_the_order_of_facts_does_not_matter(name, person, seed):
    shuffled, chance = dict(person), random.Random(seed)
    for key in ("attendance", "activities", "penalties", "incidents", "acting", "segments", "carried"):
        shuffled[key] = chance.sample(person[key], len(person[key]))
    assert canonical(evaluate(policy(name), facts_from(shuffled))) == canonical(
        evaluate(policy(name), facts_from(person))
    )


@pytest.mark.parametrize("name", ALL)
@relaxed
@given(person=people())
def test_recomputed_from_frozen_facts_the_statement_has_the_same_bytes(name, person):
    facts = facts_from(person)
    first = evaluate(policy(name), facts)
    again = evaluate(policy_of(policy(name).document), facts_from(facts_to_dict(facts)))
    assert facts_from(facts_to_dict(facts)) == facts
    assert canonical(first) == canonical(again) == rfc8785.dumps(first.to_dict())
    assert all(formula(line, language) for line in first.lines for language in ("id", "en"))
    assert all(measured(result, language) for result in first.results for language in ("id", "en"))
