"""identity hears nothing; its worker relays what it has stated."""

from collections.abc import Mapping

from shared.events import Event
from shared.handlers import Handler
from shared.kafka import Worker, serve

HANDLERS: Mapping[type[Event], Handler] = {}
WORKER = Worker("identity", HANDLERS)

if __name__ == "__main__":
    serve(WORKER)
