"""`takar chain`: every link from the closed month to the region's acknowledgement, counted again on both sides."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Annotated, Any

import typer
from rich.table import Table
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from deploy.cli._service import console, in_database
from services.payroll.queries.payments import chases
from services.payroll.rules.chasing import Chase
from shared.clock import now
from shared.db import Sessions, connect, disconnect
from shared.ledger.queries import held_root, held_totals
from shared.merkle import root
from shared.unit_of_work import unit_of_work

Figures = dict[str, Any]


@dataclass(frozen=True)
class Link:
    """What one side states and what the other holds of it; they are equal, or a person must look.

    waits: the answer that is not there yet and its due day; late: it is past.
    """

    tenant_id: str
    period: str
    name: str
    stated: Figures
    held: Figures
    waits: str = ""
    late: bool = False

    @property
    def equal(self) -> bool:
        return self.stated == self.held

    @property
    def broken(self) -> bool:
        """Whether a person must look now: what is waited for, and is not late, is in order."""
        return not self.equal and (self.late or not self.waits)

    @property
    def differing(self) -> list[str]:
        return [name for name in self.stated if self.broken and self.stated[name] != self.held.get(name)]


def _database(service: str) -> Any:
    return typer.Option(
        f"--{service}",
        envvar=f"TAKAR_{service.upper()}_DATABASE_URL",
        help=f"{service}'s database (postgresql+asyncpg://), as its worker role.",
    )


def chain(
    activity: Annotated[str, _database("activity")] = "",
    appraisal: Annotated[str, _database("appraisal")] = "",
    payroll: Annotated[str, _database("payroll")] = "",
    tenant: Annotated[str, typer.Option(help="One region, as 19.05; without it, all.")] = "",
    period: Annotated[str, typer.Option(help="One month, as 2026-10; without it, all that were closed.")] = "",
) -> None:
    """Show the control totals of every region and period, link by link; exit status 1 where any differ."""
    if not activity or not appraisal:
        raise typer.BadParameter("name the databases of activity, appraisal and payroll")

    async def read(of_payroll: Sessions) -> list[Link]:
        others = {"activity": connect(activity, pool_size=1), "appraisal": connect(appraisal, pool_size=1)}
        try:
            return await links({**others, "payroll": of_payroll}, tenant or None, period or None)
        finally:
            for sessions in others.values():
                await disconnect(sessions)

    found = in_database("payroll", payroll, read)
    console.print(_table(found))
    broken = [link for link in found if link.broken]
    for link in broken:
        said = link.waits or f"{', '.join(link.differing)} differ"
        console.print(f"{link.tenant_id} {link.period}: {link.name}: {said}", style="red", soft_wrap=True)
    if broken:
        raise typer.Exit(1)


app = typer.Typer(help="The chain of control totals.")
app.command()(chain)


def _table(found: Sequence[Link]) -> Table:
    table = Table("region", "period", "link", "stated", "held", "")
    for link in found:
        table.add_row(link.tenant_id, link.period, link.name, _shown(link.stated), _shown(link.held), _verdict(link))
    return table


def _verdict(link: Link) -> str:
    if link.equal:
        return "[green]equal[/green]"
    if link.waits:
        return f"[red]LATE[/red]: {link.waits}" if link.late else f"[yellow]waits[/yellow]: {link.waits}"
    return "[red]DIFFERS[/red]"


def _shown(figures: Figures) -> str:
    """In one line a figure; roots and digests by their beginning."""
    return "\n".join(f"{name} {str(value)[:16]}" for name, value in figures.items())


async def links(databases: Mapping[str, Sessions], tenant: str | None, period: str | None) -> list[Link]:
    """The chain of each region and closed period. `databases`: sessions on activity, appraisal and payroll."""
    async with databases["payroll"]() as session:
        known = (await session.scalars(text("SELECT tenant_id FROM identity_tenants ORDER BY tenant_id"))).all()
    found: list[Link] = []
    for tenant_id in [one for one in known if tenant in (None, one)]:
        async with _entered(databases, tenant_id) as sessions:
            for code, stated in (await _closed(sessions["activity"], tenant_id)).items():
                if period in (None, code):
                    found += await _chain_of(sessions, tenant_id, code, stated)
    return found


@asynccontextmanager
async def _entered(databases: Mapping[str, Sessions], tenant_id: str) -> AsyncIterator[dict[str, AsyncSession]]:
    """A session a service, each seeing this region's rows only."""
    async with AsyncExitStack() as stack:
        yield {
            name: (await stack.enter_async_context(unit_of_work(sessions, tenant_id))).session
            for name, sessions in databases.items()
        }


