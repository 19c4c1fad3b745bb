"""The app of a service: routes, health, metrics, logs; it never speaks to Kafka, so it answers when Kafka is down."""

import time
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import structlog
from fastapi import APIRouter, FastAPI, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.auth.tokens import Keys
from shared.db import connect, disconnect
from shared.http import operations, problems
from shared.http.dependencies import Door
from shared.memory import settle_memory
from shared.settings import Settings
from shared.telemetry import REQUESTS

MAX_BODY = 32 * 1024 * 1024


def new_api(service: str, settings: Settings, routers: Sequence[APIRouter], *, version: str = "0.1.0") -> FastAPI:
    """An app on its own pool of connections; mounted or served alone, it is the same."""
    sessions = connect(settings.database_url, pool_size=settings.pool_size, name=f"takar-{service}-api")

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        settle_memory()
        yield
        await disconnect(sessions)

    app = FastAPI(title=f"Takar {service}", version=version, lifespan=lifespan)
    app.state.door = Door(settings, sessions, Keys(url=settings.jwks_url, static=settings.jwks))
    problems.install(app)
    for router in (*routers, operations.router):
        app.include_router(router)
    app.include_router(_health(app))
    app.add_middleware(Envelope, service=service)
    return app


def _health(app: FastAPI) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/healthz")
    async def alive() -> dict[str, str]:
        return {"status": "alive"}

    @router.get("/readyz")
    async def ready() -> dict[str, str]:
        async with app.state.door.sessions() as session:
            await session.execute(text("SELECT 1"))
        return {"status": "ready"}

    @router.get("/metrics")
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return router


class Envelope:
    """Around every request: an id for the logs, a bound on its size, headers, its time."""

    def __init__(self, app: ASGIApp, service: str) -> None:
        self.app = app
        self.service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        structlog.contextvars.clear_contextvars()
        request_id = str(uuid.uuid4())
        structlog.contextvars.bind_contextvars(service=self.service, request=request_id)
        started = time.perf_counter()
        status = 500

        async def tell(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [
                    *message.get("headers", []),
                    (b"x-request-id", request_id.encode()),
                    (b"x-content-type-options", b"nosniff"),
                    (b"cache-control", b"no-store"),
                ]
            await send(message)

        if _declared_length(scope) > MAX_BODY:
            refusal = problems.problem(413, "too-large", "Too large", f"send at most {MAX_BODY} bytes at once")
            await refusal(scope, receive, tell)
        else:
            await self.app(scope, receive, tell)
        route = getattr(scope.get("route"), "path", "none")
        REQUESTS.labels(self.service, scope["method"], route, status).observe(time.perf_counter() - started)


def _declared_length(scope: Scope) -> int:
    value = dict(scope["headers"]).get(b"content-length", b"0")
    return int(value) if value.isdigit() else 0
