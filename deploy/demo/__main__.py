"""`make demo`: one month of two regions on one machine. `make demo KEEP=1` leaves it running and prints addresses."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Iterator
from types import FrameType

import httpx

from deploy.demo import killing
from deploy.demo.console import DemoError, console, heading, step, table
from deploy.demo.office import office
from deploy.demo.play import play
from deploy.demo.region import PASSWORD, logins
from deploy.kafka.admin import KafkaUnavailable
from deploy.local.databases import SERVICES
from deploy.local.errors import StackError
from deploy.local.services import Services
from deploy.local.stack import Stack, start

_TOLD = (DemoError, StackError, KafkaUnavailable, httpx.HTTPError)


def main() -> int:
    """0 when everything was as it must be; else 1, with a line that says what was not."""
    signal.signal(signal.SIGTERM, _as_ctrl_c)
    began = time.monotonic()
    try:
        with step("PostgreSQL and Kafka"):
            stack = start()
        with stack:
            _run(stack, began)
    except KeyboardInterrupt:
        console.print("stopped")
        return 130
    except Exception as error:
        causes = [cause for cause in _causes(error) if isinstance(cause, _TOLD)]
        if not causes:
            raise
        for cause in causes[:1]:
            console.print(f"[red]demo:[/red] {str(cause) or repr(cause)}", soft_wrap=True)
        return 1
    return 0


def _run(stack: Stack, began: float) -> None:
    services = Services(stack, environment={"TAKAR_RUN_CHUNK": str(killing.CHUNK)})
    try:
        with step("databases, topics, services"):
            services.start()
        try:
            asyncio.run(play(services))
        except httpx.HTTPError as error:
            raise DemoError(
                f"the services do not answer ({error!r}); ended by themselves: {services.dead()}"
            ) from error
        console.print(f"\n[green]Everything is as it must be[/green] [dim]{time.monotonic() - began:.0f} s[/dim]")
        if os.environ.get("KEEP", "0") != "0":
            _keep(services)
    finally:
        services.stop()


def _keep(services: Services) -> None:
    """Print where everything is, and wait for Ctrl-C."""
    heading("Left running")
    addresses = [("APIs", f"{services.url(name)}/docs") for name in SERVICES]
    addresses += [("PostgreSQL", services.stack.postgres_admin_url), ("Kafka", services.stack.kafka_bootstrap)]
    for tenant_id in ("92", "19.05"):
        login = services.stack.credentials(f"ext-{tenant_id}")
        addresses.append((f"payroll system of {tenant_id}", f"{login.user} / {login.password}"))
    table(("what", "where"), [*addresses, ("data and logs", str(services.stack.folder))])
    rows = [(tenant, what, nip, name) for tenant in ("92", "19.05") for what, nip, name in logins(office(tenant))]
    table(("region", "who", "NIP", "name"), rows)
    console.print(f"Everybody's password is: {PASSWORD}\nCtrl-C stops everything")
    signal.pause()


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error, or those a group of them holds."""
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            yield from _causes(one)
    else:
        yield error


def _as_ctrl_c(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
