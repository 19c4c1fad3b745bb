"""PostgreSQL and Kafka in Docker, by testcontainers."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from deploy.kafka.credentials import Credentials
from deploy.local import engine
from deploy.local.errors import StackError, explain
from deploy.local.kafka import ADMIN as KAFKA_ADMIN
from deploy.local.kafka_properties import render
from deploy.local.postgres import ADMIN as POSTGRES_ADMIN
from deploy.local.postgres import COMMON, DURABLE, FAST, sized
from deploy.local.processes import require_port, wait_until
from deploy.local.settings import StackSettings

START_WITHIN_S = 120.0
STOP_WITHIN_S = 30

_POSTGRES_DATA, _KAFKA_DATA = "/var/lib/postgresql", "/var/lib/kafka/data"  # where the images keep a volume
_OF_THE_HOST = ("listen_addresses", "unix_socket_directories")  # a container has a network and a folder of its own
_KAFKA_START = f"""
set -e
printf '%s' "$SERVER_PROPERTIES" > /tmp/server.properties
cd /opt/kafka/bin
[ -e {_KAFKA_DATA}/meta.properties ] ||
  ./kafka-storage.sh format -t "$CLUSTER_ID" -c /tmp/server.properties --add-scram "$ADD_SCRAM"
exec ./kafka-server-start.sh /tmp/server.properties
"""


class _Container:
    """A container on a fixed port of this machine's loopback, its data in a volume; both carry the stack's mark."""

    def __init__(self, folder: Path, image: str, what: str, port: tuple[int, int], data: str) -> None:
        """port: inside and on this machine. data: the folder inside that outlives the container."""
        from testcontainers.core.config import testcontainers_config  # slow to import
        from testcontainers.core.container import DockerContainer

        testcontainers_config.ryuk_disabled = True  # our keeper does it, and needs no image of its own
        self.what, self.labels = what, {engine.LABEL: engine.mark(folder)}
        self.container = DockerContainer(image).with_kwargs(labels=self.labels, shm_size="256m")
        self.container.with_volume_mapping(engine.volume(folder, what.lower()), data, "rw")
        ports: dict[str, Any] = self.container.ports  # with_bind_ports knows no address, and would take all of them
        ports[f"{port[0]}/tcp"] = ("127.0.0.1", port[1])

    def start(self, ready: Callable[[str], bool]) -> None:
        try:
            self.container.start()
        except Exception as error:  # docker's own, requests' and testcontainers' have no common ancestor
            raise StackError(f"{self.what} did not start in Docker: {explain(str(error))}") from error
        self._wait(ready)

    def stop(self) -> None:
        """As the image is meant to be stopped, so that the volume holds whole data; then the container goes."""
        if self._created:
            self.container.get_wrapped_container().stop(timeout=STOP_WITHIN_S)
        self.container.stop()

    def restart(self, hard: bool, ready: Callable[[str], bool]) -> None:
        """The port on this machine is fixed, so it stays the same."""
        wrapped = self.container.get_wrapped_container()
        wrapped.kill() if hard else wrapped.stop(timeout=STOP_WITHIN_S)
        wrapped.start()
        self._wait(ready)

    @property
    def _created(self) -> bool:
        return self.container.status != "not_started"

    def _wait(self, ready: Callable[[str], bool]) -> None:
        wrapped = self.container.get_wrapped_container()

        def started() -> bool:
            wrapped.reload()
            said = _said_since(wrapped, wrapped.attrs["State"]["StartedAt"])
            if wrapped.status == "exited":
                raise StackError(f"{self.what} did not start in Docker: {explain(said)}")
            return ready(said)

        wait_until(started, START_WITHIN_S, f"{self.what} in Docker")


def _said_since(wrapped: Any, moment: str) -> str:
    """The log from a moment in Docker's form on; to the microsecond, as a restart may follow within a second."""
    since = datetime.fromisoformat(f"{moment[:26].rstrip('Z')}+00:00").timestamp()
    return str(wrapped.logs(since=since).decode(errors="replace"))


class ContainerPostgres:
    """PostgreSQL in a container, with the same options as our own."""

    def __init__(self, folder: Path, secret: Credentials, settings: StackSettings, *, fast: bool) -> None:
        self.port = require_port(settings.postgres_port, "PostgreSQL")
        self.password = secret.derive(POSTGRES_ADMIN).password
        options = COMMON | sized(folder) | (FAST if fast else DURABLE)
        said = [part for key, value in options.items() if key not in _OF_THE_HOST for part in ("-c", f"{key}={value}")]
        self._held = _Container(folder, settings.postgres_image, "PostgreSQL", (5432, self.port), _POSTGRES_DATA)
        self._held.container.with_command(["postgres", *said]).with_envs(
            POSTGRES_PASSWORD=self.password,
            POSTGRES_INITDB_ARGS="--encoding=UTF8 --locale=C.UTF-8 --data-checksums" + (" --no-sync" if fast else ""),
            PGDATA=f"{_POSTGRES_DATA}/takar",  # images differ in theirs
        )

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
            data=_KAFKA_DATA,
            port=self.port,
            controller_port=29093,
            admin=self.admin,
            controller=secret.derive("controller"),
            bind="0.0.0.0",  # noqa: S104  the container's own network
        )
        self._held = _Container(folder, settings.kafka_image, "Kafka", (self.port, self.port), _KAFKA_DATA)
        container = self._held.container.with_envs(
            SERVER_PROPERTIES=properties,
            CLUSTER_ID="4L6g3nShT-eMCtK--X86sw",
            ADD_SCRAM=f"SCRAM-SHA-512=[name={self.admin.user},password={self.admin.password}]",
            KAFKA_HEAP_OPTS=f"-Xms128m -Xmx{settings.kafka_heap_mb}m",
        )
        container.with_kwargs(entrypoint=["bash", "-c"], labels=self._held.labels).with_command([_KAFKA_START])

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
