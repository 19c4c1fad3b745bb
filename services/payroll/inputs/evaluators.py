"""This process's own evaluators (services.payroll.evaluator), one a core, started when they are first needed."""

import asyncio
import os
import subprocess
import sys
from functools import cache
from multiprocessing.connection import Connection, Pipe
from threading import Lock

from services.payroll.evaluator import MOST_KEPT, Ask, Lost, RunKey
from services.payroll.rules.what_if import Outcome

__all__ = ["MOST_KEPT", "Ask", "Evaluator", "Lost", "RunKey", "evaluators", "prepare"]

PROCESSES = min(4, os.cpu_count() or 1)
# what Python itself needs; addresses and secrets of ours stay here
_INHERITED = ("PATH", "PYTHONHOME", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "TZ", "TAKAR_COMPILED")
END_WITHIN_S = 5.0


class Evaluator:
    """One process. `ask` is for one caller at a time."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe: Connection | None = None
        self._starting = Lock()
        self._sent: RunKey | None = None

    def keeps(self, run: RunKey) -> bool:
        """Whether the process runs and was sent this run's facts last; it may have let them go (Lost)."""
        return self._process is not None and self._process.poll() is None and self._sent == run

    async def ask(self, asked: Ask) -> list[Outcome]:
        """Raises Lost where the facts must be sent (again)."""
        return await asyncio.to_thread(self._exchange, asked)

    def _exchange(self, asked: Ask) -> list[Outcome]:
        try:
            pipe = self.started()
            pipe.send(asked)
            answer: list[Outcome] | Exception = pipe.recv()
            self._sent = asked.run
        except (EOFError, OSError) as error:
            self.stop()
            raise Lost("the process has ended") from error
        if isinstance(answer, Exception):
            raise answer
        return answer

    def started(self) -> Connection:
        """The pipe to the process, which is started where it does not run; it loads itself meanwhile."""
        with self._starting:
            if self._pipe is None or self._process is None or self._process.poll() is not None:
                self.stop()
                self._pipe, theirs = Pipe()
                number = theirs.fileno()
                code = f"from services.payroll.evaluator import main; main({number})"
                self._process = subprocess.Popen(
                    [sys.executable, "-c", code],
                    stdin=subprocess.DEVNULL,
                    env=_environment(),
                    pass_fds=(number,),
                    start_new_session=True,  # an interrupt at the terminal is the parent's; it ends with the pipe
                )
                theirs.close()
            return self._pipe

    def stop(self) -> None:
        """End the process; the next question starts another."""
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
            try:
                self._process.wait(END_WITHIN_S)
            except subprocess.TimeoutExpired:  # in the middle of a long answer that nobody waits for
                self._process.kill()
                self._process.wait()
        self._pipe = self._process = self._sent = None


def _environment() -> dict[str, str]:
    """Enough to find the same modules as we do."""
    inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    return inherited | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


@cache
def evaluators() -> tuple[Evaluator, ...]:
    """This process's own, one for each core."""
    return tuple(Evaluator() for _ in range(PROCESSES))


def prepare() -> None:
    """Start those that do not run; a question that follows does not wait for it."""
    for one in evaluators():
        one.started()
