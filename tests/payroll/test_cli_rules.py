"""`takar policy check` and `takar payroll evaluate`, as an official types them: no database, no traceback."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.cli import payroll, policy
from services.payroll.rules import canonical, evaluate
from tests.payroll import people
from tests.payroll.test_policy_reading import RUBBISH

JAMBI = str(people.EXAMPLES / "policies" / "jambi-kind.yaml")
T1 = str(people.EXAMPLES / "facts" / "jambi-kind-t1.yaml")


def typed(app, *words: str):
    done = CliRunner().invoke(app, list(words), env={"COLUMNS": "200"})
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


def test_a_whole_policy_is_said_to_be_whole():
    done = typed(policy.app, "check", JAMBI)
    assert done.exit_code == 0
    assert people.policy("jambi-kind").hash in done.output


def test_a_faulty_policy_is_refused_with_its_row(tmp_path: Path):
    wrong = tmp_path / "policy.yaml"
    wrong.write_text(Path(JAMBI).read_text().replace("{from: 31, to: 60, cut: 1 %}", "{from: 33, to: 60, cut: 1 %}"))
    done = typed(policy.app, "check", str(wrong))
    assert done.exit_code == 1
    assert "2 problems" in done.stderr
    assert "a gap: 31 to 32 minutes belong to no row" in done.stderr


def test_evaluate_explains_every_rupiah_in_the_terminal():
    done = typed(payroll.app, "evaluate", "--policy", JAMBI, "--facts", T1)
    assert done.exit_code == 0
    for said in (
        "Rp 3.748.000",
        "Rp 3.621.040",
        "contoh, Pasal 10 huruf a",
        "Senin, 5 Oktober 2026: terlambat 12 menit",
    ):
        assert said in done.output


def test_evaluate_prints_the_runs_own_bytes():
    done = typed(payroll.app, "evaluate", "--policy", JAMBI, "--facts", T1, "--json")
    expected = canonical(evaluate(people.policy("jambi-kind"), people.example("jambi-kind-t1")))
    assert done.stdout_bytes == expected + b"\n"
    assert json.loads(done.stdout_bytes)["totals"]["net"] == "3621040"


@pytest.mark.parametrize("name", RUBBISH)
def test_rubbish_files_get_a_named_problem_and_exit_code_1(name, tmp_path: Path):
    rubbish = tmp_path / "rubbish"
    rubbish.write_bytes(RUBBISH[name])
    assert typed(policy.app, "check", str(rubbish)).exit_code == 1
    done = typed(payroll.app, "evaluate", "--policy", JAMBI, "--facts", str(rubbish))
    assert done.exit_code == 1
    assert "refused" in done.stderr


@pytest.mark.parametrize("file", ["no-such-file.yaml", ".", "/dev/zero"])
def test_a_file_that_cannot_be_read_is_one_clear_line(file):
    done = typed(policy.app, "check", file)
    assert done.exit_code == 1
    assert "refused" in done.stderr


def test_the_schema_is_json_for_an_editor():
    assert json.loads(typed(policy.app, "schema").stdout)["title"] == "takar.policy/1"
