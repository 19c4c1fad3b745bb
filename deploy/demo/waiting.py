"""Asking again until something has come about, with a limit and a sentence for when it has not."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from deploy.demo.console import DemoError

T = TypeVar("T")


async def until(
    ask: Callable[[], Awaitable[T]], holds: Callable[[T], bool], what: str, within_s: float = 60, pause_s: float = 0.1
) -> T:
    """The first answer that holds. Raises DemoError with the last one otherwise."""
    ends = time.monotonic() + within_s
    while not holds(answer := await ask()):
        if time.monotonic() > ends:
            raise DemoError(f"not within {within_s:.0f} s: {what}; the last answer was {answer}")
        await asyncio.sleep(pause_s)
    return answer