async def _chain_of(sessions: Mapping[str, AsyncSession], tenant_id: str, code: str, closed: Figures) -> list[Link]:
    def link(name: str, stated: Figures, held: Figures) -> Link:
        return Link(tenant_id, code, name, stated, held)

    found = [
        link(f"activity → {reader}", closed, await _activity_held(sessions[reader], tenant_id, code))
        for reader in ("appraisal", "payroll")
    ]
    appraised = await _appraised(sessions["appraisal"], tenant_id, code)
    if appraised is not None:
        held = await _appraisals_held(sessions["payroll"], tenant_id, code)
        found.append(link("appraisal → payroll", appraised, held))
    waited = {one.run_id: one for one in await chases(sessions["payroll"], tenant_id, now(), period=code)}
    for run in await _rows(sessions["payroll"], _RUNS, tenant_id, code):
        found += await _links_of_run(sessions["payroll"], link, run, waited.get(run["run_id"]))
    return found


async def _links_of_run(
    session: AsyncSession, link: Callable[[str, Figures, Figures], Link], run: Figures, waited: Chase | None
) -> list[Link]:
    kind, tenant_id, run_id = run["kind"], run["tenant_id"], str(run["run_id"])
    sums = {name: run[name] for name in ("count", "gross", "deductions", "net")}
    of_statements = await _rows(session, _STATEMENTS, tenant_id, run_id)
    leaves = await session.scalars(text(_LEAVES), {"tenant_id": tenant_id, "of": run_id})
    proved = of_statements[0] | {"root": root(leaves.all()).hex()}
    found = [link(f"run {kind} → statements", sums | {"root": run["root"].hex()}, proved)]
    if run["first_sequence"] is not None:
        span = {"count": run["count"], "net": run["net"], "first": run["first_sequence"], "last": run["last_sequence"]}
        found.append(link(f"run {kind} → feed", span, (await _rows(session, _FEED, tenant_id, run_id))[0]))
    booked = await _rows(session, _BOOKED, tenant_id, run_id)
    if booked or waited is not None:
        said = {name: run[name] for name in ("count", "net", "hash_total", "digest")}
        answer = link(f"run {kind} → region's payroll", said, booked[0] if booked else {})
        found.append(answer if booked else _waiting(answer, waited))
    if run["state"] in _PAYABLE:
        owed, paid = (await _rows(session, _OWED, tenant_id, run_id))[0], (await _paid(session, tenant_id, run))
        found.append(_waiting(link(f"run {kind} → bank", owed, paid), waited))
    return found


def _waiting(link: Link, waited: Chase | None) -> Link:
    """A link whose other side has not answered, with the day by which it should."""
    if waited is None or link.equal:
        return link
    said = f"{waited.missing} due {waited.due}"
    if waited.late_by:
        said += f", {waited.late_by} working days ago"
    return replace(link, waits=said, late=waited.late_by > 0)


async def _paid(session: AsyncSession, tenant_id: str, run: Figures) -> Figures:
    """What the banks say they paid; where no file was made for one, what the treasurer marked as paid."""
    answered = await _rows(session, _PAID_BY_BANK, tenant_id, str(run["run_id"]))
    if answered[0].pop("files") or run["state"] != "paid":
        return answered[0]
    return (await _rows(session, _OWED, tenant_id, str(run["run_id"])))[0]


