"""Every dimension of the grammar against a second, independent telling, for any employee."""

import random
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from services.payroll.rules import canonical, evaluate, facts_from, facts_to_dict, formula, measured
from services.payroll.rules.frozen import frozen_bytes, frozen_facts
from tests.payroll.people import earning_lines, plain_facts, policy
from tests.payroll.slow_variety import PERILAKU, slow_variety
from tests.payroll.strategies import some
from tests.payroll.test_rules_properties import DAYS, rupiah

minutes = st.sampled_from([0, 0, 1, 20, 30, 31, 60, 61, 130, 400])
days = st.sampled_from(DAYS)
days_of_the_year = st.dates(date(2026, 5, 1), date(2026, 11, 20)).map(str)
decision = {"author": "BKPSDM", "reason": "SK"}
attendance_day = st.fixed_dictionaries(
    {"after_holiday": st.booleans(), "late_minutes": minutes},
    optional={
        "early_minutes": minutes,
        "permitted_minutes": minutes,
        "stayed_minutes": minutes,
        "absence": st.just("tanpa_keterangan"),
        "leave": st.sampled_from(["sakit", "tahunan", "besar"]),
        "duty": st.booleans(),
    },
)
covers = st.sampled_from(
    [["late"], ["early", "absent"], ["rule:terlambat"], ["part:hadir"], ["part:perilaku"], ["instalment", "unassessed"]]
)


@st.composite
def segments(draw, workdays):
    one = {"position": "Analis", "unit": "Dinas"}
    first = draw(st.sampled_from([None, 2, 5, 11, workdays - 3]))
    spans = [("01", "31", workdays)] if first is None else [("01", "14", first), ("15", "31", workdays - first)]
    return [
        one
        | {"start": f"2026-10-{start}", "end": f"2026-10-{end}", "workdays": own}
        | {"kelas": draw(st.sampled_from([7, 8, 9])), "is_supervisor": draw(st.sampled_from([None, True, False]))}
        | {"flags": draw(st.sampled_from([[], ["berprestasi"]]))}
        for start, end, own in spans
    ]


@st.composite
def various_people(draw):
    workdays = draw(st.integers(18, 23))
    whole = draw(st.booleans())
    return plain_facts(
        employee={
            "is_supervisor": draw(st.booleans()),
            "assessed_staff": draw(st.booleans()),
            "flags": draw(st.sampled_from([[], ["lhkpn_belum"], ["berprestasi"]])),
        },
        workdays=workdays,
        segments=draw(segments(workdays)),
        attendance=[
            {"work_date": day.isoformat()} | draw(attendance_day)
            for day in draw(st.lists(days, unique=True, max_size=18))
        ],
        activities=[
            {"work_date": day.isoformat(), "minutes": draw(st.integers(0, 900)), "count": 1}
            for day in draw(st.lists(days, unique=True, max_size=20))
        ],
        ratings=draw(st.sampled_from([{}, *({"perilaku": word} for word in PERILAKU)])),
        staff=[
            {"id": f"s{at}", "minutes": draw(st.integers(0, 9000)), "workdays": draw(st.sampled_from([0, 10, 22]))}
            for at in range(draw(st.integers(0, 3)))
        ],
        amounts=draw(st.sampled_from([{"prestasi": "900000"}, {"prestasi": "1234567"}])),
        ytd=draw(st.sampled_from([{}, {"absent@after_holiday": 1}, {"absent": 4, "absent@after_holiday": 2}])),
        penalties=[
            {"id": f"sk-{at}", "kind": draw(st.sampled_from(["berat", "ringan"])), "effective_from": start}
            | draw(st.sampled_from([{}, {"effective_to": "2026-09-30"}, {"effective_to": "2026-10-01"}]))
            for at, start in enumerate(draw(st.lists(days_of_the_year, max_size=2)))
        ],
        instalments=[
            {"id": f"tgr-{at}", "kind": "tgr", "start": start, "monthly": draw(rupiah), "total": draw(rupiah)}
            | decision
            for at, start in enumerate(draw(st.lists(days_of_the_year, max_size=2)))
        ],
        acting=[
            {"id": f"p{at}", "capacity": draw(st.sampled_from(["Plt", "Plh"])), "level": "same", "kelas": 8}
            | {"workdays": draw(st.integers(0, 23))}
            | draw(st.sampled_from([{}, {"since": "2026-09-30"}, {"since": "2026-10-01"}, {"since": "2026-10-02"}]))
            for at in range(draw(st.integers(0, 2)))
        ],
        carried=[{"id": "c", "period": "2026-08", "amount": draw(rupiah)}] * draw(st.integers(0, 1)),
        held=[
            {"id": f"h{at}", "rule": "lhkpn", "period": period, "amount": draw(rupiah)}
            for at, period in enumerate(draw(st.lists(st.sampled_from(["2026-06", "2026-07", "2026-09"]), max_size=2)))
        ],
        releases=[
            {"id": f"r{at}", "rule": "lhkpn", "on": on, "held": draw(st.sampled_from([None, "h1"]))} | decision
            for at, on in enumerate(draw(st.lists(days_of_the_year, max_size=1)))
        ],
        exemptions=[
            {"id": "x", "covers": draw(covers), "workdays": draw(st.integers(0, 12))}
            | {"start": "2026-10-01" if whole else "2026-10-05", "end": "2026-10-31" if whole else "2026-10-16"}
            | decision
        ]
        * draw(st.integers(0, 1)),
        recoveries=[{"id": "r", "cause": "lebih bayar", "amount": draw(rupiah)}] * draw(st.integers(0, 1)),
    )


@some(150)
@given(person=various_people())
def test_every_dimension_agrees_with_a_second_telling_to_the_rupiah(person):
    facts = facts_from(person)
    paid = evaluate(policy("serba-ada"), facts)
    expected = slow_variety(facts)
    owed = sum(one.amount for one in facts.recoveries) - paid.recovered
    assert {key: getattr(paid, key) for key in expected} == expected | {"unrecovered": expected["unrecovered"] + owed}
    assert earning_lines(paid) == paid.tpp == sum(paid.criteria.values())
    assert min(paid.criteria.values()) >= 0
    assert frozen_facts(frozen_bytes(facts)) == facts
    again = evaluate(policy("serba-ada"), facts_from(facts_to_dict(facts)))
    assert canonical(paid) == canonical(again)
    assert all(formula(line, language) for line in paid.lines for language in ("id", "en"))
    assert all(measured(result, language) for result in paid.results for language in ("id", "en"))


@some(40)
@given(person=various_people(), seed=st.integers(0, 2**32))
def test_the_order_of_any_facts_does_not_matter(person, seed):
    chance = random.Random(seed)
    shuffled = {
        key: chance.sample(value, len(value)) if isinstance(value, list) else value for key, value in person.items()
    }
    one, other = (evaluate(policy("serba-ada"), facts_from(given)) for given in (person, shuffled))
    assert canonical(one) == canonical(other)
