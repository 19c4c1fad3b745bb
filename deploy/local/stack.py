"""The servers of one machine: PostgreSQL and Kafka, given, in Docker, or our own.

with start() as stack:
    stack.postgres_admin_url, stack.kafka_bootstrap, stack.kafka_admin
"""

import contextlib
import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from deploy.kafka.credentials import Credentials
from deploy.local import containers, engine
from deploy.local.errors import StackError
from deploy.local.given import GivenKafka, GivenPostgres
from deploy.local.kafka import Kafka
from deploy.local.postgres import Postgres
from deploy.local.processes import start_keeper
from deploy.local.settings import StackSettings


class PostgresServer(Protocol):
    """Given, in a container, or our own."""

    @property
    def admin_url(self) -> str: ...
    def start(self) -> None: ...
    def stop(self) -> None: ...
    def restart(self, hard: bool) -> None: ...


class KafkaServer(Protocol):
    """Given, in a container, or our own."""

    @property
    def bootstrap(self) -> str: ...
    @property
    def admin(self) -> Credentials: ...
    def start(self) -> None: ...
    def stop(self) -> None: ...
    def restart(self, hard: bool) -> None: ...


class Stack:
    """Running servers with their data in `folder`. Kafka starts when it is first asked for."""

    def __init__(self, folder: Path, settings: StackSettings, *, fast: bool, temporary: bool) -> None:
        self.folder, self.settings, self.fast, self._temporary = folder, settings, fast, temporary
        self.secret = Credentials("stack", settings.secret or _kept_secret(folder))
        self._keeper: subprocess.Popen[bytes] | None = None
        self._kafka_started = False

    @property
    def postgres_admin_url(self) -> str:
        """postgresql:// of the superuser."""
        return self._postgres.admin_url

    @property
    def kafka_bootstrap(self) -> str:
        """host:port of the broker."""
        self.start_kafka()
        return self._kafka.bootstrap

    @property
    def kafka_admin(self) -> Credentials:
        """The broker's super user."""
        self.start_kafka()
        return self._kafka.admin

    def credentials(self, principal: str) -> Credentials:
        """The SCRAM login that provisioning gives the principal (a service, or `ext-<tenant>`)."""
        return self._kafka.admin.derive(principal)

    def restart_postgres(self, hard: bool) -> None:
        """Stop and start on the same port; hard is kill -9."""
        self._postgres.restart(hard)

    def restart_kafka(self, hard: bool) -> None:
        """Stop and start on the same port; hard is kill -9."""
        self._kafka.restart(hard)

    def start(self, *, kafka: bool) -> None:
        """Start the keeper, then the servers side by side; nothing is left running if one fails."""
        self._keeper = start_keeper(self.folder, temporary=self._temporary)
        try:
            _side_by_side([self._postgres.start, *([self.start_kafka] if kafka else [])])
        except BaseException:
            self.stop()
            raise

    def start_kafka(self) -> None:
        """Start the broker unless it runs."""
        if not self._kafka_started:
            self._kafka.start()
            self._kafka_started = True

    def stop(self) -> None:
        """Stop the servers, then let the keeper check that nothing is left and remove a temporary folder."""
        if self._keeper is None:
            return
        _side_by_side([self.__dict__[name].stop for name in ("_postgres", "_kafka") if name in self.__dict__])
        assert self._keeper.stdin is not None
        self._keeper.stdin.close()
        self._keeper.wait()
        self._keeper = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @cached_property
    def _postgres(self) -> PostgresServer:
        if self.settings.postgres_admin_url:
            return GivenPostgres(self.settings.postgres_admin_url)
        if self._in_docker:
            return containers.ContainerPostgres(self.folder, self.secret, self.settings, fast=self.fast)
        return Postgres(self.folder, self.secret, self.settings, fast=self.fast)

    @cached_property
    def _kafka(self) -> KafkaServer:
        if self.settings.kafka_bootstrap:
            return GivenKafka(self.settings)
        if self._in_docker:
            return containers.ContainerKafka(self.folder, self.secret, self.settings)
        return Kafka(self.folder, self.secret, self.settings)

    @cached_property
    def _in_docker(self) -> bool:
        """As the settings say; a folder that holds data goes on with the servers that wrote them."""
        began, servers = _began_with(self.folder), self.settings.servers
        if began and servers not in {"auto", began}:
            raise StackError(
                f"{self.folder} holds data of TAKAR_SERVERS={began}, and now it is {servers}: "
                "unset TAKAR_SERVERS, or name another folder"
            )
        if (began or servers) == "native":
            return False
        hindered = engine.hindrance(self.settings)
        if hindered and (began or servers) == "docker":
            raise StackError(f"{hindered}, and {_why_docker(self.folder, began)}")
        return hindered is None


def _began_with(folder: Path) -> str | None:
    """What servers wrote the folder's data; None if it has none."""
    if engine.is_marked(folder):
        return "docker"
    return "native" if any((folder / name).exists() for name in ("postgres", "kafka")) else None


def _why_docker(folder: Path, began: str | None) -> str:
    if began:
        return f"the data of {folder} are in Docker: put that right, or name another folder"
    return "TAKAR_SERVERS=docker: put that right, or unset TAKAR_SERVERS"


def start(folder: Path | None = None, *, fast: bool = False, kafka: bool = True) -> Stack:
    """Start PostgreSQL and Kafka; StackError says in one line what stands in the way.

    folder: where the data lie, kept after the stop; a temporary one, removed at the stop, if None.
    fast: PostgreSQL without fsync. For tests of logic only: what it shows says nothing about durability.
    kafka: False leaves the broker for its first use (a second or four).
    """
    settings = StackSettings()
    temporary = folder is None
    folder = Path(tempfile.mkdtemp(prefix="takar-")) if folder is None else folder.resolve()
    _prepare(folder, settings)
    stack = Stack(folder, settings, fast=fast, temporary=temporary)
    try:
        stack.start(kafka=kafka)
    except BaseException:
        if temporary:
            shutil.rmtree(folder, ignore_errors=True)
        raise
    return stack


def _prepare(folder: Path, settings: StackSettings) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o711)  # the server's own user must be able to walk through
    except OSError as error:
        raise StackError(f"the folder {folder} cannot be used ({error.strerror}): name another") from error
    free_mb = shutil.disk_usage(folder).free // 2**20
    if free_mb < settings.min_free_mb:
        raise StackError(
            f"the disk is full: {free_mb} MB free in {folder}, {settings.min_free_mb} MB needed; "
            "free some space, or name another folder"
        )


def _kept_secret(folder: Path) -> str:
    """What all passwords of a stack are derived from: made once, kept in its folder."""
    file = folder / "secret"
    with contextlib.suppress(FileExistsError):
        made = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(made, "w") as new:
            new.write(secrets.token_urlsafe(32))
    return file.read_text()


def _side_by_side(tasks: list[Callable[[], None]]) -> None:
    """Run all to their end, then raise the first error."""
    with ThreadPoolExecutor() as pool:
        running = [pool.submit(task) for task in tasks]
    for done in running:
        done.result()
