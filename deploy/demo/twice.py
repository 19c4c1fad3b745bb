"""The whole month a second time: every file, every entry, every approval, every fact ever stated."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import asyncpg
import httpx

from deploy.demo import attendance, founding, month, paying, planning
from deploy.demo.console import Bar, equal, must
from deploy.demo.region import Region
from deploy.demo.settling import Settling
from deploy.local.databases import SERVICES
from deploy.local.services import Services
from shared.outbox import shard_of

# what must change when people log in and files are looked at again, and says nothing about the month
PASSING = {"login_attempts", "sessions", "refresh_tokens", "outbox", "alembic_version"}


@dataclass(frozen=True, slots=True)
class Books:
    """Rows and a fingerprint of every table of every service."""

    tables: Mapping[str, tuple[int, str]]

    @property
    def rows(self) -> int:
        return sum(count for count, _ in self.tables.values())

    def difference(self, other: "Books") -> list[str]:
        """Tables that are not the same, in words."""
        return [
            f"{table}: {self.tables.get(table)} became {other.tables.get(table)}"
            for table in sorted(self.tables.keys() | other.tables.keys())
            if self.tables.get(table) != other.tables.get(table)
        ]


def urls(services: Services) -> dict[str, str]:
    """postgresql:// of each service's database, as the server's own superuser, who sees all regions."""
    admin = urlsplit(services.stack.postgres_admin_url)
    return {name: admin._replace(path=f"/{name}").geturl() for name in SERVICES}


async def books(services: Services) -> Books:
    """Counted and fingerprinted table by table."""
    found: dict[str, tuple[int, str]] = {}
    for service, url in urls(services).items():
        connection = await asyncpg.connect(url)
        try:
            found |= {f"{service}.{table}": told for table, told in (await fingerprints(connection)).items()}
        finally:
            await connection.close()
    return Books(found)


async def fingerprints(connection: asyncpg.Connection) -> dict[str, tuple[int, str]]:
    """Rows and a hash over all of them, by table."""
    found: dict[str, tuple[int, str]] = {}
    for table in await _tables(connection):
        row = await connection.fetchrow(
            f'SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)), 0)::text FROM "{table}" t'
        )
        found[table] = (row[0], row[1])
    return found


async def _tables(connection: asyncpg.Connection) -> list[str]:
    rows = await connection.fetch(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1"
    )
    return [row[0] for row in rows if row[0] not in PASSING]


async def send_files_again(region: Region) -> None:
    """Every import once more; each says that nothing changed."""
    name = region.office.name
    told = await founding.import_organisation(region)
    must(told["nothing_changed"], f"{name}: the organisation's file again: {told['summary']}")
    plans = await planning.import_plans(region)
    must(plans["created"] + plans["changed"] == 0, f"{name}: the SKP sheet again: {plans}")
    pins = await attendance.import_pins(region)
    must(pins["mapped"] == 0, f"{name}: the list of numbers again: {pins}")
    for report in await attendance.import_logs(region):
        must(report["stored"] == 0, f"{name}: a machine's log again: {report}")
    await attendance.record_leave(region)
    if (region.folder / paying.CIRCUMSTANCES).exists():
        answer = await paying.import_circumstances(region)
        must(answer.status_code == httpx.codes.CONFLICT, f"{name}: the table of circumstances again: {answer.text}")
    salaries = await paying.import_salaries(region)
    must(salaries["added"] + salaries["changed"] == 0, f"{name}: the salary file again: {salaries}")


async def send_work_again(region: Region, bar: Bar) -> tuple[int, int]:
    """Every entry and every approval once more; how many entries were known, and how many approvals."""
    sent = sum(len(tasks) for tasks in region.office.tasks.values())
    stored = await month.log_work(region, bar)
    must(stored == 0, f"{region.office.name}: {stored} entries were stored a second time")
    return sent, await month.approve_again(region)


async def state_again(services: Services, settling: Settling) -> int:
    """Put every fact of every event log into the outbox again, and wait until all are read; how many."""
    facts = 0
    for url in urls(services).values():
        connection = await asyncpg.connect(url)
        try:
            rows = await connection.fetch("SELECT id, recorded_at, key FROM event_log ORDER BY id")
            facts += len(rows)
            await connection.copy_records_to_table(
                "outbox",
                records=[(shard_of(row["key"]), row["id"], row["recorded_at"]) for row in rows],
                columns=["shard", "log_id", "log_at"],
            )
        finally:
            await connection.close()
    await settling(within_s=180)
    return facts


def check_same(before: Books, after: Books, skip: Sequence[str] = ()) -> None:
    """Raises DemoError with the first tables that differ."""
    differing = [one for one in before.difference(after) if one.partition(":")[0] not in skip]
    equal(f"the books before and after ({'; '.join(differing[:3])})", len(differing), 0)
