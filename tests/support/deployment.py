"""All four services in one process, on real databases and topics of their own; workers can be stopped."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

import httpx

from deploy.demo.settling import Settling
from deploy.local.databases import SERVICES, ServiceUrls
from deploy.local.stack import Stack
from shared.handlers import Handlers
from shared.kafka import Worker
from shared.kafka.worker import running
from shared.settings import Settings
from tests.support.service import client_for
from tests.support.stack import KafkaSide

Change = Callable[[Handlers], Handlers]


@dataclass
class Deployment:
    """The services of several regions, as one process sees them."""

    stack: Stack
    kafka: KafkaSide
    urls: dict[str, ServiceUrls]
    clients: dict[str, httpx.AsyncClient]
    settled: Settling
    _workers: dict[str, AsyncExitStack] = field(default_factory=dict)

    def worker_of(self, service: str) -> Worker:
        worker: Worker = import_module(f"services.{service}.worker").WORKER
        return worker

    async def start(self, service: str, change: Change = lambda handlers: handlers) -> None:
        """Start a service's worker; `change` may put something in a handler's place."""
        worker, login = self.worker_of(service), self.kafka.services[service]
        settings = Settings.model_validate(
            {
                "service": service,
                "database_url": self.urls[service].worker,
                "kafka_bootstrap": self.kafka.bootstrap,
                "kafka_user": login.user,
                "kafka_password": login.password,
                "topic_prefix": self.kafka.prefix,
            }
        )
        self._workers[service] = AsyncExitStack()
        changed = replace(worker, handlers=change(worker.handlers))
        await self._workers[service].enter_async_context(running(changed, settings))

    async def stop(self, service: str) -> None:
        """End it as SIGTERM does: the batch in hand is finished."""
        await self._workers.pop(service).aclose()

    async def stop_all(self) -> None:
        for service in list(self._workers):
            await self.stop(service)

    def database(self, service: str) -> str:
        """postgresql:// of the server's superuser, who sees all regions."""
        return _as_superuser(self.stack, self.urls[service])


@asynccontextmanager
async def deployed(stack: Stack, kafka: KafkaSide, urls: dict[str, ServiceUrls]) -> AsyncIterator[Deployment]:
    """Four APIs and four workers on migrated databases; all ended afterwards."""
    async with AsyncExitStack() as held:
        clients = {
            service: await held.enter_async_context(client_for(_factory(service), urls[service], service=service))
            for service in SERVICES
        }
        handlers = {service: import_module(f"services.{service}.worker").HANDLERS for service in SERVICES}
        admin_urls = {service: _as_superuser(stack, urls[service]) for service in SERVICES}
        settled = await held.enter_async_context(Settling(admin_urls, handlers))
        deployment = Deployment(stack, kafka, urls, clients, settled)
        held.push_async_callback(deployment.stop_all)
        for service in SERVICES:
            await deployment.start(service)
        yield deployment


def _factory(service: str) -> Any:
    return import_module(f"services.{service}.api").create_app


def _as_superuser(stack: Stack, urls: ServiceUrls) -> str:
    return urlsplit(stack.postgres_admin_url)._replace(path=urlsplit(urls.owner).path).geturl()
