"""Logging in and staying so, over HTTP."""

import asyncio
import time
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select, update

from services.identity.rules import access
from services.identity.tables import AccountRow, AttemptRow, RefreshTokenRow, SessionRow
from shared.auth.policy import Role
from shared.auth.tokens import Keys, verify
from shared.events.identity import SessionRevoked
from tests.support.identity import PASSWORD, Client, identity
from tests.support.service import ISSUER, headers, nip_of, token_for


async def refreshed(client: Client, token: str) -> tuple[int, dict[str, str]]:
    answer = await client.http.post("/sessions/refresh", json={"refresh_token": token})
    return answer.status_code, answer.json()


async def test_a_newcomer_logs_in_once_with_paper_and_then_with_their_own_password(client: Client) -> None:
    made = await client.one_time(await client.hire(1))
    first = await client.log_in(made["login"], made["password"].lower())
    assert first.status_code == 200
    assert first.json()["must_set_password"]
    token = headers(first.json()["access_token"])
    assert (await client.get("/me", token)).status_code == 403
    assert (await client.put("/me/password", {"new": PASSWORD}, token)).status_code == 200
    assert (await client.log_in(made["login"], made["password"])).status_code == 401
    again = await client.log_in(nip_of(1), PASSWORD)
    assert again.json()["roles"] == ["pegawai"]
    assert not again.json()["must_set_password"]


async def test_a_newcomer_who_refreshes_is_still_a_newcomer(client: Client) -> None:
    made = await client.one_time(await client.hire(1))
    first = (await client.log_in(made["login"], made["password"])).json()
    _, second = await refreshed(client, first["refresh_token"])
    assert second["roles"] == ["newcomer"]


async def test_the_access_token_is_checked_by_the_published_keys_alone(client: Client) -> None:
    tokens = await client.somebody()
    published = (await client.http.get("/.well-known/jwks.json")).text
    caller = await verify(tokens["access_token"], Keys(static=published), issuer=ISSUER)
    assert (caller.tenant_id, str(caller.employee_id)) == (client.tenant_id, tokens["employee_id"])
    assert [grant.role for grant in caller.grants] == [Role.PEGAWAI]
    assert '"d"' not in published


async def test_a_nip_may_be_typed_with_blanks_and_dots(client: Client) -> None:
    await client.somebody(1)
    nip = nip_of(1)
    assert (await client.log_in(f"{nip[:8]} {nip[8:14]}.{nip[14]} {nip[15:]}", PASSWORD)).status_code == 200


async def test_an_unknown_nip_a_wrong_password_and_an_unknown_region_get_the_same_answer(client: Client) -> None:
    await client.somebody(1)
    answers = [
        await client.log_in(nip_of(1), "salah salah salah"),
        await client.log_in(nip_of(2), PASSWORD),
        await client.log_in(nip_of(1), PASSWORD, "11.01"),
        await client.log_in("siapa", PASSWORD),
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.text for answer in answers}) == 1


async def test_an_unknown_nip_costs_the_same_work(client: Client) -> None:
    await client.somebody(1)
    await client.log_in(nip_of(3), PASSWORD)  # nobody's hash is made once

    async def fastest(nip: str) -> float:
        spent = []
        for _ in range(2):
            started = time.perf_counter()
            await client.log_in(nip, "salah salah salah")
            spent.append(time.perf_counter() - started)
        return min(spent)

    assert await fastest(nip_of(2)) > 0.3 * await fastest(nip_of(1))


async def test_a_one_time_password_that_is_too_old_is_none(client: Client) -> None:
    made = await client.one_time(await client.hire(1))
    async with client.transaction() as uow:
        past = datetime.now(UTC) - timedelta(seconds=1)
        await uow.session.execute(update(AccountRow).values(one_time_until=past))
    assert (await client.log_in(made["login"], made["password"])).status_code == 401


async def test_a_one_time_password_is_kept_as_a_digest_alone(client: Client) -> None:
    made = await client.one_time(await client.hire(1))
    async with client.transaction() as uow:
        row = (await uow.session.scalars(select(AccountRow))).one()
    assert row.one_time_digest == access.one_time_digest(made["password"])
    assert row.password_hash is None


