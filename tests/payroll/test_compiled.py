"""Payroll's rules, compiled and as they are written: the same rupiah, and never the rules of yesterday."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.compile import PACKAGE, ROOT, compile_rules, copy_rules, hindrance
from tests.payroll import both_ways

ASK = f"""
import services.payroll.rules
from shared.compiled import is_compiled
print(is_compiled("{PACKAGE.replace("/", ".")}.evaluate"))
"""


def ran(*command: str, path: Path = ROOT, compiled: str = "1") -> str:
    """What a Python of its own prints, with the modules under `path`."""
    environment = {**os.environ, "PYTHONPATH": str(path), "TAKAR_COMPILED": compiled}
    done = subprocess.run(
        [sys.executable, *command], cwd=path, env=environment, check=True, capture_output=True, text=True
    )
    return done.stdout


@pytest.fixture(scope="module", autouse=True)
def made() -> bool:
    """Whether they can be compiled here; then they are."""
    compile_rules()
    return hindrance() is None


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The rules in another place."""
    copy_rules(tmp_path)
    return tmp_path


def test_compiled_rules_and_their_sources_give_the_same_statements_to_the_byte(made):
    module = both_ways.__name__
    how, *compiled = ran("-m", module).splitlines()
    plainly, *plain = ran("-m", module, compiled="0").splitlines()
    assert (how, plainly) == ("compiled" if made else "sources", "sources")
    assert len(plain) > 3000
    assert compiled == plain


def test_the_same_sources_elsewhere_are_run_compiled(made, copied):
    assert ran("-c", ASK, path=copied).strip() == str(made)


def test_a_changed_rule_is_run_as_it_stands_until_it_is_compiled_anew(copied):
    with (copied / PACKAGE / "national" / "brackets.py").open("a") as file:  # of any module, as one may rest on another
        file.write("\n# changed\n")
    assert ran("-c", ASK, path=copied).strip() == "False"


def test_nothing_compiled_is_used_where_the_environment_says_so():
    assert ran("-c", ASK, compiled="0").strip() == "False"


@pytest.mark.parametrize("compiled", ["1", "0"])
def test_a_workers_figures_say_whether_its_rules_are_compiled(made, compiled):
    asked = "import services.payroll.worker; from prometheus_client import generate_latest as g; print(g().decode())"
    expected = f'takar_rules_compiled{{service="payroll"}} {float(made and compiled == "1")}'
    assert expected in ran("-c", asked, compiled=compiled).splitlines()
