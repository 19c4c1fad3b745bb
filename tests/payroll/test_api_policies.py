"""Policy documents over the API: drafts, two people, and the one in force on a day."""

import httpx
import pytest

from tests.support.payroll import Desk, must, policy_text
from tests.support.service import OTHER_TENANT

DESK = Desk()


async def drafted(client: httpx.AsyncClient, document: str) -> httpx.Response:
    return await client.post("/policies", json={"document": document}, headers=DESK.treasurer)


async def test_a_faulty_document_is_refused_with_every_fault_its_place_and_what_to_do(
    client: httpx.AsyncClient,
) -> None:
    answer = await drafted(client, policy_text().replace("weight: 60 %", "weight: 70 %"))
    assert answer.status_code == 422
    (fault, *_) = answer.json()["faults"]
    assert "weight" in fault["place"] or "parts" in fault["place"]
    assert fault["remedy"]
    assert must(await client.get("/policies", headers=DESK.auditor)) == []


async def test_another_regions_document_is_refused(client: httpx.AsyncClient) -> None:
    answer = await drafted(client, policy_text(OTHER_TENANT))
    assert answer.status_code == 422
    assert answer.json()["faults"][0]["place"] == "region"


async def test_nobody_approves_the_policy_they_drafted(client: httpx.AsyncClient) -> None:
    both = Desk().headers("bendahara", "same")
    person = {"Authorization": "Bearer " + _both_roles()}
    policy_hash = must(await client.post("/policies", json={"document": policy_text()}, headers=person))["hash"]
    own = await client.post(f"/policies/{policy_hash}/approval", headers=person)
    assert own.status_code == 409
    assert "drafted" in own.json()["detail"]
    without_the_role = await client.post(f"/policies/{policy_hash}/approval", headers=both)
    assert without_the_role.status_code == 403
    approved = must(await client.post(f"/policies/{policy_hash}/approval", headers=DESK.verifier))
    assert approved["state"] == "approved"


def _both_roles() -> str:
    from tests.support.service import an_id, token_for

    return token_for("19.05", ["bendahara", "verifikator"], account_id=an_id("both"))


async def test_an_approved_policy_is_approved_once_and_never_drafted_again(client: httpx.AsyncClient) -> None:
    policy_hash = await DESK.adopt(client)
    again = await client.post(f"/policies/{policy_hash}/approval", headers=DESK.verifier)
    assert again.status_code == 409
    twice = await drafted(client, policy_text())
    assert twice.status_code == 409
    assert twice.json()["hash"] == policy_hash


async def test_the_policy_in_force_is_the_approved_one_that_began_last(client: httpx.AsyncClient) -> None:
    first = await DESK.adopt(client)
    later = policy_text().replace("effective_from: 2026-01-01", "effective_from: 2026-07-01")
    second = must(await drafted(client, later))["hash"]

    async def on(day: str) -> httpx.Response:
        return await client.get("/policies/in-force", params={"on": day}, headers=DESK.auditor)

    assert must(await on("2026-08-01"))["hash"] == first
    must(await client.post(f"/policies/{second}/approval", headers=DESK.verifier))
    assert must(await on("2026-08-01"))["hash"] == second
    assert must(await on("2026-06-30"))["hash"] == first
    assert must(await on("2026-06-30"))["document"] == policy_text()
    assert (await on("2025-12-31")).status_code == 404


async def test_another_region_does_not_see_a_policy(client: httpx.AsyncClient) -> None:
    policy_hash = await DESK.adopt(client)
    other = Desk(OTHER_TENANT)
    assert must(await client.get("/policies", headers=other.auditor)) == []
    assert (await client.get(f"/policies/{policy_hash}", headers=other.auditor)).status_code == 404
    assert (await client.post(f"/policies/{policy_hash}/approval", headers=other.verifier)).status_code == 404


@pytest.mark.parametrize("document", ["", "a: [", "\x00", "x" * 10])
async def test_what_is_no_policy_is_refused_without_an_error_of_ours(client: httpx.AsyncClient, document: str) -> None:
    assert (await drafted(client, document)).status_code == 422
