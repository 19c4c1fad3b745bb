"""Receipts over the API: what an employee downloads is accepted offline, and the region's log only grows."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
import rfc8785
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from deploy.local.databases import ServiceUrls
from deploy.verify import takar_verify
from services.payroll.api import create_app
from services.payroll.commands.checkpoints import sign_run
from services.payroll.inputs.checkpoints import checkpoint_of_run
from services.payroll.tables import CheckpointRow, RunRow
from shared.checkpoint import Log, ReceiptKeys, Signer, text_of, verifier_keys
from shared.db import Sessions
from shared.events.allowance import AllowanceRunFinalized
from shared.events.payroll import RunApproved
from shared.merkle import EMPTY
from shared.unit_of_work import unit_of_work
from tests.support.payroll import PERIOD, Desk, Month, a_month, must, prepared, stated, work_all
from tests.support.receipts import key_of, keys_of, run_verifier
from tests.support.service import OTHER_TENANT, TENANT, client_for, headers, receipt_key, sessions_on, settings_for

DESK = Desk()
NOVEMBER = "2026-11"


@pytest.fixture
async def month(client: httpx.AsyncClient, worker: Sessions) -> Month:
    """A reconciled month of five people, with a policy in force."""
    month = a_month(staff=3)
    await prepared(worker, month)
    await DESK.adopt(client)
    return month


@pytest.fixture
async def app(payroll_db: ServiceUrls) -> AsyncIterator[Sessions]:
    async with sessions_on(payroll_db.app) as sessions:
        yield sessions


async def receipts(client: httpx.AsyncClient, run_id: str, query: str = "") -> list[bytes]:
    """Of everybody in a run, as sent."""
    page = must(await client.get(f"/runs/{run_id}/statements", headers=DESK.auditor))
    paths = [f"/statements/{one['statement_id']}/receipt{query}" for one in page["statements"]]
    answers = [await client.get(path, headers=DESK.auditor) for path in paths]
    return [answer.content for answer in answers if must(answer)]


async def keys(client: httpx.AsyncClient) -> list[takar_verify.Key]:
    """As an employee gets them, without a token."""
    return takar_verify.read_keys(must(await client.get("/receipt-keys")))


async def calculated(client: httpx.AsyncClient, worker: Sessions) -> str:
    """A run that waits for its approval."""
    run_id = await DESK.start(client)
    await work_all(worker)
    await DESK.verify(client, run_id)
    return run_id


async def two_months(client: httpx.AsyncClient, worker: Sessions) -> tuple[str, str]:
    first = await DESK.publish_all(client, worker)
    await prepared(worker, a_month(staff=3, code=NOVEMBER))
    return first, await DESK.publish_all(client, worker, NOVEMBER)


async def test_everybodys_receipt_is_accepted_by_the_keys_the_region_publishes(
    client: httpx.AsyncClient, worker: Sessions, month: Month
) -> None:
    run_id = await DESK.publish_all(client, worker)
    trusted, sent = await keys(client), await receipts(client, run_id)
    assert len(sent) == 5
    for document in sent:
        told = dict(takar_verify.judge(document, trusted).told)
        assert told["Periode / period"] == PERIOD
        assert told["NIP"] in {person.nip for person in month.office.everyone}
        assert rfc8785.dumps(json.loads(document)) == document
    assert len({json.loads(document)["statement"]["nip"] for document in sent}) == 5


async def test_the_program_accepts_what_the_api_sent_and_refuses_it_with_another_amount(
    client: httpx.AsyncClient, worker: Sessions, month: Month, tmp_path: Path
) -> None:
    document = (await receipts(client, await DESK.publish_all(client, worker)))[0]
    (tmp_path / "keys.json").write_bytes((await client.get("/receipt-keys")).content)
    (tmp_path / "receipt.json").write_bytes(document)
    net = json.loads(document)["statement"]["totals"]["net"]
    (tmp_path / "forged.json").write_bytes(document.replace(f'"net":"{net}"'.encode(), b'"net":"99999999"'))
    for name, status in (("receipt.json", 0), ("forged.json", 1)):
        answer = run_verifier(tmp_path / name, "--key", tmp_path / "keys.json", "--tenant", TENANT)
        assert (answer.returncode, answer.stderr) == (status, ""), answer.stdout


async def test_there_is_no_receipt_before_the_approval_and_always_the_same_one_after_it(
    client: httpx.AsyncClient, worker: Sessions, month: Month
) -> None:
    run_id = await calculated(client, worker)
    page = must(await client.get(f"/runs/{run_id}/statements", headers=DESK.auditor))
    path = f"/statements/{page['statements'][0]['statement_id']}/receipt"
    early = await client.get(path, headers=DESK.auditor)
    assert early.status_code == 409
    assert "not approved yet" in early.json()["detail"]
    assert (await client.get("/checkpoints/latest", headers=DESK.auditor)).status_code == 404
    await DESK.approve(client, run_id)
    signed = await receipts(client, run_id)
    await DESK.publish(client, run_id)
    await work_all(worker)
    await prepared(worker, a_month(staff=3, code=NOVEMBER))
    await DESK.publish_all(client, worker, NOVEMBER)
    assert await receipts(client, run_id) == signed


async def test_an_employee_gets_their_own_receipt_and_no_other(
    client: httpx.AsyncClient, worker: Sessions, month: Month
) -> None:
    await DESK.publish_all(client, worker)
    mine, other = month.office.staff[:2]
    (own,) = must(await client.get("/statements", headers=headers(mine.token())))
    path = f"/statements/{own['statement_id']}/receipt"
    assert must(await client.get(path, headers=headers(mine.token())))["statement"]["nip"] == mine.nip
    for asked in (path, f"/statements/{uuid4()}/receipt"):
        assert (await client.get(asked, headers=headers(other.token()))).status_code == 404
        assert (await client.get(asked)).status_code == 401
    assert must(await client.get("/checkpoints/latest", headers=headers(other.token())))["checkpoint"]


async def test_another_region_has_a_log_of_its_own(client: httpx.AsyncClient, worker: Sessions, month: Month) -> None:
    run_id = await DESK.publish_all(client, worker)
    (statement, *_) = must(await client.get(f"/runs/{run_id}/statements", headers=DESK.auditor))["statements"]
    elsewhere = Desk(OTHER_TENANT)
    assert must(await client.get("/checkpoints", headers=elsewhere.auditor))["checkpoints"] == []
    for path in (
        f"/statements/{statement['statement_id']}/receipt",
        "/checkpoints/latest",
        "/checkpoints/consistency?first=1&second=1",
    ):
        assert (await client.get(path, headers=elsewhere.auditor)).status_code == 404, path
    await prepared(worker, a_month(OTHER_TENANT))
    await elsewhere.adopt(client)
    await elsewhere.publish_all(client, worker)
    trusted = await keys(client)
    for desk in (DESK, elsewhere):
        document = (await client.get("/checkpoints/latest", headers=desk.auditor)).content
        head = takar_verify.judge(document, trusted).head
        assert (head.tenant, head.size) == (desk.tenant_id, 1)


async def test_the_log_grows_with_every_run_and_shows_that_it_grew(
    client: httpx.AsyncClient, worker: Sessions, month: Month
) -> None:
    first, second = await two_months(client, worker)
    trusted = await keys(client)
    kept = takar_verify.judge((await receipts(client, first))[0], trusted).head
    for document in (
        (await receipts(client, second, "?since=1"))[0],
        (await receipts(client, first, "?size=2&since=1"))[0],
        (await client.get("/checkpoints/latest?since=1", headers=DESK.auditor)).content,
        (await client.get("/checkpoints/consistency?first=1&second=2", headers=DESK.auditor)).content,
    ):
        verdict = takar_verify.judge(document, trusted)
        takar_verify.compare(kept, verdict.head, verdict.growth)
        assert verdict.head.size == 2
    log = (await client.get("/checkpoints", headers=DESK.auditor)).content
    heads = takar_verify.judge(log, trusted).heads
    assert [(head.size, head.period, head.entry) for head in heads] == [(1, PERIOD, first), (2, NOVEMBER, second)]
    page = must(await client.get("/checkpoints?after=1", headers=DESK.auditor))
    assert [one["entry"]["run_id"] for one in page["checkpoints"]] == [second]


WITHOUT_ANSWER = {
    "/checkpoints/consistency?first=2&second=1": (409, "the other way round"),
    "/checkpoints/consistency?first=1&second=9": (404, "no checkpoint 9"),
    "/checkpoints/consistency?first=0&second=1": (422, "query.first"),
    "/checkpoints/consistency": (422, "query.second"),
    "/checkpoints/latest?since=9": (409, "the other way round"),
    "/statements/{}/receipt?size=1": (409, "signed by checkpoint 2"),
    "/statements/{}/receipt?size=3": (404, "no checkpoint 3"),
    "/statements/{}/receipt?size=-1": (422, "query.size"),
}


async def test_what_cannot_be_shown_is_said(client: httpx.AsyncClient, worker: Sessions, month: Month) -> None:
    _, second = await two_months(client, worker)
    page = must(await client.get(f"/runs/{second}/statements", headers=DESK.auditor))
    for query, (status, said) in WITHOUT_ANSWER.items():
        answer = await client.get(query.format(page["statements"][0]["statement_id"]), headers=DESK.auditor)
        assert (answer.status_code, said in answer.text) == (status, True), answer.text


async def test_statements_that_are_not_those_of_the_closing_are_not_signed(
    client: httpx.AsyncClient, worker: Sessions, month: Month, payroll_db: ServiceUrls
) -> None:
    run_id = await calculated(client, worker)
    await meddle(payroll_db, OTHER_LEAF)
    answer = await DESK.try_to_approve(client, run_id, DESK.admin)
    assert answer.status_code == 409
    assert "not those it was closed on" in answer.json()["detail"]
    assert (await DESK.run(client, run_id))["state"] == "verified"
    assert must(await client.get("/checkpoints", headers=DESK.auditor))["checkpoints"] == []


OTHER_LEAF = "leaf = sha256(leaf)"
OTHER_NET = """body = convert_to(replace(convert_from(body, 'UTF8'), '"net":"', '"net":"9'), 'UTF8')"""


async def meddle(payroll_db: ServiceUrls, change: str) -> None:
    """Change the first employee's statement, as only the owner of the database can."""
    async with sessions_on(payroll_db.owner) as sessions, sessions.begin() as session:
        await session.execute(text("SELECT set_config('app.tenant', :t, true)"), {"t": TENANT})
        of_first = "(SELECT employee_id FROM statements ORDER BY employee_id LIMIT 1)"
        await session.execute(text(f"UPDATE statements SET {change} WHERE employee_id = {of_first}"))


