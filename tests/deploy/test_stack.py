"""The stack on one machine: what starts, what is left when its starter dies, and what it says when it cannot."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import docker
import psutil
import pytest
from aiokafka import AIOKafkaProducer

from deploy.kafka.admin import KafkaUnavailable
from deploy.kafka.credentials import Credentials
from deploy.kafka.provision import provision_services
from deploy.local import engine
from deploy.local import stack as local
from deploy.local.databases import connect
from deploy.local.errors import StackError, explain
from deploy.local.keeper import holders
from deploy.local.processes import REPO, free_port
from deploy.local.settings import StackSettings
from deploy.local.stack import Stack

STARTER = """
import json, sys, time
from deploy.local.stack import start
stack = start()
print(json.dumps({"folder": str(stack.folder), "postgres": stack.postgres_admin_url,
                  "kafka": stack.kafka_bootstrap}), flush=True)
time.sleep(600)
"""


@pytest.fixture(scope="module")
def durable() -> Iterator[Stack]:
    """A stack as `takar up` starts it: with fsync, both servers."""
    with local.start() as started:
        yield started


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Path]:
    """A folder whose data outlive a stack; in Docker they are volumes."""
    yield tmp_path
    engine.remove(tmp_path, volumes=True)


def seen(folder: Path) -> tuple[list[psutil.Process], set[str]]:
    """The processes of a stack and their names, those in containers too; PostgreSQL's own helpers come and go."""
    running = [process for process in holders(folder / "alive") if process.is_running()]
    names = set(engine.running(folder))
    for process in running:
        with contextlib.suppress(psutil.NoSuchProcess):
            names.add(process.name())
    return running, names


def left_in_docker(mark: str) -> list[str]:
    """Names of containers and volumes that carry the mark; none where Docker is not used."""
    if not mark:
        return []
    ours = {"label": f"{engine.LABEL}={mark}"}
    with contextlib.closing(docker.from_env()) as client:
        found = client.containers.list(all=True, filters=ours) + client.volumes.list(filters=ours)
        return [str(one.name) for one in found]


def mark_of(folder: Path) -> str:
    return engine.mark(folder) if engine.is_marked(folder) else ""


def stand_still(folder: Path) -> list[psutil.Process]:
    """SIGSTOP to every server of the stack."""
    running, _ = seen(folder)
    for process in running:
        process.send_signal(signal.SIGSTOP)
    if mark := mark_of(folder):
        with contextlib.closing(docker.from_env()) as client:
            for container in client.containers.list(filters={"label": f"{engine.LABEL}={mark}"}):
                container.pause()
    return running


async def count(url: str, statement: str) -> int:
    connection = await connect(url)
    try:
        return int(await connection.fetchval(statement))
    finally:
        await connection.close()


def test_it_starts_within_30_seconds_and_nothing_is_left_after_it_stops():
    began = time.monotonic()
    stack = local.start()
    took_s = time.monotonic() - began
    running, names = seen(stack.folder)
    mark = mark_of(stack.folder)
    stack.stop()
    assert took_s < 30
    assert names >= {"postgres", "java"}
    assert psutil.wait_procs(running, timeout=5)[1] == []
    assert left_in_docker(mark) == []
    assert not stack.folder.exists()


def test_a_starter_that_is_killed_leaves_no_orphan():
    starter = subprocess.Popen([sys.executable, "-c", STARTER], stdout=subprocess.PIPE, cwd=REPO)
    assert starter.stdout is not None
    folder = Path(json.loads(starter.stdout.readline())["folder"])
    running, names = seen(folder)
    mark = mark_of(folder)
    keepers = psutil.Process(starter.pid).children()

    starter.kill()
    starter.wait()

    assert names >= {"postgres", "java"}
    assert psutil.wait_procs([*running, *keepers], timeout=30)[1] == []
    assert left_in_docker(mark) == []
    assert not folder.exists()


def test_ctrl_c_does_not_reach_the_servers_behind_the_starters_back(durable: Stack):
    sessions = {os.getsid(process.pid) for process in holders(durable.folder / "alive")}
    assert os.getsid(0) not in sessions


