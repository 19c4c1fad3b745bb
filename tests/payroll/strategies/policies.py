"""Whole policy documents, drawn: none of them has a fault."""

from hypothesis import strategies as st

from tests.payroll.strategies.earning import criteria, parts, tables
from tests.payroll.strategies.taking import additions, caps, codes_of, deductions, limits, withholdings
from tests.payroll.strategies.words import CLASSES, MODES, RULE, UNITS, Plain, optional, whens

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


PRORATIONS = ["workdays", "workdays", "calendar_days", "first_day", "last_day", "longest"]
proration_extras = optional(minimum_workdays=st.sampled_from([3, 10]), rounding=points)
tax_extras = optional(of=st.just("tpp_less_contributions"), borne_by=st.just("region"))


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
