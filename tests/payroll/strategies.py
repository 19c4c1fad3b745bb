"""Random policy documents and random facts: what the grammar can say, drawn, not picked from examples.

`documents()` draws whole documents as plain data, each of them without a fault; `people(document)` draws facts as
plain data that the document can be computed with. In CI the seeds are fixed and the examples few (`some`); with
TAKAR_EXAMPLES=20 every property tries twenty times as many, from other seeds.
"""

import os
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from tests.payroll.people import plain_facts

Plain = dict[str, Any]

TIMES = float(os.environ.get("TAKAR_EXAMPLES", "1"))
CLASSES = [7, 8, 9]
DAYS = [date(2026, 10, 1) + timedelta(days=at) for at in range(31)]
CRITERIA = ["BK", "PK", "KK"]
TIMED = ["late", "early", "out", "permitted_out"]
KINDS = {
    "absent": ["tanpa_keterangan", "izin_ditolak"],
    "leave": ["sakit", "tahunan", "besar"],
    "apel": ["apel", "senam"],
    "penalty": ["ringan", "sedang", "berat"],
    "incident": ["razia", "paripurna"],
    "instalment": ["tgr", "koperasi"],
}
PREDIKAT = ["sangat_baik", "baik", "butuh_perbaikan", "kurang", "sangat_kurang"]
WORDS = ["di_atas_ekspektasi", "sesuai_ekspektasi", "di_bawah_ekspektasi"]
MODES = st.sampled_from(["half_up", "floor", "ceil", "half_even"])
UNITS = st.sampled_from([1, 1, 1, 50, 100, 1000])
DECISION = {"author": "BKPSDM", "reason": "SK"}
RULE = {"name": "aturan", "article": "pasal"}
FLAGS = ["tugas_belajar", "mpp", "lhkpn_belum"]

rupiah = st.integers(0, 20_000_000).map(str)
monthly = st.one_of(st.integers(1_000_000, 9_999_999), st.integers(3_000_000, 30_000_000), st.just(0)).map(str)
small_rupiah = st.integers(0, 600_000).map(str)
some_shares = st.sampled_from(["0 %", "1/3", "50 %", "80 %", "93.5 %", "100 %"])
cut_shares = st.sampled_from(["0.25 %", "1 %", "1.5 %", "1/3", "5 %", "30 %", "100 %"])
weights = st.sampled_from(
    [["100 %"], ["60 %", "40 %"], ["1/3", "2/3"], ["40 %", "18 %", "42 %"], ["97 %", "2 %", "1 %"]]
)


def some(examples: int, **said: Any) -> settings:
    """Settings of a property: so many examples, always the same ones unless TAKAR_EXAMPLES asks for more."""
    return settings(
        max_examples=max(2, int(examples * TIMES)),
        derandomize=TIMES <= 1,
        deadline=None,
        database=None,
        phases=tuple(Phase) if TIMES >= 1 else (Phase.generate,),  # a mutant need not be made small
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        **said,
    )


def optional(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Plain]:
    """A mapping in which each of these entries may be there."""
    return st.fixed_dictionaries({}, optional=fields)


def maybe(strategy: st.SearchStrategy[Any], most: int = 1, least: int = 0) -> st.SearchStrategy[list[Any]]:
    """None, or up to so many."""
    return st.lists(strategy, min_size=least, max_size=most)


# conditions

whens = st.sampled_from(
    [
        {"status_asn": ["CPNS"]},
        {"status_asn": ["PPPK", "PPPK_PARUH_WAKTU"]},
        {"golongan": ["III/b", "IX"]},
        {"kelas": [7]},
        {"kelas": [8, 9]},
        {"unit": ["Dinas"]},
        {"position": ["Kepala"]},
        {"flags": ["mpp"]},
        {"flags": ["tugas_belajar", "lhkpn_belum"]},
        {"without_flags": ["mpp"]},
        {"supervisor": True},
        {"appointed_months_below": 12},
        {"months": [10, 12]},
        {"attributes": {"eselon": ["III", "IV"]}},
        {"status_asn": ["PNS"], "supervisor": False},
    ]
)

