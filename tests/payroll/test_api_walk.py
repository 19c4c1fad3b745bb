"""A run from the first policy to the region's acknowledgement, over the API and the worker's loop."""

import httpx

from shared.db import Sessions
from shared.events.allowance import AllowanceAcknowledged, AllowanceFinalized, AllowanceRunFinalized
from tests.support.payroll import AT, PERIOD, Desk, a_month, policy_text, reconciled, stated, tell, work_all
from tests.support.service import TENANT

DESK = Desk()


async def test_a_month_is_calculated_approved_published_acknowledged_and_paid(
    client: httpx.AsyncClient, worker: Sessions
) -> None:
    month = a_month()
    await tell(worker, month.events)
    await reconciled(worker)

    drafted = await client.post("/policies", json={"document": policy_text()}, headers=DESK.treasurer)
    assert drafted.status_code == 201, drafted.text
    policy_hash = drafted.json()["hash"]
    approved = await client.post(f"/policies/{policy_hash}/approval", headers=DESK.verifier)
    assert approved.status_code == 200, approved.text

    started = await client.post("/runs", json={"period": PERIOD, "kind": "induk"}, headers=DESK.treasurer)
    assert started.status_code == 201, started.text
    run_id = started.json()["run_id"]
    await work_all(worker)
    run = (await client.get(f"/runs/{run_id}", headers=DESK.treasurer)).json()
    assert run["state"] == "calculated", run
    assert run["complete"], run["set_aside"]
    assert run["totals"]["count"] == 3

    for act, headers, body in (
        ("verification", DESK.verifier, {}),
        ("approval", DESK.admin, None),
        ("publication", DESK.treasurer, None),
    ):
        if act == "approval":
            answer = await DESK.try_to_approve(client, run_id, headers)
        else:
            answer = await client.post(f"/runs/{run_id}/{act}", json=body, headers=headers)
        assert answer.status_code < 300, answer.text
    await work_all(worker)
    events = await stated(worker)
    lines = [event for event in events if isinstance(event, AllowanceFinalized)]
    (finalized,) = [event for event in events if isinstance(event, AllowanceRunFinalized)]
    assert sorted(line.feed_sequence for line in lines) == [1, 2, 3]
    assert finalized.totals.net == sum(line.net for line in lines)
    assert all(sum(part.amount for part in line.lines) == line.net for line in lines)

    await tell(
        worker,
        [
            AllowanceAcknowledged(
                tenant_id=TENANT,
                occurred_at=AT,
                run_id=finalized.run_id,
                period=PERIOD,
                count=3,
                net=finalized.totals.net,
                hash_total=finalized.totals.hash_total,
                digest=finalized.digest,
                booked_by="payroll of the region",
            )
        ],
    )
    paid = await client.post(f"/runs/{run_id}/payment", json={"reference": "SP2D 1/2026"}, headers=DESK.treasurer)
    assert paid.status_code == 200, paid.text
    history = (await client.get(f"/runs/{run_id}", headers=DESK.auditor)).json()["history"]
    assert [step["act"] for step in history] == [
        "created",
        "calculated",
        "verified",
        "approved",
        "publishing",
        "published",
        "acknowledged",
        "paid",
    ]
    again = await client.post(f"/runs/{run_id}/recomputation", json={}, headers=DESK.auditor)
    assert again.json()["equal"] == 3
    assert again.json()["different"] == 0
