"""`make demo`: one month of two regions on one machine. KEEP=1 leaves it running."""

import asyncio
import sys

from deploy.demo.console import DemoError, console, step
from deploy.demo.play import play
from deploy.kafka.admin import KafkaUnavailable
from deploy.local.errors import StackError
from deploy.local.services import Services
from deploy.local.stack import start


def main() -> int:
    """0 when everything was as it must be; else 1, with one line that says what was not."""
    try:
        with step("PostgreSQL and Kafka"):
            stack = start()
        with stack:
            services = Services(stack)
            with step("databases, topics, services"):
                services.start()
            try:
                asyncio.run(play(services))
            finally:
                services.stop()
    except (DemoError, StackError, KafkaUnavailable) as error:
        console.print(f"[red]demo:[/red] {error}", highlight=False, soft_wrap=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
