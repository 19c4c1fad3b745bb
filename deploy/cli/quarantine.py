"""`takar quarantine`: records that could not be used, and facts that wait for another."""

import json
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from deploy.cli._service import DatabaseOption, Service, ServiceOption, console, in_database
from shared.db import Sessions
from shared.inbox import Inbox, QuarantineRow, WaitingRow, quarantine

app = typer.Typer(no_args_is_help=True, help="Records kept aside with their reason: look at them, try them again.")

Number = Annotated[int, typer.Argument(help="The record's number, from `takar quarantine list`.")]


@app.command("list")
def list_(
    service: ServiceOption,
    database: DatabaseOption = "",
    most: Annotated[int, typer.Option(help="How many at most.")] = 50,
    all_: Annotated[bool, typer.Option("--all", help="Also those redriven.")] = False,
) -> None:
    """What is kept aside, oldest first, and what waits."""

    async def read(sessions: Sessions) -> tuple[Sequence[QuarantineRow], Sequence[WaitingRow]]:
        async with sessions() as session:
            kept = await quarantine.kept(session, most=most, redriven=all_)
            return kept, await quarantine.waiting(session, most=most)

    kept, waiting = in_database(service, database, read)
    console.print(_kept_table(service, kept), _waiting_table(waiting) if waiting else "Nothing waits.")


def _kept_table(service: Service, kept: Sequence[QuarantineRow]) -> Table:
    table = Table(title=f"{service}: {len(kept)} records in quarantine", title_justify="left")
    for column in ("no", "kept at", "region", "where", "reason", "redriven"):
        table.add_column(column, overflow="fold")
    for row in kept:
        where = f"{row.topic}/{row.partition}@{row.offset}"
        done = f"{row.redriven_at:%Y-%m-%d %H:%M} {row.redriven_by}" if row.redriven_at else ""
        table.add_row(str(row.id), f"{row.kept_at:%Y-%m-%d %H:%M}", row.tenant_id or "?", where, row.reason, done)
    return table


def _waiting_table(waiting: Sequence[WaitingRow]) -> Table:
    table = Table(title=f"{len(waiting)} facts wait", title_justify="left")
    for column in ("since", "region", "key", "for what"):
        table.add_column(column, overflow="fold")
    for row in waiting:
        table.add_row(f"{row.since:%Y-%m-%d %H:%M}", row.tenant_id, row.key, row.reason)
    return table


@app.command()
def show(number: Number, service: ServiceOption, database: DatabaseOption = "") -> None:
    """One record, as it came."""

    async def read(sessions: Sessions) -> QuarantineRow:
        async with sessions() as session:
            return await quarantine.find(session, number)

    row = in_database(service, database, read)
    console.print(f"[bold]{service} {row.id}[/bold] {row.topic}/{row.partition}@{row.offset}, kept {row.kept_at}")
    console.print(f"reason   {row.reason}", markup=False)
    console.print(f"key      {row.key!r}", markup=False)
    console.print(f"headers  {quarantine.record_of(row).headers!r}", markup=False)
    console.print(_readable(row.payload), markup=False)


def _readable(payload: bytes | None) -> str:
    try:
        return json.dumps(json.loads(payload or b"null"), indent=2, ensure_ascii=False)
    except ValueError:
        return repr(payload)


@app.command()
def redrive(
    number: Number,
    service: ServiceOption,
    by: Annotated[str, typer.Option(help="Who does it; it is kept with the record.")],
    database: DatabaseOption = "",
    payload: Annotated[Path | None, typer.Option(help="A file with the mended event, in place of what came.")] = None,
) -> None:
    """Apply a record again, as it came or mended; the inbox sees to it that it takes effect once."""
    handlers = import_module(f"services.{service}.worker").WORKER.handlers

    async def apply(sessions: Sessions) -> None:
        mended = payload.read_bytes() if payload else None
        await quarantine.redrive(Inbox(sessions, handlers), number, by=by, payload=mended)

    in_database(service, database, apply)
    console.print(f"record {number} has taken effect")
