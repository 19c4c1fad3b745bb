"""Starting, watching and ending the stack's processes."""

import contextlib
import os
import pwd
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from deploy.local.errors import StackError, explain

REPO = Path(__file__).resolve().parents[2]
_PORTS = (20_000, 32_000)


def free_port() -> int:
    """A port nobody listens on now.

    Below the range that outgoing connections take theirs from, so that no client can sit on a server's port
    while it restarts.
    """
    for _ in range(1000):
        port = random.randrange(*_PORTS)
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port
    raise StackError(f"no free port between {_PORTS[0]} and {_PORTS[1]}: stop some servers")


def require_port(port: int, what: str) -> int:
    """The port asked for, or a free one for 0; StackError if it is taken."""
    if port == 0:
        return free_port()
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise StackError(
                f"{what}: port {port} is taken ({error.strerror}): stop the program that listens on it, "
                "or leave the port unset for a free one"
            ) from error
    return port


def answers(port: int) -> bool:
    """Whether something accepts connections on the port."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def wait_until(ready: Callable[[], bool], within_s: float, what: str) -> None:
    """Ask every 50 ms until it is; StackError when it takes too long."""
    deadline = time.monotonic() + within_s
    while not ready():
        if time.monotonic() > deadline:
            raise StackError(f"not ready after {within_s:.0f} s: {what}")
        time.sleep(0.05)


@dataclass(frozen=True)
class Account:
    """The user a server runs as: PostgreSQL refuses to run as root."""

    uid: int
    gid: int


def unprivileged() -> Account | None:
    """The account for a server when we are root; None when we are not."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(entry.pw_uid, entry.pw_gid)
    return Account(65534, 65534)


def reachable(path: Path, account: Account) -> bool:
    """Whether the account may walk down to the path and read it."""
    for part in (path, *path.parents):
        found = part.stat()
        shift = 6 if found.st_uid == account.uid else 3 if found.st_gid == account.gid else 0
        needed = 0o5 if part == path else 0o1
        if (found.st_mode >> shift) & needed != needed:
            return False
    return True


class Process:
    """One process of the stack, in a session of its own, its output in a log."""

    def __init__(self, name: str, alive: Path, log: Path) -> None:
        self.name, self.alive, self.log = name, alive, log
        self._popen: subprocess.Popen[bytes] | None = None
        self._log_from = 0

    def start(
        self, argv: Sequence[str], *, env: Mapping[str, str] | None = None, account: Account | None = None
    ) -> None:
        """Start it; it holds the alive file from its first moment, so the keeper will find it."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self._log_from = self.log.stat().st_size if self.log.exists() else 0
        alive = os.open(self.alive, os.O_RDONLY)
        try:
            with self.log.open("ab") as log:
                self._popen = subprocess.Popen(
                    argv,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    env=None if env is None else {**os.environ, **env},
                    cwd=self.log.parent if account else REPO,
                    pass_fds=[alive],
                    start_new_session=True,
                    user=account.uid if account else None,
                    group=account.gid if account else None,
                    extra_groups=[] if account else None,
                )
        finally:
            os.close(alive)

    @property
    def pid(self) -> int:
        """The process id; StackError if it was never started."""
        if self._popen is None:
            raise StackError(f"{self.name} has not been started")
        return self._popen.pid

    def running(self) -> bool:
        return self._popen is not None and self._popen.poll() is None

    def tail(self, lines: int = 15) -> str:
        """The last lines it wrote since its start."""
        if not self.log.exists():
            return ""
        with self.log.open("rb") as log:
            log.seek(self._log_from)
            return "\n".join(log.read().decode(errors="replace").splitlines()[-lines:])

    def wait_until(self, ready: Callable[[], bool], within_s: float) -> None:
        """Return when ready; StackError with the cause if it ends first or takes too long."""

        def ready_or_ended() -> bool:
            if not self.running():
                raise StackError(f"{self.name} did not start: {explain(self.tail(40))} (log: {self.log})")
            return ready()

        wait_until(ready_or_ended, within_s, f"{self.name} (log: {self.log})")

    def send(self, number: int) -> None:
        """Send a signal, if it still runs."""
        if self.running():
            os.kill(self.pid, number)

    def stop(self, number: int = signal.SIGTERM, within_s: float = 15.0) -> int | None:
        """Ask it to end, kill it if it does not, and give its exit code (None: it never ran)."""
        if self._popen is None:
            return None
        self.send(number)
        self._wake()
        try:
            return self._popen.wait(within_s)
        except subprocess.TimeoutExpired:
            return self.kill()

    def _wake(self) -> None:
        """A process that stands still (SIGSTOP) hears nothing else, and its parent would wait for it."""
        with contextlib.suppress(psutil.NoSuchProcess):
            parent = psutil.Process(self.pid)
            for one in (parent, *parent.children(recursive=True)):
                with contextlib.suppress(psutil.NoSuchProcess):
                    one.resume()

    def kill(self) -> int | None:
        """End it at once (kill -9)."""
        self.send(signal.SIGKILL)
        return self._popen.wait() if self._popen else None


def start_keeper(folder: Path, *, temporary: bool) -> subprocess.Popen[bytes]:
    """The process that cleans up behind us; closing its stdin, or our death, sets it to work."""
    (folder / "alive").touch()
    (folder / "alive").chmod(0o644)
    with (folder / "keeper.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "deploy.local.keeper", str(folder), *(["temporary"] if temporary else [])],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            cwd=REPO,
            start_new_session=True,
        )
