"""A small process that ends a stack's servers when their starter is gone, however it went.

Every process of a stack holds the stack's `alive` file open, from its first moment and through every fork, so
nothing that was started can be missed. The keeper waits on a pipe that only the starter holds: when the pipe
closes (a clean stop, a crash, kill -9), it ends whoever still holds the file.
"""

import contextlib
import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from deploy.local import engine

GRACE_S = 8.0


def holders(alive: Path) -> list[psutil.Process]:
    """The processes that hold the file open."""
    return [process for process in psutil.process_iter() if _holds(process, str(alive))]


def _holds(process: psutil.Process, path: str) -> bool:
    with contextlib.suppress(psutil.Error, OSError):
        return any(file.path == path for file in process.open_files())
    return False


def end(alive: Path, grace_s: float = GRACE_S) -> None:
    """Ask every holder to stop (SIGINT: a fast shutdown to PostgreSQL), then kill what is left."""
    for number in (signal.SIGINT, signal.SIGCONT):
        _signal(holders(alive), number)
    deadline = time.monotonic() + grace_s
    while time.monotonic() < deadline and holders(alive):
        time.sleep(0.1)
    while left := holders(alive):
        _signal(left, signal.SIGKILL)
        time.sleep(0.05)


def _signal(processes: list[psutil.Process], number: int) -> None:
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(number)


def _until_the_starter_is_gone() -> Iterator[bytes]:
    while said := os.read(0, 4096):
        yield said


def main(folder: Path, temporary: bool) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    for _ in _until_the_starter_is_gone():
        pass
    end(folder / "alive")
    try:
        engine.remove(folder, volumes=temporary)
    finally:
        if temporary:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), temporary=sys.argv[2:] == ["temporary"])
