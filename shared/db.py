"""PostgreSQL: connections, the naming of constraints, and which errors pass by themselves."""

from typing import Any

from pydantic import SecretStr
from sqlalchemy import MetaData, event
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase

Sessions = async_sessionmaker[AsyncSession]

NAMING = {
    "pk": "pk_%(table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}


def naming() -> MetaData:
    """Metadata for a service's declarative base, so that every constraint has a name that can be told."""
    return MetaData(naming_convention=NAMING)


class SharedBase(DeclarativeBase):
    """Of the tables every service has: messaging, and copies of identity's facts."""

    metadata = naming()


def connect(url: SecretStr | str, *, pool_size: int = 8, name: str = "takar") -> Sessions:
    """Sessions on a pool that opens connections when they are first needed."""
    plain = url.get_secret_value() if isinstance(url, SecretStr) else url
    arguments: dict[str, Any] = {
        "server_settings": {"application_name": name, "timezone": "UTC"},
        "timeout": 10,
    }
    engine = create_async_engine(
        plain,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=10,
        pool_recycle=1800,
        connect_args=arguments,
    )
    event.listen(engine.sync_engine, "checkout", _require_open)
    return async_sessionmaker(engine, expire_on_commit=False, autoflush=False)


def _require_open(connection: Any, *_: object) -> None:
    """The pool gives out none that PostgreSQL has closed, as when it was started again; it makes others."""
    if connection.driver_connection.is_closed():
        raise InvalidatePoolError("PostgreSQL has closed this connection")


async def disconnect(sessions: Sessions) -> None:
    engine = sessions.kw["bind"]
    await engine.dispose()


# PostgreSQL error classes that pass by themselves: connection lost, deadlock or
# serialization, out of resources, shutdown, lock not available.
_PASSING = ("08", "40", "53", "57", "55P03")


def is_transient(error: BaseException) -> bool:
    """Whether the same work may succeed when tried again later."""
    if isinstance(error, DBAPIError):
        sqlstate = getattr(error.orig, "sqlstate", None) or ""
        return error.connection_invalidated or sqlstate.startswith(_PASSING) or _connection_lost(error.orig)
    return isinstance(error, OSError | TimeoutError) or _connection_lost(error)


def _connection_lost(error: BaseException | None) -> bool:
    """asyncpg tells of a cut connection by errors without an SQLSTATE; SQLAlchemy wraps some, not all."""
    while error is not None:
        if isinstance(error, OSError | TimeoutError):
            return True
        if type(error).__name__ in {"ConnectionDoesNotExistError", "InterfaceError", "TimeoutError"}:
            return True
        error = error.__cause__
    return False
