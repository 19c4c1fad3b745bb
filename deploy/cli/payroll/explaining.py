"""`takar payroll explain NIP PERIOD`: why an employee was paid what they were paid, from the stored statement."""

import json
import sys
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from sqlalchemy.ext.asyncio import AsyncSession

from deploy.cli._service import DatabaseOption, in_database
from deploy.cli.payroll.evaluating import ElseOption, IdsOption, LanguageOption
from deploy.cli.payroll.finding import PeriodArgument, TenantOption, wherever
from deploy.cli.payroll.tree import heading, show, show_alternatives
from services.payroll.queries.explanations import Computed, computed, statements_of
from services.payroll.tables import RunRow
from shared.errors import NotFound

Found = list[tuple[RunRow, Computed]]


def explain_statement(
    *,
    nip: Annotated[str, typer.Argument(metavar="NIP", help="Whose, by the NIP they were paid under.")],
    period: PeriodArgument,
    database: DatabaseOption = "",
    tenant: TenantOption = "",
    run: Annotated[UUID | None, typer.Option(help="One run; without it, all of the period.")] = None,
    language: LanguageOption = "id",
    what_else: ElseOption = False,
    ids: IdsOption = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the trees as JSON.")] = False,
) -> None:
    """Explain what an employee was paid in a period, line by line, down to the days and activities."""

    async def read(session: AsyncSession, tenant_id: str) -> Found:
        rows = await statements_of(session, tenant_id, nip, period)
        found = [(of, await computed(session, row)) for row, of in rows if run in (None, of.run_id)]
        if not found:
            raise NotFound(f"run {run} holds no statement of {nip} for {period}")
        return found

    found = in_database(
        "payroll", database, lambda sessions: wherever(sessions, tenant, read, f"a statement of {nip} of {period}")
    )
    if as_json:
        sys.stdout.write(json.dumps([one.tree().to_dict() for _, one in found], ensure_ascii=False, indent=2) + "\n")
        return
    console = Console()
    for of, one in found:
        console.print(f"run {of.kind} {of.run_id}, {of.state}; statement {one.row.statement_id}", soft_wrap=True)
        show(console, heading(one.body, one.facts.employee), one.tree(), language, ids=ids)
        if what_else:
            show_alternatives(console, one.alternatives(), language)
