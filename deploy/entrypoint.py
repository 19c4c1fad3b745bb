"""One process of one service: `python -m deploy.entrypoint api|worker|migrate`, settings from the environment.

What a container of the service runs (Dockerfile), and what the stack on one machine runs.
"""

import os
import sys
from importlib import import_module

from shared.settings import Settings


def api(settings: Settings) -> None:
    """Serve HTTP on TAKAR_HTTP_HOST:TAKAR_HTTP_PORT until SIGTERM."""
    import uvicorn  # a worker's image has it too, but need not load it

    app = import_module(f"services.{settings.service}.api").create_app(settings)
    prefix = os.environ.get("TAKAR_ROOT_PATH", "")  # under which the ingress serves it, for links in its pages
    host, port = os.environ.get("TAKAR_HTTP_HOST", "127.0.0.1"), int(os.environ.get("TAKAR_HTTP_PORT", "8000"))
    uvicorn.run(
        app,
        host=host,
        port=port,
        root_path=prefix,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=20,
    )


def worker(settings: Settings) -> None:
    """Hear events, relay the outbox, run the service's loops until SIGTERM."""
    from shared.kafka import serve  # an api never speaks to Kafka

    serve(import_module(f"services.{settings.service}.worker").WORKER)


def migrate(settings: Settings) -> None:
    """Bring the database to the newest state, as the owner role."""
    from shared import migrations  # alembic is of no use to the other two

    migrations.upgrade(settings.service, settings.database_url.get_secret_value())


ROLES = {"api": api, "worker": worker, "migrate": migrate}

if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in ROLES or not os.environ.get("TAKAR_SERVICE"):
        sys.exit("usage: TAKAR_SERVICE=<service> python -m deploy.entrypoint api|worker|migrate")
    ROLES[sys.argv[1]](Settings())