_PAYABLE = ("acknowledged", "paid")
_CLOSED = """
    SELECT DISTINCT ON (code) code, activities, minutes, attendance_days, employees, root FROM closings
    WHERE tenant_id = :tenant_id ORDER BY code, close_seq DESC
"""
_APPRAISED = """
    SELECT appraisals, by_predikat, root FROM closings
    WHERE tenant_id = :tenant_id AND period = :of ORDER BY close_seq DESC LIMIT 1
"""
_APPRAISALS = """
    SELECT predikat, leaf FROM appraisal_results WHERE tenant_id = :tenant_id AND period = :of ORDER BY employee_id
"""
_RUNS = """
    SELECT tenant_id, run_id, kind, state, count, gross, deductions, net, hash_total, digest, root, first_sequence,
           last_sequence
    FROM runs WHERE tenant_id = :tenant_id AND period = :of AND state <> 'cancelled' AND count IS NOT NULL
    ORDER BY created_at
"""
_STATEMENTS = """
    SELECT count(*), coalesce(sum(gross), 0)::bigint AS gross, coalesce(sum(deductions), 0)::bigint AS deductions,
           coalesce(sum(net), 0)::bigint AS net
    FROM statements WHERE tenant_id = :tenant_id AND run_id = CAST(:of AS uuid)
"""
_LEAVES = """
    SELECT leaf FROM statements WHERE tenant_id = :tenant_id AND run_id = CAST(:of AS uuid) ORDER BY employee_id
"""
_FEED = """
    SELECT count(*), coalesce(sum(s.net), 0)::bigint AS net, min(a.feed_sequence) AS first,
           max(a.feed_sequence) AS last
    FROM allowances a
    JOIN statements s ON s.tenant_id = a.tenant_id AND s.run_id = a.run_id AND s.employee_id = a.employee_id
    WHERE a.tenant_id = :tenant_id AND a.run_id = CAST(:of AS uuid)
"""
_BOOKED = """
    SELECT count, net, hash_total, digest FROM acknowledgements
    WHERE tenant_id = :tenant_id AND run_id = CAST(:of AS uuid)
"""
_OWED = """
    SELECT count(*), coalesce(sum(net), 0)::bigint AS net FROM statements
    WHERE tenant_id = :tenant_id AND run_id = CAST(:of AS uuid) AND net > 0
"""
_PAID_BY_BANK = """
    SELECT count(*) FILTER (WHERE state = 'paid') AS count,
           coalesce(sum(amount) FILTER (WHERE state = 'paid'), 0)::bigint AS net, count(*) AS files
    FROM payments WHERE tenant_id = :tenant_id AND run_id = CAST(:of AS uuid)
"""


async def _rows(session: AsyncSession, statement: str, tenant_id: str, of: str) -> list[Figures]:
    rows = await session.execute(text(statement), {"tenant_id": tenant_id, "of": of})
    return [dict(row) for row in rows.mappings()]


async def _closed(session: AsyncSession, tenant_id: str) -> dict[str, Figures]:
    """What activity's newest closing of each period says."""
    rows = (await session.execute(text(_CLOSED), {"tenant_id": tenant_id})).mappings()
    return {row["code"]: {k: v for k, v in row.items() if k != "code"} | {"root": row["root"].hex()} for row in rows}


async def _activity_held(session: AsyncSession, tenant_id: str, code: str) -> Figures:
    held = await held_totals(session, tenant_id, code)
    return held.model_dump() | {"root": (await held_root(session, tenant_id, code)).hex()}


async def _appraised(session: AsyncSession, tenant_id: str, code: str) -> Figures | None:
    rows = await _rows(session, _APPRAISED, tenant_id, code)
    if not rows:
        return None
    counted = {predikat: count for predikat, count in sorted(rows[0]["by_predikat"].items()) if count}
    return {"appraisals": rows[0]["appraisals"], **counted, "root": rows[0]["root"].hex()}


async def _appraisals_held(session: AsyncSession, tenant_id: str, code: str) -> Figures:
    rows = await _rows(session, _APPRAISALS, tenant_id, code)
    counted: dict[str, int] = {}
    for predikat in sorted(row["predikat"] for row in rows):
        counted[predikat] = counted.get(predikat, 0) + 1
    return {"appraisals": len(rows), **counted, "root": root(row["leaf"] for row in rows).hex()}
