"""The services as processes: one origin, killed and restarted by name, all gone at the end."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from deploy.local import engine
from deploy.local import stack as local
from deploy.local.databases import SERVICES, connect, run
from deploy.local.errors import StackError
from deploy.local.keeper import holders
from deploy.local.processes import REPO, wait_until
from deploy.local.services import Services
from deploy.local.stack import Stack


@pytest.fixture(scope="module")
def apart(stack: Stack) -> Iterator[Services]:
    """Every API and every worker a process of its own, as the fault rig runs them."""
    with Services(stack, ["92"], apart=True, environment={"TAKAR_TOPIC_PREFIX": "apart-"}) as running:
        yield running


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Path]:
    """A folder whose data outlive a stack; in Docker they are volumes."""
    yield tmp_path
    engine.remove(tmp_path, volumes=True)


async def databases(admin_url: str) -> set[str]:
    connection = await connect(admin_url)
    try:
        return {row["datname"] for row in await connection.fetch("SELECT datname FROM pg_database")}
    finally:
        await connection.close()


def get(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return json.loads(answer.read())


def test_each_api_and_each_worker_runs_under_its_name(apart: Services):
    expected = {f"{service}-api" for service in SERVICES} | {f"{service}-worker-1" for service in SERVICES}
    assert set(apart.pids) == expected
    for service in SERVICES:
        assert get(f"{apart.url(service)}/readyz") == {"status": "ready"}


def test_a_worker_that_was_killed_is_gone_and_another_takes_its_place(apart: Services):
    pid = apart.pids["payroll-worker-1"]
    apart.kill("payroll-worker-1")
    assert not psutil.pid_exists(pid)
    assert set(apart.dead()) == {"payroll-worker-1"}
    assert apart.start_worker("payroll") == "payroll-worker-2"
    apart.restart("payroll-worker-1")
    assert {"payroll-worker-1", "payroll-worker-2"} <= set(apart.pids)
    assert apart.dead() == {}


def test_an_api_that_was_killed_comes_back_at_the_same_address(apart: Services):
    url = apart.url("activity")
    apart.kill("activity-api")
    apart.restart("activity-api")
    assert apart.url("activity") == url
    assert get(f"{url}/healthz") == {"status": "alive"}


def test_a_worker_that_stands_still_goes_on(apart: Services):
    apart.kill("activity-worker-1", signal.SIGSTOP)
    worker = psutil.Process(apart.pids["activity-worker-1"])
    wait_until(lambda: worker.status() == psutil.STATUS_STOPPED, 10, "the worker stops")
    apart.kill("activity-worker-1", signal.SIGCONT)
    wait_until(lambda: worker.status() != psutil.STATUS_STOPPED, 10, "the worker goes on")


def test_no_process_is_told_anothers_secrets(apart: Services):
    told = psutil.Process(apart.pids["payroll-worker-1"]).environ()
    assert not {"TAKAR_SIGNING_KEY", "TAKAR_RECEIPT_KEY"} & set(told)
    assert "payroll_worker:" in told["TAKAR_DATABASE_URL"]
    assert "TAKAR_RECEIPT_KEY" in psutil.Process(apart.pids["payroll-api"]).environ()
    assert "TAKAR_RECEIPT_KEY" not in psutil.Process(apart.pids["identity-api"]).environ()
    signers = [psutil.Process(apart.pids[f"{name}-api"]).environ() for name in ("activity", "payroll")]
    assert len({environ["TAKAR_RECEIPT_KEY"] for environ in signers}) == 2
    assert "TAKAR_KAFKA_PASSWORD" not in psutil.Process(apart.pids["payroll-api"]).environ()


def test_a_process_that_cannot_start_is_named_with_its_last_words(stack: Stack):
    hindered = Services(stack, environment={"TAKAR_POOL_SIZE": "many", "TAKAR_TOPIC_PREFIX": "apart-"})
    with pytest.raises(StackError, match=r"did not start: .*log: .*\.log"):
        hindered.start()
    assert hindered.pids == {}


def test_an_unknown_name_is_answered_with_the_known_ones(apart: Services):
    with pytest.raises(StackError, match=r"no process is called 'payroll-worker-9'; there are .*payroll-worker-1"):
        apart.kill("payroll-worker-9")


def test_takar_up_joins_the_apis_under_one_origin_and_ctrl_c_ends_all_of_it(kept: Path):
    command = [sys.executable, "-m", "deploy.cli.main", "up", "--folder", str(kept), "--tenant", "92"]
    takar = subprocess.Popen(command, cwd=REPO, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert takar.stdout is not None
    base_url = takar.stdout.readline().split()[-1]
    answers = {service: get(f"{base_url}/{service}/readyz") for service in SERVICES}
    keys = get(f"{base_url}/identity/.well-known/jwks.json")
    receipt_keys = get(f"{base_url}/payroll/receipt-keys")
    record_keys = get(f"{base_url}/activity/receipt-keys")
    running = holders(kept / "alive")

    os.kill(takar.pid, signal.SIGINT)
    _, said = takar.communicate(timeout=60)

    assert answers == {service: {"status": "ready"} for service in SERVICES}
    assert "d" not in keys["keys"][0]  # the private part
    assert set(receipt_keys["keys"][0]) == {"public_key", "from", "until"}
    assert receipt_keys["keys"] != record_keys["keys"]
    assert (takar.returncode, said.strip().splitlines()[-1]) == (0, "stopped")
    assert psutil.wait_procs(running, timeout=5)[1] == []
    with local.start(kept, kafka=False) as again:
        assert run(databases(again.postgres_admin_url)) >= set(SERVICES)
