"""PostgreSQL and Kafka in Docker, by testcontainers, where an engine answers."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from deploy.kafka.credentials import Credentials
from deploy.local.errors import StackError, explain
from deploy.local.kafka import ADMIN as KAFKA_ADMIN
from deploy.local.kafka_properties import render
from deploy.local.postgres import ADMIN as POSTGRES_ADMIN
from deploy.local.postgres import DURABLE, FAST
from deploy.local.processes import require_port, wait_until
from deploy.local.settings import StackSettings

LABEL = "takar.stack"
START_WITHIN_S = 120.0

_KAFKA_START = """
set -e
printf '%s' "$SERVER_PROPERTIES" > /tmp/server.properties
cd /opt/kafka/bin
./kafka-storage.sh format -g -t "$CLUSTER_ID" -c /tmp/server.properties --add-scram "$ADD_SCRAM"
exec ./kafka-server-start.sh /tmp/server.properties
"""


def hindrance(settings: StackSettings) -> str | None:
    """Why Docker cannot be used here; None where an engine answers and has, or can fetch, the images.

    Quick where no engine is installed.
    """
    if not os.environ.get("DOCKER_HOST") and not Path("/var/run/docker.sock").exists():
        return "no Docker engine answers"
    import docker  # imported late: it is slow

    try:
        client = docker.from_env(timeout=5)
        client.ping()
    except (docker.errors.DockerException, OSError):
        return "no Docker engine answers"
    for image in (settings.postgres_image, settings.kafka_image):
        if not client.images.list(image):
            try:
                docker.from_env(timeout=600).images.pull(image)
            except docker.errors.DockerException as error:
                return f"Docker has no image {image} and cannot fetch it: {explain(str(error))}"
    return None


class _Container:
    """A container on a fixed port of this machine, labelled so that the keeper removes it with the stack."""

    def __init__(self, folder: Path, image: str, what: str) -> None:
        from testcontainers.core.config import testcontainers_config  # slow to import
        from testcontainers.core.container import DockerContainer

        testcontainers_config.ryuk_disabled = True  # our keeper does it, and needs no image of its own
        (folder / "containers").write_text(folder.name)
        self.what = what
        self.container = DockerContainer(image).with_kwargs(labels={LABEL: folder.name})

    def start(self, ready: Callable[[str], bool]) -> None:
        try:
            self.container.start()
        except Exception as error:  # docker's own, requests' and testcontainers' have no common ancestor
            raise StackError(f"{self.what} did not start in Docker: {explain(str(error))}") from error
        self._wait(ready)

    def stop(self) -> None:
        self.container.stop()

    def restart(self, hard: bool, ready: Callable[[str], bool]) -> None:
        """The port on this machine is fixed, so it stays the same."""
        wrapped = self.container.get_wrapped_container()
        wrapped.kill() if hard else wrapped.stop(timeout=30)
        wrapped.start()
        self._wait(ready)

    def _wait(self, ready: Callable[[str], bool]) -> None:
        wrapped = self.container.get_wrapped_container()

        def started() -> bool:
            wrapped.reload()
            since = wrapped.attrs["State"]["StartedAt"]
            said = _logs(wrapped, since)
            if wrapped.status == "exited":
                raise StackError(f"{self.what} did not start in Docker: {explain(said)}")
            return ready(said)

        wait_until(started, START_WITHIN_S, f"{self.what} in Docker")


def _logs(wrapped: Any, since: str) -> str:
    from datetime import datetime

    moment = datetime.fromisoformat(since[:19] + "+00:00")
    return str(wrapped.logs(since=moment).decode(errors="replace"))


class ContainerPostgres:
    """PostgreSQL in a container; its data go with it."""

    def __init__(self, folder: Path, secret: Credentials, settings: StackSettings, *, fast: bool) -> None:
        self.port = require_port(settings.postgres_port, "PostgreSQL")
        self.password = secret.derive(POSTGRES_ADMIN).password
        options = (FAST if fast else DURABLE) | {"max_connections": "300", "timezone": "UTC"}
        command = ["postgres", *(part for key, value in options.items() for part in ("-c", f"{key}={value}"))]
        self._held = _Container(folder, settings.postgres_image, "PostgreSQL")
        self._held.container.with_env("POSTGRES_PASSWORD", self.password)
        self._held.container.with_bind_ports(5432, self.port).with_command(command)

    @property
    def admin_url(self) -> str:
        """postgresql:// of the superuser."""
        return f"postgresql://{POSTGRES_ADMIN}:{self.password}@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        self._held.start(_postgres_ready)

    def stop(self) -> None:
        self._held.stop()

    def restart(self, hard: bool) -> None:
        self._held.restart(hard, _postgres_ready)


class ContainerKafka:
    """Kafka in a container, with the same properties as our own."""

    def __init__(self, folder: Path, secret: Credentials, settings: StackSettings) -> None:
        self.admin = secret.derive(KAFKA_ADMIN)
        self.port = require_port(settings.kafka_port, "Kafka")
        properties = render(
            data="/tmp/kafka",  # noqa: S108  a path inside the container
            port=self.port,
            controller_port=29093,
            admin=self.admin,
            controller=secret.derive("controller"),
            bind="0.0.0.0",  # noqa: S104  the container's own network
        )
        self._held = _Container(folder, settings.kafka_image, "Kafka")
        container = self._held.container.with_bind_ports(self.port, self.port)
        container.with_envs(
            SERVER_PROPERTIES=properties,
            CLUSTER_ID="4L6g3nShT-eMCtK--X86sw",
            ADD_SCRAM=f"SCRAM-SHA-512=[name={self.admin.user},password={self.admin.password}]",
            KAFKA_HEAP_OPTS=f"-Xms128m -Xmx{settings.kafka_heap_mb}m",
        )
        container.with_kwargs(entrypoint=["bash", "-c"], labels={LABEL: folder.name}).with_command([_KAFKA_START])

    @property
    def bootstrap(self) -> str:
        """host:port for clients."""
        return f"127.0.0.1:{self.port}"

    def start(self) -> None:
        self._held.start(_kafka_ready)

    def stop(self) -> None:
        self._held.stop()

    def restart(self, hard: bool) -> None:
        self._held.restart(hard, _kafka_ready)


def _postgres_ready(said: str) -> bool:
    """Also said once by the image's set-up run, which listens on no port: that one says no address."""
    _, address, after = said.rpartition("listening on IPv4 address")
    return bool(address) and "ready to accept connections" in after


def _kafka_ready(said: str) -> bool:
    return "Kafka Server started" in said
