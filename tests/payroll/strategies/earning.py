"""What is earned: measures, parts, bases and criteria, drawn."""

from typing import Any

from hypothesis import strategies as st

from tests.payroll.strategies.words import (
    CLASSES,
    CRITERIA,
    PREDIKAT,
    RULE,
    WORDS,
    Plain,
    monthly,
    optional,
    some_shares,
    weights,
    whens,
)

predikat = st.fixed_dictionaries(
    {
        "kind": st.just("predikat"),
        "pays": st.sampled_from([[100, 100, 90, 75, 50], [100, 95, 60, 0, 0], [120, 100, 80, 60, 40]]).map(
            lambda shares: {word: f"{share} %" for word, share in zip(PREDIKAT, shares, strict=True)}
        ),
        "missing": st.fixed_dictionaries(
            {
                "no_plan": st.sampled_from(["0 %", "40 %", "kurang"]),
                "supervisor_silent": st.sampled_from(["baik", "sangat_baik", "100 %"]),
                "not_due": st.sampled_from(["100 %", "baik"]),
            }
        ),
    }
)
per = st.sampled_from([{"per_workday": 300}, {"per_workday": 390}, {"per_month": 6750}])
at_most = {"at_most": st.sampled_from(["100 %", "80 %", "120 %"])}
activities = {"activities": st.sampled_from([["tusi"], ["lain", "tusi"]])}
without = st.sampled_from([["leave"], ["duty", "leave:sakit"], ["absent", "duty"]])
score = st.fixed_dictionaries(
    {"kind": st.just("score"), "score": st.sampled_from(["sakip", "mutu"]), "missing": some_shares}, optional=at_most
)
rating = st.fixed_dictionaries(
    {
        "kind": st.just("rating"),
        "rating": st.just("perilaku"),
        "pays": st.sampled_from([[100, 90, 60], [100, 100, 0]]).map(
            lambda shares: {word: f"{share} %" for word, share in zip(WORDS, shares, strict=True)}
        ),
        "missing": some_shares,
    }
)
staff = st.tuples(per, st.fixed_dictionaries({"kind": st.just("staff"), "missing": some_shares}, optional=at_most))
attendance = st.fixed_dictionaries(
    {
        "kind": st.just("attendance"),
        "less": st.sampled_from([["absent"], ["absent:tanpa_keterangan", "leave"], ["leave:besar"]]),
    }
)


@st.composite
def minutes(draw: st.DrawFn) -> Plain:
    target = draw(per)
    said = draw(
        optional(**at_most, **activities, daily_cap=st.sampled_from([300, 450]), approved_before_day=st.just(6))
    )
    if "per_workday" in target and draw(st.booleans()):
        said["without"] = draw(without)
    return {"kind": "minutes"} | target | said


@st.composite
def reports(draw: st.DrawFn) -> Plain:
    said = draw(optional(**at_most, **activities, counts=st.sampled_from(["days", "reports"])))
    if draw(st.booleans()):
        return {"kind": "reports", "target": 20} | said
    return {"kind": "reports"} | said | draw(optional(without=without))


single = st.one_of(
    st.just({"kind": "full"}),
    predikat,
    rating,
    minutes(),
    reports(),
    attendance,
    score,
    staff.map(lambda two: two[0] | two[1]),
)
blends = st.tuples(single, single).map(
    lambda two: {
        "kind": "blend",
        "of": [{"weight": "70 %", "measure": two[0]}, {"weight": "30 %", "measure": two[1]}],
    }
)
measures = st.one_of(single, blends)
bands = st.sampled_from(
    [
        [{"from": "0 %", "pays": "0 %"}, {"from": "50 %", "pays": "as_is"}],
        [{"from": "0 %", "pays": "as_is"}, {"from": "40 %", "pays": "75 %"}, {"from": "80 %", "pays": "100 %"}],
    ]
)
duty = st.fixed_dictionaries({"id": st.just("menilai"), "points": st.sampled_from(["5 %", "1/7"])}).map(RULE.__or__)


@st.composite
def parts(draw: st.DrawFn, prefix: str, depth: int = 2) -> list[Plain]:
    """Parts whose weights total 100 %, some of them made of parts themselves."""
    drawn = []
    for at, weight in enumerate(draw(weights)):
        code = f"{prefix}{at + 1}"
        part: Plain = {"code": code, "name": code, "article": "pasal", "weight": weight}
        if depth > 1 and draw(st.integers(0, 3)) == 0:
            part["parts"] = draw(parts(f"{code}-", depth - 1))
        else:
            part["measure"] = draw(measures)
            part |= draw(optional(by_segment=st.just(True), bands=bands, supervisor_duty=duty))
            if draw(st.integers(0, 3)) == 0:
                part["supervisor_measure"] = draw(measures)
        drawn.append(part)
    return drawn


@st.composite
def tables(draw: st.DrawFn, value: st.SearchStrategy[Any]) -> dict[int, Any]:
    """A row for every class."""
    return {kelas: draw(value) for kelas in CLASSES}


multiples = st.sampled_from(["25 %", "1/3", "110 %"])
bases = st.one_of(
    tables(monthly).map(lambda rows: {"by_class": rows}),
    multiples.map(lambda share: {"percent_of_basic": share}),
    tables(multiples).map(lambda rows: {"percent_of_basic": rows}),
    st.sampled_from([1_234, 5_000]).map(lambda amount: {"rupiah_per_point": amount}),
    tables(multiples).map(lambda rows: {"gaji_pokok_times": rows}),
    st.just({"stated": "prestasi"}),
)


@st.composite
def criteria(draw: st.DrawFn) -> list[Plain]:
    drawn = []
    for at, code in enumerate(CRITERIA[: draw(st.integers(1, 3))]):
        one: Plain = {"code": code, "name": code, "article": "pasal", "base": draw(bases)}
        if draw(st.integers(0, 3)) == 0:
            one["when"] = draw(whens)
        if draw(st.integers(0, 2)) == 0:
            one["variants"] = [{"when": {"status_asn": ["PPPK"]}, "base": draw(bases)}]
        if at and draw(st.integers(0, 2)) == 0:
            one["parts"] = draw(parts(f"q{at}", 1))
        drawn.append(one)
    return drawn
