"""A transaction straight on the driver, for commands asked all day long, one row at a time.

There SQLAlchemy's session, statements and results cost several times what PostgreSQL's work does
(docs/decisions/0042). Everything else uses shared.unit_of_work.
"""

from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from shared.db import Sessions
from shared.unit_of_work import UnitOfWork

T = TypeVar("T")
# once for any values, and by keys even where a table was empty then
_PLANNING = {"plan_cache_mode": "force_generic_plan", "enable_seqscan": "off"}
_FAULTS = (asyncpg.PostgresError, asyncpg.InterfaceError)


class BriefUnitOfWork:
    """A transaction that sees one tenant's rows; it begins with the first thing asked of it.

    BEGIN, the tenant and the lock that a command takes first are one round trip. Statements are to find rows by their
    keys; they are planned once.
    """

    def __init__(self, sessions: Sessions, connection: AsyncConnection, driver: Any, tenant_id: str) -> None:
        self.tenant_id = tenant_id
        self._sessions, self._connection, self._driver = sessions, connection, driver
        self._begun = False
        self._whole: UnitOfWork | None = None

    async def lock(self, space: int, key: str) -> None:
        """Wait until nobody else holds this lock, then hold it until the transaction ends."""
        await self._run(f"SELECT pg_advisory_xact_lock(hashtextextended({_quoted(key)}, {space:d}))")

    async def fetch(self, statement: str, *values: object) -> list[Any]:
        """Rows (asyncpg.Record) of a statement with $1, $2, ... for its values. Raises DBAPIError."""
        if not self._begun:
            await self._run("")
        rows: list[Any] = await _told(statement, self._driver.fetch(statement, *values))
        return rows

    async def whole(self) -> UnitOfWork:
        """The same transaction with a session and events, for the branches that are seldom taken."""
        if self._whole is None:
            if not self._begun:
                await self._run("")
            await self._connection.execution_options(isolation_level="AUTOCOMMIT")  # BEGIN and COMMIT are ours
            self._whole = UnitOfWork(self._sessions(bind=self._connection), self.tenant_id)
        return self._whole

    async def settle(self) -> None:
        """Write what is pending and commit. Raises where PostgreSQL rolled back instead."""
        if self._whole is not None:
            await self._whole.settle()
        if self._begun and await _told("COMMIT", self._driver.execute("COMMIT")) != "COMMIT":
            raise RuntimeError("the transaction had failed before, and was rolled back")

    async def undo(self) -> None:
        """Roll back; a connection that cannot even do that is given up."""
        try:
            if self._begun:
                await self._driver.execute("ROLLBACK")
        except (*_FAULTS, OSError):
            await self._connection.invalidate()

    async def close(self) -> None:
        if self._whole is not None:
            await self._whole.session.close()
        await self._connection.close()

    async def _run(self, statement: str) -> None:
        """Without values: PostgreSQL takes several statements at once only then."""
        if not self._begun:
            given = {"app.tenant": self.tenant_id} | _PLANNING
            settings = [f"set_config({_quoted(name)}, {_quoted(value)}, true)" for name, value in given.items()]
            statement = f"BEGIN; SELECT {', '.join(settings)}; {statement}"
            self._begun = True
        await _told(statement, self._driver.execute(statement))


@asynccontextmanager
async def brief_unit_of_work(sessions: Sessions, tenant_id: str) -> AsyncIterator[BriefUnitOfWork]:
    """Commits when the block ends, rolls everything back when it raises; on a connection of the sessions' pool."""
    engine: AsyncEngine = sessions.kw["bind"]
    connection = await engine.connect()
    driver = (await connection.get_raw_connection()).driver_connection
    uow = BriefUnitOfWork(sessions, connection, driver, tenant_id)
    try:
        yield uow
        await uow.settle()
    except Exception:
        await uow.undo()
        raise
    except BaseException:
        await connection.invalidate()  # cancelled within a statement: who knows where it stands
        raise
    finally:
        await uow.close()


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


async def _told(statement: str, answer: Awaitable[T]) -> T:
    """The driver's answer; its errors as SQLAlchemy tells them, so that one handler knows them all."""
    try:
        return await answer
    except _FAULTS as error:
        raise DBAPIError(statement, None, error) from error
