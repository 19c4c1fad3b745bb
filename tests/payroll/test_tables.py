"""The database is what the code says, and each region sees its own rows only."""

import httpx
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from deploy.local.databases import ServiceUrls
from services.payroll.tables import Base
from shared.db import Sessions, SharedBase
from shared.ledger.tables import LedgerBase
from tests.support.payroll import Desk, a_month, prepared
from tests.support.service import OTHER_TENANT, TENANT, sessions_on

METADATA = [Base.metadata, SharedBase.metadata, LedgerBase.metadata]
# nothing fills these in a published run: nobody is set aside, nothing is imported or acknowledged
EMPTY = {"consents", "salaries", "run_set_aside", "acknowledgements"}
# nothing of the month changed after it was paid
EMPTY |= {"correction_causes", "correction_chunks", "corrections", "correction_lines", "correction_set_aside"}
# nothing went to a bank, and nothing came back
EMPTY |= {"export_documents", "bank_files", "payments", "answer_files"}
# nobody asked what if
EMPTY |= {"what_ifs"}
# nobody stated circumstances
EMPTY |= {"circumstance_files", "circumstances"}
# nobody set a ceiling or a budget
EMPTY |= {"limits"}


def differences(connection: Connection) -> list[object]:
    def ours(_: object, name: str | None, kind: str, *__: object) -> bool:
        return not (kind == "table" and (name or "").startswith(("event_log_", "alembic_version")))

    context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": ours})
    return list(compare_metadata(context, METADATA))


async def test_the_migrations_make_exactly_the_tables_of_the_code(payroll_db: ServiceUrls) -> None:
    engine = create_async_engine(payroll_db.owner)
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()


async def test_another_regions_transaction_sees_no_row_of_any_table(
    client: httpx.AsyncClient, worker: Sessions, payroll_db: ServiceUrls
) -> None:
    await prepared(worker, a_month())
    await Desk().adopt(client)
    await Desk().publish_all(client, worker)
    for role in (payroll_db.app, payroll_db.worker):
        async with sessions_on(role) as sessions, sessions() as session:
            for table in sorted(Base.metadata.tables):
                counted = {}
                for tenant_id in (TENANT, OTHER_TENANT):
                    await session.execute(text("SELECT set_config('app.tenant', :t, true)"), {"t": tenant_id})
                    counted[tenant_id] = await session.scalar(
                        text(f"SELECT count(*) FROM {table} WHERE tenant_id <> :other"), {"other": OTHER_TENANT}
                    )
                spans = role == payroll_db.worker and table in {"run_chunks", "appraisal_periods"}
                assert bool(counted[TENANT]) is (table not in EMPTY), table
                assert bool(counted[OTHER_TENANT]) is spans, table
