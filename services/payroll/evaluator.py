"""The process that evaluates a run's frozen facts under some policy, and keeps those of the last run decoded.

It loads the rules and nothing else, so that it is there in a quarter of a second: no database, no secrets, no web. It
ends by itself when its parent is gone or has not asked for a while.
"""

import gc
from collections.abc import Sequence
from functools import lru_cache
from multiprocessing.connection import Connection
from typing import Literal, NamedTuple
from uuid import UUID

from services.payroll.rules import Policy, check
from services.payroll.rules.facts import Facts
from services.payroll.rules.frozen import frozen_facts
from services.payroll.rules.national import tables
from services.payroll.rules.what_if import Outcome, outcome

IDLE_S = 600.0
MOST_KEPT = 12_000  # employees of one run in one process: about 70 MB

RunKey = tuple[str, UUID, int]  # tenant, run, how often it was closed: its statements after that never change


class Ask(NamedTuple):
    """Evaluate frozen facts under a policy document: the run's first ones, more of them, or again those kept.

    Without a document they are only kept.
    """

    run: RunKey
    document: str | None
    facts: Sequence[bytes] = ()
    which: Literal["first", "more", "again"] = "again"


class Lost(ConnectionError):
    """The process has gone, or keeps no such facts: send them."""


def main(number: int) -> None:
    """Answer on a pipe, by its file's number, until the parent closes its end, dies, or is silent for long."""
    gc.disable()  # thousands of facts are kept and none is in a cycle: nothing is won by looking through them
    tables()  # now, while the first facts are still being read
    kept, pipe = _Kept(), Connection(number)
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


@lru_cache(maxsize=8)
def _compiled(document: str) -> Policy:
    policy = check(document)
    if not isinstance(policy, Policy):
        raise ValueError(f"the policy is refused: {policy[0]}")
    return policy


class _Kept:
    """The facts of the run that was asked for last, decoded."""

    def __init__(self) -> None:
        self._run: RunKey | None = None
        self._facts: list[Facts] = []

    def answer(self, asked: Ask) -> list[Outcome]:
        facts = self._of(asked)
        if asked.document is None:
            return []
        policy = _compiled(asked.document)
        return [outcome(policy, one) for one in facts]

    def _of(self, asked: Ask) -> list[Facts]:
        """The facts that are asked about; those that are new are kept, as long as they are not too many."""
        if asked.which == "again":
            if self._run != asked.run:
                raise Lost("these facts are not kept")
            return self._facts
        if asked.which == "first":
            self._run, self._facts = asked.run, []
            gc.collect()
        read = [frozen_facts(facts) for facts in asked.facts]
        if len(self._facts) + len(read) <= MOST_KEPT:
            self._facts += read
        else:
            self._run, self._facts = None, []
        return read
