"""The HTTP door: 2xx only after the commit, refusals as problems, a session ended here is ended everywhere."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import uuid4

import pytest
from fastapi import APIRouter, Depends
from sqlalchemy import text

from shared.auth.caller import Caller
from shared.directory.commands import note_revocations
from shared.errors import Fault, Invalid, NotFound, Refused
from shared.events.identity import SessionRevoked
from shared.http import UnitOfWorkDep, may, new_api
from shared.unit_of_work import unit_of_work
from tests.support.samples import BUDI
from tests.support.service import client_for, headers, token_for
from tests.support.small_service import rows

router = APIRouter()
Logger = Annotated[Caller, Depends(may("activity.log"))]


@router.post("/things", status_code=201)
async def add(uow: UnitOfWorkDep, caller: Logger) -> None:
    await uow.session.execute(
        text("INSERT INTO things VALUES (:t, :id, :e, 1)"), {"t": uow.tenant_id, "id": uuid4(), "e": caller.person}
    )


@router.post("/refusals/{kind}")
async def refuse(kind: str, uow: UnitOfWorkDep, caller: Logger) -> None:
    await add(uow, caller)
    raise {
        "refused": Refused("nobody approves their own activity"),
        "missing": NotFound("there is no such activity"),
        "invalid": Invalid("a row cannot be used", (Fault("row 3, NIP", "17 digits", "give all 18", row=3),)),
        "bug": KeyError("inside"),
    }[kind]


def create_app(settings):
    return new_api("small", settings, [router])


@pytest.fixture
async def client(small_db):
    async with client_for(create_app, small_db) as client:
        yield client


def budi(**more):
    return headers(token_for(employee_id=BUDI, **more))


async def count(sessions):
    async with unit_of_work(sessions, "19.05") as uow:
        return await uow.session.scalar(text("SELECT count(*) FROM things"))


async def test_success_is_told_only_after_the_commit(client, small_db, app_sessions):
    """A constraint that is checked at the commit makes the commit itself fail."""
    await _deferred_refusal(small_db)
    try:
        response = await client.post("/things", headers=budi())
        assert response.status_code >= 400
        assert await count(app_sessions) == 0
    finally:
        await _owner(small_db, "DROP TRIGGER refuse_at_commit ON things")
    assert (await client.post("/things", headers=budi())).status_code == 201
    assert await count(app_sessions) == 1


async def _deferred_refusal(small_db):
    await _owner(
        small_db,
        "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'disk full' USING ERRCODE = '53100'; END $$",
    )
    await _owner(
        small_db,
        "CREATE CONSTRAINT TRIGGER refuse_at_commit AFTER INSERT ON things DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW EXECUTE FUNCTION refuse()",
    )


async def _owner(small_db, statement):
    from shared.db import connect, disconnect

    sessions = connect(small_db.owner)
    async with sessions.begin() as session:
        await (await session.connection()).exec_driver_sql(statement)
    await disconnect(sessions)


@pytest.mark.parametrize(
    ("kind", "status", "says"),
    [
        ("refused", 409, "nobody approves their own activity"),
        ("missing", 404, "no such activity"),
        ("invalid", 422, "a row cannot be used"),
        ("bug", 500, "nothing was stored"),
    ],
)
async def test_a_refusal_is_a_problem_and_leaves_nothing_behind(client, app_sessions, kind, status, says):
    response = await client.post(f"/refusals/{kind}", headers=budi())
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert says in response.json()["detail"]
    assert "inside" not in response.text
    assert await count(app_sessions) == 0


async def test_a_fault_names_its_row_and_what_to_do(client):
    [fault] = (await client.post("/refusals/invalid", headers=budi())).json()["faults"]
    assert fault == {"place": "row 3, NIP", "message": "17 digits", "remedy": "give all 18", "row": 3}


@pytest.mark.parametrize("token", ["", "Bearer", "Bearer x.y.z", "Basic abc"])
async def test_without_a_valid_token_nothing_is_answered(client, token):
    response = await client.post("/things", headers={"Authorization": token} if token else {})
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"


async def test_an_old_token_and_a_tampered_one_are_refused(client):
    old = datetime.now(UTC) - timedelta(minutes=7)
    assert (await client.post("/things", headers=budi(now=old))).status_code == 401
    head, _, signature = token_for(employee_id=BUDI).split(".")
    other = token_for("92", employee_id=BUDI).split(".")[1]
    assert (await client.post("/things", headers=headers(f"{head}.{other}.{signature}"))).status_code == 401


async def test_a_role_that_may_not_is_told_which_right_it_lacks(client):
    response = await client.post("/things", headers=budi(roles=["auditor"]))
    assert response.status_code == 403
    assert "log one's own activities" in response.json()["detail"]


async def test_a_session_that_was_ended_is_refused_within_a_second_by_every_service(client, worker_sessions):
    session_id, account_id = uuid4(), uuid4()
    held = budi(session_id=session_id, account_id=account_id)
    assert (await client.post("/things", headers=held)).status_code == 201
    fact = SessionRevoked(
        tenant_id="19.05",
        occurred_at=datetime.now(UTC),
        account_id=account_id,
        session_id=session_id,
        issued_before=datetime.now(UTC) + timedelta(seconds=1),
        reason="logged out",
    )
    async with unit_of_work(worker_sessions, "19.05") as uow:
        await note_revocations(uow, [fact])
    async with asyncio.timeout(3):
        while (await client.post("/things", headers=held)).status_code != 401:
            await asyncio.sleep(0.1)
    assert (await client.post("/things", headers=budi())).status_code == 201


async def test_a_region_over_its_share_is_told_to_wait_and_another_is_not(small_db):
    async with client_for(create_app, small_db, requests_per_second=5) as client:
        here = [(await client.post("/things", headers=budi())).status_code for _ in range(30)]
        there = await client.post("/things", headers=headers(token_for("92", employee_id=BUDI)))
    assert here.count(429) > 10
    assert there.status_code == 201


async def test_too_large_a_body_is_refused_before_it_is_read(client):
    response = await client.post("/things", headers=budi() | {"content-length": str(2**40)})
    assert response.status_code == 413


async def test_health_needs_no_token(client):
    assert (await client.get("/healthz")).status_code == 200
    assert (await client.get("/readyz")).status_code == 200
    assert b"takar_http_request_seconds" in (await client.get("/metrics")).content


async def test_nothing_was_written_by_those_who_may_not(client, worker_sessions):
    await client.post("/things", headers=budi(roles=["auditor"]))
    assert await rows(worker_sessions, "SELECT 1 FROM outbox") == []
