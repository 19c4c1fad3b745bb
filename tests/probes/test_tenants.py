"""Every route, asked with another region's token for this region's things: nothing of this region comes back."""

import re
from itertools import product
from uuid import UUID

import httpx
import pytest

from deploy.local.databases import SERVICES
from tests.probes.conftest import ELSEWHERE, OFFICE, somebody
from tests.probes.test_routes import OPEN, routes_of
from tests.support.service import OTHER_TENANT, TENANT

OURS = {str(person.employee_id) for person in OFFICE.everyone} | {
    str(one) for one in (OFFICE.unit_id, OFFICE.section_id, OFFICE.head.position_id, OFFICE.supervisor.position_id)
}
ASKED = {"code": "2026-10", "period": "2026-10", "work_date": "2026-10-01", "day": "2026-10-01", "year": "2026"}
QUERY = {
    "period": "2026-10",
    "code": "2026-10",
    "year": "2026",
    "day": "2026-10-01",
    "on": "2026-10-01",
    "first_day": "2026-10-01",
    "last_day": "2026-10-31",
}


def reads():
    for service in SERVICES:
        for route in routes_of(service):
            if "GET" in route.methods and (service, "GET", route.path) not in OPEN:
                yield pytest.param(service, route.path, id=f"{service} GET {route.path}")


def filled(path: str, thing: UUID) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: ASKED.get(found[1], str(thing)), path)


@pytest.mark.parametrize(("service", "path"), reads())
def test_another_region_reads_nothing_of_ours(addresses, service, path):
    headers = {"Authorization": f"Bearer {somebody(OTHER_TENANT)}"}
    things = [OFFICE.staff[0].employee_id, OFFICE.unit_id] if "{" in path else [OFFICE.unit_id]
    for thing, whom in product(
        things, ({"employee_id": str(OFFICE.staff[0].employee_id)}, {"unit_id": str(things[-1])})
    ):
        answer = httpx.get(addresses[service] + filled(path, thing), params=QUERY | whom, headers=headers)
        assert answer.status_code < 500
        given = {str(thing), *whom.values()}
        assert not {one for one in OURS - given if one in answer.text}, answer.text[:300]
        if answer.is_success and given & OURS:
            assert not re.search(r'"(name|nip)":\s*"[^"]+"', _about(answer.text, given))


def _about(text: str, ids: set[str]) -> str:
    """What stands close to one of the ids asked for."""
    return " ".join(text[max(0, text.find(one) - 200) : text.find(one) + 200] for one in ids if one in text)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
@pytest.mark.parametrize("service", SERVICES)
def test_another_region_changes_nothing_of_ours(addresses, service, method):
    """Writes that name one of our people, units or posts are answered as if there were none."""
    headers = {"Authorization": f"Bearer {somebody(OTHER_TENANT)}"}
    for route in routes_of(service):
        if method not in route.methods or "{" not in route.path or (service, method, route.path) in OPEN:
            continue
        if not re.search(r"\{(employee|unit|position|account|plan|activity|run|statement|grant)_id\}", route.path):
            continue
        path = filled(route.path, OFFICE.staff[0].employee_id)
        answer = httpx.request(method, addresses[service] + path, json={"reason": "uji coba"}, headers=headers)
        assert answer.status_code in {403, 404, 409, 422}, f"{method} {route.path}: {answer.status_code} {answer.text}"


def test_our_own_people_are_there_to_be_seen(addresses):
    """So that the silence above says something."""
    headers = {"Authorization": f"Bearer {somebody(TENANT)}"}
    answer = httpx.get(
        f"{addresses['activity']}/recaps/month",
        params={"code": "2026-10", "employee_id": str(OFFICE.staff[0].employee_id)},
        headers=headers,
    )
    assert answer.status_code == 200, answer.text
    assert OFFICE.unit_id != ELSEWHERE.unit_id
