"""`takar payroll corrections`: what a paid month was looked at again for, what it came to, and what is still open."""

from dataclasses import dataclass
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncSession

from deploy.cli._service import DatabaseOption, in_database
from deploy.cli.payroll.finding import PeriodOption, in_region
from services.payroll.queries.corrections import CauseStanding, Found, causes_of, corrections_of
from services.payroll.rules.corrections import WHAT
from services.payroll.rules.words import rupiah

SHOWN = 200


@dataclass(frozen=True)
class Looked:
    causes: list[CauseStanding]
    found: list[Found]


def show_corrections(
    tenant: Annotated[str, typer.Option(help="The region, as 19.05.")],
    period: PeriodOption,
    database: DatabaseOption = "",
) -> None:
    """Tell what a paid month was computed again for, and every difference with what is still open of it."""

    async def read(session: AsyncSession, tenant_id: str) -> Looked:
        found = await corrections_of(session, tenant_id, period, employee_id=None, after=None, limit=SHOWN)
        return Looked(await causes_of(session, tenant_id, period), found)

    console = Console()
    looked = in_database("payroll", database, lambda sessions: in_region(sessions, tenant, read))
    if not looked.causes:
        console.print(f"{escape(tenant)} {period}: nothing has changed since it was paid")
        return
    for cause in looked.causes:
        _tell_cause(console, cause)
    if looked.found:
        console.print(_table(looked.found))


def _tell_cause(console: Console, cause: CauseStanding) -> None:
    state = f"[yellow]{cause.waiting} pieces of work wait[/]" if cause.waiting else "done"
    console.print(
        f"{cause.row.noted_at:%Y-%m-%d %H:%M} {cause.row.kind} {escape(cause.row.key)}: {cause.looked_at} looked at, "
        f"{cause.differing} differ, {len(cause.set_aside)} set aside; {state}",
        soft_wrap=True,
    )
    if cause.failure:
        console.print(f"  [red]{escape(cause.failure)}[/]", soft_wrap=True)
    for one in cause.set_aside:
        console.print(f"  [red]{one.employee_id}[/]: {escape(one.reason)}; {escape(one.remedy)}", soft_wrap=True)


def _table(found: list[Found]) -> Table:
    table = Table("NIP", "Name", "Of", "Cause", box=None, padding=(0, 2))
    for column in ("Before", "Now", "Difference", "Open"):
        table.add_column(column, justify="right")
    for one in found:
        row = one.row
        amounts = (row.tpp_before, row.tpp_after, row.difference, row.difference - one.settled)
        table.add_row(one.nip, escape(one.name), WHAT[row.kind], escape(row.cause), *map(rupiah, amounts))
    return table