# what is earned

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


# what is taken


def codes_of(drawn: list[Plain]) -> list[str]:
    return [code for part in drawn for code in (part["code"], *codes_of(part.get("parts", [])))]


@st.composite
def selectors(draw: st.DrawFn, event: str, take: str, over: str) -> Plain:
    """Which events count: with as many of the grammar's narrowings as make sense for this event."""
    said: Plain = {"event": event, "take": take}
    named = event in ("penalty", "incident", "instalment")
    if event in KINDS and (named or draw(st.booleans())):
        said["kinds"] = draw(st.lists(st.sampled_from(KINDS[event]), min_size=1, unique=True))
    if over == "year":
        return said | draw(optional(after_holiday=st.just(True)))
    narrowings: dict[str, st.SearchStrategy[Any]] = {"forgive": st.sampled_from([1, 2])}
    if not named:
        narrowings |= {"after_holiday": st.booleans(), "letter": st.booleans(), "inpatient": st.booleans()}
    if event in TIMED:
        narrowings["minutes_from"] = st.sampled_from([5, 31])
    if event == "late":
        narrowings["made_up"] = st.sampled_from(
            [{"by": "as_long"}, {"by": "each_minute"}, {"by": 30, "up_to": 60}, {"by": "each_minute", "up_to": 90}]
        )
    if event in KINDS and "kinds" not in said:
        narrowings["without_kinds"] = st.sampled_from(KINDS[event]).map(lambda kind: [kind])
    if take in ("minutes", "hours"):
        narrowings["beyond"] = st.sampled_from([{"per_day": 30}, {"per_week": 120}, {"per_day": 60, "per_week": 90}])
    if over == "month":
        narrowings |= {"free": st.sampled_from([1, 15]), "whole": st.sampled_from(["floor", "ceil"])}
    said |= draw(optional(**narrowings))
    return said | draw(optional(each=st.sampled_from([2, 120]), per=st.sampled_from([7, 450])))


@st.composite
def shapes(draw: st.DrawFn, over: str, event: str, kinds: list[str], unit: str) -> Plain:
    """One shape of a cut, in one unit; more of a fault never costs less."""
    cuts = cut_shares if unit == "percent" else st.sampled_from(["Rp 500", "Rp 66.000", "Rp 1.250.000"])
    rising = ["0.5 %", "1 %", "2.5 %", "10 %"] if unit == "percent" else ["Rp 0", "Rp 1.000", "Rp 20.000", "Rp 90.000"]
    ways = ["per_unit", "tiers", "threshold"] + (["each_time"] if over in ("month", "year") else [])
    ways += ["by_kind"] if kinds and over == "occurrence" else []
    ways += ["as_stated"] if event in ("incident", "instalment") else []
    way = draw(st.sampled_from(ways))
    if way == "tiers":
        first, second = draw(st.sampled_from([(1, 30), (1, 2), (30, 90)]))
        low, middle, high = sorted(draw(st.lists(st.integers(0, 3), min_size=3, max_size=3)))
        high = max(high, 1)
        rows = [
            {"from": 1, "to": first, "cut": rising[low]},
            {"from": first + 1, "to": second + 1, "cut": rising[middle]},
        ]
        return {"tiers": [*rows, {"from": second + 2, "cut": rising[max(high, middle)]}]}
    if way == "threshold":
        least = [2, 60, "workdays"] if over == "month" else [2, 60]
        return {"threshold": {"at_least": draw(st.sampled_from(least)), "cut": draw(cuts)}}
    if way == "each_time":
        return {"each_time": draw(st.lists(cuts, min_size=2, max_size=4))}
    if way == "by_kind":
        return {"by_kind": {kind: draw(cuts) for kind in kinds}}
    if way == "as_stated":
        return {"as_stated": {"unit": "rupiah" if event == "instalment" else unit}}
    return {"per_unit": draw(cuts)}


