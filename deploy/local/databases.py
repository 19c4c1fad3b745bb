"""One database per service, with three roles that own nothing but what they must."""

# mypy: allow-untyped-calls
# asyncpg is untyped
import asyncio
from collections.abc import Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

import asyncpg

from deploy.kafka.credentials import Credentials
from deploy.local.errors import StackError

SERVICES = ("identity", "activity", "appraisal", "payroll")
ROLES = ("owner", "app", "worker")

T = TypeVar("T")

# seconds: a request may not hold a connection for long, a worker's batch or a run's chunk may take longer,
# a migration as long as it needs but must not queue behind a lock for ever
_LIMITS_S: Mapping[str, Mapping[str, int]] = {
    "owner": {"statement_timeout": 0, "idle_in_transaction_session_timeout": 300, "lock_timeout": 30},
    "app": {"statement_timeout": 30, "idle_in_transaction_session_timeout": 30, "lock_timeout": 10},
    "worker": {"statement_timeout": 120, "idle_in_transaction_session_timeout": 60, "lock_timeout": 30},
}
_PROVISIONING = 4712  # the advisory lock: roles are of the whole server, and starters may come together


@dataclass(frozen=True)
class ServiceUrls:
    """How each role of one service reaches its database (postgresql+asyncpg://)."""

    owner: str = field(repr=False)
    app: str = field(repr=False)
    worker: str = field(repr=False)


def passwords_from(admin: Credentials, service: str) -> dict[str, str]:
    """A password per role, always the same for the same stack."""
    return {role: admin.derive(f"postgres/{service}_{role}").password for role in ROLES}


def provision_service(admin_url: str, service: str, database_name: str, passwords: Mapping[str, str]) -> ServiceUrls:
    """Make the service's roles and database, or set right what is there; passwords by role."""
    run(_provision(admin_url, service, database_name, passwords))
    return urls(admin_url, service, database_name, passwords)


def copy_database(
    admin_url: str, service: str, template: str, database_name: str, passwords: Mapping[str, str]
) -> ServiceUrls:
    """A fresh database from one that is migrated already (tests): quick, and with the same grants."""
    run(_copy(admin_url, service, template, database_name))
    return urls(admin_url, service, database_name, passwords)


def drop_database(admin_url: str, database_name: str) -> None:
    """Drop it, whoever is still connected."""
    run(_execute(admin_url, f'DROP DATABASE IF EXISTS "{database_name}" WITH (FORCE)'))


def urls(admin_url: str, service: str, database_name: str, passwords: Mapping[str, str]) -> ServiceUrls:
    """The addresses of a provisioned database."""
    address = urlsplit(admin_url).netloc.rpartition("@")[2]

    def url(role: str) -> str:
        secret = quote(passwords[role], safe="")
        return f"postgresql+asyncpg://{service}_{role}:{secret}@{address}/{database_name}"

    return ServiceUrls(*(url(role) for role in ROLES))


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run to the end in a loop of its own, also where a loop runs already."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


async def connect(url: str, **options: Any) -> asyncpg.Connection:
    """A connection; StackError in one line for a wrong password or a server that is not there."""
    where = urlsplit(url)
    try:
        return await asyncpg.connect(url, timeout=10, **options)
    except (asyncpg.InvalidPasswordError, asyncpg.InvalidAuthorizationSpecificationError) as error:
        raise StackError(
            f"PostgreSQL at {where.hostname}:{where.port} refuses user {where.username}: "
            "the password is wrong (check TAKAR_POSTGRES_ADMIN_URL, or the secret in the stack's folder)"
        ) from error
    except (OSError, asyncpg.CannotConnectNowError) as error:
        raise StackError(
            f"no PostgreSQL answers at {where.hostname}:{where.port}: it is not running, or the address is wrong"
        ) from error


async def _execute(url: str, *statements: str) -> None:
    connection = await connect(url)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


async def _provision(admin_url: str, service: str, database: str, passwords: Mapping[str, str]) -> None:
    admin = await connect(admin_url)
    try:
        await admin.execute("SELECT pg_advisory_lock($1)", _PROVISIONING)
        for role in ROLES:
            await _make_role(admin, f"{service}_{role}", passwords[role], _LIMITS_S[role])
        if not await admin.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", database):
            await admin.execute(f'CREATE DATABASE "{database}" OWNER "{service}_owner" TEMPLATE template0')
        await admin.execute(_database_grants(service, database))
    finally:
        await admin.close()
    await _execute(_in_database(admin_url, database), _schema_grants(service))


async def _copy(admin_url: str, service: str, template: str, database: str) -> None:
    """The copy keeps the grants on tables and schemas; those on the database itself are given anew.

    By files: through the WAL, the default, a template of hundreds of partitions takes twenty times as long.
    """
    await _execute(
        admin_url,
        f'CREATE DATABASE "{database}" OWNER "{service}_owner" TEMPLATE "{template}" STRATEGY file_copy',
        _database_grants(service, database),
    )


async def _make_role(admin: asyncpg.Connection, role: str, password: str, limits_s: Mapping[str, int]) -> None:
    verb = "ALTER" if await admin.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", role) else "CREATE"
    secret = password.replace("'", "''")
    await admin.execute(
        f'{verb} ROLE "{role}" LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION '
        f"NOINHERIT PASSWORD '{secret}'"
    )
    for name, seconds in limits_s.items():
        await admin.execute(f"ALTER ROLE \"{role}\" SET {name} = '{seconds}s'")


def _database_grants(service: str, database: str) -> str:
    users = ", ".join(f'"{service}_{role}"' for role in ROLES)
    return f"""
        REVOKE ALL ON DATABASE "{database}" FROM PUBLIC;
        GRANT CONNECT, TEMPORARY ON DATABASE "{database}" TO {users};
    """


def _schema_grants(service: str) -> str:
    readers = f'"{service}_app", "{service}_worker"'
    by_owner = f'ALTER DEFAULT PRIVILEGES FOR ROLE "{service}_owner" IN SCHEMA public GRANT'
    return f"""
        ALTER SCHEMA public OWNER TO "{service}_owner";
        REVOKE ALL ON SCHEMA public FROM PUBLIC;
        GRANT USAGE ON SCHEMA public TO {readers};
        {by_owner} SELECT, INSERT, UPDATE, DELETE ON TABLES TO {readers};
        {by_owner} USAGE ON SEQUENCES TO {readers};
    """


def _in_database(admin_url: str, database: str) -> str:
    return urlsplit(admin_url)._replace(path=f"/{database}").geturl()
