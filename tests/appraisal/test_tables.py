"""The database is what the code says, and keeps what was said."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from deploy.local.databases import ServiceUrls
from services.appraisal.tables import Base
from shared.db import SharedBase
from shared.ledger.tables import LedgerBase
from tests.support.appraisal import Region
from tests.support.service import sessions_on

METADATA = [Base.metadata, SharedBase.metadata, LedgerBase.metadata]


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(
        connection,
        opts={
            "compare_type": True,
            "include_object": lambda _, name, kind, *__: not (kind == "table" and name.startswith("event_log_")),
        },
    )
    return [
        one
        for one in compare_metadata(context, METADATA)
        if "alembic_version" not in str(one)  # type: ignore[arg-type]
    ]


async def test_the_migrations_make_exactly_the_tables_of_the_code(appraisal_db: ServiceUrls) -> None:
    engine = create_async_engine(appraisal_db.owner)
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()


@pytest.mark.parametrize("role", ["app", "worker"])
@pytest.mark.parametrize("change", ["UPDATE appraisals SET predikat = 'sangat_baik'", "DELETE FROM appraisals"])
async def test_nobody_changes_an_appraisal_in_place(region: Region, role: str, change: str) -> None:
    async with sessions_on(getattr(region.urls, role)) as sessions, sessions() as session:
        await session.execute(text("SELECT set_config('app.tenant', '19.05', true)"))
        with pytest.raises(DBAPIError, match="permission denied"):
            await session.execute(text(change))


async def test_another_regions_transaction_sees_no_row_of_any_table(region: Region) -> None:
    await region.month_closed()
    await region.finalize_all()
    assert (await region.close()).status_code == 200
    own = ["appraisals", "closings", "appraisal_periods", "activity_records", "activity_days", "activity_plans"]
    async with sessions_on(region.urls.app) as sessions:
        for table in [*own, "activity_periods", "drafts", "settings"]:
            async with sessions() as session:
                await session.execute(text("SELECT set_config('app.tenant', '92', true)"))
                assert await session.scalar(text(f"SELECT count(*) FROM {table}")) == 0
                await session.execute(text("SELECT set_config('app.tenant', '19.05', true)"))
                seen = await session.scalar(text(f"SELECT count(*) FROM {table}"))
                assert bool(seen) is (table not in {"drafts", "settings"})
