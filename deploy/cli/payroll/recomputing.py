"""`takar payroll recompute`: the auditor's own computation, from frozen inputs, compared byte by byte."""

from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.markup import escape
from sqlalchemy.ext.asyncio import AsyncSession

from deploy.cli._service import DatabaseOption, in_database
from deploy.cli.payroll.finding import PeriodOption, in_region
from services.payroll.queries.recomputation import RunRecomputed, calculated_runs, recompute_run
from services.payroll.rules.words import rupiah
from shared.errors import NotFound, Refused

SHOWN = 50


def recompute_period(
    tenant: Annotated[str, typer.Option(help="The region, as 19.05.")],
    period: PeriodOption,
    database: DatabaseOption = "",
    run: Annotated[UUID | None, typer.Option(help="One run; without it, all of the period.")] = None,
) -> None:
    """Compute a period again from its frozen inputs and say whether every byte is equal; exit status 1 if not."""

    async def read(session: AsyncSession, tenant_id: str) -> list[RunRecomputed]:
        runs = [run] if run else await calculated_runs(session, tenant_id, period)
        if not runs:
            raise NotFound(f"{tenant_id} has no calculated run of {period}")
        try:
            return [await recompute_run(session, tenant_id, one) for one in runs]
        except ValueError as error:
            raise Refused(f"the run cannot be computed again: {error}") from error

    console = Console()
    found = in_database("payroll", database, lambda sessions: in_region(sessions, tenant, read))
    for one in found:
        _tell(console, one)
    if not all(one.equal for one in found):
        raise typer.Exit(1)


def _tell(console: Console, one: RunRecomputed) -> None:
    run = one.run
    verdict = "[green]equal, byte by byte[/]" if one.equal else "[red]DIFFERENT[/]"
    console.print(f"{run.tenant_id} {run.period} run {run.kind} {run.run_id}: {verdict}", soft_wrap=True)
    console.print(
        f"  {one.statements} statements computed again under policy {run.policy_hash[:16]}..., "
        f"{len(one.different)} different; net {rupiah(run.net or 0)}; root {run.root.hex() if run.root else '-'}",
        soft_wrap=True,
    )
    if one.totals:
        console.print(f"  [red]the run's {', '.join(one.totals)} do not follow from its statements[/]")
    if one.missing:
        console.print(f"  [red]{one.missing} employees were frozen and have no statement[/]")
    for employee in one.different[:SHOWN]:
        names = escape(", ".join(employee.differing))
        amounts = f"net {rupiah(employee.net)}, again {rupiah(employee.net_again)}"
        console.print(f"  [red]{employee.employee_id}[/]: {names}; {amounts}", soft_wrap=True)
    if len(one.different) > SHOWN:
        console.print(f"  and {len(one.different) - SHOWN} more")
