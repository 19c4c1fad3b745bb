"""A policy that is not whole is refused, each fault with its place and what to do."""

from copy import deepcopy
from typing import Any

import pytest
import yaml

from services.payroll.rules import Policy, Problem, check
from tests.payroll.people import EXAMPLES, policy

TEXT = (EXAMPLES / "policies" / "jambi-kind.yaml").read_text()


def problems(change: Any) -> list[Problem]:
    """What `check` says of the Jambi example after a change to its plain data."""
    plain = yaml.load(TEXT, Loader=yaml.BaseLoader)
    document = deepcopy(plain)
    change(document)
    checked = check(yaml.dump(typed(document), sort_keys=False, allow_unicode=True))
    return [] if isinstance(checked, Policy) else list(checked)


def typed(value: Any) -> Any:
    """BaseLoader's strings, with whole numbers and booleans as the file has them."""
    if isinstance(value, dict):
        return {key: text(item) if key in ("region", "nip") else typed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [typed(item) for item in value]
    return {"true": True, "null": None}.get(value, int(value) if value.isdigit() else value)


def text(value: str) -> str:
    return f"{value}"


def setting(*path: Any, to: Any) -> Any:
    """A change that puts one value into the document."""

    def change(document: Any) -> None:
        for step in path[:-1]:
            document = document[step]
        document[path[-1]] = to

    return change


def taking_out(*path: Any) -> Any:
    def change(document: Any) -> None:
        for step in path[:-1]:
            document = document[step]
        del document[path[-1]]

    return change


LATE = ("deductions", 0, "tiers")

FAULTS = {
    "a gap between tiers": (
        setting(*LATE, 1, "from", to="35"),
        "deductions[1].tiers[2]",
        "a gap: 31 to 34 minutes belong to no row",
    ),
    "a gap at the top": (
        setting(*LATE, 3, "to", to="300"),
        "deductions[1].tiers[4]",
        "a gap: 301 minutes and more belong to no row",
    ),
    "a gap at the bottom": (
        setting(*LATE, 0, "from", to="6"),
        "deductions[1].tiers[1]",
        "a gap: 1 to 5 minutes belong to no row",
    ),
    "an overlap": (setting(*LATE, 1, "from", to="30"), "deductions[1].tiers[2]", "overlaps the rows before it at 30"),
    "an unreachable row": (setting(*LATE, 0, "to", to="60"), "deductions[1].tiers[2]", "can never be reached"),
    "more that costs less": (setting(*LATE, 3, "cut", to="0.4 %"), "deductions[1].tiers[4]", "less than 1.25 %"),
    "percent against rupiah": (
        setting(*LATE, 2, "cut", to="Rp 66.000"),
        "deductions[1].tiers[3].cut",
        "Rp 66.000 is in rupiah, the rule is in percent",
    ),
    "a part nobody fills": (taking_out("parts", 1, "measure"), "parts[2]", "nobody fills part 'disiplin'"),
    "weights that miss 100": (
        setting("parts", 1, "weight", to="35 %"),
        "parts",
        "the weights 60 % + 35 % total 95 %",
    ),
    "a class without base": (
        taking_out("criteria", 0, "base", "by_class", "8"),
        "criteria[1].base.by_class",
        "class 8 has no base",
    ),
    "a base of no class": (
        setting("criteria", 0, "base", "by_class", "16", to="1"),
        "criteria[1].base.by_class.16",
        "the row of class 16 can never be reached",
    ),
    "a part that does not exist": (
        setting("deductions", 0, "hits", to=["produktifitas"]),
        "deductions[1].hits[1]",
        "there is no part 'produktifitas'",
    ),
    "a predikat without row": (
        taking_out("parts", 0, "measure", "pays", "kurang"),
        "parts[1].measure.pays",
        "a gap: predikat kurang has no row",
    ),
    "a reason without answer": (
        taking_out("parts", 0, "measure", "missing", "not_due"),
        "parts[1].measure.missing",
        "nothing is said for a missing predikat (not_due)",
    ),
    "a silent supervisor who costs": (
        setting("parts", 0, "measure", "missing", "supervisor_silent", to="40 %"),
        "parts[1].measure.missing.supervisor_silent",
        "lose pay because the supervisor is silent",
    ),
    "two shapes": (
        setting("deductions", 0, "per_unit", to="1 %"),
        "deductions[1]",
        "per_unit and tiers",
    ),
    "no shape": (taking_out("deductions", 2, "per_unit"), "deductions[3]", "nothing is said"),
    "a percentage of nothing": (taking_out("deductions", 0, "of"), "deductions[1]", "a percentage of what"),
    "a rule named twice": (
        setting("deductions", 1, "id", to="terlambat"),
        "deductions[2]",
        "rule 'terlambat' stands twice",
    ),
    "minutes of absence": (
        setting("deductions", 3, "measure", 0, "take", to="minutes"),
        "deductions[4].measure[1]",
        "absent has no minutes",
    ),
    "an unknown key": (setting("tax", "rate", to="5 %"), "tax.rate", "this key is not known here"),
    "a share without unit": (setting("parts", 0, "weight", to="60"), "parts[1].weight", "60 does not fit"),
    "a float": (setting(*LATE, 0, "cut", to="0.5"), "deductions[1].tiers[1].cut", "'0.5' does not fit"),
    "a missing entry": (taking_out("rounding"), "rounding", "this entry is missing"),
    "an end before the beginning": (setting("effective_to", to="2025-01-01"), "effective_to", "ends before it begins"),
}


def test_the_examples_are_whole():
    assert problems(lambda document: None) == []
    for name in ("jambi-kind", "samarinda-kind", "tulang-bawang", "sumedang", "ngawi", "balangan", "bertingkat"):
        assert policy(name).hash


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_named_with_its_place_and_a_remedy(name):
    change, place, message = FAULTS[name]
    found = problems(change)
    assert len(found) == 1, found
    assert found[0].place.split(" (line")[0].startswith(place)
    assert message in found[0].message
    assert found[0].remedy


def test_every_fault_of_a_document_is_said_at_once():
    def two(document):
        FAULTS["a gap between tiers"][0](document)
        FAULTS["a class without base"][0](document)

    assert len(problems(two)) == 2


def test_leave_bands_that_swallow_each_other_are_refused():
    """Regency A of the domain sheet: at least 13, then 18, then more than 21; the last two never happen."""
    bands = [{"from": "1", "to": "12", "cut": "0 %"}, {"from": "13", "cut": "2 %"}]
    bands += [{"from": "18", "cut": "3 %"}, {"from": "22", "cut": "5 %"}]
    found = problems(setting(*LATE, to=bands))
    assert [problem.place.split(" ")[0] for problem in found] == ["deductions[1].tiers[3]", "deductions[1].tiers[4]"]
    assert all("can never be reached" in problem.message for problem in found)


def test_the_line_is_the_files_own():
    [problem] = check(TEXT.replace("{from: 31, to: 60, cut: 1 %}", "{from: 33, to: 60, cut: 1 %}", 1))
    line = next(at for at, one in enumerate(TEXT.splitlines(), 1) if "from: 31" in one)
    assert problem.place == f"deductions[1].tiers[2] (line {line})"


def test_a_final_tax_needs_every_golongan_of_pppk():
    text = (EXAMPLES / "policies" / "samarinda-kind.yaml").read_text()
    [problem] = check(text.replace(" IX: III,", ""))
    assert problem.message == "PPPK golongan IX has no group for the final tax"


def test_a_cap_names_deductions_that_hit_the_same():
    text = (EXAMPLES / "policies" / "samarinda-kind.yaml").read_text()
    [problem] = check(text.replace("rules: [terlambat, pulang-cepat,", "rules: [terlambat, pulang,"))
    assert problem.place.startswith("caps[1].rules[2]")


def test_the_hash_is_of_the_content_not_of_its_looks():
    same = check("# another comment\n" + TEXT.replace("0.5 %", '"0.50%"'))
    other = check(TEXT.replace("0.5 %", "0.6 %"))
    assert isinstance(same, Policy)
    assert isinstance(other, Policy)
    assert same.hash == policy("jambi-kind").hash != other.hash