@st.composite
def deductions(draw: st.DrawFn, at: int, targets: list[str]) -> Plain:
    event = draw(st.sampled_from(["late", "late", *TIMED, "missing_in", "missing_out", *KINDS, "unassessed"]))
    over = draw(
        st.sampled_from(
            ["occurrence", "day", "month", "year"]
            if event not in KINDS or event == "absent"
            else ["occurrence", "month"]
        )
    )
    takes = ["times", "days", *(["minutes", "hours"] if event in TIMED else [])]
    takes = [take for take in takes if (over, take) != ("year", "hours")]
    take = draw(st.sampled_from(takes))
    measure = [draw(selectors(event, take, over))]
    if event in TIMED and draw(st.integers(0, 2)) == 0:
        other = draw(st.sampled_from([one for one in TIMED if one != event]))
        measure.append(draw(selectors(other, take, over)))
    unit = draw(st.sampled_from(["percent", "percent", "rupiah"]))
    shape = draw(shapes(over, event, measure[0].get("kinds", []) if len(measure) == 1 else [], unit))
    unit = "rupiah" if shape.get("as_stated", {}).get("unit") == "rupiah" else unit
    several = st.lists(st.sampled_from(targets), min_size=1, max_size=3, unique=True)
    hits = draw(st.sampled_from(["total", "total", "total_with_additions"]) | several)
    rule: Plain = RULE | {"id": f"potong-{at}", "measure": measure, "over": over, "hits": hits} | shape
    if unit == "percent":
        rule["of"] = (
            "remaining"
            if hits == "total_with_additions"
            else draw(st.sampled_from(["full", "earned", "remaining", "daily"]))
        )
    most = st.sampled_from(["3 %", "50 %"] if unit == "percent" else ["Rp 40.000", "Rp 900.000"])
    rule |= draw(optional(at_most=most, when=whens))
    if event in ("penalty", "incident"):
        rule |= draw(optional(months=st.sampled_from([1, 3, 6]), begins=st.just("next_month")))
        if event == "penalty" and draw(st.booleans()):
            rule["months"] = "in_force"
    return rule


@st.composite
def caps(draw: st.DrawFn, rules: list[Plain]) -> list[Plain]:
    """Caps of the rules in percent that fall on the same; some of them left out."""
    groups: dict[str, list[str]] = {}
    for rule in rules:
        if "of" in rule:
            groups.setdefault(str(rule["hits"]), []).append(rule["id"])
    return [
        RULE | {"id": f"batas-{at}", "rules": names, "at_most": draw(st.sampled_from(["2 %", "40 %", "1/3", "100 %"]))}
        for at, names in enumerate(groups.values())
        if draw(st.booleans())
    ]


@st.composite
def limits(draw: st.DrawFn, targets: list[str]) -> list[Plain]:
    drawn: list[Plain] = []
    for at in range(draw(st.integers(0, 3))):
        several = st.lists(st.sampled_from(targets), min_size=1, max_size=2, unique=True)
        hits = draw(st.sampled_from(["total", "total_with_additions"]) | several)
        way = draw(st.sampled_from(["at_least", "at_most"]))
        one: Plain = RULE | {"id": f"pagu-{at}", "hits": hits}
        if draw(st.booleans()):
            one[way] = draw(st.sampled_from(["Rp 100.000", "Rp 2.500.000", "Rp 9.999.999"]))
        else:
            of = ["full"] if hits == "total_with_additions" else ["full", "earned"]
            one |= {way: draw(st.sampled_from(["10 %", "1/3", "80 %"])), "of": draw(st.sampled_from(of))}
        one |= draw(optional(when=whens))
        if all((one["hits"], way in one) != (other["hits"], way in other) for other in drawn):
            drawn.append(one)
    return drawn


