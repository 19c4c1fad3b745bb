"""`make mutate`: mutants of services/payroll/rules, tried by the tests that need no database.

python -m tests.mutation                          # everything; about an hour on one core
python -m tests.mutation settlement cuts          # some modules
python -m tests.mutation --seconds 240 cuts       # go on where the last run stopped, at most so long
python -m tests.mutation --report                 # the figures of docs/mutation.md
python -m tests.mutation --survivors cuts         # what nobody noticed, as differences
"""

import argparse
import json
import os
import random
import sys
from collections import Counter
from pathlib import Path

import pytest
from mutmut.__main__ import copy_also_copy_files, copy_src_dir, create_mutants, setup_source_paths
from mutmut.configuration import config
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.mutation.trampoline import set_mutant_under_test

from tests.mutation.running import KILLED, RESULTS, SURVIVED, TIMEOUT, UNTESTED, Mutations

ROOM = "services.payroll.rules."


def module_of(name: str) -> str:
    """ "settlement.dues" of a mutant's name."""
    return name.removeprefix(ROOM).rsplit(".", 1)[0]


def known() -> list[str]:
    """Every mutant there is, in the order of the files."""
    found: list[str] = []
    for meta in sorted(Path("mutants/services/payroll/rules").rglob("*.meta")):
        found += json.loads(meta.read_text())["exit_code_by_key"]
    return found


def make(children: int) -> None:
    """Write the mutants into ./mutants, beside a copy of everything that the tests import."""
    set_mutant_under_test("mutant_generation")
    Path("mutants").mkdir(exist_ok=True)
    copy_src_dir()
    copy_also_copy_files()
    create_mutants(children)


def report() -> None:
    """The table of docs/mutation.md."""
    results = json.loads(RESULTS.read_text())
    rows: dict[str, Counter[str]] = {}
    for name in known():
        rows.setdefault(module_of(name), Counter())[results.get(name, "not run")] += 1
    total = sum(rows.values(), Counter[str]())
    print("| module | mutants | killed | survived | not run | score |\n|---|---:|---:|---:|---:|---:|")
    for module, row in [*sorted(rows.items()), ("all", total)]:
        killed, lived = row[KILLED] + row[TIMEOUT], row[SURVIVED] + row[UNTESTED]
        score = f"{100 * killed / (killed + lived):.1f} %" if killed + lived else ""
        print(f"| {module} | {sum(row.values())} | {killed} | {lived} | {row['not run']} | {score} |")


def survivors(modules: list[str]) -> None:
    """What nobody noticed."""
    for name, result in json.loads(RESULTS.read_text()).items():
        if result in (SURVIVED, UNTESTED) and _asked(name, modules):
            changed = [line for line in get_diff_for_mutant(name).splitlines() if line[:2] in ("- ", "+ ")]
            print(name.removeprefix(ROOM), result, *changed, sep="\n")


def _asked(name: str, modules: list[str]) -> bool:
    return not modules or any(f"{module_of(name)}.".startswith(f"{module}.") for module in modules)


def main() -> int:
    """Make the mutants and try those asked for."""
    asked = argparse.ArgumentParser()
    asked.add_argument("modules", nargs="*")
    asked.add_argument("--seconds", type=float, default=36_000)
    asked.add_argument("--every", type=int, default=1, help="try only every so manieth mutant")
    asked.add_argument("--again", action="store_true", help="also try again what survived")
    asked.add_argument("--report", action="store_true")
    asked.add_argument("--survivors", action="store_true")
    said = asked.parse_args()
    if said.report or said.survivors:
        report() if said.report else survivors(said.modules)
        return 0
    make(children=1)
    before = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    done = {name for name, result in before.items() if not said.again or result in (KILLED, TIMEOUT)}
    names = [name for name in known() if _asked(name, said.modules)][:: said.every]
    names = [name for name in names if name not in done]
    random.Random(0).shuffle(names)  # what is done when the time is over is a sample of all
    tests = config().pytest_add_cli_args_test_selection
    root = Path.cwd()
    setup_source_paths()
    set_mutant_under_test("")
    os.environ["TAKAR_EXAMPLES"] = os.environ.get("TAKAR_EXAMPLES", "0.2")
    plugin = Mutations(names, said.seconds)
    print(f"{len(names)} mutants to try", flush=True)
    os.chdir(root / "mutants")
    return int(pytest.main(["--rootdir=.", "-q", "--assert=plain", "--tb=no", *tests], plugins=[plugin]))


if __name__ == "__main__":
    sys.exit(main())
