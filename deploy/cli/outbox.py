"""`takar outbox`: facts that Kafka has not acknowledged, and moving one aside that can never be sent."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.table import Table

from deploy.cli._service import DatabaseOption, ServiceOption, console, in_database
from shared import outbox
from shared.db import Sessions

app = typer.Typer(no_args_is_help=True, help="Facts on their way to Kafka.")


@app.command("list")
def list_(
    service: ServiceOption,
    database: DatabaseOption = "",
    most: Annotated[int, typer.Option(help="How many at most.")] = 20,
) -> None:
    """How many wait, how old the oldest is, and the first of them."""

    async def read(sessions: Sessions) -> tuple[outbox.Standing, Sequence[Any]]:
        async with sessions() as session:
            return await outbox.standing(session), await outbox.oldest(session, most)

    standing, rows = in_database(service, database, read)
    console.print(
        f"{service}: {standing.rows} facts wait, the oldest for {standing.oldest_seconds:.1f} s; "
        f"{standing.moved_aside} moved aside"
    )
    table = Table()
    for column in ("id", "shard", "recorded at", "type", "key", "moved aside"):
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*[str(value) if value is not None else "" for value in row])
    if rows:
        console.print(table)


@app.command("move-aside")
def move_aside(
    number: Annotated[int, typer.Argument(help="The row's id, from `takar outbox list`.")],
    service: ServiceOption,
    reason: Annotated[str, typer.Option(help="Why; it is kept with the row.")],
    database: DatabaseOption = "",
) -> None:
    """Let the relay pass over a fact. Later facts of its key are sent without it: reconcile the readers after."""

    async def move(sessions: Sessions) -> bool:
        async with sessions.begin() as session:
            return await outbox.move_aside(session, number, reason)

    if not in_database(service, database, move):
        console.print(f"there is no row {number} in {service}'s outbox: it may have been sent meanwhile")
        raise typer.Exit(1)
    console.print(f"row {number} is moved aside")
