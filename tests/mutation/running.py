"""A pytest session that collects the tests once and tries every mutant in a fork, by the tests that reach its line.

mutmut makes the mutants; its own runner starts a pytest session for each of them, which costs more than the tests
themselves. No test runs in the parent. Policies that many tests read are read there once; a mutant that reading one
reaches finds every cache empty.
"""

import gc
import hashlib
import json
import os
import resource
import signal
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from pathlib import Path

import pytest

from tests.mutation.mutants import Mutant
from tests.mutation.reaching import Trace, Unit, holds, load, measure, passes, save
from tests.mutation.rooms import Rooms, forget_all

KILLED, SURVIVED, TIMEOUT, UNTESTED = "killed", "survived", "timeout", "no tests"
MOST_MEMORY = 6 * 2**30
HERE = Path("mutants").absolute()
RESULTS, REACHED = HERE / "results.json", HERE / "reached"


def kept_results() -> dict[str, list[str]]:
    """By mutant: the result, the hash of the function it is of, and the test that noticed."""
    return json.loads(RESULTS.read_text()) if RESULTS.exists() else {}


class Mutations:
    """The plugin: `mutants` are tried until `seconds` are over, `each` by tests of so many; results are kept."""

    def __init__(self, mutants: Sequence[Mutant], seconds: float, each: float) -> None:
        self.mutants, self.until, self.each = mutants, time.monotonic() + seconds, each
        self.results = kept_results()
        self.lately: dict[str, list[int]] = defaultdict(list)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Tests that ask for a database are not for this."""
        items[:] = [item for item in items if "stack" not in getattr(item, "fixturenames", ())]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        rooms = Rooms()
        self.items = {item.nodeid: item for item in session.items}
        self.units = self._measured(session.items, rooms)
        self._index(rooms)
        warm = _warmed(rooms)
        gc.collect()
        gc.freeze()
        began, tried = time.monotonic(), 0
        for mutant in self.mutants:
            if time.monotonic() > self.until:
                break
            self.results[mutant.name] = self._tried(mutant, rooms, mutant.function in warm)
            tried += 1
            if not tried % 500:
                self._keep()
        self._keep()
        print(f"\n{tried} mutants in {time.monotonic() - began:.0f} s", flush=True)
        return True

    def _keep(self) -> None:
        RESULTS.write_text(json.dumps(self.results, indent=0))

    def _measured(self, items: Sequence[pytest.Item], rooms: Rooms) -> list[Unit]:
        """What every test costs and reaches; measured in a fork for each file of tests."""
        rules = _hash(sorted((HERE / "services/payroll/rules").rglob("*.meta")))
        found: list[Unit] = []
        for path, those in groupby(items, key=lambda item: item.path):
            key, kept = f"{rules} {_hash([path])}", REACHED / f"{path.stem}.pickle"
            if load(kept, key) is None:
                if time.monotonic() > self.until:
                    pytest.exit("not all tests are measured yet: run again", 1)
                chosen = list(those)
                _in_fork(lambda chosen=chosen, kept=kept, key=key: save(measure(chosen, rooms), kept, key))  # type: ignore[misc]
            found += load(kept, key) or []
        return found

    def _index(self, rooms: Rooms) -> None:
        """Units by line and by function, the cheap tests first and the examples of properties in turns."""
        nth: dict[str, int] = defaultdict(int)
        rank = []
        for at in sorted(range(len(self.units)), key=lambda at: self.units[at].seconds):
            unit = self.units[at]
            rank.append((unit.example is not None, nth[unit.test], unit.seconds, at))
            nth[unit.test] += 1
        self.of_line: dict[tuple[str, int], list[int]] = defaultdict(list)
        self.of_function: dict[str, list[int]] = defaultdict(list)
        for *_, at in sorted(rank):
            for line in self.units[at].lines:
                self.of_line[line].append(at)
            for function in {function for function, _ in self.units[at].lines}:
                self.of_function[function].append(at)
        self.stops = {
            name: {
                line - function.__code__.co_firstlineno
                for code in rooms.codes_of(name)
                for _, _, line in code.co_lines()
                if line is not None
            }
            for name, (function, _) in rooms.functions.items()
        }

    def _chosen(self, mutant: Mutant) -> list[int]:
        """The units that reach a changed line, those first that lately noticed another change of the function."""
        found: dict[int, None] = {}
        for line in mutant.lines:
            stops = line in self.stops[mutant.function]
            found |= dict.fromkeys(self.of_line[mutant.function, line] if stops else self.of_function[mutant.function])
        lately = [at for at in reversed(self.lately[mutant.function]) if at in found]
        spent, chosen = 0.0, list[int]()
        for at in dict.fromkeys([*lately, *found]):
            spent += self.units[at].seconds
            if spent > self.each and chosen:
                break
            chosen.append(at)
        return chosen

    def _tried(self, mutant: Mutant, rooms: Rooms, cold: bool) -> list[str]:
        chosen = self._chosen(mutant)
        if not chosen:
            return [UNTESTED, mutant.hash, ""]
        told, tell = os.pipe()

        def attempt() -> None:
            if cold:
                forget_all()
            rooms.put(mutant.name)
            for at in chosen:
                unit = self.units[at]
                os.write(tell, at.to_bytes(4))
                item = self.items[unit.test]
                if not (passes(item) if unit.example is None else holds(item, unit.example)):
                    os._exit(1)

        spend = 3 + 5 * sum(self.units[at].seconds for at in chosen)
        code = _in_fork(attempt, spend, quiet=True)
        os.close(tell)
        last = int.from_bytes(_all(told)[-4:])
        if code == 0:
            return [SURVIVED, mutant.hash, ""]
        lately = self.lately[mutant.function]
        if last in lately:
            lately.remove(last)
        lately[:] = [*lately[-5:], last]
        return [TIMEOUT if code < 0 else KILLED, mutant.hash, self.units[last].test]


def _all(told: int) -> bytes:
    with os.fdopen(told, "rb") as pipe:
        return pipe.read()


def _hash(files: Iterable[Path]) -> str:
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def _warmed(rooms: Rooms) -> set[str]:
    """Read the policies that many tests read; the functions which that reached."""
    from tests.payroll import people  # after the mutated rules are where imports find them

    trace = Trace(rooms)
    folders = [people.POLICIES.glob("*.yaml"), (people.EXAMPLES / "policies").glob("*.yaml")]
    names = [file.stem for folder in folders for file in folder]
    names += [file.parent.name for file in people.REGIONS.glob("*/policy.yaml")]
    trace.during(lambda: [people.policy(name) for name in names])
    return {function for function, _ in trace.lines()}


def _in_fork(work: Callable[[], None], seconds: float = 1200, *, quiet: bool = False) -> int:
    """The child's exit code, below 0 for the signal that ended it. `seconds`: of the processor."""
    child = os.fork()
    if not child:
        code = 1
        try:
            for number in (signal.SIGVTALRM, signal.SIGALRM):
                signal.signal(number, signal.SIG_DFL)
            signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
            signal.alarm(int(30 * seconds) + 60)
            if quiet:
                resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
                nowhere = os.open(os.devnull, os.O_WRONLY)
                os.dup2(nowhere, 1)
                os.dup2(nowhere, 2)
            work()
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
