"""A worker's health: its loops turn and its database answers. Kafka being down is not our death."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from prometheus_client import generate_latest
from sqlalchemy import text

from shared.db import Sessions
from shared.settings import Settings

STUCK_AFTER_S = 120


class Health:
    """When each loop last turned."""

    def __init__(self) -> None:
        self._beats: dict[str, float] = {"start": time.monotonic()}

    def beat(self, name: str) -> None:
        self._beats[name] = time.monotonic()

    @property
    def alive(self) -> bool:
        return time.monotonic() - max(self._beats.values()) < STUCK_AFTER_S


@asynccontextmanager
async def serve_health(settings: Settings, sessions: Sessions, health: Health) -> AsyncIterator[None]:
    """Answer GET /healthz, /readyz and /metrics on the health port, where one is set."""
    if not settings.health_port:
        yield
        return

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            line = await asyncio.wait_for(reader.readline(), 5)
            status, body = await _respond(line.split(b" ")[1].decode() if b" " in line else "/", sessions, health)
            head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
            writer.write(head.encode() + body)
            await writer.drain()
        except (TimeoutError, OSError, UnicodeDecodeError):
            return  # whoever asked has gone
        finally:
            writer.close()

    server = await asyncio.start_server(answer, settings.health_host, settings.health_port)
    async with server:
        yield


async def _respond(path: str, sessions: Sessions, health: Health) -> tuple[str, bytes]:
    if path == "/metrics":
        return "200 OK", generate_latest()
    if path == "/readyz":
        try:
            async with sessions() as session:
                await session.execute(text("SELECT 1"))
        except Exception as error:
            return "503 Service Unavailable", f"database: {error!r}".encode()
        return "200 OK", b"ready"
    return ("200 OK", b"alive") if health.alive else ("503 Service Unavailable", b"no loop has turned lately")
