"""Waiting without sleeping and hoping: until every stated fact has been noted by those who read it."""

import asyncio
import time
from collections.abc import Mapping, Set
from uuid import UUID

import asyncpg

from deploy.demo.console import DemoError
from shared.handlers import Handlers

PAUSE_S = 0.02


class Unsettled(DemoError):
    """Facts that nobody noted in time, each with its reader."""


class Settling:
    """Looks into the services' databases as the server's superuser, who sees all tenants.

    urls: postgresql:// by service. handlers: what each service's worker hears.
    """

    def __init__(self, urls: Mapping[str, str], handlers: Mapping[str, Handlers]) -> None:
        self._urls, self._handlers = urls, handlers
        self._open: dict[str, asyncpg.Connection] = {}

    async def __aenter__(self) -> "Settling":
        self._open = {service: await asyncpg.connect(url) for service, url in self._urls.items()}
        return self

    async def __aexit__(self, *_: object) -> None:
        for connection in self._open.values():
            await connection.close()

    async def __call__(self, within_s: float = 20) -> None:
        """Return when nothing is on its way any more. Raises Unsettled with what is."""
        ends = time.monotonic() + within_s
        while not await self._quiet():
            if time.monotonic() > ends:
                raise Unsettled("; ".join(await self._missing()) or "the outboxes do not empty")
            await asyncio.sleep(PAUSE_S)

    async def _quiet(self) -> bool:
        """Nothing unread, and nothing was stated while we looked: an effect commits with what it states."""
        before = await self._stated()
        if await self._unsent() or await self._unread(before):
            return False
        return before == await self._stated()

    async def _stated(self) -> dict[str, Set[tuple[str, UUID]]]:
        """(type, event id) of every fact, by the service that states it."""
        return {
            service: {(row[0], row[1]) for row in await connection.fetch("SELECT type, event_id FROM event_log")}
            for service, connection in self._open.items()
        }

    async def _unsent(self) -> int:
        counts = [await one.fetchval("SELECT count(*) FROM outbox") for one in self._open.values()]
        return sum(counts)

    async def _unread(self, stated: Mapping[str, Set[tuple[str, UUID]]]) -> dict[str, Set[tuple[str, UUID]]]:
        """Facts that a service hears and has neither noted nor set waiting, by reader."""
        unread: dict[str, Set[tuple[str, UUID]]] = {}
        for service, connection in self._open.items():
            heard = {event.type for event in self._handlers[service]}
            due = {fact for other, facts in stated.items() if other != service for fact in facts if fact[0] in heard}
            noted = {
                row[0]
                for row in await connection.fetch(
                    "SELECT event_id FROM inbox UNION ALL SELECT event_id FROM inbox_waiting"
                )
            }
            left = {fact for fact in due if fact[1] not in noted}
            if left:
                unread[service] = left
        return unread

    async def _missing(self) -> list[str]:
        unread = await self._unread(await self._stated())
        return [
            f"{service} has not noted {len(facts)} facts, such as {min(facts, key=str)}"
            for service, facts in unread.items()
        ]