@st.composite
def additions(draw: st.DrawFn, at: int, codes: list[str]) -> Plain:
    rule: Plain = RULE | {"id": f"tambah-{at}", "at": draw(st.sampled_from(["base", "end"]))}
    rule |= draw(optional(when=whens, criterion=st.sampled_from(codes)))
    way = draw(st.sampled_from(["acted_share", "acted_instead", "base_share", "rupiah"]))
    if way == "acted_instead":
        rule |= {way: True, "at": "base"}
    else:
        rule[way] = draw(st.sampled_from(["Rp 250.000", "Rp 1.000.001"]) if way == "rupiah" else multiples)
    if way.startswith("acted") or draw(st.booleans()):
        rule["acting"] = draw(st.sampled_from([["Plt"], ["Plh", "Pj"]]))
        rule |= draw(
            optional(
                level=st.sampled_from(["same", "higher"]),
                minimum_workdays=st.sampled_from([5, 20]),
                minimum_months=st.just(1),
            )
        )
        if way != "acted_instead":
            rule |= draw(optional(prorated=st.just(True)))
    return rule


@st.composite
def withholdings(draw: st.DrawFn, at: int) -> Plain:
    rule: Plain = RULE | {"id": f"tahan-{at}", "holds": draw(st.sampled_from(["30 %", "1/3", "100 %"]))}
    rule["until"] = draw(st.sampled_from(["next_month", "cleared", {"months": 3}]))
    if rule["until"] == "cleared":
        rule |= draw(optional(forfeits_after_months=st.sampled_from([2, 4])))
    if draw(st.booleans()):
        return rule | {"when": draw(whens)}
    measure = [draw(selectors("late", "minutes", "month"))]
    return rule | {"measure": measure, "more_than": draw(st.sampled_from([0, 60, 780]))}


# rounding, tax, contributions

points = st.fixed_dictionaries({"mode": MODES, "unit": UNITS})
taxes = st.one_of(
    st.just({"mode": "none", "article": "bendahara"}),
    st.fixed_dictionaries({"mode": st.just("final"), "article": st.just("PP 80/2010"), "pppk": st.just("default")}),
    st.fixed_dictionaries(
        {"mode": st.just("ter"), "article": st.just("PMK 168/2023"), "settlement": st.sampled_from(["none", "pasal17"])}
    ),
)


@st.composite
def contributions(draw: st.DrawFn, at: int) -> Plain:
    payer = draw(st.sampled_from(["employer", "employee"]))
    of = ["tpp", "salary", "gaji_pokok", "pension_base"] + (["tpp_after_tax"] if payer == "employee" else [])
    rule: Plain = RULE | {"id": f"iuran-{at}", "payer": payer, "of": draw(st.sampled_from(of))}
    way = draw(st.sampled_from(["scheme", "rate", "rupiah"]))
    if way == "scheme":
        rule |= {"scheme": "bpjs_kesehatan"} | draw(optional(floor=st.just("Rp 2.500.000")))
    else:
        rule[way] = draw(st.sampled_from(["0.24 %", "2.5 %"]) if way == "rate" else st.just("Rp 20.000"))
    if payer == "employer":
        return rule | draw(optional(taxable=st.booleans(), shown=st.booleans()))
    return rule | draw(optional(consent=st.just("zakat"), shown=st.booleans(), when=whens))