async def test_two_stacks_stand_side_by_side(durable: Stack):
    with local.start(fast=True) as other:
        assert other.kafka_bootstrap != durable.kafka_bootstrap
        assert await count(other.postgres_admin_url, "SELECT 1") == 1
        assert await count(durable.postgres_admin_url, "SELECT 1") == 1


async def test_what_was_committed_survives_a_kill_of_postgres(durable: Stack):
    url = durable.postgres_admin_url
    connection = await connect(url)
    await connection.execute("CREATE TABLE kept AS SELECT 1 AS n")
    assert await connection.fetchval("SHOW fsync") == "on"
    durable.restart_postgres(hard=True)
    assert durable.postgres_admin_url == url
    assert await count(url, "SELECT count(*) FROM kept") == 1


async def test_what_was_acknowledged_survives_a_kill_of_kafka(durable: Stack):
    bootstrap = durable.kafka_bootstrap
    login = provision_services(bootstrap, durable.kafka_admin)["payroll"]
    await produce(bootstrap, login, "payroll.events")
    durable.restart_kafka(hard=True)
    assert durable.kafka_bootstrap == bootstrap
    assert await produce(bootstrap, login, "payroll.events") == 1


def test_the_servers_are_reached_from_this_machine_alone(durable: Stack):
    ports = {urlsplit(durable.postgres_admin_url).port, int(durable.kafka_bootstrap.split(":")[1])}
    listening = [one.laddr for one in psutil.net_connections("tcp") if one.status == psutil.CONN_LISTEN]
    asked = {address.ip.removeprefix("::ffff:") for address in listening if address.port in ports}  # Java's are IPv6
    assert asked == {"127.0.0.1"}


async def test_data_in_a_named_folder_are_there_at_the_next_start(kept: Path):
    with local.start(kept) as stack:
        connection = await connect(stack.postgres_admin_url)
        await connection.execute("CREATE TABLE kept AS SELECT 1 AS n")
        await connection.close()
        login = provision_services(stack.kafka_bootstrap, stack.kafka_admin)["payroll"]
        await produce(stack.kafka_bootstrap, login, "payroll.events")
    with local.start(kept) as again:
        assert await count(again.postgres_admin_url, "SELECT count(*) FROM kept") == 1
        assert await produce(again.kafka_bootstrap, again.credentials("payroll"), "payroll.events") == 1


def test_two_folders_of_one_name_are_two_stacks_to_docker(tmp_path: Path):
    one, other = tmp_path / "one" / "data", tmp_path / "other" / "data"
    for folder in (one, other):
        folder.mkdir(parents=True)
    assert engine.mark(one) != engine.mark(other)
    assert engine.mark(one) == engine.mark(one)


@pytest.mark.parametrize(("wrote", "asked"), [("containers", "native"), ("postgres", "docker"), ("kafka", "docker")])
def test_data_are_not_left_behind_by_servers_of_another_kind(
    wrote: str, asked: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / wrote).touch()
    monkeypatch.setenv("TAKAR_SERVERS", asked)
    with pytest.raises(StackError, match=f"holds data of TAKAR_SERVERS=.*, and now it is {asked}"):
        Stack(tmp_path, StackSettings(), fast=True, temporary=False).start_kafka()


