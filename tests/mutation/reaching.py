"""Which lines of the rules each test reaches, and what it costs: measured once for every file of tests, and kept.

A property of Hypothesis is taken apart: each example it draws is kept, and can be tried by itself without drawing
again. The order of the examples, and so the examples, are those of CI.
"""

import pickle
import sys
import time
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest
from _pytest.runner import runtestprotocol
from hypothesis.errors import UnsatisfiedAssumption

from tests.mutation.rooms import Rooms

Lines = frozenset[tuple[str, int]]
DEAR = 20.0  # seconds: a test that costs more is left out


@dataclass(frozen=True, slots=True)
class Unit:
    """A test, or one example of a property; `lines`: function and line within it, 0 is its `def`."""

    test: str
    example: bytes | None
    seconds: float
    lines: Lines


class Trace:
    """Notes the lines reached in the functions that have mutants."""

    def __init__(self, rooms: Rooms) -> None:
        self.codes = rooms.codes
        self.first = {name: function.__code__.co_firstlineno for name, (function, _) in rooms.functions.items()}
        self.seen: set[tuple[CodeType, int]] = set()

    def during(self, work: Callable[[], Any]) -> Any:
        """Do it, traced."""
        self.seen.clear()
        before = sys.gettrace()
        sys.settrace(self._called)
        try:
            return work()
        finally:
            sys.settrace(before)

    def _called(self, frame: FrameType, _event: str, _arg: object) -> Any:
        if frame.f_code not in self.codes:
            return None
        self.seen.add((frame.f_code, frame.f_lineno))
        return self._stepped

    def _stepped(self, frame: FrameType, _event: str, _arg: object) -> Any:
        self.seen.add((frame.f_code, frame.f_lineno))
        return self._stepped

    def lines(self) -> Lines:
        """What was reached."""
        named = ((self.codes[code], line) for code, line in self.seen)
        return frozenset((name, line - self.first[name]) for name, line in named)


def passes(item: pytest.Item) -> bool:
    """Run a test."""
    return not any(report.failed for report in runtestprotocol(item, nextitem=None, log=False))


def holds(item: pytest.Item, example: bytes) -> bool:
    """Try one kept example of a property."""
    args, kwargs = pickle.loads(example)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an assumption asked for outside of the property
            item.obj.hypothesis.inner_test(*args, **kwargs)  # type: ignore[attr-defined]
    except UnsatisfiedAssumption:
        return True
    except Exception:
        return False
    return True


def measure(items: Iterable[pytest.Item], rooms: Rooms) -> list[Unit]:
    """Every unit of these tests. A test that fails is no test of anything: it is named and left out."""
    trace, found = Trace(rooms), list[Unit]()
    for item in items:
        drawn = _drawn(item, trace) if hasattr(getattr(item, "obj", None), "hypothesis") else None
        if drawn is not None:
            found += drawn
            continue
        passed = trace.during(lambda item=item: passes(item))  # type: ignore[misc]
        lines = trace.lines()
        start = time.perf_counter()
        if not passed or not passes(item):
            print(f"left out, fails without any mutant: {item.nodeid}", flush=True)
            continue
        seconds = time.perf_counter() - start
        if lines and seconds < DEAR:
            found.append(Unit(item.nodeid, None, seconds, lines))
    return found


def _drawn(item: pytest.Item, trace: Trace) -> list[Unit] | None:
    """The property's examples; None where they cannot be kept, and the property is one unit."""
    handle = item.obj.hypothesis  # type: ignore[attr-defined]
    inner, kept = handle.inner_test, list[tuple[bytes, Lines]]()

    def noting(*args: Any, **kwargs: Any) -> Any:
        example = pickle.dumps((args, kwargs))
        result = trace.during(lambda: inner(*args, **kwargs))
        kept.append((example, trace.lines()))
        return result

    handle.inner_test = noting
    try:
        if not passes(item):
            return None
    finally:
        handle.inner_test = inner
    units = []
    for example, lines in kept:
        start = time.perf_counter()
        if lines and holds(item, example):
            units.append(Unit(item.nodeid, example, time.perf_counter() - start, lines))
    return units


def save(units: list[Unit], to: Path, key: str) -> None:
    """Keep what was measured; `key` says of what."""
    to.parent.mkdir(exist_ok=True)
    to.write_bytes(pickle.dumps((key, [(one.test, one.example, one.seconds, one.lines) for one in units])))


def load(kept: Path, key: str) -> list[Unit] | None:
    """What was measured, or None where it was of something else."""
    if not kept.exists():
        return None
    known, rows = pickle.loads(kept.read_bytes())
    return [Unit(*row) for row in rows] if known == key else None
