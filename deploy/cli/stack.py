"""`takar up`: servers, databases, topics and services on this machine, until Ctrl-C."""

import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from deploy.local.services import Services
    from deploy.local.stack import Stack

console = Console(stderr=True)
_WATCH_S = 0.5

T = TypeVar("T")


def up(
    folder: Annotated[
        Path | None, typer.Option(help="Where the data lie. Without it, a folder that is removed at the end.")
    ] = None,
    keep: Annotated[bool, typer.Option("--keep/--reset", help="Go on with the folder's data, or begin empty.")] = True,
    tenant: Annotated[list[str] | None, typer.Option(help="A regency whose payroll topics to make, as 19.05.")] = None,
    workers: Annotated[int, typer.Option(help="Workers of each service.", min=1, max=12)] = 1,
    port: Annotated[int, typer.Option(help="The port of the APIs; 0 for a free one.")] = 0,
) -> None:
    """Start the whole stack, print its addresses, and stop all of it at Ctrl-C."""
    from deploy.kafka.admin import KafkaUnavailable  # heavy; `takar --help` needs none of it
    from deploy.local.errors import StackError

    signal.signal(signal.SIGTERM, _as_ctrl_c)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a script's shell has it ignored in what it starts with &
    try:
        if folder and not keep:
            _empty(folder)
        _run(folder, tenant or [], workers, port)
    except (StackError, KafkaUnavailable) as error:
        console.print(f"takar: {error}", style="red", soft_wrap=True, highlight=False, markup=False)
        raise typer.Exit(1) from error
    except KeyboardInterrupt:
        console.print("stopped")


def _run(folder: Path | None, tenants: list[str], workers: int, port: int) -> None:
    from deploy.local.services import Services
    from deploy.local.stack import start

    stack = _step("servers", lambda: start(folder))
    with stack:
        services = Services(stack, tenants, workers=workers, http_port=port)
        _step("databases and topics", services.prepare)
        _step("services", services.start)
        try:
            _print_addresses(stack, services)
            _watch(services)
        finally:
            _step("stopping", services.stop)


def _step(what: str, work: Callable[[], T]) -> T:
    began = time.monotonic()
    with console.status(what):
        done = work()
    console.print(f"[green]✓[/green] {what} [dim]{time.monotonic() - began:.1f} s[/dim]")
    return done


def _watch(services: "Services") -> None:
    """Until Ctrl-C; a process that dies by itself ends it all, with its last words."""
    from deploy.local.errors import StackError

    while not (dead := services.dead()):
        time.sleep(_WATCH_S)
    name, said = next(iter(dead.items()))
    raise StackError(f"{name} ended by itself (log: {services.log(name)}); its last lines:\n{said}")


def _print_addresses(stack: "Stack", services: "Services") -> None:
    table = Table(show_header=False, box=None)
    table.add_row("APIs", services.base_url)
    for service in services.databases:
        table.add_row("", f"{services.url(service)}/docs")
    table.add_row("PostgreSQL", stack.postgres_admin_url)
    table.add_row("Kafka", f"{stack.kafka_bootstrap} (SASL_PLAINTEXT, SCRAM-SHA-512)")
    for tenant in services.tenants:
        login = stack.credentials(f"ext-{tenant}")
        table.add_row(f"payroll system of {tenant}", f"{login.user} / {login.password}")
    table.add_row("data and logs", str(stack.folder))
    Console(soft_wrap=True).print(table)
    console.print("Ctrl-C stops everything", style="dim")


def _empty(folder: Path) -> None:
    """Remove a stack's data; a folder that is not a stack's is left alone."""
    from deploy.local import engine
    from deploy.local.errors import StackError

    if not folder.exists():
        return
    if any(folder.iterdir()) and not (folder / "secret").exists():
        raise StackError(f"{folder} holds no stack: it is not emptied; name another folder")
    engine.remove(folder, volumes=True)
    shutil.rmtree(folder)


def _as_ctrl_c(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
