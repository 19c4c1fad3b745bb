"""Two regions on one deployment never see each other: not over HTTP, not in a database."""

from datetime import date

import asyncpg
import pytest

from deploy.local.databases import SERVICES
from tests.support.deployment import Deployment
from tests.support.regency import Regency


async def test_what_one_region_wrote_is_not_there_for_the_other(bangka_barat: Regency, papua_barat: Regency) -> None:
    activity = await bangka_barat.reports(bangka_barat.staff[0], date(2026, 3, 3))
    employee = bangka_barat.ids[bangka_barat.staff[0].nip]
    for who, service, path in (
        (papua_barat.boss, "activity", f"/activities/{activity}"),
        ("admin", "activity", f"/activities/{activity}"),
        ("admin", "identity", f"/employees/{employee}"),
    ):
        answer = await papua_barat.tries(who, service, "GET", path)
        assert answer.status_code in (403, 404), f"{service}{path}: {answer.status_code}"
    answer = await papua_barat.tries(papua_barat.boss, "activity", "POST", f"/activities/{activity}/approval")
    assert answer.status_code == 404


@pytest.mark.parametrize("service", SERVICES)
async def test_a_transaction_of_one_region_sees_no_row_of_the_other(
    deployment: Deployment, bangka_barat: Regency, papua_barat: Regency, service: str
) -> None:
    as_app = await asyncpg.connect(deployment.urls[service].app.replace("+asyncpg", ""))
    try:
        async with as_app.transaction():
            await as_app.execute("SELECT set_config('app.tenant', '92', true)")
            tables = await as_app.fetch(
                "SELECT DISTINCT c.table_name FROM information_schema.columns c"
                " JOIN pg_class t ON t.relname = c.table_name"
                " WHERE c.column_name = 'tenant_id' AND t.relkind IN ('r', 'p') AND NOT t.relispartition"
            )
            seen = {
                row["table_name"]: await as_app.fetchval(
                    f'SELECT count(*) FROM "{row["table_name"]}" WHERE tenant_id <> $1', "92"
                )
                for row in tables
            }
    finally:
        await as_app.close()
    assert len(seen) > 5
    assert {table: count for table, count in seen.items() if count} == {}