@pytest.mark.parametrize(
    ("wrote", "why"), [(None, "TAKAR_SERVERS=docker: .* unset"), ("containers", "the data of .* are in Docker")]
)
def test_docker_that_is_needed_and_does_not_answer_is_named(
    wrote: str | None, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    if wrote:
        (tmp_path / wrote).touch()
    monkeypatch.setenv("TAKAR_SERVERS", "auto" if wrote else "docker")
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/no.sock")
    with pytest.raises(StackError, match=f"no Docker engine answers, and {why}"):
        Stack(tmp_path, StackSettings(), fast=True, temporary=False).start_kafka()


def test_a_port_that_is_taken_is_named(monkeypatch: pytest.MonkeyPatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("TAKAR_POSTGRES_PORT", str(port))
        with pytest.raises(StackError, match=f"PostgreSQL: port {port} is taken"):
            local.start(kafka=False)


def test_a_full_disk_is_named_with_its_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("TAKAR_MIN_FREE_MB", str(10**12))
    with pytest.raises(StackError, match=f"the disk is full: .* MB free in {tmp_path}"):
        local.start(tmp_path)


def test_a_missing_java_is_named_with_what_to_type(tmp_path: Path):
    """In a process of its own, as an unprivileged user whose PATH is empty."""
    ask = "import os; from deploy.local import tools; os.getuid() or os.setuid(65534); tools.java()"
    env = {"PATH": str(tmp_path), "PYTHONPATH": str(REPO)}
    said = subprocess.run([sys.executable, "-c", ask], env=env, capture_output=True, text=True, check=False)
    last = said.stderr.strip().splitlines()[-1]
    assert "no Java 17 or newer here: type 'sudo apt-get install default-jre-headless'" in last


async def test_a_wrong_password_is_told_from_a_server_that_is_gone(durable: Stack):
    wrong = durable.postgres_admin_url.replace("postgres:", "postgres:not", 1).replace("not//", "//")
    with pytest.raises(StackError, match="refuses user postgres: the password is wrong"):
        await connect(wrong)
    with pytest.raises(StackError, match="no PostgreSQL answers at"):
        await connect(f"postgresql://postgres:x@127.0.0.1:{free_port()}/postgres")
    with pytest.raises(KafkaUnavailable, match="refuses user admin: user or password is wrong"):
        provision_services(durable.kafka_bootstrap, Credentials("admin", "wrong"))
    with pytest.raises(KafkaUnavailable, match="no Kafka answers at"):
        provision_services(f"127.0.0.1:{free_port()}", durable.kafka_admin)


@pytest.mark.parametrize(
    ("said", "meaning"),
    [
        ("FATAL: could not write lock file: No space left on device", "the disk is full"),
        ("java.net.BindException: Address already in use", "its port is taken"),
        ('FATAL: password authentication failed for user "x"', "the password is wrong"),
        ("something nobody has seen before", "something nobody has seen before"),
    ],
)
def test_a_servers_last_words_are_put_in_one_line(said: str, meaning: str):
    assert explain(said).startswith(meaning)


async def test_addresses_in_the_environment_come_first(durable: Stack, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TAKAR_POSTGRES_ADMIN_URL", durable.postgres_admin_url)
    monkeypatch.setenv("TAKAR_KAFKA_BOOTSTRAP", durable.kafka_bootstrap)
    monkeypatch.setenv("TAKAR_KAFKA_ADMIN_PASSWORD", durable.kafka_admin.password)
    with local.start() as stack:
        assert (stack.postgres_admin_url, stack.kafka_bootstrap) == (
            durable.postgres_admin_url,
            durable.kafka_bootstrap,
        )
        assert stack.credentials("payroll") == durable.credentials("payroll")
        assert holders(stack.folder / "alive") == []
    assert await count(durable.postgres_admin_url, "SELECT 1") == 1


def test_a_server_that_stands_still_is_ended_too():
    with local.start(fast=True, kafka=False) as stack:
        mark, running = mark_of(stack.folder), stand_still(stack.folder)
    assert psutil.wait_procs(running, timeout=5)[1] == []
    assert left_in_docker(mark) == []


async def produce(bootstrap: str, login: Credentials, topic: str) -> int:
    """Send one record to partition 0; its offset."""
    producer = AIOKafkaProducer(
        bootstrap_servers=bootstrap,
        security_protocol="SASL_PLAINTEXT",
        sasl_mechanism="SCRAM-SHA-512",
        sasl_plain_username=login.user,
        sasl_plain_password=login.password,
        enable_idempotence=True,
        acks="all",
    )
    await producer.start()
    try:
        sent = await producer.send_and_wait(topic, b"{}", partition=0)
    finally:
        await producer.stop()
    return int(sent.offset)
