"""Every route that answers with a file, asked by another region and by a role that may not: never a row of ours."""

import re
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi.routing import APIRoute

from services.payroll.exports.files import FILES
from shared.auth.policy import Role
from shared.db import Sessions
from tests.probes.test_routes import routes_of
from tests.support.payroll import Desk, Month, a_month, must, policy_text, prepared
from tests.support.service import OTHER_TENANT, headers, token_for

DESK = Desk()
KEPT = ("/runs/{run_id}/bank-files/{number}", "/what-ifs/{what_if_id}/report.xlsx", "/what-ifs/{what_if_id}/chart.svg")
FILE_ROUTES = (
    *(f"/runs/{{run_id}}/exports/{kind}" for kind in FILES),
    "/statements/{statement_id}/pdf",
    "/years/{year}/tax.xlsx",
    *KEPT,
)


def answers_with_a_file(route: APIRoute) -> bool:
    said: dict[str, Any] = route.responses.get(200, {}).get("content", {})
    return any(kind != "application/json" for kind in said)


def test_the_table_names_every_route_that_answers_with_a_file() -> None:
    routes = {route.path for route in routes_of("payroll") if answers_with_a_file(route)}
    assert routes == {re.sub(r"/exports/.*", "/exports/{kind}", path) for path in FILE_ROUTES}


@pytest.fixture
async def month(client: httpx.AsyncClient, worker: Sessions) -> Month:
    month = a_month(staff=2)
    await prepared(worker, month)
    await DESK.adopt(client)
    return month


@pytest.fixture
async def things(client: httpx.AsyncClient, worker: Sessions, month: Month) -> dict[str, str]:
    """What the placeholders stand for: a published run, a statement, a bank file and a what-if of this region."""
    run_id = await DESK.publish_all(client, worker)
    statement = must(await client.get(f"/runs/{run_id}/statements", headers=DESK.auditor))["statements"][0]
    made = must(await client.post(f"/runs/{run_id}/bank-files", json={"template": "bpd-csv"}, headers=DESK.treasurer))
    asked = {"period": month.code, "document": policy_text().replace("7: 3000000", "7: 3100000")}
    what_if = must(await client.post("/what-ifs", json=asked, headers=DESK.treasurer))
    return {
        "run_id": run_id,
        "statement_id": statement["statement_id"],
        "number": str(made["number"]),
        "what_if_id": what_if["what_if_id"],
        "year": "2026",
    }


@pytest.mark.parametrize("path", FILE_ROUTES)
async def test_a_file_is_for_its_own_region_and_for_who_may_have_it(
    client: httpx.AsyncClient, month: Month, things: dict[str, str], path: str
) -> None:
    asked = path.format_map(things)
    ours = await client.get(asked, headers=DESK.auditor)
    assert ours.status_code == 200, ours.text
    assert ours.content

    for role in (Role.BENDAHARA, Role.AUDITOR, Role.ADMIN):
        elsewhere = {"Authorization": f"Bearer {token_for(OTHER_TENANT, [role])}"}
        answer = await client.get(asked, headers=elsewhere)
        if path.startswith("/years/"):
            _none_of_ours(answer, month)
        else:
            assert answer.status_code == 404, answer.text

    owner = await _of(client, things)
    colleague = next(one for one in month.office.everyone if one.employee_id != owner)
    answer = await client.get(asked, headers=headers(colleague.token()))
    assert answer.status_code in (403, 404), "a colleague has none of these files"
    assert (await client.get(asked)).status_code == 401


async def _of(client: httpx.AsyncClient, things: dict[str, str]) -> UUID:
    found = must(await client.get(f"/statements/{things['statement_id']}", headers=DESK.auditor))
    return UUID(found["employee_id"])


def _none_of_ours(answer: httpx.Response, month: Month) -> None:
    assert answer.status_code in (200, 404), answer.text
    assert not [one for one in month.office.everyone if one.nip.encode() in answer.content]
