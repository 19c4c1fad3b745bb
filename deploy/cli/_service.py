"""What operators' commands share: which service, its database as the worker's role, errors as one line."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from sqlalchemy.exc import SQLAlchemyError

from shared.db import Sessions, connect, disconnect
from shared.errors import TakarError

console = Console()
T = TypeVar("T")


class Service(StrEnum):
    IDENTITY = "identity"
    ACTIVITY = "activity"
    APPRAISAL = "appraisal"
    PAYROLL = "payroll"


ServiceOption = Annotated[Service, typer.Option("--service", "-s", help="Whose records.")]
DatabaseOption = Annotated[
    str,
    typer.Option(
        "--database",
        help="postgresql+asyncpg:// as the service's worker role; `takar up` prints the addresses. "
        "Without it TAKAR_<SERVICE>_DATABASE_URL, or TAKAR_DATABASE_URL.",
    ),
]


def in_database(service: str, url: str, work: Callable[[Sessions], Awaitable[T]]) -> T:
    """Run against a service's database; what goes wrong is one line, and exit status 1.

    Where the environment names several databases, each command finds its own: another's outbox is empty too.
    """
    own = f"TAKAR_{service.upper()}_DATABASE_URL"
    url = url or os.environ.get(own) or os.environ.get("TAKAR_DATABASE_URL", "")
    if not url:
        raise typer.BadParameter(f"say which database: --database or {own}")
    with _told_in_one_line():
        return asyncio.run(_with_sessions(url, work))


async def _with_sessions(url: str, work: Callable[[Sessions], Awaitable[T]]) -> T:
    sessions = connect(url, pool_size=2, name="takar-cli")
    try:
        return await work(sessions)
    finally:
        await disconnect(sessions)


@contextmanager
def _told_in_one_line() -> Iterator[None]:
    try:
        yield
    except TakarError as error:
        _end(error.detail, error)
    except (SQLAlchemyError, OSError) as error:
        cause = getattr(error, "orig", None) or error
        _end(f"the database cannot be used: {str(cause).splitlines()[0]}", error)


def _end(line: str, error: Exception) -> None:
    Console(stderr=True).print(f"takar: {line}", style="red", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(1) from error
