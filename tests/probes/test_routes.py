"""Every route of every service is guarded by an action of the access table, and tells its refusals as problems."""

from collections.abc import Iterator
from importlib import import_module

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from deploy.local.databases import SERVICES
from shared.auth.policy import ACTIONS, Role
from tests.support.service import settings_for

# who has no token yet, or shows another proof
OPEN = {
    ("identity", "POST", "/sessions"),
    ("identity", "POST", "/sessions/refresh"),
    ("identity", "GET", "/.well-known/jwks.json"),
    ("activity", "GET", "/receipt-keys"),  # who checks a receipt is nobody's user
    ("payroll", "GET", "/receipt-keys"),
    *{(service, "GET", path) for service in SERVICES for path in ("/healthz", "/readyz", "/metrics")},
}


def routes_of(service: str) -> Iterator[APIRoute]:
    app = import_module(f"services.{service}.api").create_app(settings_for("postgresql+asyncpg://nowhere/none"))
    yield from walk(app.routes)


def walk(routes) -> Iterator[APIRoute]:
    """Routes, those of routers that are included lazily among them."""
    for route in routes:
        if isinstance(route, APIRoute):
            yield route
        else:
            yield from walk(
                getattr(route, "routes", None) or getattr(getattr(route, "original_router", None), "routes", [])
            )


def actions(dependant: Dependant) -> set[str]:
    own = {dependant.call.action} if hasattr(dependant.call, "action") else set()
    return own.union(*[actions(one) for one in dependant.dependencies])


@pytest.mark.parametrize("service", SERVICES)
def test_every_route_asks_for_an_action_of_the_table(service):
    found = list(routes_of(service))
    assert len(found) > 5
    unguarded = {
        (service, method, route.path)
        for route in found
        for method in route.methods
        if not actions(route.dependant) & set(ACTIONS)
    }
    assert unguarded <= OPEN


def test_every_action_is_asked_for_by_some_route():
    asked = {action for service in SERVICES for route in routes_of(service) for action in actions(route.dependant)}
    assert set(ACTIONS) - asked == set()


@pytest.mark.parametrize("action", sorted(ACTIONS))
def test_an_action_is_granted_to_somebody_and_to_the_operator_only_where_it_spans_regions(action):
    granted = {role for role, _ in ACTIONS[action].grants}
    assert granted
    if Role.OPERATOR in granted:
        assert action.split(".")[0] in {"tenant", "grant", "account"}


@pytest.mark.parametrize("maker", ["policy.approve", "run.verify", "run.approve", "plan.approve", "activity.approve"])
def test_nobody_makes_and_approves_the_same_thing(maker):
    assert ACTIONS[maker].not_the_maker
