"""Logging in and staying so, over HTTP."""

from tests.support.identity import PASSWORD, Client
from tests.support.service import headers, nip_of


async def test_a_newcomer_logs_in_once_with_paper_and_then_with_their_own_password(client: Client) -> None:
    made = await client.one_time(await client.hire(1))
    first = await client.log_in(made["login"], made["password"])
    assert first.status_code == 200
    assert first.json()["must_set_password"]
    token = headers(first.json()["access_token"])
    assert (await client.get("/me", token)).status_code == 403
    assert (await client.put("/me/password", {"new": PASSWORD}, token)).status_code == 200
    assert (await client.log_in(made["login"], made["password"])).status_code == 401
    again = await client.log_in(nip_of(1), PASSWORD)
    assert again.json()["roles"] == ["pegawai"]
    assert not again.json()["must_set_password"]
