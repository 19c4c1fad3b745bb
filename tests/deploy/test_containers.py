"""What runs in containers: nobody is root, nobody holds another's secrets, an image holds one service."""

import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.compose_files import environment
from deploy.kafka.credentials import Credentials
from deploy.local.databases import SERVICES
from deploy.local.environment import SIGNERS

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
OURS = [f"{service}-{part}" for service in SERVICES for part in ("api", "worker")]


@pytest.mark.parametrize("name", OURS)
def test_a_container_of_ours_may_write_nothing_and_gain_no_right(name: str):
    container = COMPOSE["services"][name]
    assert container["read_only"] is True
    assert container["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in container["security_opt"]


@pytest.mark.parametrize("name", OURS)
def test_a_container_is_told_the_secrets_of_its_own_role_alone(name: str):
    service, part = name.split("-")
    told = set(re.findall(r"\$\{(\w+)\}", yaml.safe_dump(COMPOSE["services"][name]["environment"])))
    own = {f"{service.upper()}_APP_URL"} if part == "api" else {f"{service.upper()}_WORKER_URL"}
    own |= {f"{service.upper()}_KAFKA_PASSWORD"} if part == "worker" else set()
    own |= {"TAKAR_SIGNING_KEY"} if name == "identity-api" else set()
    own |= {f"{service.upper()}_RECEIPT_KEY"} if name in {"activity-api", "payroll-api"} else set()
    assert told == own


def test_every_variable_of_the_compose_file_is_written_for_it():
    named = set(re.findall(r"\$\{(\w+)(?=[}:])(?!:-)", (DEPLOY / "compose.yaml").read_text()))
    assert named == set(environment(Credentials("stack", "secret"), "{}", dict.fromkeys(SIGNERS, "{}")))


def test_only_the_ingress_is_reached_from_outside():
    published = [name for name, container in COMPOSE["services"].items() if "ports" in container]
    assert published == ["ingress"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}


def test_an_image_holds_shared_and_one_service_and_runs_as_nobody():
    stage = (DEPLOY / "Dockerfile").read_text().split("AS service")[1]
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", stage, re.MULTILINE)
    assert copied == [
        "shared/",
        "services/__init__.py",
        "services/${SERVICE}/",
        "deploy/__init__.py deploy/entrypoint.py",
    ]
    assert re.search(r"^USER (\d+):\d+$", stage, re.MULTILINE)


@pytest.mark.parametrize("service", SERVICES)
def test_the_chart_scales_a_worker_by_the_topics_it_reads(service: str):
    values = yaml.safe_load((DEPLOY / "helm/takar/values" / f"{service}.yaml").read_text())
    worker = import_module(f"services.{service}.worker").WORKER
    assert values["service"] == service
    assert sorted(values["worker"]["keda"]["topics"]) == sorted(worker.heard_topics())
