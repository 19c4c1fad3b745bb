"""The services' processes on one machine: provisioned, started, watched, killed by name, stopped.

with start() as stack, Services(stack, tenants=["92", "19.05"]) as services:
    services.url("activity"), services.kill("payroll-worker-1"), services.start_worker("payroll")
"""

import signal
import sys
import time
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Self

from deploy.kafka.credentials import Credentials
from deploy.kafka.provision import provision_services, provision_tenant
from deploy.local.databases import SERVICES, ServiceUrls, passwords_from, provision_service
from deploy.local.environment import Environment
from deploy.local.errors import StackError
from deploy.local.processes import Process, free_port, require_port
from deploy.local.stack import Stack
from shared import migrations

READY_WITHIN_S = 120.0
STOP_WITHIN_S = 30.0
JWKS_PATH = "/.well-known/jwks.json"


@dataclass(frozen=True)
class _Command:
    """How a process is started, again if need be."""

    process: Process
    argv: Sequence[str]
    env: Mapping[str, str]
    port: int

    def start(self) -> None:
        self.process.start([sys.executable, *self.argv], env=self.env)

    def wait(self) -> None:
        self.process.wait_until(lambda: _healthy(self.port), READY_WITHIN_S)


class Services:
    """Four APIs behind one front (or apart), and the workers."""

    def __init__(
        self,
        stack: Stack,
        tenants: Sequence[str] = (),
        *,
        workers: int = 1,
        apart: bool = False,
        http_port: int = 0,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """workers: how many of each service. apart: every API as a process of its own, so that one can be killed.

        environment: more settings for every process (TAKAR_LOG_LEVEL, TAKAR_TOPIC_PREFIX, ...).
        """
        self.stack, self.tenants = stack, list(tenants)
        self._workers, self._apart, self._more = workers, apart, dict(environment or {})
        self._ports = {name: free_port() for name in SERVICES}
        self._ports["front"] = require_port(http_port, "HTTP")
        self._commands: dict[str, _Command] = {}
        self._numbers = {service: count(1) for service in SERVICES}
        self.databases: dict[str, ServiceUrls] = {}

    @property
    def base_url(self) -> str:
        """The one origin; StackError where the APIs run apart."""
        if self._apart:
            raise StackError("the APIs run apart and have no common address: ask url(service)")
        return f"http://127.0.0.1:{self._ports['front']}"

    def url(self, service: str) -> str:
        """Where a service's API answers."""
        return f"http://127.0.0.1:{self._ports[service]}" if self._apart else f"{self.base_url}/{service}"

    @property
    def pids(self) -> dict[str, int]:
        """Of the processes that run, by name: front (or activity-api, ...), payroll-worker-1, ..."""
        return {name: one.process.pid for name, one in self._commands.items() if one.process.running()}

    def prepare(self) -> None:
        """Databases, migrations, topics, users, ACLs; all of it may be repeated."""
        for service in SERVICES:
            passwords = passwords_from(self.stack.secret, service)
            urls = provision_service(self.stack.postgres_admin_url, service, service, passwords)
            migrations.upgrade(service, urls.owner)
            self.databases[service] = urls
        provision_services(self.stack.kafka_bootstrap, self.stack.kafka_admin, prefix=self._prefix)
        for tenant in self.tenants:
            self._provision(tenant)

    def start(self) -> None:
        """Start all and wait until each is healthy; StackError with the last words of one that is not."""
        try:
            if not self.databases:
                self.prepare()
            apis = [self._plan_api(name) for name in SERVICES] if self._apart else [self._plan_front()]
            workers = [self._plan_worker(name) for name in SERVICES for _ in range(self._workers)]
            for command in (*apis, *workers):
                command.start()
            for command in (*apis, *workers):
                command.wait()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """SIGTERM to all; each finishes what it has in hand, all within the same STOP_WITHIN_S."""
        for command in self._commands.values():
            command.process.send(signal.SIGTERM)
        ends = time.monotonic() + STOP_WITHIN_S
        for command in self._commands.values():
            command.process.stop(signal.SIGTERM, max(1.0, ends - time.monotonic()))

    def add_tenant(self, tenant_id: str) -> Credentials:
        """Topics and the login of a regency's payroll system."""
        self.tenants.append(tenant_id)
        return self._provision(tenant_id)

    def start_worker(self, service: str) -> str:
        """One more worker of the service; its name, when it is healthy."""
        command = self._plan_worker(service)
        command.start()
        command.wait()
        return command.process.name

    def kill(self, name: str, number: int = signal.SIGKILL) -> None:
        """Send a signal, -9 unless told; after a -9 the process has ended."""
        process = self._command(name).process
        if number == signal.SIGKILL:
            process.kill()
        else:
            process.send(number)

    def restart(self, name: str) -> None:
        """End it if it runs, and start it under the same name, port and environment."""
        command = self._command(name)
        command.process.stop(signal.SIGTERM, STOP_WITHIN_S)
        command.start()
        command.wait()

    def dead(self) -> dict[str, str]:
        """The last lines of the processes that have ended, by name."""
        return {name: one.process.tail() for name, one in self._commands.items() if not one.process.running()}

    def log(self, name: str) -> Path:
        """Where a process writes."""
        return self._command(name).process.log

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def _prefix(self) -> str:
        return self._more.get("TAKAR_TOPIC_PREFIX", "")

    @property
    def _environment(self) -> Environment:
        return Environment(self.stack, self.databases, self._more)

    def _provision(self, tenant_id: str) -> Credentials:
        return provision_tenant(self.stack.kafka_bootstrap, self.stack.kafka_admin, tenant_id, prefix=self._prefix)

    def _plan_front(self) -> _Command:
        port, env = self._ports["front"], self._environment.front(SERVICES, self.url("identity") + JWKS_PATH)
        uvicorn = ["-m", "uvicorn", "--factory", "deploy.local.front:app", "--port", str(port)]
        return self._plan("front", [*uvicorn, "--no-access-log", "--log-level", "warning"], env, port)

    def _plan_api(self, service: str) -> _Command:
        port = self._ports[service]
        env = self._environment.api(service, port, self.url("identity") + JWKS_PATH)
        return self._plan(f"{service}-api", ["-m", "deploy.entrypoint", "api"], env, port)

    def _plan_worker(self, service: str) -> _Command:
        port, name = free_port(), f"{service}-worker-{next(self._numbers[service])}"
        env = self._environment.worker(service, port)
        return self._plan(name, ["-m", "deploy.entrypoint", "worker"], env, port)

    def _plan(self, name: str, argv: Sequence[str], env: Mapping[str, str], port: int) -> _Command:
        process = Process(name, self.stack.folder / "alive", self.stack.folder / "logs" / f"{name}.log")
        self._commands[name] = _Command(process, argv, env, port)
        return self._commands[name]

    def _command(self, name: str) -> _Command:
        if name not in self._commands:
            raise StackError(f"no process is called {name!r}; there are {', '.join(self._commands)}")
        return self._commands[name]


def _healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