@st.composite
def documents(draw: st.DrawFn, *, plain_lateness: bool = False) -> Plain:
    """A whole policy document. With `plain_lateness` none in which rules stand in each other's way.

    Where one rule can only take what another left (a ceiling or a cap of several parts, a fixed amount from one
    part), a cut for lateness may keep a greater one from falling; such documents exist, they are just not lenient
    rules but the region's own arithmetic, and "more lateness never pays more" is not to be asked of them.
    """
    drawn = draw(parts("p"))
    grounds = draw(criteria())
    if all("parts" in one for one in grounds):
        del grounds[0]["parts"]
    codes = [one["code"] for one in grounds]
    targets = [*codes, *codes_of(drawn), *(code for one in grounds for code in codes_of(one.get("parts", [])))]
    rules: list[Plain] = []
    for at in range(draw(st.sampled_from([4, 3, 2, 1, 0]))):
        rule = draw(deductions(at, targets))
        if all((rule["measure"], rule["hits"]) != (other["measure"], other["hits"]) for other in rules):
            rules.append(rule)
    said: Plain = {
        "format": "takar.policy/1",
        "region": "99",
        "name": "acak",
        "effective_from": "2020-01-01",
        "legal_basis": {"title": "acak", "source": "acak"},
        "classes": CLASSES,
        "basic": draw(tables(st.integers(500_000, 9_000_000).map(str))),
        "criteria": grounds,
        "parts": drawn,
        "proration": {"by": draw(st.sampled_from(PRORATIONS)), "article": "pasal"} | draw(proration_extras),
        "entitlement": [
            RULE | {"id": f"hak-{at}", "when": draw(whens), "pays": draw(st.sampled_from(["80 %", "1/3", "0 %"]))}
            for at in range(draw(st.integers(0, 2)))
        ],
        "deductions": rules,
        "additions": [draw(additions(at, codes)) for at in range(draw(st.integers(0, 2)))],
        "withholding": [draw(withholdings(at)) for at in range(draw(st.integers(0, 2)))],
        "rounding": {
            "tpp": draw(points) | {"at": draw(st.sampled_from(["line", "part", "total"]))},
            "tax": draw(points),
            "contributions": draw(points),
        },
        "tax": draw(taxes) | draw(tax_extras),
        "contributions": [draw(contributions(at)) for at in range(draw(st.integers(0, 3)))],
    }
    said["caps"] = draw(caps(rules))
    said["limits"] = draw(limits(targets))
    if plain_lateness:
        said["caps"] = []
        said["limits"] = [one for one in said["limits"] if isinstance(one["hits"], str)]
        said["deductions"] = [rule for rule in rules if "of" in rule or isinstance(rule["hits"], str)]
    if draw(st.booleans()):
        said["runs"] = {"recovery": RULE | {"id": "ambil", "at_most": draw(st.sampled_from(["1/3", "50 %"]))}}
    return said


PRORATIONS = ["workdays", "workdays", "calendar_days", "first_day", "last_day", "longest"]
proration_extras = optional(minimum_workdays=st.sampled_from([3, 10]), rounding=points)
tax_extras = optional(of=st.just("tpp_less_contributions"), borne_by=st.just("region"))

# facts

late = st.sampled_from([20, 0, 1, 0, 30, 31, 60, 61, 130, 400])
attendance_day = st.fixed_dictionaries(
    {"after_holiday": st.booleans(), "late_minutes": late},
    optional={
        "early_minutes": late,
        "out_minutes": late,
        "permitted_minutes": late,
        "stayed_minutes": late,
        "missing_in": st.booleans(),
        "missing_out": st.booleans(),
        "absence": st.sampled_from(KINDS["absent"]),
        "leave": st.sampled_from(KINDS["leave"]),
        "letter": st.booleans(),
        "inpatient": st.booleans(),
        "duty": st.booleans(),
        "apel_missed": st.lists(st.sampled_from(KINDS["apel"]), max_size=2),
    },
)
year_days = st.dates(date(2026, 5, 1), date(2026, 11, 20)).map(str)
covered = st.sampled_from(
    [["late"], ["early", "absent"], ["rule:potong-0"], ["rule:tahan-0"], ["part:p1"], ["part:p2"], ["instalment"]]
)


