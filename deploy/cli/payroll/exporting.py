"""`takar payroll export`: a run's files in a folder, each with its SHA-256; the same run writes the same bytes."""

import hashlib
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from deploy.cli._service import DatabaseOption, in_database
from deploy.cli.payroll.finding import PeriodOption, in_region
from services.payroll.exports.files import FILES, stem
from services.payroll.exports.pdf.statement import statement_data, statement_pdfs
from services.payroll.exports.records import Exported
from services.payroll.exports.wording import rupiah
from services.payroll.inputs.export_documents import settings_of
from services.payroll.queries.exports import explained_statement, exported
from services.payroll.queries.payments import bank_file, payments_of_run
from services.payroll.queries.recomputation import calculated_runs
from services.payroll.tables import StatementRow
from shared.errors import NotFound

AT_ONCE = 50  # statements to a typesetting process


def export_run(
    *,
    tenant: Annotated[str, typer.Option(help="The region, as 19.05.")],
    period: PeriodOption,
    out: Annotated[Path, typer.Option(help="The folder to write into.", file_okay=False)],
    database: DatabaseOption = "",
    run: Annotated[UUID | None, typer.Option(help="One run; without it, all of the period.")] = None,
    statements: Annotated[bool, typer.Option(help="Also every employee's statement, as PDF.")] = False,
) -> None:
    """Write the sheets, lists, recaps and bank files of a period's runs; each is checked against the run's totals."""
    console = Console()

    async def write(session: AsyncSession, tenant_id: str) -> None:
        runs = [run] if run else await calculated_runs(session, tenant_id, period)
        if not runs:
            raise NotFound(f"{tenant_id} has no calculated run of {period}")
        for one in runs:
            await _write_run(console, session, await exported(session, tenant_id, one), out, statements=statements)

    in_database("payroll", database, lambda sessions: in_region(sessions, tenant, write))


async def _write_run(console: Console, session: AsyncSession, run: Exported, out: Path, *, statements: bool) -> None:
    totals = run.totals
    said = f"{totals.count} statements, gross {rupiah(totals.gross)}, net {rupiah(totals.net)}"
    console.print(f"{run.tenant_id} {run.period} run {run.kind} {run.run_id}: {said}", soft_wrap=True)
    settings = (await settings_of(session, run.tenant_id)).settings
    out.mkdir(parents=True, exist_ok=True)
    for name, make in FILES.items():
        if name == "nominative.pdf":  # the archive holds it, an office a document
            continue
        _keep(console, out / f"{stem(run)}-{name}", make(run, settings))
    for file in (await payments_of_run(session, run.tenant_id, run.run_id)).files:
        _, made = await bank_file(session, run.tenant_id, run.run_id, file.number)
        _keep(console, out / f"{stem(run)}-bank-{file.number}.{made.extension}", made.content)
    if statements:
        folder = out / f"{stem(run)}-statements"
        folder.mkdir(exist_ok=True)
        count = 0
        async for rows in _statements(session, run):
            found = [await explained_statement(session, row) for row in rows]
            data = [statement_data(alone, one) for alone, one in found]
            for (_, one), content in zip(found, statement_pdfs(run, data), strict=True):
                (folder / f"{one.paid.file_stem}.pdf").write_bytes(content)
            count += len(rows)
        console.print(f"  {folder}: {count} statements", soft_wrap=True)


def _keep(console: Console, path: Path, content: bytes) -> None:
    path.write_bytes(content)
    console.print(f"  {path}  sha256 {hashlib.sha256(content).hexdigest()}", soft_wrap=True, highlight=False)


async def _statements(session: AsyncSession, run: Exported) -> AsyncIterator[Sequence[StatementRow]]:
    """A run's statements by employee id, a page at a time."""
    mine = (StatementRow.tenant_id == run.tenant_id, StatementRow.run_id == run.run_id)
    query = select(StatementRow).where(*mine).order_by(StatementRow.employee_id).limit(AT_ONCE)
    rows = (await session.scalars(query)).all()
    while rows:
        yield rows
        last = rows[-1].employee_id
        session.expunge_all()
        rows = (await session.scalars(query.where(StatementRow.employee_id > last))).all()
