"""A client that costs little: prepared requests over kept connections, so that the server is what is measured."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Load:
    """What a load came to: answers a second, and the time of an answer in milliseconds."""

    rate: float
    p50_ms: float
    p99_ms: float
    failed: int


def request(url: str, method: str, token: str, body: bytes, content_type: str = "application/json") -> bytes:
    """A request's bytes, ready to be sent."""
    parts = urlsplit(url)
    head = (
        f"{method} {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def send_all(address: str, requests: Sequence[bytes], connections: int = 16) -> Load:
    """Send the requests over so many connections, each waiting for its answer; how long they took."""
    parts = urlsplit(address)
    queue = iter(requests)
    taken: list[float] = []
    failed = 0

    async def one() -> None:
        nonlocal failed
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        for prepared in queue:
            began = time.perf_counter()
            writer.write(prepared)
            status = await _answer(reader)
            taken.append(time.perf_counter() - began)
            failed += status >= 300
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*[one() for _ in range(connections)])
    seconds = time.perf_counter() - began
    centiles = quantiles(taken, n=100)
    return Load(len(taken) / seconds, centiles[49] * 1000, centiles[98] * 1000, failed)


async def _answer(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    lowered = head.lower()
    place = lowered.find(b"content-length:")
    if place >= 0:
        await reader.readexactly(int(lowered[place + 15 :].split(b"\r\n", 1)[0]))
    return int(head[9:12])
