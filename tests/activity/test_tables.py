"""The migrations make the tables that the rows describe."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from deploy.local.databases import ServiceUrls
from services.activity.tables import Base


def _differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": _of_the_rows})
    return list(compare_metadata(context, Base.metadata))


def _of_the_rows(name: str | None, kind: str, _: object) -> bool:
    """Messaging and the directory are every service's: shared's tests compare them."""
    return kind != "table" or name in Base.metadata.tables


async def test_the_migrations_make_what_the_rows_say(activity_db: ServiceUrls) -> None:
    engine = create_async_engine(activity_db.owner)
    async with engine.connect() as connection:
        assert await connection.run_sync(_differences) == []
    await engine.dispose()


async def test_every_table_with_a_tenant_forces_row_level_security(activity_db: ServiceUrls) -> None:
    engine = create_async_engine(activity_db.owner)
    async with engine.connect() as connection:
        rows = await connection.execute(
            text(
                "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
                "WHERE a.attname = 'tenant_id' AND c.relkind IN ('r', 'p') AND NOT c.relispartition "
                "AND NOT (c.relrowsecurity AND c.relforcerowsecurity)"
            )
        )
        assert rows.scalars().all() == []
    await engine.dispose()
