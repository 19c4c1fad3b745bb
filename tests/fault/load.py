"""The clients: they log, approve and withdraw, and send the same again until they have an answer."""

import asyncio
import random
from collections.abc import Callable
from datetime import date
from typing import Any

import httpx

from shared.auth.policy import Role
from tests.fault.journal import Journal
from tests.support.population import Region, entries

GIVE_UP_AFTER_S = 180
DAYS = [date(2026, 10, day) for day in range(1, 31) if date(2026, 10, day).weekday() < 5]


class Client:
    """One region's people at their phones: every request is repeated until it is answered for good."""

    def __init__(self, http: httpx.AsyncClient, region: Region, journal: Journal) -> None:
        self.http, self.region, self.journal = http, region, journal

    async def insist(self, who: int | None, method: str, path: str, *roles: Role, **parts: Any) -> httpx.Response:
        """The first answer that is neither a fault of ours nor a request to wait."""
        async with asyncio.timeout(GIVE_UP_AFTER_S):
            while True:
                answer = await self._try(who, method, path, roles, parts)
                if answer is not None and answer.status_code < 500 and answer.status_code != 429:
                    self.journal.answered += 1
                    return answer
                self.journal.retried += 1
                await asyncio.sleep(0.2 + random.random() * 0.3)

    async def _try(
        self, who: int | None, method: str, path: str, roles: tuple[Role, ...], parts: dict[str, Any]
    ) -> httpx.Response | None:
        headers = {"Authorization": f"Bearer {self.region.token(who, *roles)}"}
        try:
            return await self.http.request(method, path, headers=headers, timeout=20, **parts)
        except httpx.HTTPError:
            return None

    async def json(self, who: int | None, method: str, path: str, *roles: Role, **parts: Any) -> Any:
        """The answer's body; a refusal is a fault of the rig's."""
        answer = await self.insist(who, method, path, *roles, **parts)
        if answer.is_error:
            raise AssertionError(f"{method} {path}: {answer.status_code} {answer.text[:400]}")
        return answer.json() if answer.content else None


async def work(client: Client, dice: random.Random, a_day: int, going_on: Callable[[], bool]) -> None:
    """The month's work, day by day and group by group, as long as faults are to come and work is left."""
    region = client.region
    groups = [(leader, region.staff_of(leader)) for leader in range(region.superiors + 1)]
    for day in DAYS:
        for leader, staff in groups:
            if not going_on():
                return
            logged = await asyncio.gather(*[log(client, number, day, a_day) for number in staff])
            await approve(client, leader, [one for some in logged for one in some], dice)


async def log(client: Client, number: int, day: date, a_day: int) -> list[str]:
    """A day's entries of one employee; the ids of the activities that are stored."""
    sent = entries(client.region, number, [day], a_day)
    told = await client.json(number, "POST", "/activity/activities/batch", json={"entries": sent})
    refused = [one for one in told["entries"] if one["outcome"] == "refused"]
    assert not refused, refused[:1]
    ids = [str(one["activity_id"]) for one in told["entries"]]
    for activity_id in ids:
        client.journal.stored(client.region.tenant_id, activity_id)
    return ids


async def approve(client: Client, leader: int, ids: list[str], dice: random.Random) -> None:
    """Approve most, and take some back; an approval that was answered twice is one approval."""
    chosen = [one for one in ids if dice.random() < 0.9]
    if not chosen:
        return
    await client.json(leader, "POST", "/activity/activities/approvals", json={"ids": chosen})
    for activity_id in chosen:
        client.journal.approved(client.region.tenant_id, activity_id)
    back = [one for one in chosen if dice.random() < 0.03]
    if back:
        await client.json(
            leader, "POST", "/activity/activities/withdrawals", json={"ids": back, "reason": "salah tanggal"}
        )
        for activity_id in back:
            client.journal.withdraw(client.region.tenant_id, activity_id)