async def test_a_password_kept_by_older_parameters_is_hashed_anew(client: Client) -> None:
    await client.somebody(1)
    old = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    async with client.transaction() as uow:
        await uow.session.execute(update(AccountRow).values(password_hash=old))
    assert (await client.log_in(nip_of(1), PASSWORD)).status_code == 200
    async with client.transaction() as uow:
        assert "m=19456,t=2,p=1" in str(await uow.session.scalar(select(AccountRow.password_hash)))
    assert (await client.log_in(nip_of(1), PASSWORD)).status_code == 200


async def test_a_weak_password_is_refused_with_the_reason(client: Client) -> None:
    tokens = await client.somebody(1)
    answer = await client.put(
        "/me/password", {"current": PASSWORD, "new": "password1234"}, headers(tokens["access_token"])
    )
    assert answer.status_code == 422
    assert answer.json()["faults"][0]["place"] == "new"


async def test_the_present_password_is_asked_before_a_new_one(client: Client) -> None:
    tokens = await client.somebody(1)
    who = headers(tokens["access_token"])
    new = "tujuh gajah menari di sawah"
    assert (await client.put("/me/password", {"new": new}, who)).status_code == 422
    assert (await client.put("/me/password", {"current": "salah", "new": new}, who)).status_code == 422
    assert (await client.put("/me/password", {"current": PASSWORD, "new": new}, who)).status_code == 200
    assert (await client.log_in(nip_of(1), PASSWORD)).status_code == 401


async def test_a_new_password_ends_every_other_session(client: Client) -> None:
    first = await client.somebody(1)
    second = (await client.log_in(nip_of(1), PASSWORD)).json()
    new = "tujuh gajah menari di sawah"
    answer = await client.put("/me/password", {"current": PASSWORD, "new": new}, headers(second["access_token"]))
    assert (await refreshed(client, first["refresh_token"]))[0] == 401
    assert (await refreshed(client, second["refresh_token"]))[0] == 401
    assert (await client.get("/me", headers(answer.json()["access_token"]))).status_code == 200


async def test_a_refresh_gives_the_next_pair_once(client: Client) -> None:
    tokens = await client.somebody(1)
    status, following = await refreshed(client, tokens["refresh_token"])
    assert status == 200
    assert (await client.get("/me", headers(following["access_token"]))).status_code == 200
    assert (await refreshed(client, following["refresh_token"]))[0] == 200


async def test_a_refresh_token_used_twice_ends_the_whole_family(client: Client) -> None:
    tokens = await client.somebody(1)
    before = len(await client.stated(SessionRevoked))
    _, following = await refreshed(client, tokens["refresh_token"])
    assert (await refreshed(client, tokens["refresh_token"]))[0] == 401
    assert (await refreshed(client, following["refresh_token"]))[0] == 401
    stated = (await client.stated(SessionRevoked))[before:]
    assert [(str(one.account_id), one.reason) for one in stated] == [
        (tokens["account_id"], "a refresh token was used twice")
    ]
    assert (await client.log_in(nip_of(1), PASSWORD)).status_code == 200


async def test_another_session_outlives_a_stolen_one(client: Client) -> None:
    tokens = await client.somebody(1)
    other = (await client.log_in(nip_of(1), PASSWORD)).json()
    await refreshed(client, tokens["refresh_token"])
    await refreshed(client, tokens["refresh_token"])
    status, following = await refreshed(client, other["refresh_token"])
    assert status == 200
    assert (await client.get("/me", headers(following["access_token"]))).status_code == 200


async def test_refresh_tokens_are_kept_as_digests_alone(client: Client) -> None:
    tokens = await client.somebody(1)
    async with client.transaction() as uow:
        kept = set(await uow.session.scalars(select(RefreshTokenRow.digest)))
    assert access.refresh_digest(tokens["refresh_token"]) in kept
    assert tokens["refresh_token"].encode() not in kept


@pytest.mark.parametrize(
    "token", ["19.05~nonsense-nonsense", "nonsense-nonsense", "~~~~~~~~~~~~", "xx.yy~aaaaaaaaaaaa"]
)
async def test_a_made_up_refresh_token_is_refused(client: Client, token: str) -> None:
    assert (await refreshed(client, token))[0] == 401


