"""A pytest session that collects the tests once and then runs those that matter in a fork for every mutant.

mutmut makes the mutants; its own runner starts a pytest session for each of them, which costs more than the tests
themselves. Nothing runs in the parent, so no cache of the tests or of the rules is warm when a mutant is tried.
"""

import json
import os
import signal
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.state import state
from mutmut.utils.format_utils import mangled_name_from_mutant_name

KILLED, SURVIVED, TIMEOUT, UNTESTED = "killed", "survived", "timeout", "no tests"
MOST_SECONDS = 30
RESULTS = Path("mutants/results.json").absolute()


class Mutations:
    """The plugin: `names` are tried until `seconds` are over; results are kept in a file and added to."""

    def __init__(self, names: Iterable[str], seconds: float) -> None:
        self.names, self.until = list(names), time.monotonic() + seconds
        self.results: dict[str, str] = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = session.items
        took, reached = _reached(items)
        order = sorted(range(len(items)), key=lambda at: ("recorded" not in items[at].nodeid, took[at]))
        for name in self.names:
            if time.monotonic() > self.until:
                break
            function = mangled_name_from_mutant_name(name)
            chosen = [items[at] for at in order if function in reached[at]]
            self.results[name] = _tried(name, chosen) if chosen else UNTESTED
        RESULTS.write_text(json.dumps(self.results, indent=0))
        return True


def _reached(items: list[pytest.Item]) -> tuple[list[float], list[set[str]]]:
    """What every test costs and which functions it reaches, found in a fork."""
    said, named = RESULTS.with_name("reached.json"), [item.nodeid for item in items]
    if said.exists() and [row[0] for row in json.loads(said.read_text())] == named:
        return _rows(said)

    def measure() -> int:
        set_mutant_under_test("stats")
        rows = []
        for item in items:
            state()._stats.clear()
            start = time.monotonic()
            if not _passes(item):
                print(f"fails without any mutant: {item.nodeid}", file=os.fdopen(os.dup(2), "w"))
                return 1
            rows.append([item.nodeid, time.monotonic() - start, sorted(state()._stats)])
        said.write_text(json.dumps(rows))
        return 0

    if _in_fork(measure, 900, quiet=False):
        pytest.exit("the tests must pass before mutants are tried", 1)
    return _rows(said)


def _rows(said: Path) -> tuple[list[float], list[set[str]]]:
    rows = json.loads(said.read_text())
    return [took for _, took, _ in rows], [set(names) for _, _, names in rows]


def _tried(name: str, items: list[pytest.Item]) -> str:
    def attempt() -> int:
        set_mutant_under_test(name)
        return int(not all(_passes(item) for item in items))

    code = _in_fork(attempt, MOST_SECONDS)
    return {0: SURVIVED, -signal.SIGALRM: TIMEOUT}.get(code, KILLED)


def _passes(item: pytest.Item) -> bool:
    return not any(report.failed for report in runtestprotocol(item, nextitem=None, log=False))


def _in_fork(work: Callable[[], int], seconds: int, *, quiet: bool = True) -> int:
    """The child's exit code, below 0 for the signal that ended it."""
    child = os.fork()
    if not child:
        code = 1
        try:
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.alarm(seconds)
            if quiet:
                nowhere = os.open(os.devnull, os.O_WRONLY)
                os.dup2(nowhere, 1)
                os.dup2(nowhere, 2)
            code = work()
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
