"""Kafka of our own: one KRaft node, SCRAM for every client, ACLs on, no topics made by accident."""

import base64
import os
import signal
import subprocess
import uuid
from pathlib import Path

from deploy.kafka.credentials import Credentials
from deploy.local.errors import StackError, explain
from deploy.local.jars import jars
from deploy.local.kafka_properties import render
from deploy.local.processes import Process, answers, require_port
from deploy.local.settings import StackSettings
from deploy.local.tools import java

ADMIN = "admin"
START_WITHIN_S = 90.0
LOG4J = Path(__file__).resolve().parents[1] / "kafka" / "log4j2.xml"


class Kafka:
    """One broker with its data in a folder; it starts again on the same port."""

    def __init__(self, folder: Path, secret: Credentials, settings: StackSettings) -> None:
        self.folder, self.data = folder / "kafka", folder / "kafka" / "data"
        self.admin = secret.derive(ADMIN)
        self._controller = secret.derive("controller")
        self._settings = settings
        self.port = require_port(settings.kafka_port, "Kafka")
        self._controller_port = require_port(0, "Kafka")
        self._process = Process("Kafka", folder / "alive", folder / "logs" / "kafka.log")

    @property
    def bootstrap(self) -> str:
        """host:port for clients."""
        return f"127.0.0.1:{self.port}"

    def start(self) -> None:
        """Format the data folder if it is new, start, and wait until the broker takes clients."""
        executable, libs = java(), jars(self._settings.cache)
        self.folder.mkdir(parents=True, exist_ok=True)
        properties = self._write_properties()
        if not (self.data / "meta.properties").exists():
            self._format(executable, libs, properties)
        heap = f"-Xmx{self._settings.kafka_heap_mb}m"
        self._process.start([*_java(executable, libs, heap), "kafka.Kafka", str(properties)])
        self._process.wait_until(self._ready, START_WITHIN_S)

    def stop(self) -> None:
        """A controlled shutdown."""
        self._process.stop(signal.SIGTERM, within_s=30)

    def kill(self) -> None:
        """kill -9."""
        self._process.kill()

    def restart(self, hard: bool) -> None:
        """Stop (or kill -9) and start on the same port."""
        self.kill() if hard else self.stop()
        self.start()

    def _ready(self) -> bool:
        return answers(self.port) and "Kafka Server started" in self._process.tail(200)

    def _write_properties(self) -> Path:
        properties = self.folder / "server.properties"
        text = render(
            data=str(self.data),
            port=self.port,
            controller_port=self._controller_port,
            admin=self.admin,
            controller=self._controller,
            bind="127.0.0.1",
        )
        with open(os.open(properties, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(text)
        return properties

    def _format(self, executable: str, libs: Path, properties: Path) -> None:
        scram = f"SCRAM-SHA-512=[name={self.admin.user},password={self.admin.password}]"
        cluster = _cluster_id()
        command = [
            *_java(executable, libs, "-Xmx128m", "-XX:TieredStopAtLevel=1"),
            "kafka.tools.StorageTool",
            "format",
            "-t",
            cluster,
        ]
        done = subprocess.run(
            [*command, "-c", str(properties), "--add-scram", scram],
            check=False,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        if done.returncode != 0:
            raise StackError(f"Kafka's data could not be made in {self.data}: {explain(done.stdout)}")


def _java(executable: str, libs: Path, *more: str) -> list[str]:
    options = ["-Xms128m", *more, "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError"]
    return [executable, *options, "-cp", f"{libs}/*", f"-Dlog4j2.configurationFile={LOG4J}"]


def _cluster_id() -> str:
    """22 characters of URL-safe base64; not one that Kafka's own tool would take for an option."""
    made = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
    return _cluster_id() if made.startswith("-") else made
