"""The four services as they are served, on databases that know a small office of one region."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

import pytest
import uvicorn
from fastapi import FastAPI

from deploy.local.databases import SERVICES
from deploy.local.processes import free_port
from shared.auth.policy import Role
from shared.directory.commands import DIRECTORY_HANDLERS
from tests.support.service import OTHER_TENANT, TENANT, hear, organisation, sessions_on, settings_for, token_for

OFFICE, ELSEWHERE = organisation(TENANT), organisation(OTHER_TENANT)
EVERY_ROLE = [role for role in Role if role is not Role.OPERATOR]


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The app on a port of its own, in a thread with a loop of its own; its address."""
    server = uvicorn.Server(uvicorn.Config(app, port=free_port(), log_level="critical", lifespan="on"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            if not thread.is_alive():
                raise RuntimeError("the server did not start")
            threading.Event().wait(0.02)
        yield f"http://127.0.0.1:{server.config.port}"
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def addresses(databases) -> Iterator[dict[str, str]]:
    """Where each service answers."""
    with _stacked(databases) as found:
        yield found


@contextmanager
def _stacked(databases) -> Iterator[dict[str, str]]:
    from contextlib import ExitStack

    with ExitStack() as exits:
        found = {}
        for service in SERVICES:
            urls = exits.enter_context(databases.fresh(service))
            thread = threading.Thread(target=lambda url=urls.worker: asyncio.run(_seed(url)))
            thread.start()
            thread.join()
            settings = settings_for(urls.app, service=service, requests_per_second=100_000)
            app = import_module(f"services.{service}.api").create_app(settings)
            found[service] = exits.enter_context(served(app))
        yield found


async def _seed(url: str) -> None:
    async with sessions_on(url) as sessions:
        await hear(sessions, DIRECTORY_HANDLERS)(*OFFICE.events, *ELSEWHERE.events)


def somebody(tenant_id: str = TENANT) -> str:
    """A token with every role of a region: what may be reached at all is reached."""
    office = OFFICE if tenant_id == TENANT else ELSEWHERE
    return token_for(
        tenant_id, EVERY_ROLE, employee_id=office.supervisor.employee_id, unit_ids=[office.unit_id], name="Segala"
    )
