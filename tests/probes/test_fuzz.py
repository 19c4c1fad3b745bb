"""Schemathesis over every route, and rubbish in every place: an answer below 500, always in its documented form."""

import json
from importlib import import_module

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deploy.local.databases import SERVICES
from tests.probes.conftest import somebody
from tests.support.service import settings_for

EXAMPLES = 12  # of each route: enough to find what is loose, little enough for every run


def operations():
    for service in SERVICES:
        app = import_module(f"services.{service}.api").create_app(settings_for("postgresql+asyncpg://no/where"))
        schema = schemathesis.openapi.from_dict(json.loads(json.dumps(app.openapi())))
        for found in schema.get_all_operations():
            operation = found.ok()
            yield pytest.param(service, operation, id=f"{service} {operation.method.upper()} {operation.path}")


@pytest.mark.parametrize(("service", "operation"), operations())
def test_no_request_of_the_documented_form_is_our_fault(addresses, service, operation):
    headers = {"Authorization": f"Bearer {somebody()}"}

    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy())
    def probe(case):
        answer = case.call(base_url=addresses[service], headers=headers)
        assert answer.status_code < 500, f"{case.as_curl_command()}\n{answer.text[:500]}"
        if answer.status_code >= 400:
            assert answer.headers["content-type"][0].startswith("application/problem+json")

    probe()


_NASTY = st.one_of(
    st.just("\x00"),
    st.just("'; DROP TABLE activities; --"),
    st.just("9" * 400),
    st.just("00000000-0000-0000-0000-000000000000"),
    st.just("\u202e\ud7ff"),
    st.text(max_size=40),
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    service=st.sampled_from(SERVICES),
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE"]),
    parts=st.lists(_NASTY, max_size=3),
    body=st.one_of(st.binary(max_size=200), st.recursive(st.none() | st.integers() | _NASTY, st.lists).map(json.dumps)),
)
def test_no_rubbish_is_our_fault(addresses, service, method, parts, body):
    path = "/" + "/".join(part.encode("utf-8", "replace").hex() for part in parts)
    content = body if isinstance(body, bytes) else body.encode("utf-8", "replace")
    headers = {"Authorization": f"Bearer {somebody()}", "content-type": "application/json"}
    answer = httpx.request(method, addresses[service] + path, content=content, headers=headers)
    assert answer.status_code < 500


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("depth", [10, 100_000])
def test_a_deeply_nested_body_is_refused(addresses, service, depth):
    headers = {"Authorization": f"Bearer {somebody()}", "content-type": "application/json"}
    path = {"identity": "/sessions", "activity": "/activities/batch", "appraisal": "/periods/2026-10/closing"}.get(
        service, "/runs"
    )
    answer = httpx.post(addresses[service] + path, content=b"[" * depth, headers=headers)
    assert 400 <= answer.status_code < 500
