"""Processes that evaluate a whole run's frozen facts under some policy, and keep the facts of the last run decoded.

They compute and hold nothing else: no database, no secrets. Each ends by itself when its parent is gone or has not
asked for a while, and is started again when it is needed.
"""

import asyncio
import gc
import os
import re
from collections.abc import Sequence
from functools import cache
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from typing import Literal, NamedTuple
from uuid import UUID

from services.payroll.inputs.policies import compiled
from services.payroll.rules.facts import Facts
from services.payroll.rules.frozen import frozen_facts
from services.payroll.rules.what_if import Outcome, outcome

PROCESSES = min(4, os.cpu_count() or 1)
IDLE_S = 600.0
MOST_KEPT = 12_000  # employees of one run in one process: about 70 MB

# in canonical JSON "ids" is followed by "minutes"; inside a text the quotes would be escaped
_IDS = re.compile(rb'"ids":\[[^\]]*\],')

RunKey = tuple[str, UUID, int]  # tenant, run, how often it was closed: its statements after that never change


class Ask(NamedTuple):
    """Evaluate frozen facts under a policy document: the run's first ones, more of them, or again those kept."""

    run: RunKey
    document: str
    facts: Sequence[bytes] = ()
    which: Literal["first", "more", "again"] = "again"


class Lost(ConnectionError):
    """The process has gone, or keeps no such facts: send them."""


class Evaluator:
    """One process. `ask` is for one caller at a time."""

    def __init__(self) -> None:
        self._process: ForkServerProcess | None = None
        self._pipe: Connection | None = None

    async def ask(self, asked: Ask) -> list[Outcome]:
        """Raises Lost where the facts must be sent (again)."""
        return await asyncio.to_thread(self._exchange, asked)

    def _exchange(self, asked: Ask) -> list[Outcome]:
        try:
            pipe = self._started()
            pipe.send(asked)
            answer: list[Outcome] | Exception = pipe.recv()
        except (EOFError, OSError) as error:
            self.stop()
            raise Lost("the process has ended") from error
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _started(self) -> Connection:
        if self._pipe is None or self._process is None or not self._process.is_alive():
            self.stop()
            context = get_context("forkserver")
            context.set_forkserver_preload([__name__])
            self._pipe, theirs = context.Pipe()
            self._process = context.Process(target=_serve, args=(theirs,), daemon=True, name="takar-evaluator")
            self._process.start()
            theirs.close()
        return self._pipe

    def stop(self) -> None:
        """End the process; the next question starts another."""
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
            self._process.join(timeout=5)
        self._pipe = self._process = None


@cache
def evaluators() -> tuple[Evaluator, ...]:
    """This process's own, one for each core."""
    return tuple(Evaluator() for _ in range(PROCESSES))


def _serve(pipe: Connection) -> None:
    """Answer until the parent closes its end, dies, or is silent for long."""
    gc.disable()  # thousands of facts are kept and none is in a cycle: nothing is won by looking through them
    kept = _Kept()
    while pipe.poll(IDLE_S):
        try:
            asked: Ask = pipe.recv()
        except EOFError:
            return
        try:
            answer: list[Outcome] | Exception = kept.answer(asked)
        except Exception as error:  # the parent raises it where the question was asked
            answer = error
        pipe.send(answer)


class _Kept:
    """The facts of the run that was asked for last, decoded, without what no policy looks at."""

    def __init__(self) -> None:
        self._run: RunKey | None = None
        self._facts: list[Facts] = []

    def answer(self, asked: Ask) -> list[Outcome]:
        policy = compiled(asked.document)
        if asked.which == "again":
            if self._run != asked.run:
                raise Lost("these facts are not kept")
            return [outcome(policy, facts) for facts in self._facts]
        if asked.which == "first":
            self._run, self._facts = asked.run, []
            gc.collect()
        read = [frozen_facts(_lean(facts)) for facts in asked.facts]
        if len(self._facts) + len(read) <= MOST_KEPT:
            self._facts += read
        else:
            self._run, self._facts = None, []
        return [outcome(policy, facts) for facts in read]


def _lean(facts: bytes) -> bytes:
    """Frozen facts without the ids of activities, which are most of the bytes and change no amount."""
    return _IDS.sub(b"", facts)