async def test_a_statement_changed_after_the_approval_has_no_receipt_that_passes(
    client: httpx.AsyncClient, worker: Sessions, month: Month, payroll_db: ServiceUrls
) -> None:
    run_id = await DESK.publish_all(client, worker)
    trusted = await keys(client)
    await meddle(payroll_db, OTHER_NET)
    first, *others = await receipts(client, run_id)
    with pytest.raises(takar_verify.Refused, match="not the one the region computed"):
        takar_verify.judge(first, trusted)
    assert all(takar_verify.judge(other, trusted) for other in others)
    await meddle(payroll_db, OTHER_LEAF)  # to hide it, its leaf too: now it spoils the others' proofs
    for document in await receipts(client, run_id):
        with pytest.raises(takar_verify.Refused, match="not the one the region computed"):
            takar_verify.judge(document, trusted)


@pytest.mark.parametrize("statement", [
    "UPDATE checkpoints SET note = 'x'", "DELETE FROM checkpoints", "TRUNCATE checkpoints",
])  # fmt: skip
async def test_neither_api_nor_worker_can_change_a_checkpoint(
    client: httpx.AsyncClient, worker: Sessions, app: Sessions, month: Month, statement: str
) -> None:
    await DESK.publish_all(client, worker)
    for sessions in (worker, app):
        with pytest.raises(DBAPIError, match="permission denied"):
            async with unit_of_work(sessions, TENANT) as uow:
                await uow.session.execute(text(statement))


