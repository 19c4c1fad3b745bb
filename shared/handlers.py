"""What a service's worker.py declares: a table of fact and command."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from shared.events import Event
from shared.unit_of_work import UnitOfWork

# The type of the list's elements is the key the handler stands under in the table.
Handler = Callable[[UnitOfWork, list[Any]], Awaitable[None]]
Handlers = Mapping[type[Event], Handler]
