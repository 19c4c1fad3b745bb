"""What is taken, limited, added and held back: deductions, caps, limits, additions and withholdings, drawn."""

from typing import Any

from hypothesis import strategies as st

from tests.payroll.strategies.earning import multiples
from tests.payroll.strategies.words import KINDS, RULE, TIMED, Plain, cut_shares, optional, whens


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