async def test_runs_signed_at_once_stand_one_after_another(app: Sessions) -> None:
    signer, now = Signer(key_of()), datetime.now(UTC)

    async def sign(number: int) -> int:
        async with unit_of_work(app, TENANT) as uow:
            run = RunRow(tenant_id=TENANT, run_id=uuid4(), period=PERIOD, kind="susulan", root=EMPTY)
            return (await sign_run(uow, run, signer, now=now + timedelta(seconds=number))).size

    assert sorted(await asyncio.gather(*[sign(number) for number in range(8)])) == list(range(1, 9))
    async with unit_of_work(app, TENANT) as uow:
        rows = (await uow.session.scalars(select(CheckpointRow).order_by(CheckpointRow.size))).all()
    trusted = takar_verify.read_keys(json.loads(keys_of(signer)))
    heads = [takar_verify.read_note(row.note, trusted) for row in rows]
    assert [head.previous for head in heads] == [None, *(head.text_hash for head in heads[:-1])]


async def test_a_run_is_signed_once(client: httpx.AsyncClient, worker: Sessions, app: Sessions, month: Month) -> None:
    run_id = await calculated(client, worker)
    await DESK.approve(client, run_id)
    assert (await DESK.try_to_approve(client, run_id, DESK.admin)).status_code == 409
    async with unit_of_work(app, TENANT) as uow:
        row = await checkpoint_of_run(uow.session, TENANT, (await uow.session.scalars(select(RunRow.run_id))).one())
        assert row is not None
        assert row.size == 1
    assert len(must(await client.get("/checkpoints", headers=DESK.auditor))["checkpoints"]) == 1