async def test_an_idle_session_is_over(client: Client) -> None:
    tokens = await client.somebody(1)
    async with client.transaction() as uow:
        await uow.session.execute(update(SessionRow).values(used_at=datetime.now(UTC) - timedelta(days=8)))
    assert (await refreshed(client, tokens["refresh_token"]))[0] == 401


async def test_too_many_wrong_passwords_have_to_wait_and_a_stranger_learns_nothing_by_it(client: Client) -> None:
    await client.somebody(1)
    for nip in (nip_of(1), nip_of(2)):
        statuses = [(await client.log_in(nip, "salah salah salah")).status_code for _ in range(6)]
        assert statuses == [401] * 5 + [429]
    waiting = await client.log_in(nip_of(1), PASSWORD)
    assert waiting.status_code == 429
    assert 1 <= int(waiting.headers["Retry-After"]) <= 30


async def test_waiting_is_all_it_takes(client: Client) -> None:
    await client.somebody(1)
    for _ in range(6):
        await client.log_in(nip_of(1), "salah salah salah")
    async with client.transaction() as uow:
        await uow.session.execute(update(AttemptRow).values(due_at=AttemptRow.due_at - timedelta(seconds=31)))
    assert (await client.log_in(nip_of(1), PASSWORD)).status_code == 200


async def test_logins_that_succeed_are_not_counted(client: Client) -> None:
    await client.somebody(1)
    for _ in range(8):
        assert (await client.log_in(nip_of(1), PASSWORD)).status_code == 200
    key = access.attempt_key(access.PER_ACCOUNT, client.tenant_id, nip_of(1))
    async with client.transaction() as uow:
        ahead = await uow.session.scalar(select(func.max(AttemptRow.due_at)).where(AttemptRow.key == key))
    assert ahead is not None
    assert ahead < datetime.now(UTC) + timedelta(seconds=15)


async def test_one_address_cannot_try_a_whole_region(client: Client) -> None:
    async with client.transaction() as uow:
        key = access.attempt_key(access.PER_ADDRESS, client.address)
        full = access.PER_ADDRESS.gap * (access.PER_ADDRESS.burst + 10)
        uow.session.add(AttemptRow(key=key, due_at=datetime.now(UTC) + full))
    assert (await client.log_in(nip_of(77), PASSWORD)).status_code == 429


async def test_logging_out_ends_this_session_alone(client: Client) -> None:
    tokens = await client.somebody(1)
    other = (await client.log_in(nip_of(1), PASSWORD)).json()
    assert (await client.delete("/sessions/current", headers(tokens["access_token"]))).status_code == 204
    assert (await refreshed(client, tokens["refresh_token"]))[0] == 401
    assert (await refreshed(client, other["refresh_token"]))[0] == 200


async def test_one_sees_and_ends_ones_own_sessions(client: Client) -> None:
    tokens = await client.somebody(1)
    lost = (await client.log_in(nip_of(1), PASSWORD)).json()
    who = headers(tokens["access_token"])
    listed = (await client.get("/sessions", who)).json()
    assert [one["current"] for one in listed] == [False, True]
    assert listed[0]["address"] == client.address
    assert (await client.delete(f"/sessions/{listed[0]['session_id']}", who)).status_code == 204
    assert (await refreshed(client, lost["refresh_token"]))[0] == 401
    assert (await client.get("/me", who)).status_code == 200
    assert (await client.delete(f"/sessions/{uuid4()}", who)).status_code == 404


async def test_nobody_ends_the_session_of_another(client: Client) -> None:
    first, second = await client.somebody(1), await client.somebody(2)
    session = (await client.get("/me", headers(first["access_token"]))).json()["session_id"]
    assert (await client.delete(f"/sessions/{session}", headers(second["access_token"]))).status_code == 404


