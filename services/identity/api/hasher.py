"""Passwords as argon2id, in threads of their own: slow on purpose, and never more at once than cores.

19 MiB, 2 passes, 1 lane (the OWASP minimum): about 30 ms of a core, so two cores let in some 60 people a second, and
one process holds 38 MiB for it. Everybody of a region of 10,000 is in within three minutes of 07:30.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from shared.errors import TooMany

T = TypeVar("T")

AT_ONCE = 2
WAITING_AT_MOST = 400  # about six seconds' worth; beyond that an answer would come too late to be waited for


class Hasher:
    def __init__(self) -> None:
        self._argon = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="argon2")
        self._waiting = 0
        self._nobodys: str | None = None

    async def hash(self, password: str) -> str:
        return await self._run(lambda: self._argon.hash(password))

    async def verify(self, password_hash: str | None, password: str) -> bool:
        """Whether they belong together. Without a hash it does the same work and says no."""
        return await self._run(lambda: self._verify(password_hash, password))

    def outdated(self, password_hash: str) -> bool:
        return self._argon.check_needs_rehash(password_hash)

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _verify(self, password_hash: str | None, password: str) -> bool:
        try:
            return self._argon.verify(password_hash or self._nobody(), password) and password_hash is not None
        except (VerificationError, InvalidHashError):
            return False

    def _nobody(self) -> str:
        if self._nobodys is None:
            self._nobodys = self._argon.hash("nobody's password")
        return self._nobodys

    async def _run(self, work: Callable[[], T]) -> T:
        if self._waiting >= WAITING_AT_MOST:
            raise TooMany("very many log in just now: try again in a few seconds", 5)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self._waiting -= 1
