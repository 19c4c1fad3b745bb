"""Each service's database is its own, and its roles may do no more than they must."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import asyncpg
import pytest

from deploy.local.databases import (
    ROLES,
    ServiceUrls,
    connect,
    copy_database,
    drop_database,
    passwords_from,
    provision_service,
)
from deploy.local.stack import Stack

DENIED = asyncpg.InsufficientPrivilegeError


def plain(url: str) -> str:
    """For asyncpg, which knows nothing of SQLAlchemy's scheme."""
    return url.replace("postgresql+asyncpg://", "postgresql://")


async def run(url: str, *statements: str) -> list[asyncpg.Record]:
    connection = await connect(plain(url))
    try:
        return [row for statement in statements for row in await connection.fetch(statement)]
    finally:
        await connection.close()


@pytest.fixture(scope="module")
def identity(stack: Stack) -> Iterator[ServiceUrls]:
    yield provision(stack, "identity")
    drop_database(stack.postgres_admin_url, "grants_identity")


@pytest.fixture(scope="module")
def payroll(stack: Stack) -> Iterator[ServiceUrls]:
    yield provision(stack, "payroll")
    drop_database(stack.postgres_admin_url, "grants_payroll")


def provision(stack: Stack, service: str) -> ServiceUrls:
    passwords = passwords_from(stack.secret, service)
    return provision_service(stack.postgres_admin_url, service, f"grants_{service}", passwords)


async def test_app_and_worker_read_and_write_what_the_owner_makes(identity: ServiceUrls):
    await run(identity.owner, "CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY, n int)")
    for url in (identity.app, identity.worker):
        written = "INSERT INTO t (n) VALUES (1) RETURNING id"
        assert len(await run(url, written, "UPDATE t SET n = 2", "DELETE FROM t RETURNING id")) == 2


@pytest.mark.parametrize(
    "statement", ["CREATE TABLE mine (n int)", "DROP TABLE u", "TRUNCATE u", "ALTER TABLE u ADD x int"]
)
async def test_app_and_worker_change_no_table(identity: ServiceUrls, statement: str):
    await run(identity.owner, "CREATE TABLE IF NOT EXISTS u (n int)")
    for url in (identity.app, identity.worker):
        with pytest.raises(DENIED):
            await run(url, statement)


async def test_no_role_is_superuser_or_walks_past_row_security(stack: Stack, identity: ServiceUrls):
    rows = await run(
        stack.postgres_admin_url,
        "SELECT rolname FROM pg_roles WHERE rolname LIKE 'identity\\_%' AND NOT (rolsuper OR rolbypassrls "
        "OR rolcreatedb OR rolcreaterole OR rolreplication)",
    )
    assert {row["rolname"] for row in rows} == {f"identity_{role}" for role in ROLES}


async def test_a_service_cannot_connect_to_anothers_database(identity: ServiceUrls, payroll: ServiceUrls):
    for role in ROLES:
        theirs = urlsplit(getattr(payroll, role))._replace(path=urlsplit(identity.owner).path).geturl()
        with pytest.raises(DENIED, match="permission denied for database"):
            await run(theirs, "SELECT 1")


async def test_a_copied_database_is_closed_to_other_services_too(
    stack: Stack, identity: ServiceUrls, payroll: ServiceUrls
):
    passwords = passwords_from(stack.secret, "identity")
    copied = copy_database(stack.postgres_admin_url, "identity", "grants_identity", "grants_copy", passwords)
    try:
        assert len(await run(copied.app, "SELECT 1")) == 1
        theirs = urlsplit(payroll.app)._replace(path="/grants_copy").geturl()
        with pytest.raises(DENIED, match="permission denied for database"):
            await run(theirs, "SELECT 1")
    finally:
        drop_database(stack.postgres_admin_url, "grants_copy")


async def test_a_request_may_not_hold_the_database_for_long(identity: ServiceUrls):
    [app] = await run(identity.app, "SHOW statement_timeout")
    [idle] = await run(identity.app, "SHOW idle_in_transaction_session_timeout")
    [migration] = await run(identity.owner, "SHOW statement_timeout")
    assert (app[0], idle[0], migration[0]) == ("30s", "30s", "0")


async def test_provisioning_again_changes_nothing_and_keeps_the_data(stack: Stack, identity: ServiceUrls):
    await run(identity.owner, "CREATE TABLE kept AS SELECT 1 AS n")
    assert provision(stack, "identity") == identity
    assert len(await run(identity.app, "SELECT n FROM kept")) == 1
