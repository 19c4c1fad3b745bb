"""Who may do what: every route asks, every role is refused what the table does not give, regions never meet."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from fastapi.routing import APIRoute
from sqlalchemy import text

from services.identity.api import create_app
from shared.auth import document
from shared.auth.policy import ACTIONS, Role
from tests.support.identity import Client
from tests.support.service import headers, nip_of, sessions_on, settings_for, token_for

OPEN = {("GET", "/.well-known/jwks.json"), ("POST", "/sessions"), ("POST", "/sessions/refresh")}
HEALTH = {"/healthz", "/readyz", "/metrics"}
_APP = create_app(settings_for("postgresql+asyncpg://nobody@localhost/none"))


def routes() -> Iterator[tuple[str, APIRoute]]:
    found = [route for route in _all(_APP.routes) if route.path not in HEALTH]
    for route in found:
        for method in sorted(route.methods or ()):
            yield method, route


def _all(given: Any) -> Iterator[APIRoute]:
    for route in given:
        if isinstance(route, APIRoute):
            yield route
        elif hasattr(route, "original_router"):
            yield from _all(route.original_router.routes)


def action_of(route: APIRoute) -> str | None:
    asked = [getattr(one.call, "action", None) for one in route.dependant.dependencies]
    return next((action for action in asked if action), None)


def test_every_route_asks_for_an_action_of_the_table() -> None:
    without = {(method, route.path) for method, route in routes() if action_of(route) is None}
    assert without == OPEN
    assert len(list(routes())) > 35
    assert all(action_of(route) in ACTIONS for method, route in routes() if (method, route.path) not in OPEN)


CASES = [
    pytest.param(method, route.path, str(action_of(route)), role, id=f"{method}-{route.path}-{role}")
    for method, route in routes()
    if action_of(route)
    for role in Role
    if not ACTIONS[str(action_of(route))].scope_for([role])
]


async def test_every_role_is_refused_what_the_table_does_not_give(client: Client) -> None:
    for case in CASES:
        method, path, action, role = case.values
        token = token_for(client.tenant_id, [str(role)], unit_ids=[uuid4()])
        answer = await client.http.request(str(method), _filled(str(path)), headers=headers(token))
        assert (answer.status_code, answer.json().get("action")) == (403, action), case.id


async def test_nobody_gets_in_without_a_token(client: Client) -> None:
    for method, route in routes():
        if action_of(route):
            answer = await client.http.request(method, _filled(route.path))
            assert answer.status_code == 401, route.path
            assert answer.headers["content-type"] == "application/problem+json"


async def test_another_regions_administrator_finds_nothing(client: Client, other: Client) -> None:
    unit = await client.add_unit()
    post = await client.add_position(unit)
    employee = await client.hire()
    assignment = (await client.assign(employee, post)).json()["id"]
    account = (await client.one_time(employee))["account_id"]
    given = {"account_id": account, "role": "auditor", "valid_from": "2026-01-01"}
    grant = (await client.post("/grants", given)).json()["id"]
    assert (await other.get("/units")).json() == []
    assert (await other.get("/positions")).json()["positions"] == []
    assert (await other.get("/employees", search=nip_of(1))).json()["employees"] == []
    assert (await other.get("/accounts")).json()["accounts"] == []
    assert (await other.get("/grants")).json() == []
    day = {"last_day": "2026-06-30"}
    person = {"name": "X"}
    term = {"valid_from": "2026-02-01", "name": "X", "jenis_jabatan": "pelaksana", "kelas_jabatan": 7}
    answers = [
        await other.put(f"/units/{unit}", {"name": "X", "kind": "opd", "active_from": "2026-01-01"}),
        await other.get(f"/positions/{post}"),
        await other.put(f"/positions/{post}/terms", term | {"unit_id": str(unit)}),
        await other.post(f"/positions/{post}/end", day),
        await other.get(f"/employees/{employee}"),
        await other.put(f"/employees/{employee}", person),
        await other.get(f"/employees/{employee}/superiors"),
        await other.post(f"/employees/{employee}/departure", {"left_on": "2026-06-30"}),
        await other.post(f"/employees/{employee}/assignments/{assignment}/end", day),
        await other.get(f"/accounts/{account}"),
        await other.post(f"/accounts/{account}/one-time-password", None),
        await other.put(f"/accounts/{account}/disabled", {"disabled": True}),
        await other.get(f"/accounts/{account}/sessions"),
        await other.delete(f"/accounts/{account}/sessions"),
        await other.post("/grants", given),
        await other.post(f"/grants/{grant}/end", day),
    ]
    assert {answer.status_code for answer in answers} == {404}


async def test_a_token_of_one_region_is_no_login_in_another(client: Client, other: Client) -> None:
    tokens = await client.somebody(1)
    swapped = tokens["refresh_token"].replace(client.tenant_id, other.tenant_id)
    assert (await client.http.post("/sessions/refresh", json={"refresh_token": swapped})).status_code == 401


async def test_every_table_with_a_region_forces_row_level_security(client: Client) -> None:
    async with sessions_on(client.urls.owner) as sessions, sessions() as session:
        rows = await session.execute(text(_UNPROTECTED))
    assert [row[0] for row in rows] == []


async def test_the_database_itself_shows_one_region_its_own_rows_alone(client: Client, other: Client) -> None:
    await other.one_time(await other.hire(1))
    await other.log_in(nip_of(1), "salah salah salah")
    async with client.transaction() as uow:
        for table in ("nips", "accounts", "sessions", "refresh_tokens", "grants", "identity_employees", "event_log"):
            seen = await uow.session.scalars(text(f"SELECT DISTINCT tenant_id FROM {table}"))
            assert set(seen) <= {client.tenant_id}


def test_the_page_about_access_is_as_the_policy_says() -> None:
    page = Path(__file__).parents[2] / "docs" / "access.md"
    assert page.read_text(encoding="utf-8") == document.page(), "run: python -m shared.auth.document > docs/access.md"


def test_a_newcomer_may_set_a_password_and_nothing_else() -> None:
    assert [action for action, rule in ACTIONS.items() if rule.scope_for([Role.NEWCOMER])] == ["account.password"]


# event_log's partitions are reached through their parent alone
_UNPROTECTED = """
    SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace
      AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
"""


def _filled(path: str) -> str:
    parts = [
        "units" if part == "{kind}" else "19.05" if part == "{tenant_id}" else str(uuid4()) if "{" in part else part
        for part in path.split("/")
    ]
    return "/".join(parts)
