"""The published JSON Schema is the grammar's own, holds every document we have, and helps an editor."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from deploy.cli import policy
from services.payroll.rules import Policy, check
from services.payroll.rules.reading import read
from tests.payroll.people import EXAMPLES, POLICIES

PUBLISHED = Path("deploy/policies")
DOCUMENTS = sorted((*PUBLISHED.glob("*/policy*.yaml"), *EXAMPLES.glob("policies/*.yaml"), *POLICIES.glob("*.yaml")))


def schema(name: str = "policy") -> Any:
    return json.loads((PUBLISHED / f"{name}.schema.json").read_text())


def plain(value: Any) -> Any:
    """A document as an editor has it: keys are text."""
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize(("name", "words"), [("policy", ["schema"]), ("cases", ["schema", "--cases"])])
def test_the_published_schema_is_what_the_command_prints(name, words):
    """`takar policy schema > deploy/policies/policy.schema.json` (and --cases) after a change of the grammar."""
    assert CliRunner().invoke(policy.app, words).stdout == (PUBLISHED / f"{name}.schema.json").read_text()


@pytest.mark.parametrize("file", DOCUMENTS, ids=str)
def test_a_whole_document_is_valid_by_the_schema(file):
    assert isinstance(check(file.read_bytes()), Policy)
    faults = list(Draft202012Validator(schema()).iter_errors(plain(read(file.read_bytes()).value)))
    assert not faults, faults[0]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"parts": []}, "parts"),
        ({"rounding": {"tpp": {"at": "weekly", "mode": "half_up"}}}, "rounding"),
        ({"aditions": []}, ""),
        ({"deductions": [{"id": "x", "name": "x", "article": "x", "hits": "total", "over": "month"}]}, "deductions"),
    ],
)
def test_an_editor_sees_a_fault_where_it_is_typed(change, place):
    document = plain(read((EXAMPLES / "policies" / "jambi-kind.yaml").read_bytes()).value) | change
    faults = list(Draft202012Validator(schema()).iter_errors(document))
    assert faults
    assert all(not place or one.path[0] == place for one in faults)


def test_an_editor_is_told_what_a_key_means():
    selector = schema()["$defs"]["Selector"]["properties"]
    assert selector["forgive"]["description"] == "The first so many events of the period, by date, cost nothing."
    assert "Indonesian" not in json.dumps(selector)
    missing = [
        f"{model}.{name}"
        for model in ("Deduction", "Selector", "Addition")
        for name, one in schema()["$defs"][model]["properties"].items()
        if "description" not in one and "$ref" not in json.dumps(one)
    ]
    assert missing == []