def published(*days: tuple[str | None, str | None]) -> str:
    """The tests' key in a list, good on these days."""
    public = Signer.given(json.dumps(receipt_key().as_dict(private=True))).public.public_key
    held = [{"public_key": public, "from": first, "until": until} for first, until in days]
    return ReceiptKeys.model_validate({"keys": held}).model_dump_json(by_alias=True)


async def test_a_key_that_is_not_good_today_signs_nothing(
    client: httpx.AsyncClient, worker: Sessions, month: Month, payroll_db: ServiceUrls
) -> None:
    run_id = await calculated(client, worker)
    async with client_for(create_app, payroll_db, receipt_keys=published((None, "2020-12-31"))) as old:
        answer = await DESK.try_to_approve(old, run_id, DESK.admin)
    assert answer.status_code == 409
    assert "not good on this day" in answer.json()["detail"]
    assert (await DESK.run(client, run_id))["state"] == "verified"


@pytest.mark.parametrize(("settings", "said"), [
    ({"receipt_key": ""}, "TAKAR_RECEIPT_KEY is not set"),
    ({"receipt_keys": keys_of(Signer(key_of(9))).decode()}, "must hold the present one"),
    ({"receipt_keys": published((None, None), (None, None))}, "must hold the present one, once"),
    ({"receipt_keys": "{}"}, "keys"),
    ({"receipt_keys": '{"keys":[{"public_key":"AAAA","from":null,"until":null}]}'}, "32 bytes"),
])  # fmt: skip
def test_the_api_does_not_start_without_a_key_that_is_published(settings: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        create_app(settings_for("postgresql+asyncpg://nobody@localhost/none", **settings))


async def test_a_checkpoint_is_a_note_as_other_tools_read_it(
    client: httpx.AsyncClient, worker: Sessions, month: Month
) -> None:
    """C2SP signed-note and tlog-checkpoint: origin, size, root, extension lines; the key's name is the origin."""
    run_id = await DESK.publish_all(client, worker)
    note = must(await client.get("/checkpoints/latest", headers=DESK.auditor))["checkpoint"]
    origin, size, root, *lines = text_of(note).splitlines()
    assert (origin, size, len(root)) == (f"takar/{TENANT}/statements", "1", 44)
    assert lines[:3] == ["previous none", f"period {PERIOD}", f"run {run_id}"]
    assert note.endswith("=\n")
    signature = note.removeprefix(text_of(note))
    assert signature.startswith(f"\n— {origin} ")
    found = ReceiptKeys.model_validate(must(await client.get("/receipt-keys")))
    name, key_id, _ = verifier_keys(Log.STATEMENTS, TENANT, found.keys)[0].split("+", 2)
    assert (name, key_id) == (origin, takar_verify.read_note(note, await keys(client)).key_id)


async def test_the_regions_payroll_system_and_the_other_services_are_told_the_head_as_witnesses(
    client: httpx.AsyncClient, worker: Sessions, month: Month
) -> None:
    await DESK.publish_all(client, worker)
    note = must(await client.get("/checkpoints/latest", headers=DESK.auditor))["checkpoint"]
    told = [event for event in await stated(worker) if isinstance(event, RunApproved | AllowanceRunFinalized)]
    assert [(type(event), event.checkpoint) for event in told] == [(RunApproved, note), (AllowanceRunFinalized, note)]
