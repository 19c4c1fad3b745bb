"""The demo's way in: HTTP as a person, with that person's token, and nothing else."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, TypeVar

import httpx

from deploy.demo.console import Bar, DemoError

_TOKEN_FRESH_S = 200  # a token lives five minutes; the next one is asked for well before
_BUSY_TRIES = 20

T = TypeVar("T")
R = TypeVar("R")


class Door:
    """The one origin of all services."""

    def __init__(self, base_url: str, *, connections: int = 8) -> None:
        # shorter than the server's own five seconds, or a request may meet a connection that is just being closed
        limits = httpx.Limits(max_connections=connections, keepalive_expiry=2)
        self.http = httpx.AsyncClient(base_url=base_url, timeout=120, limits=limits)

    async def close(self) -> None:
        await self.http.aclose()


class Login:
    """Somebody's account. Every request is made as they would make it."""

    def __init__(self, door: Door, tenant_id: str, nip: str, name: str, password: str = "") -> None:
        self.door, self.tenant_id, self.nip, self.name, self._password = door, tenant_id, nip, name, password
        self._access, self._refresh, self._since = "", "", 0.0

    async def first_login(self, one_time: str, password: str) -> None:
        """By the one-time password on the slip of paper, and straight on to one's own."""
        await self.log_in(one_time)
        answer = await self.ask("PUT", "/identity/me/password", json={"new": password})
        self._keep(answer.json())

    async def log_in(self, password: str) -> None:
        """By NIP and password."""
        given = {"tenant_id": self.tenant_id, "nip": self.nip, "password": password}
        answer = await self.door.http.post("/identity/sessions", json=given)
        if answer.is_error:
            raise DemoError(f"{self.name} ({self.tenant_id}) cannot log in: {said(answer)}")
        self._keep(answer.json())

    async def renew(self) -> None:
        """The next pair of tokens; needed after a role was given, too."""
        answer = await self.door.http.post("/identity/sessions/refresh", json={"refresh_token": self._refresh})
        if answer.is_error:
            raise DemoError(f"{self.name} ({self.tenant_id}) is logged out: {said(answer)}")
        self._keep(answer.json())

    async def get(self, path: str, **params: Any) -> Any:
        return (await self.ask("GET", path, params=params)).json()

    async def post(self, path: str, body: Any = None, **parts: Any) -> Any:
        answer = await self.ask("POST", path, json=body, **parts)
        return answer.json() if answer.content else None

    async def put(self, path: str, body: Any) -> Any:
        answer = await self.ask("PUT", path, json=body)
        return answer.json() if answer.content else None

    async def ask(self, method: str, path: str, **parts: Any) -> httpx.Response:
        """The answer, which is a success. Raises DemoError with the problem's sentence."""
        answer = await self.attempt(method, path, **parts)
        if answer.is_error:
            raise DemoError(f"{self.name} ({self.tenant_id}): {method} {path}: {said(answer)}")
        return answer

    async def attempt(self, method: str, path: str, **parts: Any) -> httpx.Response:
        """The answer, whatever it is; a region that uses up its share waits as it is told."""
        sent = {name: part for name, part in parts.items() if part is not None}
        for _ in range(_BUSY_TRIES):
            if not self._access:
                await self.log_in(self._password)
            elif time.monotonic() - self._since > _TOKEN_FRESH_S:
                await self.renew()
            headers = {"Authorization": f"Bearer {self._access}"}
            answer = await self.door.http.request(method, path, headers=headers, **sent)
            if answer.status_code != httpx.codes.TOO_MANY_REQUESTS:
                break
            await asyncio.sleep(float(answer.headers.get("Retry-After", "1")))
        return answer

    def _keep(self, tokens: dict[str, Any]) -> None:
        self._access, self._refresh, self._since = tokens["access_token"], tokens["refresh_token"], time.monotonic()


async def each(
    items: Iterable[T], work: Callable[[T], Awaitable[R]], bar: Bar | None = None, *, at_once: int = 4
) -> list[R]:
    """Do the work for all, a few at a time; the answers in the items' order. The first error ends it."""
    turns = asyncio.Semaphore(at_once)

    async def one(item: T) -> R:
        async with turns:
            done = await work(item)
        if bar:
            bar.advance()
        return done

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(item)) for item in items]
    return [task.result() for task in tasks]


def said(answer: httpx.Response) -> str:
    """A problem's sentence, with its first faults, as a person reads it."""
    try:
        problem = answer.json()
    except ValueError:
        return f"{answer.status_code} {answer.text[:300]}"
    faults = "; ".join(f"{one.get('place')} {one.get('message')}" for one in problem.get("faults", [])[:3])
    return f"{answer.status_code} {problem.get('detail', problem)}{f' ({faults})' if faults else ''}"