async def test_an_administrator_ends_sessions_and_every_process_knows_within_a_second_or_so(client: Client) -> None:
    tokens = await client.somebody(1)
    async with identity(client.urls, region=False) as elsewhere:
        token = (await client.log_in(nip_of(1), PASSWORD)).json()["access_token"]
        assert (await elsewhere.get("/me", headers(token))).status_code == 200
        ended = await client.delete(f"/accounts/{tokens['account_id']}/sessions")
        assert ended.status_code == 204
        since = time.monotonic()
        while (answer := (await elsewhere.get("/me", headers(token))).status_code) == 200:
            assert time.monotonic() - since < 3
            await asyncio.sleep(0.05)  # a loop without a pause would use up the region's share of requests
        assert answer == 401


async def test_the_revocation_and_its_event_are_one_transaction(client: Client) -> None:
    tokens = await client.somebody(1)
    await client.delete(f"/accounts/{tokens['account_id']}/sessions")
    last = (await client.stated(SessionRevoked))[-1]
    assert last.session_id is None
    assert last.issued_before > datetime.now(UTC) - timedelta(seconds=5)
    assert [one.version for one in await client.stated(SessionRevoked)] == list(range(1, last.version + 1))


async def test_a_new_role_counts_after_a_refresh_and_the_old_token_is_void(client: Client) -> None:
    tokens = await client.somebody(1)
    given = {"account_id": tokens["account_id"], "role": "auditor", "valid_from": str(date(2026, 1, 1))}
    assert (await client.post("/grants", given)).status_code == 201
    status, following = await refreshed(client, tokens["refresh_token"])
    assert (status, following["roles"]) == (200, ["auditor", "pegawai"])
    assert (await client.get("/me", headers(following["access_token"]))).status_code == 200
    since = time.monotonic()
    while (answer := (await client.get("/me", headers(tokens["access_token"]))).status_code) == 200:
        assert time.monotonic() - since < 3
        await asyncio.sleep(0.05)
    assert answer == 401


async def test_a_forgotten_password_is_replaced_by_paper(client: Client) -> None:
    tokens = await client.somebody(1)
    made = (await client.post(f"/accounts/{tokens['account_id']}/one-time-password", None)).json()
    assert (await client.log_in(nip_of(1), PASSWORD)).status_code == 401
    assert (await refreshed(client, tokens["refresh_token"]))[0] == 401
    assert (await client.log_in(nip_of(1), made["password"])).json()["must_set_password"]


async def test_a_disabled_account_is_out_until_it_is_let_in_again(client: Client) -> None:
    tokens = await client.somebody(1)
    path = f"/accounts/{tokens['account_id']}/disabled"
    assert (await client.put(path, {"disabled": True})).status_code == 204
    assert (await refreshed(client, tokens["refresh_token"]))[0] == 401
    assert (await client.log_in(nip_of(1), PASSWORD)).status_code == 403
    assert (await client.put(path, {"disabled": False})).status_code == 204
    assert (await client.log_in(nip_of(1), PASSWORD)).status_code == 200


async def test_who_has_left_does_not_get_in(client: Client) -> None:
    tokens = await client.somebody(1)
    gone = await client.post(f"/employees/{tokens['employee_id']}/departure", {"left_on": "2026-02-01"})
    assert gone.status_code == 204
    assert (await refreshed(client, tokens["refresh_token"]))[0] == 401
    assert (await client.log_in(nip_of(1), PASSWORD)).status_code == 403


async def test_the_login_follows_the_newest_nip(client: Client) -> None:
    tokens = await client.somebody(1)
    nip = nip_of(1)[:8] + "202624" + "1005"
    renumbered = await client.post(f"/employees/{tokens['employee_id']}/nips", {"nip": nip, "valid_from": "2026-06-01"})
    assert renumbered.status_code == 204, renumbered.text
    assert (await client.log_in(nip_of(1), PASSWORD)).status_code == 401
    assert (await client.log_in(nip, PASSWORD)).status_code == 200


async def test_a_token_of_another_issuer_or_key_opens_nothing(client: Client) -> None:
    assert (await client.get("/me", headers("nonsense"))).status_code == 401
    assert (await client.get("/me", {"Authorization": "Basic xyz"})).status_code == 401
    old = token_for(client.tenant_id, [Role.ADMIN], now=datetime.now(UTC) - timedelta(minutes=7))
    assert (await client.get("/me", headers(old))).status_code == 401