@st.composite
def segments(draw: st.DrawFn, workdays: int) -> list[Plain]:
    cuts = sorted(draw(st.lists(st.integers(2, 30), unique=True, max_size=2)))
    firsts, lasts = [1, *cuts], [*(at - 1 for at in cuts), 31]
    left, drawn = workdays, []
    for first, last in zip(firsts, lasts, strict=True):
        own = left if last == 31 else min(left, draw(st.integers(0, 12)))
        left -= own
        one = {"start": f"2026-10-{first:02d}", "end": f"2026-10-{last:02d}", "workdays": own}
        one |= {
            "position": draw(st.sampled_from(["Analis", "Kepala"])),
            "unit": draw(st.sampled_from(["Dinas", "Badan"])),
        }
        one |= {
            "kelas": draw(st.sampled_from([7, 8, 9, 9, 8, 7, 12])),
            "nilai_jabatan": draw(st.sampled_from([755, 1800, 1505, None])),
        }
        one |= draw(
            optional(
                is_supervisor=st.booleans(),
                flags=st.sampled_from([["mpp"], ["tugas_belajar"]]),
                attributes=st.just({"eselon": "IV"}),
            )
        )
        drawn.append(one)
    return drawn


@st.composite
def people(draw: st.DrawFn) -> Plain:
    """Facts of October 2026 as plain data, of all kinds that a policy may look at."""
    workdays = draw(st.integers(16, 23))
    status = draw(st.sampled_from(["CPNS", "PNS", "PNS", "PPPK", "PPPK_PARUH_WAKTU"]))
    ranks = ["V", "IX", "XIII"] if status.startswith("PPPK") else ["I/c", "II/a", "III/b", "IV/b"]
    whole = draw(st.booleans())
    return plain_facts(
        employee={
            "status_asn": status,
            "golongan": draw(st.sampled_from(ranks)),
            "ptkp": draw(st.sampled_from(["TK/0", "TK/2", "K/0", "K/1", "K/3"])),
            "is_supervisor": draw(st.booleans()),
            "assessed_staff": draw(st.booleans()),
            "appointed_on": draw(st.sampled_from([None, "2015-05-01", "2025-10-31", "2025-11-01"])),
            "flags": draw(maybe(st.sampled_from(FLAGS))),
            "attributes": draw(st.sampled_from([{}, {"eselon": "III"}])),
        },
        workdays=workdays,
        segments=draw(segments(workdays)),
        predikat=draw(st.sampled_from([None, *PREDIKAT])),
        plan_exists=draw(st.booleans()),
        predikat_missing=draw(st.sampled_from([None, "not_due"])),
        attendance=[
            {"work_date": day.isoformat()} | draw(attendance_day)
            for day in draw(
                st.lists(st.sampled_from(DAYS), unique=True, min_size=draw(st.sampled_from([6, 10, 0])), max_size=20)
            )
        ],
        activities=[
            {"work_date": day.isoformat(), "minutes": draw(st.integers(0, 900)), "count": draw(st.integers(0, 3))}
            | {"kind": kind}
            | draw(optional(approved_on=st.sampled_from(["2026-10-30", "2026-11-05", "2026-11-06"])))
            for day in draw(
                st.lists(st.sampled_from(DAYS), unique=True, min_size=draw(st.sampled_from([8, 0])), max_size=20)
            )
            for kind in draw(st.sampled_from([["tusi"], ["tusi", "lain"]]))
        ],
        penalties=[
            {"id": f"sk-{at}", "kind": draw(st.sampled_from(KINDS["penalty"])), "effective_from": on}
            | draw(optional(effective_to=st.sampled_from(["2026-09-30", "2026-10-01"])))
            for at, on in enumerate(draw(maybe(year_days, 2)))
        ],
        incidents=[
            {"id": f"i-{at}", "kind": draw(st.sampled_from(KINDS["incident"])), "on": draw(year_days)}
            | draw(optional(percent=cut_shares, rupiah=small_rupiah, times=st.just(2)))
            for at in range(draw(st.integers(0, 2)))
        ],
        instalments=[
            {"id": f"u-{at}", "kind": draw(st.sampled_from(KINDS["instalment"])), "start": start}
            | {"monthly": draw(small_rupiah), "total": draw(rupiah)}
            | DECISION
            for at, start in enumerate(draw(maybe(year_days, 2)))
        ],
        acting=[
            {"id": f"plt-{at}", "capacity": draw(st.sampled_from(["Plt", "Plh", "Pj"]))}
            | {"level": draw(st.sampled_from(["same", "higher", "lower"])), "kelas": draw(st.sampled_from(CLASSES))}
            | {"workdays": draw(st.integers(0, 23)), "nilai_jabatan": draw(st.sampled_from([None, 900]))}
            | draw(optional(since=st.sampled_from(["2026-08-01", "2026-10-01", "2026-10-02"])))
            for at in range(draw(st.integers(0, 2)))
        ],
        salary={"gross": draw(rupiah), "tax": draw(small_rupiah), "bpjs_base": draw(rupiah)}
        | {"gaji_pokok": draw(rupiah), "pension_base": draw(rupiah), "pension": draw(small_rupiah)},
        earlier=draw(st.sampled_from([{}, {"gross": "2750000", "tax": "41250", "bpjs_base": "2750000"}])),
        consents=[{"id": "c", "kind": "zakat", "valid_from": "2026-01-01"} | draw(optional(percent=st.just("3 %")))]
        * draw(st.integers(0, 1)),
        tax_year=draw(
            st.sampled_from(
                [None, None, {"gross_before": "99000000", "tax_before": "500000", "tpp_tax_before": "90000"}]
            )
        ),
        carried=[{"id": "c", "period": "2026-08", "amount": draw(rupiah)}] * draw(st.integers(0, 1)),
        held=[
            {"id": f"h{at}", "rule": f"tahan-{at}", "period": period, "amount": draw(rupiah)}
            for at, period in enumerate(draw(maybe(st.sampled_from(["2026-06", "2026-08", "2026-09"]), 2)))
        ],
        releases=[
            {"id": "l", "rule": "tahan-0", "on": draw(year_days), "held": draw(st.sampled_from([None, "h0"]))}
            | DECISION
        ]
        * draw(st.integers(0, 1)),
        recoveries=[
            {"id": kind, "cause": "lebih bayar", "amount": draw(rupiah), "kind": kind}
            for kind in draw(st.sampled_from([[], ["debt"], ["tax"], ["debt", "tax"]]))
        ],
        corrections=[
            {
                "id": f"k{at}",
                "period": f"2026-0{7 + at}",
                "cause": "susulan",
                "paid": "a",
                "now": "b",
                "amount": str(amount),
            }
            | draw(
                st.sampled_from(
                    [{}, {"bpjs_used": "11700000"}, {"bpjs_used": "2000000"}, {"kind": "thr", "contributes": False}]
                )
            )
            for at, amount in enumerate(draw(maybe(st.integers(-3_000_000, 1_000_000), 2)))
        ],
        exemptions=[
            {"id": "x", "covers": draw(covered), "workdays": draw(st.integers(0, 12))}
            | {"start": "2026-10-01" if whole else "2026-10-05", "end": "2026-10-31" if whole else "2026-10-16"}
            | DECISION
        ]
        * draw(st.integers(0, 1)),
        ytd=draw(st.sampled_from([{}, {"absent": 4, "absent@after_holiday": 2, "late": 3, "late.minutes": 200}])),
        scores=draw(st.dictionaries(st.sampled_from(["sakip", "mutu"]), st.sampled_from(["1/3", "93 %", "120 %"]))),
        ratings=draw(st.sampled_from([{}, *({"perilaku": word} for word in WORDS)])),
        amounts=draw(st.sampled_from([{"prestasi": "1234567"}, {"prestasi": "5600000"}, {}])),
        staff=[
            {"id": f"s{at}", "minutes": draw(st.integers(0, 9000)), "workdays": draw(st.sampled_from([0, 10, 22]))}
            for at in range(draw(st.integers(0, 2)))
        ],
    )
