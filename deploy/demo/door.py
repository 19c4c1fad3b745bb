"""The demo's way in: HTTP as a person, with that person's token, and nothing else."""

import time
from collections.abc import Mapping
from typing import Any

import httpx

from deploy.demo.console import DemoError

JSON = Mapping[str, Any]
_TOKEN_FRESH_S = 200  # a token lives five minutes; a new one is asked for well before


class Door:
    """The one origin of all services."""

    def __init__(self, base_url: str, *, connections: int = 8) -> None:
        limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
        self.http = httpx.AsyncClient(base_url=base_url, timeout=120, limits=limits)

    async def close(self) -> None:
        await self.http.aclose()


class Person:
    """Somebody logged in. Every request is made as they would make it; an answer that is no success is an error."""

    def __init__(self, door: Door, tenant_id: str, nip: str, name: str, password: str) -> None:
        self.door, self.tenant_id, self.nip, self.name, self.password = door, tenant_id, nip, name, password
        self._token, self._since, self._refresh = "", 0.0, ""

    async def get(self, path: str, **params: Any) -> Any:
        return (await self.ask("GET", path, params=params)).json()

    async def post(self, path: str, body: Any = None, *, files: Any = None, **params: Any) -> Any:
        answer = await self.ask("POST", path, json=body, files=files, params=params)
        return answer.json() if answer.content else None

    async def put(self, path: str, body: Any) -> Any:
        answer = await self.ask("PUT", path, json=body)
        return answer.json() if answer.content else None

    async def ask(self, method: str, path: str, **parts: Any) -> httpx.Response:
        """The answer, which is a success. Raises DemoError with the problem's sentence."""
        answer = await self.try_to(method, path, **parts)
        if answer.is_error:
            raise DemoError(f"{self.name} ({self.tenant_id}): {method} {path} said {said(answer)}")
        return answer

    async def try_to(self, method: str, path: str, **parts: Any) -> httpx.Response:
        """The answer, whatever it is."""
        sent = {name: part for name, part in parts.items() if part}
        headers = {"Authorization": f"Bearer {await self.token()}"}
        return await self.door.http.request(method, path, headers=headers, **sent)

    async def token(self) -> str:
        if time.monotonic() - self._since > _TOKEN_FRESH_S:
            await self.log_in()
        return self._token

    async def log_in(self) -> None:
        """By NIP and password, as everybody does."""
        given = {"tenant_id": self.tenant_id, "nip": self.nip, "password": self.password}
        answer = await self.door.http.post("/identity/sessions", json=given)
        if answer.is_error:
            raise DemoError(f"{self.name} ({self.tenant_id}) cannot log in: {said(answer)}")
        self._token, self._since = answer.json()["access_token"], time.monotonic()


def said(answer: httpx.Response) -> str:
    """A problem's sentence, with its faults, as a person reads it."""
    try:
        problem = answer.json()
    except ValueError:
        return f"{answer.status_code}: {answer.text[:300]}"
    faults = "; ".join(f"{one.get('place')}: {one.get('message')}" for one in problem.get("faults", [])[:3])
    return f"{answer.status_code}: {problem.get('detail', problem)}{f' ({faults})' if faults else ''}"
