"""`make mutate`: mutants of services/payroll/rules, tried by the tests that need no database.

python -m tests.mutation                          # everything; docs/mutation.md says how long
python -m tests.mutation settlement cuts          # some modules
python -m tests.mutation --seconds 240 cuts       # go on where the last run stopped, at most so long
python -m tests.mutation --sample 3000            # an even sample over all modules
python -m tests.mutation --report                 # the figures of docs/mutation.md
python -m tests.mutation --survivors cuts         # what nobody noticed, as differences
"""

import argparse
import os
import sys
from pathlib import Path

import pytest
from mutmut.__main__ import setup_source_paths
from mutmut.configuration import config
from mutmut.mutation.trampoline import set_mutant_under_test

from tests.mutation import reporting
from tests.mutation.mutants import Mutant, known, make
from tests.mutation.rooms import leave_unwrapped
from tests.mutation.running import KILLED, TIMEOUT, Mutations, kept_results


def asked() -> argparse.Namespace:
    """What the command line says."""
    said = argparse.ArgumentParser()
    said.add_argument("modules", nargs="*")
    said.add_argument("--seconds", type=float, default=36_000)
    said.add_argument("--each", type=float, default=8, help="a mutant is tried by tests of so many seconds")
    said.add_argument("--sample", type=int, help="only the first so many of all mutants, in the order by chance")
    said.add_argument("--again", action="store_true", help="also try again what survived")
    said.add_argument("--as-made", action="store_true", help="the mutants and tests as they stand in ./mutants")
    said.add_argument("--report", action="store_true")
    said.add_argument("--survivors", action="store_true")
    return said.parse_args()


def of_modules(mutants: list[Mutant], modules: list[str]) -> list[Mutant]:
    """Those of the modules; of all where none is named."""
    return [one for one in mutants if not modules or any(f"{one.module}.".startswith(f"{name}.") for name in modules)]


def main() -> int:
    """Make the mutants and try those asked for."""
    said = asked()
    if said.report:
        reporting.report(known(), kept_results())
        return 0
    if said.survivors:
        reporting.survivors(of_modules(known(), said.modules), kept_results())
        return 0
    if not said.as_made:
        make(children=1)
    before = kept_results()
    mutants = []
    for one in of_modules(known()[: said.sample], said.modules):
        result, made_of, _ = before.get(one.name, ("", "", ""))
        if made_of != one.hash or (said.again and result not in (KILLED, TIMEOUT)):
            mutants.append(one)
    tests, root = config().pytest_add_cli_args_test_selection, Path.cwd()
    setup_source_paths()
    set_mutant_under_test("")
    leave_unwrapped()
    print(f"{len(mutants)} mutants to try", flush=True)
    os.chdir(root / "mutants")
    vars(sys.modules["tests"])["__path__"] = [str(Path("tests").absolute())]  # those that were copied
    plugin = Mutations(mutants, said.seconds, said.each)
    return int(pytest.main(["--rootdir=.", "-q", "--assert=plain", "--tb=no", *tests], plugins=[plugin]))


if __name__ == "__main__":
    sys.exit(main())
