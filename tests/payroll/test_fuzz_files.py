"""Files that somebody, or something, damaged: always named problems, never a traceback, in the CLI as well."""

import contextlib
import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from deploy.cli import payroll, policy
from services.payroll.rules import Policy, Problem, Unreadable, check, evaluate, facts_from, read_facts
from services.payroll.rules.cases import read_cases
from services.payroll.rules.national import check_table
from tests.payroll import people
from tests.payroll.strategies import documents, some
from tests.payroll.strategies import people as persons

CASES = sorted(Path("deploy/policies").glob("*/cases/*.yaml"))
TABLES = sorted(Path("services/payroll/rules/data").glob("*.yaml"))
POLICIES = sorted(Path("deploy/policies").glob("*/policy*.yaml"))

odd = st.sampled_from(
    [
        None,
        True,
        -1,
        0,
        10**30,
        "",
        "0 %",
        "-1 %",
        "200 %",
        "1/0",
        "Rp -1",
        "x",
        "2026-02-30",
        "9999-12-31",
        "total",
        [],
        {},
        [[]],
    ]
)
json_values = st.recursive(
    odd | st.integers() | st.floats(allow_nan=False) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value in a document."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, one in inner for found in places(one, (*path, key)))]


@st.composite
def damaged(draw: st.DrawFn, document: Any) -> Any:
    """A document of which up to three values are lost, put elsewhere, doubled, or made into something else."""
    document = json.loads(json.dumps(document))
    for _ in range(draw(st.integers(1, 3))):
        paths = places(document)[1:]
        if not paths:
            break
        *above, last = draw(st.sampled_from(paths))
        at = document
        for step in above:
            at = at[step]
        way = draw(st.sampled_from(["lose", "odd", "odd", "any", "copy", "double"]))
        if way == "lose":
            del at[last]
        elif way == "double" and isinstance(at, list):
            at.append(at[last])
        elif way == "copy":
            other = document
            for step in draw(st.sampled_from(paths)):
                other = other[step]
            at[last] = json.loads(json.dumps(other))
        else:
            at[last] = deepcopy(draw(odd if way == "odd" else json_values))  # drawn again it must be as it was
    return document


def answered(found: Any) -> None:
    """Problems, each with its place, what is wrong and what to do."""
    assert isinstance(found, tuple)
    assert found
    assert all(isinstance(one, Problem) and one.place and one.message and one.remedy for one in found)


@some(250)
@given(data=st.data(), document=documents(), person=persons())
def test_a_drawn_policy_or_its_facts_damaged_anywhere_are_refused_by_name_or_computed(data, document, person):
    checked = check(json.dumps(data.draw(damaged(document))))
    facts = None
    try:
        facts = facts_from(data.draw(damaged(person)))
    except Unreadable as refused:
        answered(refused.problems)
    if not isinstance(checked, Policy):
        answered(checked)
        checked = check(json.dumps(document))
        assert isinstance(checked, Policy)
    evaluate(checked, facts or facts_from(person))


def loaded(file: Path) -> Any:
    return yaml.load(file.read_text(), Loader=yaml.BaseLoader)  # every value as it is written


@some(150)
@given(data=st.data(), file=st.sampled_from(POLICIES))
def test_a_regions_policy_damaged_anywhere_gets_an_answer(data, file):
    checked = check(yaml.safe_dump(data.draw(damaged(loaded(file)))))
    if isinstance(checked, Policy):
        evaluate(checked, people.facts())
    else:
        answered(checked)


@some(150)
@given(data=st.data(), file=st.sampled_from(CASES))
def test_a_case_file_damaged_anywhere_gets_an_answer(data, file):
    try:
        read_cases(yaml.safe_dump(data.draw(damaged(loaded(file)))).encode())
    except Unreadable as refused:
        answered(refused.problems)


@some(100)
@given(data=st.data(), file=st.sampled_from(TABLES))
def test_a_national_table_damaged_anywhere_gets_an_answer(data, file):
    checked = check_table(yaml.safe_dump(data.draw(damaged(loaded(file)))).encode())
    if isinstance(checked, tuple):
        answered(checked)


@some(200)
@given(data=st.data(), file=st.sampled_from([*POLICIES, *CASES, *TABLES]))
def test_bytes_exchanged_in_any_file_get_an_answer(data, file):
    blob = bytearray(file.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(blob) - 1))
        blob[at : at + data.draw(st.sampled_from([0, 1, 7]))] = data.draw(st.binary(max_size=3))
    for reader in (check, check_table):
        found = reader(bytes(blob))
        if isinstance(found, tuple):
            answered(found)
    for refusing in (read_cases, read_facts):
        with contextlib.suppress(Unreadable):
            refusing(bytes(blob))


COMMANDS = {
    "policy check": lambda at: (policy.app, "check", str(at / "policy.yaml")),
    "policy check, a table": lambda at: (policy.app, "check", str(at / "table.yaml")),
    "policy difference": lambda at: (policy.app, "difference", str(at / "whole.yaml"), str(at / "policy.yaml")),
    "policy test": lambda at: (policy.app, "test", str(at)),
    "payroll evaluate": lambda at: (
        *(payroll.app, "evaluate", "--policy", str(at / "whole.yaml")),
        *("--facts", str(at / "facts.yaml")),
    ),
}


@pytest.mark.parametrize("command", COMMANDS)
@settings(
    some(25), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)  # the folder may be used again
@given(data=st.data())
def test_no_command_prints_a_traceback_for_damaged_files(command, data, tmp_path):
    written = {
        "policy": data.draw(damaged(loaded(data.draw(st.sampled_from(POLICIES))))),
        "table": data.draw(damaged(loaded(data.draw(st.sampled_from(TABLES))))),
        "facts": data.draw(damaged(people.plain_facts())),
        "cases/damaged": data.draw(damaged(loaded(data.draw(st.sampled_from(CASES))))),
    }
    (tmp_path / "cases").mkdir(exist_ok=True)
    (tmp_path / "whole.yaml").write_bytes((people.EXAMPLES / "policies" / "jambi-kind.yaml").read_bytes())
    for name, value in written.items():
        (tmp_path / f"{name}.yaml").write_text(yaml.safe_dump(value))
    app, *words = COMMANDS[command](tmp_path)
    done = CliRunner().invoke(app, words, env={"COLUMNS": "200"})
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    assert done.exit_code in (0, 1)
    assert "Traceback" not in done.output
