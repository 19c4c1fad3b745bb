"""One origin on one machine: the four services' APIs behind one port, as an ingress joins them elsewhere.

Each has a database and a key for receipts of its own, read from TAKAR_<SERVICE>_DATABASE_URL and _RECEIPT_KEY.
"""

import os
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from importlib import import_module

from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route

from shared.settings import Settings


def settings_of(service: str) -> Settings:
    """The process's settings, with this service's own database; the keys that sign stay with those that own them."""
    mine = f"TAKAR_{service.upper()}"
    own = {
        "service": service,
        "database_url": SecretStr(os.environ[f"{mine}_DATABASE_URL"]),
        "receipt_key": SecretStr(os.environ.get(f"{mine}_RECEIPT_KEY", "")),
        "receipt_keys": os.environ.get(f"{mine}_RECEIPT_KEYS", ""),
    }
    others = {} if service == "identity" else {"signing_key": SecretStr("")}
    return Settings().model_copy(update={**own, **others})


def join(services: Sequence[str]) -> Starlette:
    """The services' apps, each under its name, started and stopped with this one."""
    apps = {name: import_module(f"services.{name}.api").create_app(settings_of(name)) for name in services}

    @asynccontextmanager
    async def together(_: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as running:
            for app in apps.values():  # a mounted app's own lifespan is not run by its parent
                await running.enter_async_context(app.router.lifespan_context(app))
            yield

    mounts = [Mount(f"/{name}", app) for name, app in apps.items()]
    return Starlette(routes=[Route("/healthz", _alive), *mounts], lifespan=together)


async def _alive(_: Request) -> JSONResponse:
    return JSONResponse({"status": "alive"})


def app() -> Starlette:
    """For uvicorn --factory: the services named in TAKAR_SERVICES."""
    return join(os.environ["TAKAR_SERVICES"].split(","))
